// One tag, in every way a site may load it: the same counts, earlier calls at their own times, one instance.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { flush, summary, until, world } from "./harness.mjs";
import { root } from "./harness/collector.mjs";

const stub = () => readFileSync(join(root, "dist", "stub.js"), "utf8");
const tag = (how) => (url) => `<script ${how} src="/dist/passerby.js" data-collector="${url}"></script>`;
const script = (text, how = "") => `<script ${how}>${text}</script>`;
/** What a tag manager's container does: a script by script, before the first there is. */
const inserted = (url) => `{
  const made = document.createElement("script");
  made.async = true;
  made.src = "/dist/passerby.js";
  made.setAttribute("data-collector", "${url}");
  const first = document.getElementsByTagName("script")[0];
  first.parentNode.insertBefore(made, first);
}`;
const packaged = (url) =>
  script(`import { init } from "/dist/index.js"; window.visit = init({ collector: "${url}" });`, 'type="module"');

const NAMED = '<form id="passerby"><input name="q"><input name="track"></form>';

/** Where the tag is: what stands before the stub, in the head, and at the end of the body. */
const PLACES = {
  "async": { head: tag("async") },
  "defer": { head: tag("defer") },
  "in the way of the parser": { head: tag("") },
  "at the end of the body": { body: tag("") },
  "type=module": { head: tag('type="module"') },
  "injected late": { head: (url) => script(`addEventListener("load", () => queueMicrotask(() => ${inserted(url)}));`) },
  "by a tag manager": { head: (url) => script(inserted(url)) },
  "where an element is named passerby": { before: NAMED, head: tag("async") },
  "twice": { head: tag("async"), body: tag("async") },
  "beside the package, which came later": { head: tag(""), body: packaged },
  "beside the package, which came first": { head: packaged, body: tag("defer") },
};

for (const [where, { before = "", head = () => "", body = () => "" }] of Object.entries(PLACES)) {
  test(`${where}: the same counts`, async (t) => {
    const it = await world(t, { words: (url) => ({ before, stub: stub(), head: head(url), body: body(url) }) });
    const page = await it.open("/place", { ready: false });
    await page.waitForFunction(() => typeof window.passerby?.summary === "function");
    await page.waitForFunction(() => document.readyState === "complete");
    await page.waitForFunction((both) => !both || window.visit, where.includes("package"));
    await page.evaluate(() => history.pushState({}, "", "/place/next"));
    await page.evaluate(() => (window.visit ?? window.passerby).track("late", { way: "method" }));
    await until("two views count", async () => (await summary(page)).session.pageDepth === 2);
    await flush(page);
    const [, , first, second] = await it.arrived(
      { name: "page_view", props: { cause: "load" } },
      { name: "page_view", props: { cause: "push" } },
      { name: "first_early", props: { way: "stub" } },
      { name: "second_early", props: { way: "stub" } },
      { name: "late", props: { way: "method" } },
    );
    const events = await it.collector.events();
    const kinds = events.map(({ name }) => name).filter((name) => name !== "engagement").sort();
    assert.deepEqual(kinds, ["first_early", "late", "page_view", "page_view", "second_early"]);
    assert.equal(new Set(events.map(({ load }) => load)).size, 1, "one instance");
    assert.ok(first.seq < second.seq, "in order");
    const { delivery } = await summary(page);
    assert.deepEqual(delivery.dropped, {});
    await page.keyboard.press("Alt+Shift+P");
    await page.locator("passerby-summary[open]").waitFor({ state: "attached" });
    assert.deepEqual(it.errors, []);
  });
}

test("calls that waited keep the time at which they were made", async (t) => {
  const it = await world(t, { words: (url) => ({ stub: stub(), head: tag("async")(url), body: "" }) });
  const page = await it.visitor.newPage();
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await page.route("**/dist/passerby.js", async (route) => {
    await released;
    await route.continue();
  });
  await page.goto(`${it.site.url}/place`, { waitUntil: "commit" });
  await page.waitForFunction(() => window.times?.length === 2 && performance.now() - window.times[1] > 500);
  release();
  await page.waitForFunction(() => typeof window.passerby.summary === "function");
  await page.evaluate(() => window.passerby.track("late"));
  await flush(page);
  const wanted = ["first_early", "second_early", "late"].map((name) => ({ name }));
  const [first, second, late] = await it.arrived(...wanted);
  const times = await page.evaluate(() => window.times);
  const apart = second.t - first.t - (times[1] - times[0]);
  // The page reads the clock a moment beside the stub, and a busy machine may pause in between.
  assert.ok(Math.abs(apart) < 100, `${apart} ms off`);
  assert.ok(late.t - second.t >= 500, "the script came later, the calls did not");
});
