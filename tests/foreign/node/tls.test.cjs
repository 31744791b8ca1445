// Connect's client and grpc-js over TLS and mutual TLS.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const { after, before, test } = require("node:test");

const { createFileRegistry, fromBinary } = require("@bufbuild/protobuf");
const { FileDescriptorSetSchema } = require("@bufbuild/protobuf/wkt");
const { Code, ConnectError, createClient } = require("@connectrpc/connect");
const { createConnectTransport, createGrpcTransport, createGrpcWebTransport } = require("@connectrpc/connect-node");
const grpc = require("@grpc/grpc-js");

const { Authority } = require("./certificates.cjs");
const { errwire, start, stop, unary } = require("./service.cjs");

const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, fs.readFileSync(process.env.DESCRIPTORS)));
const Mapping = registry.getService("errwire.v1.ErrorMappingService");

const TRANSPORTS = {
  "Connect, HTTP/1.1": (options) => createConnectTransport({ httpVersion: "1.1", ...options }),
  "Connect, HTTP/2": (options) => createConnectTransport({ httpVersion: "2", ...options }),
  "gRPC-Web, HTTP/1.1": (options) => createGrpcWebTransport({ httpVersion: "1.1", ...options }),
  "gRPC-Web, HTTP/2": (options) => createGrpcWebTransport({ httpVersion: "2", ...options }),
  "gRPC, HTTP/2": (options) => createGrpcTransport(options),
};

let authority;
let ca;
let shown;
const servers = {};
before(async () => {
  authority = new Authority();
  ca = fs.readFileSync(authority.own.certificate);
  const { certificate, key } = authority.sign("server");
  const client = authority.sign("client", "clientAuth");
  shown = { cert: fs.readFileSync(client.certificate), key: fs.readFileSync(client.key) };
  const files = ["--tls-certificate", certificate, "--tls-key", key];
  servers.tls = await start(...files);
  servers.mutual = await start(...files, "--tls-client-ca", authority.own.certificate);
});
after(async () => {
  for (const server of Object.values(servers)) assert.equal(await stop(server), 0);
  authority.remove();
});

const REQUEST = { source: { case: "trailers", value: { grpcStatus: "5", grpcMessage: "no task" } } };

function connect(transport, server, nodeOptions) {
  return createClient(Mapping, transport({ baseUrl: `https://localhost:${server.port}`, nodeOptions }));
}

for (const [name, transport] of Object.entries(TRANSPORTS)) {
  test(`${name}, TLS`, async () => {
    const answer = await connect(transport, servers.tls, { ca }).grpcToHttp(REQUEST);
    assert.deepEqual([answer.response.status, answer.error.kind], [404, "not_found"]);
    const failure = await connect(transport, servers.tls, {}).grpcToHttp(REQUEST).then(
      () => assert.fail("nobody vouches for the server"),
      (error) => ConnectError.from(error),
    );
    assert.match(String(failure.cause), /certificate/, failure.message);
  });

  test(`${name}, mutual TLS`, async () => {
    const answer = await connect(transport, servers.mutual, { ca, ...shown }).grpcToHttp(REQUEST);
    assert.deepEqual([answer.response.status, answer.error.kind], [404, "not_found"]);
    const failure = await connect(transport, servers.mutual, { ca }).grpcToHttp(REQUEST).then(
      () => assert.fail("no certificate was shown"),
      (error) => ConnectError.from(error),
    );
    assert.ok([Code.Unavailable, Code.Internal, Code.Aborted].includes(failure.code), `${failure}`);
  });
}

async function call({ port }, credentials) {
  const client = new errwire.v1.ErrorMappingService(`localhost:${port}`, credentials);
  try {
    return await unary(client, "GrpcToHttp", { trailers: { grpcStatus: "5" } });
  } finally {
    client.close();
  }
}

test("grpc-js, TLS", async () => {
  const { response } = await call(servers.tls, grpc.credentials.createSsl(ca));
  assert.equal(response.status, 404);
  await assert.rejects(call(servers.tls, grpc.credentials.createSsl()), { code: grpc.status.UNAVAILABLE });
  await assert.rejects(call(servers.tls, grpc.credentials.createInsecure()), { code: grpc.status.UNAVAILABLE });
});

test("grpc-js, mutual TLS", async () => {
  const { response } = await call(servers.mutual, grpc.credentials.createSsl(ca, shown.key, shown.cert));
  assert.equal(response.status, 404);
  await assert.rejects(call(servers.mutual, grpc.credentials.createSsl(ca)), { code: grpc.status.UNAVAILABLE });
});
