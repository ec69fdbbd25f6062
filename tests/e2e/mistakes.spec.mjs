// A developer's mistake with the collector is said in the console, once, and by explain().

import assert from "node:assert/strict";
import { test } from "node:test";
import { flush, until, world } from "./harness.mjs";
import { startForeign } from "./harness/foreign.mjs";

/** A visit to a collector that answers so: what the console and `explain()` said of it, and what it got. */
async function told(t, { answer, tag = "", path = "/plain", collector }) {
  const foreign = await startForeign(answer);
  t.after(() => foreign.close());
  const it = await world(t, { tag, collector: collector ?? foreign.url });
  const warnings = [];
  it.visitor.on("console", (message) => {
    if (message.text().startsWith("Passerby")) warnings.push(message.text());
  });
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

test("an address that is none", async (t) => {
  const { warnings, delivery } = await told(t, { collector: "ftp://x" });
  assert.deepEqual(warnings, ['Passerby: the collector "ftp://x" is not an http(s) address; nothing is sent']);
  assert.equal(delivery.is, "in-page only");
});

test("an endpoint that says yes and is no Passerby collector", async (t) => {
  const { warnings, delivery, queued } = await told(t, { answer: () => ({ body: "thank you" }) });
  const words = "the answer names no batch: not a Passerby collector? try format ndjson";
  assert.deepEqual(warnings, [`Passerby: ${words}`]);
  assert.deepEqual([delivery.is, delivery.rule, delivery.because], ["waiting", words, "200"]);
  assert.ok(queued >= 3, "nothing is dropped");
});

test("an address nobody listens to there, and a key that is wrong", async (t) => {
  for (const status of [401, 404]) {
    const { warnings, delivery, queued } = await told(t, { answer: () => ({ status, body: "" }) });
    const words = "the collector refuses; will be retried";
    assert.deepEqual(warnings, [`Passerby: ${words}`]);
    assert.deepEqual([delivery.is, delivery.rule, delivery.because], ["waiting", words, String(status)]);
    assert.ok(queued >= 3, "nothing is dropped");
  }
});
