// beforeSend: changes and drops every event before it is kept or sent, and whatever it does, the page goes on.

import assert from "node:assert/strict";
import { test } from "node:test";
import { flush, heard, summary, until, world } from "./harness.mjs";

/** Defined before the script asks for it; counts what it was shown. */
async function hooked(it, hook) {
  await it.visitor.addInitScript(`window.shown = []; window.screen_event = ${hook}`);
  return it.open("/plain/orders/4711");
}

const screened = (t) => world(t, { tag: 'data-before-send="screen_event"' });

test("it sees every event, changes what is said and drops what shall not leave", async (t) => {
  const it = await screened(t);
  const warnings = heard(it);
  const page = await hooked(it, (event) => {
    window.shown.push(event.name);
    if (event.name === "internal") return null;
    if (event.page) event.page.url = event.page.url.replace("4711", "one");
    if (event.name === "note") return { ...event, props: { kept: 1, mail: "ada@example.com" } };
  });
  await page.evaluate(() => {
    window.passerby.track("internal", { a: 1 });
    window.passerby.track("note", { gone: 1 });
    window.passerby.track("add_to_cart");
  });
  await flush(page);
  const [view] = await it.arrived(
    { name: "page_view", seq: 1, page: { url: /\/plain\/orders\/one$/ } },
    { name: "note", seq: 2, props: { kept: 1, mail: "[redacted]" } },
    { name: "add_to_cart", seq: 3 },
    { name: "audience", seq: 4, props: { audience: "potential" } },
  );
  assert.match(view.page.url, /one$/);
  assert.ok(!JSON.stringify(await it.collector.events()).includes("4711"), "nor in the session's entry");
  const { events, delivery, session } = await summary(page);
  assert.deepEqual(events, { note: 1, add_to_cart: 1 });
  assert.deepEqual(delivery.dropped, { before_send: 1 });
  assert.match(session.entry, /one$/);
  assert.deepEqual(warnings, [], "to drop is its right");
  const shown = await page.evaluate(() => window.shown);
  assert.deepEqual(shown.slice(0, 5), ["page_view", "internal", "note", "add_to_cart", "audience"]);
  assert.deepEqual(it.errors, []);
});

test("one that throws, answers nonsense or calls back in drops the event and breaks nothing", async (t) => {
  const it = await screened(t);
  const warnings = heard(it);
  const page = await hooked(it, (event) => {
    window.passerby?.track?.("from_inside");
    window.passerby?.summary?.();
    if (event.name === "throws") throw new Error("mine");
    if (event.name === "text") return "text";
    if (event.name === "props") return { props: "text" };
    if (event.name === "getter") return Object.defineProperty({}, "props", { get: () => window.nothing.here });
    if (event.name === "symbol") return { page: { url: Symbol("url") } };
    return undefined;
  });
  const names = ["throws", "text", "props", "getter", "symbol", "fine"];
  await page.evaluate((all) => all.forEach((name) => window.passerby.track(name)), names);
  await flush(page);
  await it.arrived({ name: "page_view", seq: 1 }, { name: "fine" });
  const found = (await it.collector.events()).map(({ name }) => name);
  assert.deepEqual(found.filter((name) => names.includes(name)), ["fine"]);
  assert.ok(!found.includes("from_inside"));
  assert.equal((await summary(page)).delivery.dropped.before_send, 5);
  assert.deepEqual(warnings, ["Passerby: beforeSend screen_event: Error: mine"]);
  assert.deepEqual(it.errors, []);
});

test("one that is missing lets nothing out, until it is there, and that is told once", async (t) => {
  const it = await screened(t);
  const warnings = heard(it);
  const page = await it.open();
  await page.evaluate(() => window.passerby.track("too_early"));
  await page.evaluate(() => {
    window.screen_event = () => {};
    window.passerby.track("in_time");
  });
  await flush(page);
  await it.arrived({ name: "in_time", seq: 1 });
  assert.equal((await it.collector.events()).length, 1);
  await until("both are counted", async () => (await summary(page)).delivery.dropped.before_send === 2);
  assert.equal(warnings.length, 1, warnings.join("\n"));
  assert.match(warnings[0], /^Passerby: beforeSend screen_event: TypeError: .* is not a function$/);
});
