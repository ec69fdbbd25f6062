// Pages that change what every script stands on: nothing throws, nothing is counted twice, nothing is silent.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { chromiumPath } from "../../src/scripts/lib/browser.mjs";
import { flush, heard, summary, touch, until, world } from "./harness.mjs";
import { root } from "./harness/collector.mjs";

const script = (text) => `<script>${text}</script>`;
const FREEZE = `
  const seen = new Set();
  const freeze = (value) => {
    if (value === null || !/object|function/.test(typeof value) || seen.has(value)) return;
    seen.add(value);
    Object.freeze(value);
    for (const name of Reflect.ownKeys(value)) freeze(Object.getOwnPropertyDescriptor(value, name)?.value);
    freeze(Object.getPrototypeOf(value));
  };
  for (const name of ["Object", "Function", "Array", "String", "Number", "Boolean", "Symbol", "Date", "Promise", "Map",
    "Set", "WeakMap", "RegExp", "Error", "JSON", "Math", "Reflect", "Proxy", "ArrayBuffer", "Uint8Array", "Uint32Array",
    "DataView", "WebAssembly", "TextEncoder", "TextDecoder"]) freeze(globalThis[name]);`;
const NAMES = ["title", "referrer", "documentElement", "hidden", "hasFocus", "addEventListener", "body",
  "dispatchEvent", "querySelector", "querySelectorAll", "createElement", "prerendering", "currentScript", "cookie"];
const DENIED = `for (const name of ["localStorage", "sessionStorage", "indexedDB"])
  Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });`;

/** What zone.js does to the functions it finds: Angular looks for changes after each that goes through its own. */
const ZONES = `
  window.detections = [];
  const zoned = (owner, name, at) => {
    const real = owner["__zone_symbol__" + name] = owner[name];
    owner[name] = function (...given) {
      const { [at]: heard } = given;
      const { stack } = new Error(name);
      given[at] = function (...told) { window.detections.push(stack); return heard.apply(this, told); };
      return real.apply(this, given);
    };
  };
  zoned(EventTarget.prototype, "addEventListener", 1);
  for (const name of ["setTimeout", "requestAnimationFrame", "queueMicrotask"]) zoned(window, name, 0);`;

/** Where the page's own code stands: before the tag, after it, or as markup in the body. */
const ODD = {
  "fetch replaced later": { after: script("window.fetch = () => { throw Error('not this one'); }") },
  "fetch wrapped before": {
    before: script("{ const real = fetch; window.fetch = function (...given) { return real.apply(this, given); } }"),
  },
  "JSON and toJSON replaced later": {
    after: script("JSON.stringify = () => '[]'; JSON.parse = () => null; Array.prototype.toJSON = () => 'no';"),
  },
  "Object and Array prototypes extended before": {
    before: script("Object.prototype.toJSON = () => 'no'; Array.prototype.first = 1;"),
  },
  "Date.now that stands still, later": { after: script("Date.now = () => 0; performance.now = () => 0;") },
  "Date.now that stands still, before": { before: script("Date.now = () => 1790000000000;") },
  "Date.now that is not a number, before": { before: script("Date.now = () => ({});") },
  "history.pushState replaced later": {
    after: script("{ const real = history.pushState; history.pushState = function (...a) { real.apply(this, a); } }"),
  },
  // And put back, for the test itself needs it.
  "Promise replaced for a while": {
    after: script(
      "{ const Real = Promise; window.Promise = function () { throw Error('no'); };" +
      "passerby.flush(); window.Promise = Real; }",
    ),
  },
  "Promise replaced before": {
    before: script("window.Promise = class extends Promise { then(...given) { return super.then(...given); } }"),
  },
  "Promise and queueMicrotask broken before": {
    before: script(
      "{ const real = { Promise, queueMicrotask }; window.mend = () => Object.assign(window, real);" +
      "window.Promise = window.queueMicrotask = () => { throw Error('no'); }; }",
    ),
    // Once the script has what it needs, for the test itself needs them.
    after: script("passerby.flush(); mend();"),
  },
  "timers replaced later": { after: script("window.setTimeout = window.queueMicrotask = () => { throw Error(); }") },
  "frozen intrinsics": { before: script(FREEZE) },
  "names that shadow the document's own": { body: NAMES.map((name) => `<img name="${name}" alt="">`).join("") },
  "the same, before": { before: NAMES.map((name) => `<object name="${name}"></object>`).join("") },
  "elements named passerby": { before: '<form id="passerby"><input name="q"><input name="track"></form>' },
  "a <base> to elsewhere": { after: '<base href="http://elsewhere.invalid/">' },
  "storage denied": { before: script(DENIED) },
  "no crypto, no compression": { before: script("delete window.crypto; delete window.CompressionStream;") },
  "no navigation API": { before: script("delete window.navigation;") },
};

