// Runs in a browser: calls the service as the script of a page would, and tells how each call went.
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";

const TRANSPORTS = {
  "Connect, JSON": (options) => createConnectTransport(options),
  "Connect, binary": (options) => createConnectTransport({ ...options, useBinaryFormat: true }),
  "Connect, GET": (options) => createConnectTransport({ ...options, useHttpGet: true }),
  "gRPC-Web": (options) => createGrpcWebTransport(options),
};

async function client(service, protocol, baseUrl) {
  const descriptors = new Uint8Array(await (await fetch("/descriptors")).arrayBuffer());
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptors));
  const ErrorInfo = registry.getMessage("google.rpc.ErrorInfo");
  const transport = TRANSPORTS[protocol]({ baseUrl, jsonOptions: { registry } });
  return [createClient(registry.getService(service), transport), ErrorInfo];
}

// What came of a call: its answer in short, or its error with the first ErrorInfo and what its header fields tell.
window.translate = async (protocol, baseUrl) => {
  const [mapping] = await client("errwire.v1.ErrorMappingService", protocol, baseUrl);
  const value = { status: 404, body: { case: "text", value: '{"kind":"task_not_found","message":"No task."}' } };
  return mapping.httpToGrpc({ source: { case: "response", value } }).then(
    ({ status, error }) => ({ code: status.code, message: status.message, kind: error.kind }),
    (error) => ({ failed: Code[ConnectError.from(error).code] }),
  );
};

window.fail = async (protocol, baseUrl) => {
  const [catalog, ErrorInfo] = await client("errwire.v1.CatalogService", protocol, baseUrl);
  return catalog.getKind({ kind: "task_notfound" }).then(
    () => "there is no such kind",
    (error) => {
      const failure = ConnectError.from(error);
      const [info] = failure.findDetails(ErrorInfo);
      const requestId = failure.metadata.get("x-request-id");
      return { code: Code[failure.code], message: failure.rawMessage, reason: info?.reason, kind: info?.metadata.kind, requestId };
    },
  );
};

window.watch = async (baseUrl) => {
  const [catalog] = await client("errwire.v1.CatalogService", "gRPC-Web", baseUrl);
  for await (const version of catalog.watchCatalog({})) return version.kinds.some(({ kind }) => kind === "task_not_found");
};
