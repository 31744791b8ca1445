// `@grpc/grpc-js` as a caller: both directions, the stream, and the service's own errors.
"use strict";

const assert = require("node:assert/strict");
const { after, before, test } = require("node:test");

const { google, start, stop, unary } = require("./service.cjs");

const MESSAGE = "Aufgabe „tsk_1“ gibt es nicht:\n100 % sicher ✓";
const Status = google.lookupType("google.rpc.Status");

const KNOWN = [
  ["ErrorInfo", { reason: "TASK_NOT_FOUND", domain: "errwire.dev", metadata: { task_id: "tsk_1" } }],
  ["RetryInfo", { retryDelay: { seconds: 2, nanos: 500000000 } }],
  ["DebugInfo", { stackEntries: ["main.js:1", "task.js:42"], detail: "row missing" }],
  ["QuotaFailure", { violations: [{ subject: "project:p1", description: "Daily limit reached" }] }],
  ["PreconditionFailure", { violations: [{ type: "TOS", subject: "example.com", description: "Not accepted" }] }],
  ["BadRequest", { fieldViolations: [{ field: "task.id", description: "is malformed" }] }],
  ["RequestInfo", { requestId: "req-1", servingData: "shard 7" }],
  ["ResourceInfo", { resourceType: "task", resourceName: "tsk_1", owner: "u1", description: "was deleted" }],
  ["Help", { links: [{ description: "Tasks", url: "https://example.com/tasks" }] }],
  ["LocalizedMessage", { locale: "de-AT", message: "Die Aufgabe gibt es nicht" }],
];
const UNKNOWN = { type_url: "types.example.com/example.v1.Secret", value: Buffer.from("a2060107", "hex") };

const DETAILS = [
  ...KNOWN.map(([name, value]) => ({
    type_url: `type.googleapis.com/google.rpc.${name}`,
    value: Buffer.from(encode(`google.rpc.${name}`, value)),
  })),
  UNKNOWN,
];

let service;
before(async () => (service = await start()));
after(async () => assert.equal(await stop(service), 0, "the server ends with 0"));

test("a status becomes a response", async () => {
  const request = { status: { code: 5, message: MESSAGE, details: DETAILS }, options: { includeDetails: true } };
  const { response, error } = await unary(service.client, "GrpcToHttp", request);
  assert.equal(response.status, 404);
  const { kind, message, details } = JSON.parse(response.text);
  assert.deepEqual([kind, message, details.length], ["task_not_found", MESSAGE, DETAILS.length]);
  assert.deepEqual([error.kind, error.code, error.status], ["task_not_found", "NOT_FOUND", 404]);

  const field = response.headers.find(({ name }) => name.toLowerCase() === "grpc-status-details-bin");
  check(Status.decode(Buffer.from(field.value, "base64")));
});

test("a response becomes a status", async () => {
  const status = { code: 5, message: MESSAGE, details: DETAILS };
  const { response } = await unary(service.client, "GrpcToHttp", { status });
  const answer = await unary(service.client, "HttpToGrpc", { response });
  assert.equal(answer.trailers.grpcStatus, "5");
  assert.equal(decodeURIComponent(answer.trailers.grpcMessage), MESSAGE);
  check(Status.decode(Buffer.from(answer.trailers.grpcStatusDetailsBin, "base64")));
});

test("a stream keeps its order, and a bad item fails alone", async () => {
  const stream = service.client.Translate({ deadline: Date.now() + 10_000 });
  stream.write({ id: "a", grpcToHttp: { status: { code: 10, message: "m" } } });
  stream.write({ id: "b", httpToGrpc: { response: { status: 200 } } });
  stream.write({ id: "c", httpToGrpc: { response: { status: 503 } } });
  stream.end();
  const answers = [];
  for await (const answer of stream) answers.push(answer);
  assert.deepEqual(
    answers.map(({ id, response }) => [id, response]),
    [["a", "grpcToHttp"], ["b", "failure"], ["c", "httpToGrpc"]],
  );
  assert.equal(answers[0].grpcToHttp.response.status, 409);
  assert.equal(answers[1].failure.code, 3);
  assert.equal(answers[2].httpToGrpc.status.code, 14);
});

test("an error of the service carries details", async () => {
  const failure = await unary(service.client, "GrpcToHttp", {}).then(
    () => assert.fail("must be refused"),
    (error) => error,
  );
  assert.equal(failure.code, 3);
  const [bytes] = failure.metadata.get("grpc-status-details-bin");
  const status = Status.decode(bytes);
  assert.deepEqual([status.code, status.message], [failure.code, failure.details]);
  const info = status.details.find((detail) => detail.type_url.endsWith("/google.rpc.ErrorInfo"));
  const { reason, domain } = google.lookupType("google.rpc.ErrorInfo").decode(info.value);
  assert.deepEqual([reason, domain], ["REQUEST_INVALID", "errwire.dev"]);
});

// A decoded status is the one that we sent, but for an `HttpResponse` at its end.
function check(status) {
  assert.deepEqual([status.code, status.message], [5, MESSAGE]);
  const details = status.details.filter((detail) => !detail.type_url.endsWith("/google.rpc.HttpResponse"));
  assert.equal(details.length, DETAILS.length);
  KNOWN.forEach(([name, value], at) => {
    const type = google.lookupType(`google.rpc.${name}`);
    assert.equal(details[at].type_url, `type.googleapis.com/google.rpc.${name}`);
    assert.deepEqual(type.toObject(type.decode(details[at].value), { longs: Number }), value);
  });
  assert.equal(details.at(-1).type_url, UNKNOWN.type_url);
  assert.deepEqual(Buffer.from(details.at(-1).value), UNKNOWN.value);
}

function encode(name, value) {
  const type = google.lookupType(name);
  return type.encode(type.fromObject(value)).finish();
}