for (const [what, { before = "", after = "", body = "" }] of Object.entries(ODD)) {
  test(what, async (t) => {
    const it = await world(t, { words: () => ({ before, after, body }) });
    const page = await it.open("/odd");
    await page.evaluate(() => window.passerby.track("list", { items: ["a", "b"], deep: { n: 1 } }));
    await page.evaluate(() => history.pushState({}, "", location.origin + "/odd/next"));
    await touch(page);
    await page.click("#marked");
    await until("two views count", async () => (await summary(page)).session.pageDepth === 2);
    await page.evaluate(() => void window.passerby.flush());
    const [, , list] = await it.arrived(
      { name: "page_view", props: { cause: "load" }, page: { title: "Odd page", url: /\/odd$/ } },
      { name: "page_view", props: { cause: "push" }, page: { url: /\/odd\/next$/ } },
      { name: "list" },
      { name: "newsletter" },
    );
    assert.deepEqual(list.props, { items: ["a", "b"], deep: { n: 1 } });
    const names = (await it.collector.events()).map(({ name }) => name).filter((name) => name !== "engagement").sort();
    assert.deepEqual(names, ["list", "newsletter", "page_view", "page_view"]);
    assert.deepEqual(it.errors, []);
  });
}

test("a summary opened where names shadow the document's own stands in the body", async (t) => {
  const body = ["body", "documentElement", "querySelector"].map((name) => `<img name="${name}" alt="">`).join("");
  const it = await world(t, { words: () => ({ body }) });
  const page = await it.open("/odd");
  await page.keyboard.press("Alt+Shift+KeyP");
  await page.locator("body > passerby-summary").getByText("Odd page").first().waitFor();
  assert.deepEqual(it.errors, []);
});

test("automatic events where names shadow the document's own", async (t) => {
  const names = ["querySelectorAll", "querySelector", "addEventListener"];
  const images = names.map((name) => `<img name="${name}" alt="">`).join("");
  const body = images + '<p data-passerby-impression="hero" data-passerby-not-found>Here</p>';
  const it = await world(t, { tag: 'data-auto="impressions notfound optout"', words: () => ({ body }) });
  const page = await it.open("/odd");
  await page.locator("[data-passerby-impression]").click();
  await until("it was in view", async () => (await summary(page)).events.impression === 1);
  await flush(page);
  await it.arrived({ name: "impression" }, { name: "click", props: { element: "hero" } }, { name: "not_found" });
  assert.deepEqual(it.errors, []);
});

test("where zone.js has been, input, timers and frames of ours make nobody look for changes", async (t) => {
  const words = () => ({ before: script(`{${ZONES}}`), body: '<p style="height: 300vh">Long</p>' });
  const it = await world(t, { words });
  const page = await it.open("/odd");
  await touch(page);
  await page.mouse.wheel(0, 500);
  await until("it is scrolled", () => page.evaluate(() => scrollY > 0));
  await page.evaluate(() => window.passerby.track("zoned"));
  await flush(page);
  await it.arrived({ name: "page_view" }, { name: "zoned" });
  await until("scrolling counts", async () => (await summary(page)).session.pages[0].scrollDepth > 30);
  // Whoever drives this page waits in it too.
  const detected = (whose) => page.evaluate((whose) => detections.filter((stack) => stack.includes(whose)), whose);
  await page.evaluate(() => requestAnimationFrame(() => {}));
  await until("the page's own are seen", async () => (await detected("requestAnimationFrame")).length > 0);
  assert.deepEqual(await detected("passerby.js"), []);
  assert.deepEqual(it.errors, []);
});

