// A developer's mistake with the collector is said in the console, once, and by explain().

import assert from "node:assert/strict";
import { test } from "node:test";
import { arrived, flush, heard, until, world } from "./harness.mjs";
import { startCollector } from "./harness/collector.mjs";
import { startForeign } from "./harness/foreign.mjs";

/** A visit made by a program with these options, and what the console says of it. */
async function programmed(it, options) {
  const warnings = heard(it);
  const page = await it.open("/place", { ready: false });
  await page.addScriptTag({
    type: "module",
    content: `import { init } from "/dist/index.js";
      window.visit = init({ collector: "${it.collector.url}/v1/batch", ${options} });`,
  });
  await page.waitForFunction(() => window.visit);
  return { page, warnings };
}

/** A visit to a collector that answers so: what the console and `explain()` said of it, and what it got. */
async function told(t, { answer, tag = "", path = "/plain", collector }) {
  const foreign = await startForeign(answer);
  t.after(() => foreign.close());
  const it = await world(t, { tag, collector: collector ?? foreign.url });
  const warnings = heard(it);
  const page = await it.open(path);
  for (const name of ["one", "two"]) {
    await page.evaluate((name) => window.passerby.track(name), name);
    await flush(page);
  }
  await until("it is warned of", () => warnings.length > 0);
  const explained = await page.evaluate(() => window.passerby.explain());
  const [delivery] = explained.filter(({ about }) => about === "delivery");
  const { queued } = await page.evaluate(() => window.passerby.summary().delivery);
  assert.deepEqual(it.errors, []);
  return { warnings, delivery, foreign, queued };
}

test("passerby.js with another system's format says that it needs passerby.all.js", async (t) => {
  const { warnings, delivery, foreign } = await told(t, { tag: 'data-format="posthog" data-key="k"' });
  assert.deepEqual(warnings, ["Passerby: format posthog needs passerby.all.js; nothing is sent"]);
  assert.deepEqual([delivery.is, delivery.because], ["in-page only", warnings[0].replace("Passerby: ", "")]);
  assert.deepEqual(foreign.requests, []);
});

test("so does one that nobody has", async (t) => {
  const { warnings, delivery, foreign } = await told(t, { tag: 'data-format="nobody"', path: "/all" });
  assert.deepEqual(warnings, ["Passerby: this format is unknown, or for a collector only; nothing is sent"]);
  assert.deepEqual([delivery.is, delivery.because], ["in-page only", warnings[0].replace("Passerby: ", "")]);
  assert.deepEqual(foreign.requests, []);
});

test("a format that needs a key and has none, or an empty one", async (t) => {
  for (const key of ["", "data-key", 'data-key=" "']) {
    const { warnings, delivery, foreign } = await told(t, { tag: `data-format="posthog" ${key}`, path: "/all" });
    assert.deepEqual(warnings, ["Passerby: this format needs a key; nothing is sent"], key);
    assert.deepEqual([delivery.is, delivery.because], ["in-page only", warnings[0].replace("Passerby: ", "")]);
    assert.deepEqual(foreign.requests, []);
  }
});

test("a format that needs no key is sent without one", async (t) => {
  const foreign = await startForeign();
  t.after(() => foreign.close());
  const it = await world(t, { tag: 'data-format="cloudevents" data-key', collector: foreign.url });
  await it.open("/all");
  await until("it is sent", () => foreign.requests.length > 0);
});

test("a host without https:// would be a file of the page's own server", async (t) => {
  for (const collector of ["collector.example/v1/batch", "collector.example"]) {
    const { warnings, delivery } = await told(t, { collector, tag: 'data-format="ndjson"' });
    assert.deepEqual(warnings, [`Passerby: collector "${collector}" is no http(s) address; nothing is sent`]);
    assert.equal(delivery.is, "in-page only");
  }
});

test("an address on the page's own server is one, with a slash or a dot before it", async (t) => {
  for (const collector of ["/api/v1.2/batch", "./collect.php", "collect/v1.2"]) {
    const it = await world(t, { collector, tag: 'data-format="ndjson"' });
    await it.open("/plain/there");
    const path = new URL(collector, `${it.site.url}/plain/there`).pathname;
    await until(`${path} is asked for`, () => it.site.asked(path));
  }
});

