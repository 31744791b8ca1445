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

// The server with these arguments, on free ports.
async function start(...args) {
  const listen = ["--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"];
  const server = spawn(process.env.ERRWIRE, ["serve", ...listen, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const failed = once(server, "exit").then(([code]) => Promise.reject(new Error(`the server ended with ${code}`)));
  failed.catch(() => {});
  const [first, second] = await Promise.race([lines(server.stdout, 2), failed]);
  const address = /^listening on (127\.0\.0\.1:\d+)$/.exec(first)?.[1];
  const admin = /^admin on (127\.0\.0\.1:\d+)$/.exec(second)?.[1];
  if (!address || !admin) {
    server.kill("SIGKILL");
    throw new Error(`the first lines are ${first} and ${second}`);
  }
  const client = new errwire.v1.ErrorMappingService(address, grpc.credentials.createInsecure());
  return { address, admin, client, server, port: address.split(":")[1] };
}

function lines(input, count) {
  return new Promise((resolve) => {
    const got = [];
    readline.createInterface({ input }).on("line", (line) => got.push(line) === count && resolve(got));
  });
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

module.exports = { errwire, google, start, stop, unary };