test("a <base> does not choose whose code the summary is", async (t) => {
  const it = await world(t, { words: () => ({ after: '<base href="http://elsewhere.invalid/">' }) });
  const page = await it.open("/odd");
  const [request] = await Promise.all([page.waitForRequest("**/widget.js"), page.keyboard.press("Alt+Shift+P")]);
  assert.equal(new URL(request.url()).origin, it.site.url);
});

test("a sandboxed frame, which has neither storage nor an origin, is a visit that nothing remembers", async (t) => {
  const frame = '<iframe sandbox="allow-scripts" src="/plain/framed"></iframe>';
  const it = await world(t, { tag: "data-frames", words: () => ({ body: frame }) });
  const page = await it.open("/odd");
  const framed = page.frames()[1];
  await framed.waitForFunction(() => typeof window.passerby?.summary === "function");
  await framed.evaluate(() => window.passerby.track("inside"));
  await framed.evaluate(() => window.passerby.flush());
  const [outer, inner] = await it.arrived(
    { name: "page_view", page: { url: /\/odd$/ } },
    { name: "page_view", page: { url: /framed$/ } },
    { name: "inside" },
  );
  assert.notEqual(inner.visitor, outer.visitor);
  assert.equal((await it.collector.events()).filter(({ name }) => name === "page_view").length, 2);
  assert.deepEqual(it.errors, []);
});

test("a page from a file is a page", async (t) => {
  const it = await world(t);
  const folder = mkdtempSync(join(tmpdir(), "passerby-file-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const dist = pathToFileURL(join(root, "dist", "passerby.js")).href;
  const tag = `<script src="${dist}" data-collector="${it.collector.url}/v1/batch"></script>`;
  writeFileSync(join(folder, "page.html"), `<!doctype html><title>From a file</title>${tag}`);
  const page = await it.open(pathToFileURL(join(folder, "page.html")).href);
  await page.evaluate(() => window.passerby.track("from_a_file"));
  await flush(page);
  await it.arrived({ name: "page_view", page: { title: "From a file", url: /^file:/ } }, { name: "from_a_file" });
  assert.deepEqual(it.errors, []);
});

test("a policy that does not let the collector be reached is warned of once, and explained", async (t) => {
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
  const it = await world(t, { headers: { "content-security-policy": policy }, words: () => ({}) });
  const warnings = heard(it);
  const page = await it.open("/odd");
  for (const name of ["one", "two"]) {
    await page.evaluate((name) => window.passerby.track(name), name);
    await flush(page);
  }
  const explained = await page.evaluate(() => window.passerby.explain());
  const told = explained.filter(({ about }) => about === "delivery").map(({ rule }) => rule);
  assert.deepEqual(told, ["never left the page"]);
  await until("it is warned of", () => warnings.length > 0);
  assert.deepEqual(warnings, [`Passerby: the page's policy needs connect-src ${it.collector.url}/v1/batch`]);
  assert.ok((await summary(page)).delivery.queued >= 3, "nothing is dropped");
  assert.deepEqual(await it.collector.events(), []);
  assert.deepEqual(it.errors, []);
});

test("a page without https is a page", async (t) => {
  const it = await world(t);
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--host-resolver-rules=MAP plain.test 127.0.0.1"];
  const own = await chromium.launch({ executablePath: await chromiumPath(), args });
  t.after(() => own.close());
  const page = await own.newPage();
  // The collector takes beacons of loopback origins, which this is not: here somebody vouches for it.
  await page.route("**/v1/batch", async (route) => {
    const headers = { ...route.request().headers(), origin: "http://127.0.0.1" };
    const response = await route.fetch({ headers });
    await route.fulfill({ response, headers: { ...response.headers(), "access-control-allow-origin": "*" } });
  });
  await page.goto(`${it.site.url.replace("127.0.0.1", "plain.test")}/plain`);
  assert.equal(await page.evaluate(() => isSecureContext), false);
  await page.evaluate(() => window.passerby.track("without_https"));
  await flush(page);
  await it.arrived({ name: "page_view", page: { url: /^http:\/\/plain\.test/ } }, { name: "without_https" });
});
