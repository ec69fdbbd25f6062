// Whatever a page does to the SDK: nothing is thrown into the page, the next track() works, explain() tells.

import assert from "node:assert/strict";
import { test } from "node:test";
import { flush, summary, until, world } from "./harness.mjs";

/** Runs in the page; each entry is one thing a page may do. */
const HOSTILE = {
  "a BigInt": () => window.passerby.track("odd", { n: 10n ** 30n }),
  "a cycle": () => {
    const a = { name: "a" };
    a.self = a;
    window.passerby.track("odd", a);
  },
  "a getter that throws": () => {
    const props = { fine: 1, get bad() { throw new Error("getter"); } };
    window.passerby.track("odd", props);
  },
  "a proxy that throws": () => window.passerby.track("odd", new Proxy({}, { ownKeys() { throw new Error("trap"); } })),
  "an array 100,000 deep": () => {
    let deep = [];
    for (let i = 0; i < 100_000; i += 1) deep = [deep];
    window.passerby.track("odd", { deep });
  },
  "a string of 10 MB": () => window.passerby.track("odd", { text: "é".repeat(5_000_000) }),
  "lone surrogates": () => window.passerby.track("odd", { text: "\ud800 and \udc00", "\udfff": 1 }),
  "numbers that JSON has not": () => window.passerby.track("odd", { a: NaN, b: Infinity, c: -0 }),
  "what is no data": () =>
    window.passerby.track("odd", { f() {}, s: Symbol(), m: new Map(), d: new Date(NaN), e: document.body, w: window }),
  "no arguments": () => window.passerby.track(),
  "arguments of other kinds": () => {
    window.passerby.track(7, "text");
    window.passerby.track({}, []);
    window.passerby.track("odd", null);
  },
  "no this": () => window.passerby.track.call(null, "odd", { way: "null" }),
  "calls that do not exist": () => {
    window.passerby("nothing");
    window.passerby();
  },
  "an order without anything": () => window.passerby.purchase(),
  "nobody": () => window.passerby.identify(),
  "a track() inside a getter": () =>
    window.passerby.track("odd", { get again() { window.passerby.track("inner"); return 1; } }),
};

for (const [what, act] of Object.entries(HOSTILE)) {
  test(`${what} does no harm`, async (t) => {
    const it = await world(t);
    const page = await it.open("/plain");
    // An exception would reject this.
    await page.evaluate(act);
    await page.evaluate(() => window.passerby.track("next", { fine: true }));
    await flush(page);
    await it.arrived({ name: "page_view" }, { name: "next", props: { fine: true } });
    assert.deepEqual(it.errors, []);
  });
}

test("a text is cut by its bytes, between its characters", async (t) => {
  const it = await world(t);
  const page = await it.open("/plain");
  const texts = { ascii: "x", latin: "é", chinese: "日", emoji: "😀" };
  await page.evaluate((given) => {
    for (const [name, text] of Object.entries(given)) window.passerby.track(name, { text: text.repeat(9_000) });
  }, texts);
  await flush(page);
  const found = await it.arrived(...Object.keys(texts).map((name) => ({ name })));
  const cut = Object.values(texts).map((text) => text.repeat(Math.floor(8192 / Buffer.byteLength(text))));
  assert.deepEqual(found.map(({ props }) => props.text), cut);
});

test("a page that patches JSON and arrays is measured like any other", async (t) => {
  const it = await world(t);
  const page = await it.open("/patched");
  await page.evaluate(() => (JSON.stringify = () => "patched"));
  await page.evaluate(() => window.passerby.track("list", { items: ["a", "b"], text: "as it is" }));
  await flush(page);
  const [, list] = await it.arrived({ name: "page_view", page: { title: "Patched page" } }, { name: "list" });
  assert.deepEqual(list.props, { items: ["a", "b"], text: "as it is" });
  assert.deepEqual(it.errors, []);
});

const STRINGIFY = {
  throws: () => (JSON.stringify = () => { throw new Error("JSON.stringify is not what it was"); }),
  "says something else": () => (JSON.stringify = () => '{"broken":1}'),
  "says nothing": () => (JSON.stringify = () => undefined),
  "encodes twice": () => {
    const { stringify } = JSON;
    JSON.stringify = (...given) => stringify(stringify(...given));
  },
};

