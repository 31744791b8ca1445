// Asks what standard input says, over one connection that Node's agent keeps, and prints the statuses: of each call that is refused, and of the
// next one.
"use strict";

const fs = require("node:fs");
const http = require("node:http");

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

// The status, or the code of the error.
function ask(port, [method, path, fields, size]) {
  const body = '{"trailers": {"grpcStatus": "5"}}'.padEnd(size);
  return new Promise((resolve) => {
    const headers = { ...fields, "content-length": body.length };
    const request = http.request({ agent, host: "127.0.0.1", port, method, path, headers }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode));
      response.on("error", (error) => resolve(error.code));
    });
    request.on("error", (error) => resolve(error.code));
    request.end(body);
  });
}

async function main() {
  const { port, times, good, refused } = JSON.parse(fs.readFileSync(0, "utf8"));
  const told = [];
  for (const call of refused) {
    for (let time = 0; time < times; time += 1) {
      await ask(port, good);
      told.push([await ask(port, call), await ask(port, good)]);
    }
  }
  agent.destroy();
  console.log(JSON.stringify(told));
}

main();
