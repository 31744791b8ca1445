// Connect's own client, over each protocol and version that it speaks.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const { after, before, test } = require("node:test");

const { createFileRegistry, fromBinary } = require("@bufbuild/protobuf");
const { FileDescriptorSetSchema } = require("@bufbuild/protobuf/wkt");
const { Code, ConnectError, createClient } = require("@connectrpc/connect");
const { createConnectTransport, createGrpcTransport, createGrpcWebTransport } = require("@connectrpc/connect-node");

const { start, stop } = require("./service.cjs");

const registry = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, fs.readFileSync(process.env.DESCRIPTORS)),
);
const Mapping = registry.getService("errwire.v1.ErrorMappingService");
const Catalog = registry.getService("errwire.v1.CatalogService");
const ErrorInfo = registry.getMessage("google.rpc.ErrorInfo");

const TRANSPORTS = {
  "Connect, JSON, HTTP/1.1": (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "1.1" }),
  "Connect, JSON, HTTP/2": (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "2" }),
  "Connect, binary, HTTP/1.1": (baseUrl) =>
    createConnectTransport({ baseUrl, httpVersion: "1.1", useBinaryFormat: true }),
  "Connect, GET": (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "1.1", useHttpGet: true }),
  "gRPC-Web, HTTP/1.1": (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: "1.1" }),
  "gRPC-Web, HTTP/2": (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: "2" }),
  "gRPC, HTTP/2": (baseUrl) => createGrpcTransport({ baseUrl }),
};

let service;
before(async () => {
  service = await start();
});
after(() => stop(service));

for (const [name, transport] of Object.entries(TRANSPORTS)) {
  test(name, async () => {
    const using = transport(`http://${service.address}`);
    const mapping = createClient(Mapping, using);
    const answer = await mapping.httpToGrpc({
      source: {
        case: "response",
        value: {
          status: 404,
          headers: [{ name: "content-type", value: "application/json" }],
          body: { case: "text", value: '{"kind":"task_not_found","message":"Task tsk_1 does not exist."}' },
        },
      },
    });
    assert.equal(answer.status.code, 5);
    assert.equal(answer.status.message, "Task tsk_1 does not exist.");
    assert.equal(answer.error.kind, "task_not_found");

    const failure = await createClient(Catalog, using).getKind({ kind: "task_notfound" }).then(
      () => assert.fail("there is no such kind"),
      (error) => ConnectError.from(error),
    );
    assert.equal(failure.code, Code.NotFound);
    assert.match(failure.rawMessage, /Did you mean `task_not_found`/);
    const [info] = failure.findDetails(ErrorInfo);
    assert.equal(info.reason, "NOT_FOUND");
    assert.equal(info.domain, "errwire.dev");
    assert.equal(info.metadata.kind, "task_notfound");
  });
}