for (const [what, replace] of Object.entries(STRINGIFY)) {
  test(`a page whose JSON.stringify ${what} loses nothing`, async (t) => {
    const it = await world(t);
    await it.visitor.addInitScript(replace);
    const page = await it.open("/plain");
    const props = () => ({
      text: "\"q\" \\ \n\t\0\u001f\u007f\u2028 é \u{1f600}", 'a "key"\n': 1, list: [1.5, -0, 1e-7, true, null, NaN],
    });
    await page.evaluate(`passerby.track("list", (${props})())`);
    await page.evaluate(() => void window.passerby.flush());
    const [, list] = await it.arrived({ name: "page_view" }, { name: "list" });
    assert.deepEqual(list.props, { ...props(), list: [1.5, 0, 1e-7, true, null, null] });
    await page.evaluate(() => void window.passerby.forget());
    await until("erased", async () => (await it.collector.events()).length === 0);
    assert.deepEqual(it.errors, []);
  });
}

test("a page whose JSON.parse was broken before is measured, has no summary, and hears no error", async (t) => {
  const it = await world(t);
  await it.visitor.addInitScript(() => {
    const { parse } = JSON;
    JSON.parse = () => {
      throw new Error("JSON.parse is not what it was");
    };
    window.mend = () => void (JSON.parse = parse);
  });
  const page = await it.open("/plain");
  const said = await page.evaluate(() => {
    // For the test itself needs it.
    window.mend();
    window.passerby.track("list", { items: ["a"] });
    void window.passerby.flush();
    return [window.passerby.summary().events, window.passerby.explain(), window.passerby.audience];
  });
  assert.deepEqual(said, [{}, [], "user"]);
  await it.arrived({ name: "page_view" }, { name: "list", props: { items: ["a"] } });
  assert.deepEqual(it.errors, []);
});

test("an address that is none sends nothing and is explained", async (t) => {
  const it = await world(t, { collector: "ftp://nowhere" });
  const page = await it.open("/plain");
  await page.evaluate(() => window.passerby.track("odd"));
  const said = JSON.stringify(await explained(page, /nothing is sent|address/i));
  assert.match(said, /ftp:\/\/nowhere/);
  assert.equal((await summary(page)).session.pageDepth, 1, "the page's own summary works");
  assert.deepEqual(it.errors, []);
});

test("an address that answers otherwise keeps what it was given and is explained", async (t) => {
  const it = await world(t, { collector: "/plain" });
  const page = await it.open("/plain");
  await page.evaluate(() => window.passerby.track("kept"));
  await flush(page);
  await explained(page, /batch|ndjson|collector/i);
  const { delivery } = await summary(page);
  assert.equal(delivery.acknowledged, 0);
  assert.ok(delivery.queued + delivery.unconfirmed >= 2, JSON.stringify(delivery));
  assert.deepEqual(it.errors, []);
});

test("what could not be delivered arrives once the collector is back", async (t) => {
  const it = await world(t);
  const page = await undelivered(it);
  await it.collector.start();
  await flush(page);
  await it.arrivedWithin(60, { name: "page_view" }, { name: "while_down" });
  assert.deepEqual(it.errors, []);
});

test("what a dead tab could not deliver is sent when the site is opened next, once", async (t) => {
  const it = await world(t);
  await (await undelivered(it)).close();
  await it.collector.start();
  await it.open("/plain/back");
  const view = (url) => ({ name: "page_view", page: { url } });
  // A claimed row is free again when its lease of a minute has run out.
  await it.arrivedWithin(90, view(/back$/), view(/down$/), { name: "while_down" });
  const again = (await it.collector.events()).filter(({ name }) => name === "while_down");
  assert.equal(again.length, 1);
});

/** A page with events that no collector took. */
async function undelivered(it) {
  await it.collector.stop();
  const page = await it.open("/plain/down");
  await page.evaluate(() => window.passerby.track("while_down"));
  await flush(page);
  await explained(page, /again|retry|answer|reach/i);
  const { delivery } = await summary(page);
  assert.ok(delivery.queued + delivery.unconfirmed >= 2, JSON.stringify(delivery));
  return page;
}

function explained(page, pattern) {
  let said = [];
  const read = async () => {
    said = (await page.evaluate(() => window.passerby.explain())).filter(({ about }) => about === "delivery");
    return said.some((one) => pattern.test(Object.values(one).join(" "))) && said;
  };
  return until(`explain() says ${pattern}`, read, { onFailure: () => JSON.stringify(said) });
}
