// A person with a browser: the error reference and the form, with and without scripts, with a mouse and a keyboard.
"use strict";

const assert = require("node:assert/strict");
const { after, before, test } = require("node:test");

const { Visit, follow, text, texts } = require("./browser.cjs");

const RESPONSE = `HTTP/1.1 404 Not Found
content-type: application/json

{"kind":"task_not_found","message":"Task tsk_1 does not exist."}`;
const STATUS = `{"code": 13, "message": "the database db-7 is gone", "details": [
  {"@type": "type.googleapis.com/google.rpc.DebugInfo", "detail": "stack of db-7"}]}`;

let visit;
before(async () => (visit = await Visit.begin()));
after(() => visit.end());

for (const scripts of [true, false]) {
  const how = scripts ? "with scripts" : "without scripts";

  test(`searches, filters, opens a kind and goes back, ${how}`, () =>
    visit.on({ scripts }, async (page) => {
      const response = await page.goto(`${visit.origin}/`);
      assert.equal(response.url(), `${visit.origin}/errors`);
      assert.match(response.headers()["content-security-policy"], /^default-src 'none'; style-src 'self';/);
      const all = await kinds(page);
      assert.ok(all.length > 40 && all.includes("task_not_found") && all.includes("job_not_found"), `${all}`);

      await page.type("#q", "automation EXIST");
      await follow(page, () => page.click("form.filters button"));
      assert.deepEqual(await kinds(page), ["automation_not_found"]);
      assert.equal(await text(page, ".count"), `1 of ${all.length} kinds`);
      assert.equal(await page.$eval("#q", (input) => input.value), "automation EXIST");

      await page.goto(`${visit.origin}/errors`);
      await page.select("#status", "429");
      await page.select("#code", "RESOURCE_EXHAUSTED");
      await page.select("#retry", "after_delay");
      await follow(page, () => page.click("form.filters button"));
      const long = "quota_of_the_project_for_transcriptions_used_up_until_tomorrow";
      assert.deepEqual(await kinds(page), [long]);

      await follow(page, () => page.click("tbody th a"));
      assert.equal(page.url(), `${visit.origin}/errors/${long}`);
      assert.equal(await text(page, "h1"), long);
      const shown = await text(page, "main");
      for (const expected of ["429 Too Many Requests", "RESOURCE_EXHAUSTED (8)", "after 30 s", "quota-team", "Wait until"]) {
        assert.ok(shown.includes(expected), `${expected} is not in ${shown}`);
      }
      await follow(page, () => page.goBack());
      assert.deepEqual(await kinds(page), [long]);
      assert.equal(await page.$eval("#status", (input) => input.value), "429");

      await page.select("#code", "NOT_FOUND");
      await follow(page, () => page.click("form.filters button"));
      assert.match(await text(page, "main"), /No kind matches/);
    }));

  test(`translates a response, ${how}`, () =>
    visit.on({ scripts }, async (page) => {
      await page.goto(`${visit.origin}/translate`);
      await submit(page, RESPONSE, "internal");
      const trailers = await text(page, "pre[aria-label='gRPC trailers']");
      assert.match(trailers, /^grpc-status: 5\ngrpc-message: Task tsk_1 does not exist\.\ngrpc-status-details-bin: \S+$/);
      const status = JSON.parse(await text(page, "pre[aria-label='google.rpc.Status as JSON']"));
      assert.deepEqual([status.code, status.details[0].reason], [5, "TASK_NOT_FOUND"]);
      assert.equal((await facts(page))["Read as"], "kind_message");
      assert.equal(await page.$eval("#input", (input) => input.value), RESPONSE);

      await follow(page, () => page.click("dl.facts a"));
      assert.equal(page.url(), `${visit.origin}/errors/task_not_found`);
    }));

  test(`translates a status, and withholds from the public, ${how}`, () =>
    visit.on({ scripts }, async (page) => {
      await page.goto(`${visit.origin}/translate`);
      await submit(page, STATUS, "internal");
      const internal = await text(page, "pre[aria-label='HTTP response']");
      assert.match(internal, /^HTTP\/1\.1 500 Internal Server Error\n/);
      assert.match(internal, /the database db-7 is gone/);
      assert.match(internal, /stack of db-7/);

      await submit(page, STATUS, "public");
      const open = await text(page, "pre[aria-label='HTTP response']");
      assert.match(open, /^HTTP\/1\.1 500 Internal Server Error\n/);
      assert.match(open, /"kind":"internal_error"/);
      assert.doesNotMatch(open, /db-7|grpc-status-details-bin/);
      assert.match((await facts(page))["Withheld"], /message/);
    }));

  test(`says what is wrong with what was pasted, ${how}`, () =>
    visit.on({ scripts }, async (page) => {
      await page.goto(`${visit.origin}/translate`);
      await submit(page, "<script>alert(1)</script>", "internal");
      assert.match(await text(page, "[role=alert]"), /The line `<script>alert\(1\)<\/script>` is not a field/);
    }));
}

test("text of a catalog stays text, and a kind that is gone has its page", () =>
  visit.on({}, async (page) => {
    await page.goto(`${visit.origin}/errors/job_not_found`);
    assert.equal(await text(page, ".lead"), '<b>Job</b> & "co" do not exist');
    assert.equal(await text(page, ".notice"), "Deprecated since 2026-11. Use task_not_found.");
    const response = await page.goto(`${visit.origin}/errors/task_notfound`);
    assert.equal(response.status(), 404);
    assert.equal(await text(page, "h1"), "No such kind");
    await follow(page, () => page.click("main a"));
    assert.equal(page.url(), `${visit.origin}/errors/task_not_found`);
    // Chromium says of each page with such a status that it has it.
    page.wrong = page.wrong.filter((what) => !what.includes("404 (Not Found)"));
  }));

test("a keyboard is enough", () =>
  visit.on({}, async (page) => {
    await page.goto(`${visit.origin}/errors`);
    await page.keyboard.press("Tab");
    assert.equal(await focused(page), "Skip to the content");
    const skip = await page.$eval(".skip", (link) => link.getBoundingClientRect().left);
    assert.ok(skip >= 0, `the link is at ${skip}`);
    await page.keyboard.press("Enter");
    assert.equal(new URL(page.url()).hash, "#main");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.id), "q");
    await page.keyboard.type("gone");
    await follow(page, () => page.keyboard.press("Enter"));
    assert.deepEqual(await kinds(page), ["gone"]);
    while ((await focused(page)) !== "gone") await page.keyboard.press("Tab");
    await follow(page, () => page.keyboard.press("Enter"));
    assert.equal(await text(page, "h1"), "gone");
  }));

function kinds(page) {
  return texts(page, "tbody th a");
}

function focused(page) {
  return page.evaluate(() => document.activeElement.innerText);
}

async function submit(page, input, audience) {
  await page.focus("#input");
  await page.keyboard.down("Control");
  await page.keyboard.press("a");
  await page.keyboard.up("Control");
  await page.keyboard.sendCharacter(input);
  await page.select("#audience", audience);
  await follow(page, () => page.click("form.translate button"));
  assert.equal(new URL(page.url()).hash, "#answer");
}

async function facts(page) {
  const [terms, values] = [await texts(page, "dl.facts dt"), await texts(page, "dl.facts dd")];
  return Object.fromEntries(terms.map((term, at) => [term, values[at]]));
}
