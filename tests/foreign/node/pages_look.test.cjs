// How the pages look and are read, in each width and colour scheme. Screenshots are written to look at.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { after, before, test } = require("node:test");

const { Visit, follow } = require("./browser.cjs");
const { contrasts, landmarks } = require("./look.cjs");

const LONG = "quota_of_the_project_for_transcriptions_used_up_until_tomorrow";

// Each page, and what is done on it.
const PAGES = {
  list: async (page) => page.goto(`${visit.origin}/errors`),
  found: async (page) => page.goto(`${visit.origin}/errors?q=quota&status=429`),
  nothing: async (page) => page.goto(`${visit.origin}/errors?q=nothing-of-the-kind`),
  kind: async (page) => page.goto(`${visit.origin}/errors/${LONG}`),
  deprecated: async (page) => page.goto(`${visit.origin}/errors/job_not_found`),
  form: async (page) => page.goto(`${visit.origin}/translate`),
  answer: async (page) => {
    await page.goto(`${visit.origin}/translate`);
    await follow(page, () => page.click("form.translate button"));
  },
  mistake: async (page) => {
    await page.goto(`${visit.origin}/translate`);
    await page.$eval("#input", (input) => (input.value = "x".repeat(300)));
    await follow(page, () => page.click("form.translate button"));
  },
};
const SEEN = ["list", "kind", "answer"];

let visit;
before(async () => {
  fs.mkdirSync(process.env.SCREENSHOTS, { recursive: true });
  visit = await Visit.begin();
});
after(() => visit.end());

for (const width of [320, 375, 1280]) {
  for (const scheme of ["light", "dark"]) {
    test(`fits into ${width} px, and is readable when ${scheme}`, () =>
      visit.on({ width, scheme }, async (page) => {
        for (const [name, open] of Object.entries(PAGES)) {
          await open(page);
          const [needs, has] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
          assert.ok(needs <= has, `${name} needs ${needs} px of ${has}`);
          const found = await page.evaluate(contrasts);
          assert.ok(found.length > 5, `${name} has ${found.length} texts`);
          // https://www.w3.org/TR/WCAG22/#contrast-minimum
          assert.deepEqual(found.filter(({ ratio }) => ratio < 4.5), [], name);
          if (SEEN.includes(name)) {
            const file = path.join(process.env.SCREENSHOTS, `${name}-${scheme}-${width}.png`);
            await page.screenshot({ path: file, fullPage: true });
          }
        }
      }));
  }
}

test("the colours are those of the scheme", () =>
  visit.on({}, async (page) => {
    const ground = [];
    for (const value of ["light", "dark"]) {
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
      await PAGES.list(page);
      ground.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
    }
    assert.deepEqual(ground, ["rgb(255, 255, 255)", "rgb(20, 23, 26)"]);
  }));

for (const width of [320, 1280]) {
  test(`a screen reader finds its way at ${width} px`, () =>
    visit.on({ width }, async (page) => {
      for (const [name, open] of Object.entries(PAGES)) {
        await open(page);
        const tree = landmarks(await page.accessibility.snapshot({ interestingOnly: false }));
        assert.deepEqual([tree.main, tree.banner], [1, 1], name);
        assert.ok(tree.navigation >= 1, name);
        assert.equal(tree.headings.filter((level) => level === 1).length, 1, name);
        // No level is left out.
        tree.headings.reduce((before, level) => (assert.ok(level <= before + 1, name), level), 0);
        assert.deepEqual(tree.unnamed, [], name);
        assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
        assert.ok((await page.title()).length > "errwire".length);
      }
    }));

  test(`the table has headers at ${width} px`, () =>
    visit.on({ width }, async (page) => {
      await PAGES.found(page);
      const { columns, rows, cells, tables } = landmarks(await page.accessibility.snapshot({ interestingOnly: false }));
      assert.equal(tables, 1);
      assert.deepEqual(columns, ["Kind", "HTTP status", "gRPC code", "Retry"]);
      assert.deepEqual(rows.map((row) => row.split(" ")[0]), [LONG]);
      assert.deepEqual(cells.map((cell) => cell.replace(/^.*: ?/, "")), ["429 Too Many Requests", "RESOURCE_EXHAUSTED", "after 30 s"]);
    }));
}

test("every field has a label", () =>
  visit.on({}, async (page) => {
    for (const [name, count] of [["list", 4], ["form", 3]]) {
      await PAGES[name](page);
      const labels = await page.$$eval("input, select, textarea", (fields) =>
        fields.map((field) => [...field.labels].map((label) => label.innerText.trim()).join()),
      );
      assert.equal(labels.length, count, name);
      assert.ok(labels.every((label) => label.length > 1), `${labels}`);
    }
  }));
