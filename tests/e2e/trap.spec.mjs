// The wasm engine traps, as it would by a bug of ours: another takes its place, and the page notices nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { flush, summary, until, world } from "./harness.mjs";

/** Runs in the page before the tag: the next track() traps inside the module once `window.trap` is set. */
function trapping() {
  const TRACK = 12;
  const armed = (call) => (...args) => {
    if (window.trap > 0 && args[0] === TRACK && args.length === call.length && args.length > 4) {
      window.trap--;
      throw new WebAssembly.RuntimeError("unreachable");
    }
    return call(...args);
  };
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(Real, args) {
      const { exports } = new Real(...args);
      const pairs = Object.entries(exports).map(([name, it]) => [name, typeof it === "function" ? armed(it) : it]);
      return { exports: Object.fromEntries(pairs) };
    },
  });
}

async function trapped(t, times) {
  const it = await world(t);
  const warnings = [];
  it.visitor.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  await it.visitor.addInitScript(trapping);
  const page = await it.open("/plain");
  await page.evaluate(() => window.passerby.track("before"));
  await flush(page);
  await it.arrived({ name: "page_view" }, { name: "before" });
  for (let at = 0; at < times; at++) {
    await page.evaluate(() => {
      window.trap = 1;
      window.passerby.track("trapped");
      window.passerby.track("after");
    });
  }
  return { it, page, warnings };
}

test("a trap costs the call that met it: session, page views and later events go on", async (t) => {
  const { it, page, warnings } = await trapped(t, 1);
  await flush(page);
  await page.goto(`${it.site.url}/plain/2`);
  await until("the second page is there", async () => (await summary(page))?.session?.pageDepth === 2);
  const [first, after, second] = await it.arrived(
    { name: "page_view", page: { url: /plain$/ } },
    { name: "after" },
    { name: "page_view", page: { url: /plain\/2$/ } },
  );
  assert.equal(new Set([first, after, second].map(({ session }) => session)).size, 1, "one session");
  assert.equal(new Set([first, after, second].map(({ visitor }) => visitor)).size, 1, "one visitor");
  assert.notEqual(first.load, after.load);
  const events = await it.collector.events();
  assert.equal(events.filter(({ name }) => name === "page_view").length, 2);
  assert.equal(events.filter(({ name }) => name === "trapped").length, 0);
  assert.equal(warnings.filter((text) => text.includes("starting afresh")).length, 1, warnings.join("\n"));
  assert.deepEqual(it.errors, []);
});

test("the page view goes on: what was read before and after the trap adds up, and it is one page", async (t) => {
  const { it, page } = await trapped(t, 1);
  await page.mouse.click(20, 20);
  await page.evaluate(() => scrollTo(0, 1e6));
  await until("somebody has read for a while", async () => (await summary(page)).session.engagedMs > 1500);
  await page.goto(`${it.site.url}/plain/2`);
  await until("the second page knows the first", async () => (await summary(page))?.session?.pageDepth === 2);
  await flush(page);
  const [first, , went] = await it.arrived(
    { name: "page_view", page: { url: /plain$/ } },
    { name: "page_view", page: { url: /plain\/2$/ } },
    { name: "engagement", props: { load_id: /^[0-9a-f]{32}$/ } },
  );
  assert.deepEqual([went.props.load_id, went.view], [first.load, first.view]);
  assert.notEqual(went.load, first.load);
  const here = (await summary(page)).session.pages;
  const there = (await it.collector.summary(first.session)).pages;
  assert.equal(here.length, 2);
  assert.deepEqual(there[0], here[0]);
  assert.ok(there[0].engagedMs > 1500 && there[0].scrollDepth > 0, JSON.stringify(there));
});

test("a second trap ends recording, and still throws nothing into the page", async (t) => {
  const { it, page, warnings } = await trapped(t, 2);
  await page.evaluate(() => window.passerby.track("later"));
  await flush(page);
  await page.goto(`${it.site.url}/plain/2`);
  await it.arrived({ name: "page_view", page: { url: /plain\/2$/ } });
  assert.equal(warnings.filter((text) => text.includes("recording ends here")).length, 1, warnings.join("\n"));
  assert.deepEqual(it.errors, []);
});
