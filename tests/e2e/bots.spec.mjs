// Browsers that no person drives: their events arrive, with the reason, and are added up apart.

import assert from "node:assert/strict";
import { test } from "node:test";
import { flush, world } from "./harness.mjs";

const totals = async (it) => (await it.collector.totals()).map(({ bot, together }) => [bot, together.sessions]);
const explained = (page) => page.evaluate(() => window.passerby.explain().find(({ about }) => about === "bot")?.is);

/** One view, arrived. */
async function visited(it) {
  const page = await it.open();
  await page.evaluate(() => window.passerby.track("note"));
  await flush(page);
  await it.arrived({ name: "page_view" }, { name: "note" });
  return page;
}

test("a driven browser is told as such, and so is one without a window, and a person is not", async (t) => {
  const it = await world(t);
  assert.equal(await explained(await visited(it)), "webdriver");
  const bots = (await it.collector.events()).map(({ bot }) => bot);
  assert.deepEqual(new Set(bots), new Set(["webdriver"]));
  assert.deepEqual(await totals(it), [["webdriver", 1]]);

  const headless = await world(t);
  await headless.visitor.addInitScript(() => Object.defineProperty(navigator, "webdriver", { value: false }));
  assert.equal(await explained(await visited(headless)), "headless");

  const userAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0";
  const person = await world(t, { context: { userAgent } });
  await person.visitor.addInitScript(() => Object.defineProperty(navigator, "webdriver", { value: false }));
  assert.equal(await explained(await visited(person)), undefined);
  assert.deepEqual(await totals(person), [[null, 1]]);
});

test("a site's own tests are told apart from both", async (t) => {
  const it = await world(t, { tag: "data-test" });
  assert.equal(await explained(await visited(it)), "test");
  assert.deepEqual(await totals(it), [["test", 1]]);
});

test("a crawler that runs scripts is told by its user agent, which is stored nowhere", async (t) => {
  const userAgent =
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) " +
    "Chrome/141.0.7390.122 Safari/537.36";
  const it = await world(t, { context: { userAgent } });
  await it.visitor.addInitScript(() => Object.defineProperty(navigator, "webdriver", { value: false }));
  await visited(it);
  assert.deepEqual(new Set((await it.collector.events()).map(({ bot }) => bot)), new Set(["crawler"]));
  assert.deepEqual(await totals(it), [["crawler", 1]]);
  assert.ok(!(await it.collector.exported()).includes("Googlebot"));
});