const NO_REQUEST = /^Passerby: transform: no url or body text$/;
for (const [what, transform, words] of [
  ["throws", "() => { throw new Error('mine'); }", /^Passerby: transform: Error: mine$/],
  ["answers nothing", "() => {}", NO_REQUEST],
  ["answers a promise", "async (batch) => ({ url: '/x', body: '' })", NO_REQUEST],
  ["answers no address", "() => ({ body: 'x' })", NO_REQUEST],
  ["answers no body", "() => ({ url: '/x' })", NO_REQUEST],
  ["answers an object", "(batch) => ({ url: '/x', body: batch })", NO_REQUEST],
]) {
  test(`a transform that ${what} is told once and sends nothing`, async (t) => {
    const it = await world(t, { words: () => ({ stub: "window.passerby = () => {};" }) });
    const { warnings, page } = await programmed(it, `transform: ${transform}`);
    for (const name of ["one", "two"]) {
      await page.evaluate((name) => window.visit.track(name), name);
      await page.evaluate(() => window.visit.flush());
    }
    await until("it is warned of", () => warnings.length > 0);
    assert.equal(warnings.length, 1, warnings.join("\n"));
    assert.match(warnings[0], words);
    const explained = await page.evaluate(() => window.visit.explain());
    const [{ is, rule }] = explained.filter(({ about }) => about === "delivery");
    assert.deepEqual([is, rule], ["waiting", "never left the page"]);
    assert.ok((await page.evaluate(() => window.visit.summary().delivery.queued)) >= 3, "nothing is dropped");
    for (const path of ["/undefined", "/x", "/place/undefined"]) assert.equal(it.site.asked(path), false, path);
    assert.deepEqual(it.errors, []);
  });
}

test("a second collector for the same site is told of; with a site of its own it is another visit", async (t) => {
  for (const [tag, views] of [["", 0], ['data-site="other"', 1]]) {
    const other = await startCollector();
    t.after(() => other.close());
    const second = `<script src="/dist/passerby.js" data-collector="${other.url}/v1/batch" ${tag}></script>`;
    const it = await world(t, { words: () => ({ after: `<script>first = passerby</script>${second}` }) });
    const warnings = heard(it);
    const page = await it.open("/odd");
    const depths = await page.evaluate(() => {
      window.passerby.track("by_second");
      return [window.first, window.passerby].map((visit) => visit.summary().session.pageDepth);
    });
    assert.deepEqual(depths, [1, 1]);
    await page.evaluate(() => Promise.all([window.first.flush(), window.passerby.flush()]));
    await it.arrived({ name: "page_view" });
    const told = "Passerby: another collector for 127.0.0.1: give it its own site";
    assert.deepEqual(warnings, views ? [] : [told]);
    await arrived({ collector: views ? other : it.collector }, [{ name: "by_second" }]);
    assert.equal((await other.events()).filter(({ name }) => name === "page_view").length, views);
    assert.deepEqual(it.errors, []);
  }
});

test("an address that is none", async (t) => {
  const { warnings, delivery } = await told(t, { collector: "ftp://x" });
  assert.deepEqual(warnings, ['Passerby: collector "ftp://x" is no http(s) address; nothing is sent']);
  assert.equal(delivery.is, "in-page only");
});

test("an endpoint that says yes and is no Passerby collector", async (t) => {
  const { warnings, delivery, queued } = await told(t, { answer: () => ({ body: "thank you" }) });
  const words = "not a Passerby collector? try format ndjson";
  assert.deepEqual(warnings, [`Passerby: ${words}`]);
  assert.deepEqual([delivery.is, delivery.rule, delivery.because], ["waiting", words, "200"]);
  assert.ok(queued >= 3, "nothing is dropped");
});

test("an address nobody listens to there, and a key that is wrong", async (t) => {
  for (const status of [401, 404]) {
    const { warnings, delivery, queued } = await told(t, { answer: () => ({ status, body: "" }) });
    const words = "refused, will be retried";
    assert.deepEqual(warnings, [`Passerby: ${words}`]);
    assert.deepEqual([delivery.is, delivery.rule, delivery.because], ["waiting", words, String(status)]);
    assert.ok(queued >= 3, "nothing is dropped");
  }
});
