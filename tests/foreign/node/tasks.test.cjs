// `@grpc/grpc-js` as a caller of examples/tasks, which knows nothing of errwire.
"use strict";

const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const path = require("node:path");
const readline = require("node:readline");
const { after, before, test } = require("node:test");

const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const { google, unary } = require("./service.cjs");

const { tasks } = grpc.loadPackageDefinition(
  loader.loadSync("tasks/v1/tasks.proto", {
    includeDirs: ["examples/tasks/proto", "proto"].map((folder) => path.join(__dirname, "../../..", folder)),
    keepCase: false,
  }),
);
const Status = google.lookupType("google.rpc.Status");

let server;
let address;
before(async () => {
  const command = ["serve", "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0"];
  server = spawn(process.env.TASKS, command, { stdio: ["ignore", "pipe", "ignore"] });
  const [first] = await once(readline.createInterface({ input: server.stdout }), "line");
  address = /^grpc listening on (127\.0\.0\.1:\d+)$/.exec(first)?.[1];
  assert.ok(address, `the first line is ${first}`);
});
after(() => server.kill("SIGKILL"));

// A client that sends this key, if there is one.
function client(key) {
  const interceptor = (options, next) =>
    new grpc.InterceptingCall(next(options), {
      start(metadata, listener, forward) {
        if (key) metadata.set("authorization", `Bearer ${key}`);
        forward(metadata, listener);
      },
    });
  const options = { interceptors: [interceptor] };
  return new tasks.v1.TaskService(address, grpc.credentials.createInsecure(), options);
}

// The details of an error by their names, decoded by Google's definitions.
function detailsOf(error) {
  const [bytes] = error.metadata.get("grpc-status-details-bin");
  const status = Status.decode(bytes);
  assert.deepEqual([status.code, status.message], [error.code, error.details]);
  const named = status.details.map(({ type_url, value }) => {
    const name = type_url.split("/").pop();
    return [name, google.lookupType(name).decode(value)];
  });
  return Object.fromEntries(named);
}

const ROWS = [
  ["", "GetTask", {}, 16, "TOKEN_MISSING"],
  ["key_revoked", "GetTask", {}, 16, "TOKEN_INVALID"],
  ["key_account", "GetAutomation", {}, 7, "PROJECT_REQUIRED"],
  ["key_live", "GetAutomation", {}, 5, "AUTOMATION_NOT_FOUND"],
  ["key_live", "GetTask", { taskId: "tsk_0" }, 5, "TASK_NOT_FOUND"],
  ["key_live", "GetRun", { runId: "run_0" }, 5, "RUN_NOT_FOUND"],
  ["key_live", "GetRun", { runId: "run_empty" }, 13, "INTERNAL_ERROR"],
  ["key_live", "CreateTask", {}, 3, "REQUEST_INVALID"],
  ["key_live", "CreateTask", { kind: "transcribe" }, 3, "URL_REQUIRED"],
  ["key_live", "CreateTask", { kind: "transcribe", sourceUrl: "https://a.example.com/b.gif" }, 3, "FORMAT_UNSUPPORTED"],
];

for (const [key, method, request, code, reason] of ROWS) {
  test(`${method} fails with ${reason}`, async () => {
    const caller = client(key);
    const error = await unary(caller, method, request).then(() => assert.fail("it succeeds"), (error) => error);
    caller.close();
    const info = detailsOf(error)["google.rpc.ErrorInfo"];
    assert.deepEqual([error.code, info.reason, info.domain], [code, reason, "errwire.dev"]);
  });
}

test("an error after data", async () => {
  const caller = client("key_live");
  const watched = [];
  const stream = caller.WatchRun({ runId: "run_lost" }, { deadline: Date.now() + 10_000 });
  stream.on("data", ({ run }) => watched.push(run.percent));
  const [error] = await once(stream, "error");
  caller.close();
  assert.deepEqual([watched, error.code], [[25, 50], 14]);
  assert.equal(Number(detailsOf(error)["google.rpc.RetryInfo"].retryDelay.seconds), 5);
});
