// Runs the real server, and loads the protos as any Node service would.
"use strict";

const { spawn } = require("node:child_process");
const { once } = require("node:events");
const path = require("node:path");
const readline = require("node:readline");

const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");
const protobuf = require("protobufjs");

// Ours come first: they declare google/rpc/code.proto too.
const FOLDERS = [path.join(__dirname, "../../../proto"), process.env.GOOGLE_PROTOS];

const { errwire } = grpc.loadPackageDefinition(
  loader.loadSync("errwire/v1/error_mapping_service.proto", { includeDirs: FOLDERS, enums: String, oneofs: true }),
);

// Google's own definitions, for what is inside an Any.
const google = new protobuf.Root();
google.resolvePath = (origin, target) => {
  const bundled = protobuf.common.get(target);
  return bundled ? target : path.join(process.env.GOOGLE_PROTOS, target);
};
google.loadSync(["google/rpc/status.proto", "google/rpc/error_details.proto"]);

async function start() {
  const server = spawn(process.env.ERRWIRE, ["serve", "--listen", "127.0.0.1:0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = readline.createInterface({ input: server.stdout });
  const failed = once(server, "exit").then(([code]) => Promise.reject(new Error(`the server ended with ${code}`)));
  failed.catch(() => {});
  const [first] = await Promise.race([once(lines, "line"), failed]);
  const address = /^listening on (127\.0\.0\.1:\d+)$/.exec(first)?.[1];
  if (!address) {
    server.kill("SIGKILL");
    throw new Error(`the first line is ${first}`);
  }
  const client = new errwire.v1.ErrorMappingService(address, grpc.credentials.createInsecure());
  return { address, client, server };
}

// Ends the server, and returns its exit code.
async function stop({ client, server }) {
  client.close();
  const exit = once(server, "exit");
  server.kill("SIGTERM");
  const timer = setTimeout(() => server.kill("SIGKILL"), 10_000);
  const [code] = await exit;
  clearTimeout(timer);
  return code;
}

function unary(client, method, request) {
  return new Promise((resolve, reject) => {
    const deadline = Date.now() + 10_000;
    client[method](request, { deadline }, (error, answer) => (error ? reject(error) : resolve(answer)));
  });
}

module.exports = { google, start, stop, unary };
