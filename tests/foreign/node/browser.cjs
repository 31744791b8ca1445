// A browser, and what it must never do on a page of ours.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const puppeteer = require("puppeteer-core");

const { start, stop } = require("./service.cjs");

// Kinds that are hard to show: long, deprecated, in other languages and directions.
const CATALOG = `
domain: api.example.com
kinds:
  quota_of_the_project_for_transcriptions_used_up_until_tomorrow:
    status: 429
    code: RESOURCE_EXHAUSTED
    message: "The quota of {project} is used up. Wait until tomorrow, or buy more under https://example.com/a/very/long/path/without/any/blank/in/it."
    description: Quota used up
    retry: after_delay
    retry_delay: 30s
    localized:
      de: "Das Kontingent von {project} ist aufgebraucht. Warten Sie bis morgen."
      ar: "نفدت حصة المشروع {project}. انتظر حتى الغد."
    owner: quota-team
    help_url: https://api.example.com/errors/quota
  job_not_found:
    status: 404
    code: NOT_FOUND
    message: "Job {job_id} does not exist. Verify the ID."
    description: <b>Job</b> & "co" do not exist
    deprecated: { since: "2026-11", replaced_by: task_not_found }
`;

// A server with pages, and a browser to look at them with.
class Visit {
  static async begin() {
    const visit = new Visit();
    visit.folder = fs.mkdtempSync(path.join(os.tmpdir(), "errwire-"));
    const catalog = path.join(visit.folder, "catalog.yaml");
    fs.writeFileSync(catalog, CATALOG);
    visit.service = await start("--catalog", catalog);
    visit.origin = `http://${visit.service.admin}`;
    visit.browser = await launch();
    return visit;
  }

  // A page in a window and a colour scheme; what it asks for and complains about is kept.
  async page({ width = 1280, scheme = "light", scripts = true } = {}) {
    const page = await this.browser.newPage();
    await page.setViewport({ width, height: 800 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.setJavaScriptEnabled(scripts);
    page.wrong = [];
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(`${this.origin}/`) && url !== "data:,") page.wrong.push(`asks for ${url}`);
    });
    page.on("console", (message) => page.wrong.push(`says ${message.text()}`));
    page.on("pageerror", (error) => page.wrong.push(`fails with ${error}`));
    page.on("requestfailed", (request) => page.wrong.push(`cannot load ${request.url()}`));
    return page;
  }

  // Runs a test on a page, and closes it.
  async on(options, test) {
    const page = await this.page(options);
    try {
      await test(page);
      assert.deepEqual(page.wrong, []);
    } finally {
      await page.close();
    }
  }

  async end() {
    await this.browser?.close();
    const code = this.service && (await stop(this.service));
    fs.rmSync(this.folder, { recursive: true });
    assert.equal(code, 0);
  }
}

function launch() {
  // A machine for tests has no sandbox, and no graphics.
  const args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"];
  return puppeteer.launch({ executablePath: process.env.CHROMIUM, args, timeout: 60_000 });
}

// Does something that leads to another page, and waits until it is there.
async function follow(page, act) {
  const [response] = await Promise.all([page.waitForNavigation(), act()]);
  return response;
}

// The text of what is found, as it is shown.
function text(page, selector) {
  return page.$eval(selector, (element) => element.innerText.trim());
}

function texts(page, selector) {
  return page.$$eval(selector, (elements) => elements.map((element) => element.innerText.trim()));
}

module.exports = { Visit, follow, launch, text, texts };
