// Wire v1: what the engine really sends, and the committed fixtures, against the committed JSON Schema.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import Ajv from "ajv/dist/2020.js";
import { flush, world } from "./harness.mjs";

const at = (path) => new URL(`../../${path}`, import.meta.url);
const schema = JSON.parse(readFileSync(at("src/wire/v1.schema.json"), "utf8"));
const valid = new Ajv({ allErrors: true, strict: false }).compile(schema);
const fixtures = readdirSync(at("tests/wire")).filter((name) => name.endsWith(".json"));

/** Not every defect is one of JSON: a fixture that cannot even be parsed is invalid as well. */
function holds(name) {
  try {
    return valid(JSON.parse(readFileSync(at(`tests/wire/${name}`), "utf8")));
  } catch {
    return false;
  }
}

test("the schema takes every valid fixture and no invalid one", () => {
  assert.ok(fixtures.some((name) => name.startsWith("valid")) && fixtures.some((name) => name.startsWith("invalid")));
  const wrong = fixtures.filter((name) => holds(name) !== name.startsWith("valid"));
  assert.deepEqual(wrong, []);
});

test("the engine's batches hold to the schema", async (t) => {
  const it = await world(t);
  const bodies = [];
  it.visitor.on("request", (request) => {
    if (request.method() === "POST") bodies.push(request.postDataBuffer());
  });
  const campaign = "utm_source=news&utm_medium=email&utm_campaign=x";
  const page = await it.open(`/plain?${campaign}`, { referer: "https://www.google.com/" });
  await page.evaluate(async () => {
    const { passerby } = window;
    passerby.set({ theme: "dark", nested: { list: [1, "two", null, { deep: true }] } });
    passerby.track("add_to_cart", { value: 19.99, currency: "EUR", odd: "é \" \\ \u2028 </script>" });
    passerby.identify("customer-7", { plan: "pro" });
    passerby.purchase({ transaction_id: "T-1", value: "19.99", currency: "EUR", items: [{ item_id: "a" }] });
    history.pushState({}, "", "/plain/next");
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    for (let at = 0; at < 40; at++) passerby.track("many", { at, text: "x".repeat(100) });
    passerby.reset();
    passerby.track("");
    passerby.track("after_the_drop");
  });
  await flush(page);
  await it.arrived({ name: "after_the_drop" }, { name: "purchase" }, { name: "reset" });
  const batches = bodies.map((body) => JSON.parse((body[0] === 0x1f ? gunzipSync(body) : body).toString("utf8")));
  assert.ok(batches.length >= 3, `only ${batches.length} batches were seen`);
  for (const batch of batches) {
    assert.ok(valid(batch), `${JSON.stringify(valid.errors, null, 1)}\n${JSON.stringify(batch)}`);
  }
});
