// The snippet: whoever is known is spoken to as such from the first paint on, if consent allows it.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./harness/collector.mjs";
import { summary, until, world } from "./harness.mjs";

const file = (...path) => readFileSync(join(root, ...path), "utf8");
const snippet = () => file("dist", "snippet.js");
const AUDIENCES = ["user", "potential", "customer"];
const STAGES = ["discover", "shop", "buy", "own", "advocate"];
// Where the visitor's line of the hint has them.
const [FIRST_SEEN, AUDIENCE, STAGE] = [1, 5, 6];

const painting = (t, words, more) => world(t, { words: () => ({ snippet: snippet(), ...words }), ...more });

/** A customer's page, and its hint once it is stored. */
async function customer(it) {
  const page = await it.open("/painted");
  await page.evaluate(() => window.passerby.purchase({ transaction_id: "T-1", value: "12.50", currency: "EUR" }));
  await until("it has settled", async () => (await summary(page)).settled);
  const hint = await until("the hint says so", async () => {
    const hint = await page.evaluate(() => localStorage["passerby:127.0.0.1"] ?? "");
    assert.match(hint.split("\n")[1], /purchase/);
    return hint;
  });
  // Or it would mend the hints that are put in its place.
  await page.close();
  return hint;
}

/** The same hint with other fields of the visitor. */
function changed(hint, fields) {
  const lines = hint.split("\n");
  const visitor = lines[1].split("\t");
  for (const [at, value] of Object.entries(fields)) visitor[at] = String(value);
  lines[1] = visitor.join("\t");
  return lines.join("\n");
}

/** A tab in which Passerby itself never comes. */
async function without(it, stored, prepare) {
  const page = await it.visitor.newPage();
  if (prepare) await page.addInitScript(prepare);
  await page.route("**/dist/passerby.js", (route) => route.abort());
  await page.goto(`${it.site.url}/second`);
  await page.evaluate((stored) => Object.assign(localStorage, stored), stored);
  await page.goto(`${it.site.url}/painted`);
  const painted = await page.evaluate(() => window.painted);
  await page.close();
  return painted.join();
}

for (const given of [true, false]) {
  test(`a customer's page ${given ? "never" : "without the snippet"} looks like a user's`, async (t) => {
    const it = await painting(t, given ? {} : { snippet: "" });
    await customer(it);
    const page = await it.visitor.newPage();
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await page.route("**/dist/passerby.js", async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${it.site.url}/painted`, { waitUntil: "commit" });
    await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length);
    const shown = given ? ".for-customer" : ".for-user";
    assert.deepEqual(await page.locator("p:visible").evaluateAll((all) => all.map((p) => `.${p.className}`)), [shown]);
    release();
    await page.waitForFunction(() => typeof window.passerby?.summary === "function");
    await page.waitForSelector('html[data-passerby-audience="customer"]', { state: "attached" });
    const painted = await page.evaluate(() => window.painted);
    assert.deepEqual(painted, given ? ["customer buy"] : [" ", "customer buy"]);
    assert.deepEqual(it.errors, []);
  });
}

test("it says of every audience and stage what Passerby says", async (t) => {
  const it = await painting(t);
  const hint = await customer(it);
  for (const [audience, is] of AUDIENCES.entries()) {
    for (const [stage, name] of STAGES.entries()) {
      const stored = changed(hint, { [AUDIENCE]: audience, [STAGE]: stage });
      assert.equal(await without(it, { "passerby:127.0.0.1": stored }), `${is} ${name}`);
    }
  }
  const page = await it.visitor.newPage();
  await page.route("**/dist/passerby.js", (route) => route.abort());
  await page.goto(`${it.site.url}/painted`);
  assert.deepEqual(await page.evaluate(() => window.painted), ["customer advocate"]);
  await page.evaluate(() => indexedDB.deleteDatabase("passerby:127.0.0.1"));
  await page.unroute("**/dist/passerby.js");
  await page.reload();
  await page.waitForFunction(() => typeof window.passerby?.summary === "function");
  const { audience } = await summary(page);
  assert.deepEqual([audience.is, audience.stage], ["customer", "advocate"]);
});

test("without consent, or of a hint not to be read, it says nothing", async (t) => {
  const it = await painting(t);
  const hint = await customer(it);
  const key = "passerby:127.0.0.1";
  const consent = `${key}:consent`;
  const says = (stored, prepare) => without(it, { [key]: hint, [consent]: "", ...stored }, prepare);
  assert.equal(await says({}), "customer buy");
  assert.equal(await says({ [consent]: "granted" }), "customer buy");
  assert.equal(await says({ [consent]: "denied" }), " ");
  assert.equal(await says({}, () => Object.defineProperty(navigator, "globalPrivacyControl", { value: true })), " ");
  assert.equal(await says({}, () => Object.defineProperty(navigator, "doNotTrack", { value: "1" })), " ");
  const old = Date.now() - 396 * 24 * 60 * 60 * 1000;
  assert.equal(await says({ [key]: changed(hint, { [FIRST_SEEN]: old }) }), " ");
  for (const strange of [hint.replace("1", "2"), "1", "1\n", "", "null"]) {
    assert.equal(await says({ [key]: strange }), " ", JSON.stringify(strange));
  }
  assert.deepEqual(it.errors, []);
});

test("where consent is required, it waits for it; a site of another name is another", async (t) => {
  const it = await painting(t, { snippetTag: 'data-consent="required" data-site="shop"' });
  const hint = await customer(it);
  assert.equal(await without(it, { "passerby:shop": hint }), " ");
  assert.equal(await without(it, { "passerby:shop": hint, "passerby:shop:consent": "granted" }), "customer buy");
  assert.equal(await without(it, { "passerby:shop": "", "passerby:shop:consent": "granted" }), " ");
});

test("a strict policy takes it by the hash in integrity.json", async (t) => {
  const hash = JSON.parse(file("dist", "integrity.json"))["snippet.js"];
  const policy = (more) => `default-src 'none'; style-src 'unsafe-inline'; script-src 'self' ${more}`;
  for (const [more, expected] of [[`'${hash}'`, "customer buy"], ["", " "]]) {
    const it = await painting(t, {}, { headers: { "content-security-policy": policy(more) } });
    const visitor = `1\nV0\t${Date.now()}\t0\t1\t1\t2\t2`;
    assert.equal(await without(it, { "passerby:127.0.0.1": visitor }), expected);
  }
});

test("README and demo carry it as built", () => {
  const pages = readdirSync(join(root, "www"), { recursive: true }).filter((name) => name.endsWith("index.html"));
  assert.ok(pages.length > 1, "the demo's pages");
  const inline = `<script data-site="demo">${snippet()}</script>\n<script>${file("dist", "stub.js")}</script>`;
  for (const page of pages) assert.ok(file("www", page).includes(inline), page);
  assert.ok(file("README.md").includes(`<script>${snippet()}</script>`), "README.md");
});
