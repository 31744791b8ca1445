// The script of a page that calls the service from another origin, over Connect and gRPC-Web.
"use strict";

const assert = require("node:assert/strict");
const { once } = require("node:events");
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const { after, before, test } = require("node:test");

const esbuild = require("esbuild");

const { launch } = require("./browser.cjs");
const { start, stop } = require("./service.cjs");

const PROTOCOLS = ["Connect, JSON", "Connect, binary", "Connect, GET", "gRPC-Web"];

let browser;
let service;
const sites = {};
before(async () => {
  const options = { entryPoints: [path.join(__dirname, "web_page.mjs")], bundle: true, write: false, format: "iife" };
  const { outputFiles } = await esbuild.build({ ...options, nodePaths: [process.env.NODE_PATH] });
  const files = {
    "/": ["text/html; charset=utf-8", '<!doctype html><title>A page</title><link rel="icon" href="data:,"><script src="/script"></script>'],
    "/script": ["text/javascript; charset=utf-8", outputFiles[0].text],
    "/descriptors": ["application/octet-stream", fs.readFileSync(process.env.DESCRIPTORS)],
  };
  sites.allowed = await site(files);
  sites.other = await site(files);
  service = await start("--cors-origins", sites.allowed.origin);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  for (const { server } of Object.values(sites)) {
    server.closeAllConnections();
    server.close();
  }
  assert.equal(await stop(service), 0);
});

// Serves these files on an origin of its own.
async function site(files) {
  const server = http.createServer((request, response) => {
    const [type, content] = files[request.url] ?? [];
    response.writeHead(content ? 200 : 404, { "content-type": type ?? "text/plain" }).end(content);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}

// What a function of the page returns, when the page is of this site.
async function run({ origin }, name, ...args) {
  const page = await browser.newPage();
  try {
    const said = [];
    page.on("console", (message) => said.push(message.text()));
    await page.goto(`${origin}/`);
    const base = `http://${service.address}`;
    const result = await page.evaluate((name, args) => window[name](...args), name, [...args, base]);
    return { result, said };
  } finally {
    await page.close();
  }
}

for (const protocol of PROTOCOLS) {
  test(`${protocol}: a page of an allowed origin can call`, async () => {
    const { result, said } = await run(sites.allowed, "translate", protocol);
    assert.deepEqual(result, { code: 5, message: "No task.", kind: "task_not_found" });
    assert.deepEqual(said, []);
  });

  test(`${protocol}: a page reads the whole error`, async () => {
    const { result } = await run(sites.allowed, "fail", protocol);
    const { message, requestId, ...rest } = result;
    assert.deepEqual(rest, { code: "NotFound", reason: "NOT_FOUND", kind: "task_notfound" });
    assert.match(message, /Did you mean `task_not_found`/);
    assert.match(requestId, /^[0-9a-f]{32}$/);
  });

  test(`${protocol}: a page of another origin cannot call`, async () => {
    const { result, said } = await run(sites.other, "translate", protocol);
    assert.deepEqual(Object.keys(result), ["failed"]);
    assert.ok(said.some((text) => text.includes("has been blocked by CORS policy")), `${said}`);
  });
}

test("gRPC-Web: a page can watch the catalog", async () => {
  const { result } = await run(sites.allowed, "watch");
  assert.equal(result, true);
});
