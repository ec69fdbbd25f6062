// The summary in the page: two ways to open it, what it shows, and a policy it must live under.

import assert from "node:assert/strict";
import { test } from "node:test";
import { shows, summary, until, world } from "./harness.mjs";

const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src {{collector}}",
  "require-trusted-types-for 'script'",
].join("; ");

const shown = (page) => page.locator("passerby-summary").evaluate((element) => element.shadowRoot.textContent);

test("it is neither loaded nor in the page until asked for", async (t) => {
  const it = await world(t);
  const loaded = [];
  it.visitor.on("request", (request) => loaded.push(request.url()));
  const page = await it.open("/plain");
  await it.arrived({ name: "page_view" });
  assert.equal(await page.locator("passerby-summary").count(), 0);
  assert.deepEqual(loaded.filter((url) => url.includes("widget")), []);
});

test("Alt+Shift+P opens it and it follows the audience", async (t) => {
  const it = await world(t);
  const page = await it.open("/plain");
  await page.keyboard.press("Alt+Shift+P");
  await shows(page, "User");
  assert.match(await shown(page), /Plain page/);
  await page.evaluate(() => window.passerby.identify("customer-7"));
  await shows(page, "Customer");
  await page.keyboard.press("Alt+Shift+P");
  const open = () => page.locator("passerby-summary").evaluate((element) => element.hasAttribute("open"));
  await until("it is closed again", async () => !(await open()));
  assert.deepEqual(it.errors, []);
});

test("#passerby opens it", async (t) => {
  const it = await world(t);
  const page = await it.open("/plain#passerby");
  await shows(page, "User");
  assert.equal((await summary(page)).session.pageDepth, 1);
});

test("a strict policy with Trusted Types has nothing to complain about", async (t) => {
  const it = await world(t, { headers: { "content-security-policy": POLICY } });
  await it.visitor.addInitScript(() => {
    window.violations = [];
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
      window.violations.push([violatedDirective, blockedURI, sample]),
    );
  });
  const page = await it.open("/policy");
  await page.evaluate(() => window.passerby.track("under_policy"));
  await page.keyboard.press("Alt+Shift+P");
  await shows(page, "User");
  await page.evaluate(() => window.passerby.flush());
  await it.arrived({ name: "page_view", page: { title: "Strict page" } }, { name: "under_policy" });
  assert.deepEqual(await page.evaluate(() => window.violations), []);
  assert.deepEqual(it.errors, []);
});

test("names from outside are shown as they are", async (t) => {
  const it = await world(t);
  const page = await it.open("/plain");
  const title = '<img src=x onerror="window.hurt = true">';
  await page.evaluate((title) => {
    history.pushState({}, "", "/plain/markup");
    document.title = title;
  }, title);
  await page.keyboard.press("Alt+Shift+P");
  await until("the title is there, letter by letter", async () => (await shown(page)).includes(title));
  assert.equal(await page.evaluate(() => window.hurt), undefined);
});
