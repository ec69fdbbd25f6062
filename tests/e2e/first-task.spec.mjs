// A visitor who leaves in the first task of the first page, with a cold cache: the page view arrives all the same.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, until, world } from "./harness.mjs";

const TRIES = 100;
const AT_ONCE = 5;
const ENOUGH = 99;

test("a tab closed in its first task is still a page view", { timeout: 180_000 }, async (t) => {
  const it = await world(t);
  const cdp = await (await browser()).newBrowserCDPSession();
  const tries = Array.from({ length: TRIES }, (_, at) => at);
  const contexts = [];
  // Closing a context ends the network of its profile, as quitting the browser would: not before the count.
  t.after(() => Promise.all(contexts.map((context) => context.close())));
  while (tries.length > 0) {
    contexts.push(...(await Promise.all(tries.splice(0, AT_ONCE).map((at) => closeAtOnce(it, cdp, at)))));
  }
  const views = async () => {
    const events = await it.collector.events();
    return events.filter(({ name, page }) => name === "page_view" && /\/close\/\d+$/.test(page.url));
  };
  await until(`${ENOUGH} of ${TRIES} page views arrive`, async () => (await views()).length >= ENOUGH, {
    onFailure: async () => `${(await views()).length} arrived`,
  });
  const urls = (await views()).map(({ page }) => page.url);
  assert.equal(new Set(urls).size, urls.length, "none arrives twice");
  t.diagnostic(`${urls.length} of ${TRIES} arrived`);
});

/** A context without a past opens the page, whose second script has the browser close the tab; the empty context. */
async function closeAtOnce({ site }, cdp, at) {
  const context = await (await browser()).newContext();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const { targetInfo } = await session.send("Target.getTargetInfo");
  await session.send("Runtime.enable");
  await session.send("Runtime.addBinding", { name: "closeNow" });
  // The answer to a call about a tab that is going away may be that it has gone.
  const gone = () => {};
  session.on("Runtime.bindingCalled", () => cdp.send("Target.closeTarget", targetInfo).catch(gone));
  const closed = page.waitForEvent("close");
  page.goto(`${site.url}/close/${at}`).catch(gone);
  await closed;
  return context;
}
