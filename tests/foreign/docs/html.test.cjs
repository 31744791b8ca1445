// The HTML of `errwire docs` in a browser: how it looks and is read, and that it asks for nothing. Screenshots are written to
// look at.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { after, before, test } = require("node:test");

const { launch } = require("../node/browser.cjs");
const { contrasts, landmarks } = require("../node/look.cjs");

const FILE = path.join(__dirname, "../../../examples/tasks/reference/errors.html");
const URL = pathToFileURL(FILE).href;

let browser;
before(async () => {
  fs.mkdirSync(process.env.SCREENSHOTS, { recursive: true });
  browser = await launch();
});
after(() => browser?.close());

// Opens the file without scripts; whatever else is asked for is wrong.
async function on({ width = 1280, scheme = "light", media = "screen" }, look) {
  const page = await browser.newPage();
  const wrong = [];
  page.on("request", (request) => {
    if (request.url() !== URL && request.url() !== "data:,") wrong.push(request.url());
  });
  page.on("console", (message) => wrong.push(message.text()));
  await page.setJavaScriptEnabled(false);
  await page.setViewport({ width, height: 900 });
  // Both at once: each of puppeteer's own functions forgets what the other one has set.
  const features = [{ name: "prefers-color-scheme", value: scheme }];
  const session = await page.createCDPSession();
  await session.send("Emulation.setEmulatedMedia", { media, features });
  await page.goto(URL);
  try {
    await look(page);
    assert.deepEqual(wrong, []);
  } finally {
    await page.close();
  }
}

function shot(page, name) {
  return page.screenshot({ path: path.join(process.env.SCREENSHOTS, `reference-${name}.png`) });
}

for (const width of [320, 390, 1280]) {
  for (const scheme of ["light", "dark"]) {
    test(`fits into ${width} px, and is readable when ${scheme}`, () =>
      on({ width, scheme }, async (page) => {
        const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        assert.equal(ground, { light: "rgb(255, 255, 255)", dark: "rgb(20, 23, 26)" }[scheme]);
        const [needs, has] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(needs <= has, `it needs ${needs} px of ${has}`);
        const found = await page.evaluate(contrasts);
        assert.ok(found.length > 500, `it has ${found.length} texts`);
        // https://www.w3.org/TR/WCAG22/#contrast-minimum
        assert.deepEqual(found.filter(({ ratio }) => ratio < 4.5), []);
        await shot(page, `${scheme}-${width}`);
        await page.evaluate(() => document.getElementById("kind-task_not_found").scrollIntoView());
        await shot(page, `kind-${scheme}-${width}`);
      }));
  }
}

test("a screen reader finds its way", () =>
  on({}, async (page) => {
    const tree = landmarks(await page.accessibility.snapshot({ interestingOnly: false }));
    assert.deepEqual([tree.main, tree.banner, tree.navigation], [1, 1, 1]);
    assert.equal(tree.headings.filter((level) => level === 1).length, 1);
    // No level is left out.
    tree.headings.reduce((before, level) => (assert.ok(level <= before + 1), level), 0);
    assert.deepEqual(tree.unnamed, []);
    // The format, all kinds, then those of each of the seven methods.
    assert.equal(tree.tables, 9);
    assert.deepEqual(tree.columns.slice(0, 6), ["Field", "Description", "Kind", "HTTP status", "gRPC code", "Retry"]);
    assert.ok(tree.rows.some((row) => row.startsWith("task_not_found ")));
  }));

test("each link leads somewhere", () =>
  on({}, async (page) => {
    const links = await page.$$eval("main a[href^='#'], header a", (links) => links.map((link) => link.getAttribute("href")));
    for (const kind of ["#kind-task_not_found", "#method-tasks.v1.TaskService-GetTask", "#methods"]) assert.ok(links.includes(kind), kind);
    const missing = await page.evaluate((links) => links.filter((link) => !document.getElementById(link.slice(1))), links);
    assert.deepEqual(missing, []);
    await Promise.all([page.waitForNavigation(), page.click("a[href='#kind-run_not_found']")]);
    const top = await page.$eval("#kind-run_not_found", (heading) => heading.getBoundingClientRect().top);
    assert.ok(Math.abs(top) < 60, `its section is at ${top}`);
  }));

test("prints in dark ink, without what only a screen can use", () =>
  on({ media: "print", scheme: "dark", width: 794 }, async (page) => {
    const [ground, header, wrap] = await page.evaluate(() => [
      getComputedStyle(document.body).backgroundColor,
      getComputedStyle(document.querySelector("body > header")).display,
      getComputedStyle(document.querySelector("pre")).whiteSpace,
    ]);
    assert.deepEqual([ground, header, wrap], ["rgb(255, 255, 255)", "none", "pre-wrap"]);
    await shot(page, "print");
    const pdf = await page.pdf({ format: "A4" });
    fs.writeFileSync(path.join(process.env.SCREENSHOTS, "reference.pdf"), pdf);
    assert.ok(pdf.length > 10_000);
  }));
