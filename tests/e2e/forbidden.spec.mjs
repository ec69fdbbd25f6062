// A page whose policy forbids WebAssembly: the same engine as JavaScript, by itself, with the same results.

import assert from "node:assert/strict";
import { test } from "node:test";
import { flush, heard, matches, summary, touch, until, world } from "./harness.mjs";

const POLICY =
  "default-src 'none'; script-src 'self'; connect-src {{collector}}; " +
  "require-trusted-types-for 'script'; trusted-types 'none'";
const HEADERS = { "content-security-policy": POLICY };

/** The page, once its engine has come. */
async function opened(it) {
  const page = await it.open("/forbidden");
  await until("the engine is there", async () => (await summary(page)).session);
  return page;
}

test("a visit to a page that forbids WebAssembly arrives whole", async (t) => {
  const it = await world(t, { headers: HEADERS });
  // Not before the page's second script has run, however long that took to come.
  await it.visitor.route("**/dist/passerby.nowasm.js", async (route) => {
    await route.request().frame().waitForFunction(() => window.firstSummary);
    await route.continue();
  });
  const page = await opened(it);
  assert.deepEqual((await page.evaluate(() => window.firstSummary)).events, {}, "until then, nothing to say");
  await touch(page);
  await page.evaluate(() => history.pushState({}, "", "/forbidden/next"));
  await page.evaluate(() => window.passerby.purchase({ transaction_id: "T-1", value: "12.50", currency: "EUR" }));
  await flush(page);
  await it.arrived(
    { name: "page_view", props: { cause: "load" }, page: { title: "Without WebAssembly" } },
    { name: "at_once", props: { way: "method", list: { 0: "a", 1: { b: 1 } } } },
    { name: "at_once_too" },
    { name: "page_view", props: { cause: "push" }, page: { url: /next$/ } },
    { name: "purchase", props: { transaction_id: "T-1", currency: "EUR" } },
    { name: "audience", props: { audience: "customer" } },
  );
  assert.equal((await it.collector.events()).filter(({ name }) => name === "page_view").length, 2);
  const { session, audience, delivery } = await summary(page);
  assert.ok(matches(session, { pageDepth: 2, bounced: false, engaged: true }));
  assert.equal(audience.is, "customer");
  assert.deepEqual(delivery.dropped, {});
  const collected = await it.collector.session(session.id);
  assert.ok(matches(collected, { pageDepth: 2, bounced: false, engaged: true }), JSON.stringify(collected));
  assert.deepEqual(it.errors, []);
});

test("what that page stores, the next one goes on with", async (t) => {
  const it = await world(t, { headers: HEADERS });
  const page = await opened(it);
  await until("it has settled", async () => (await summary(page)).settled);
  const before = await summary(page);
  await it.arrived({ name: "page_view" });
  const [request] = await Promise.all([page.waitForRequest("**/second"), page.click("#next")]);
  assert.ok(request);
  await until("the second view counts", async () => (await summary(page)).session?.pageDepth === 2);
  assert.equal((await summary(page)).session.id, before.session.id);
});

test("events of 1.2 MB make its memory grow, and none is damaged", async (t) => {
  const it = await world(t, { headers: HEADERS });
  const page = await opened(it);
  const text = "ü".repeat(3000);
  await page.evaluate((text) => {
    for (let n = 0; n < 200; n++) window.passerby.track("large", { n, text });
  }, text);
  await flush(page);
  const wanted = Array.from({ length: 200 }, (_, n) => ({ name: "large", props: { n, text } }));
  await it.arrivedWithin(60, ...wanted);
  assert.deepEqual(it.errors, []);
});

test("the package says once what it needs there, and does nothing", async (t) => {
  const it = await world(t, { headers: HEADERS });
  const warnings = heard(it);
  const page = await it.open("/npm");
  await until("it has run", () => page.evaluate(() => window.same));
  assert.deepEqual((await summary(page)).events, {});
  assert.equal(warnings.length, 1, warnings.join("\n"));
  assert.match(warnings[0], /^Passerby: .*'wasm-unsafe-eval'.* passerby\/nowasm$/);
  assert.deepEqual(it.errors, []);
});

test("the summary, which is WebAssembly too, says why it is not shown", async (t) => {
  const it = await world(t, { headers: HEADERS });
  const warnings = heard(it);
  const page = await opened(it);
  await page.keyboard.press("Alt+Shift+KeyP");
  await until("told", () => warnings.length > 0);
  assert.match(warnings.join("\n"), /^Passerby: the summary cannot be shown .*'wasm-unsafe-eval'/);
  assert.deepEqual(it.errors, []);
});
