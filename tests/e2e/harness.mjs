// A whole world for one test: site, collector and a browser without a past.
//
// Tests assert what arrived at the collector. They wait for facts with `until`, never for a time, and a
// failure prints everything that arrived.

import { isDeepStrictEqual } from "node:util";
import { after } from "node:test";
import { chromium } from "playwright-core";
import { chromiumPath } from "../../src/scripts/lib/browser.mjs";
import { startCollector } from "./harness/collector.mjs";
import { startSite } from "./harness/site.mjs";
import { until } from "./harness/until.mjs";

export { until };

const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"];
let shared;

/** One Chromium for a file of tests; each world gets a context, which shares nothing with the next. */
export async function browser() {
  shared ??= await chromium.launch({
    executablePath: await chromiumPath(),
    args: ARGS,
    // Playwright switches it off; visitors have it.
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  });
  return shared;
}

after(async () => {
  await shared?.close();
});

/**
 * `tag`: attributes of the script tag; `collector`: another value of data-collector; `headers`: of pages; `words`:
 * what else pages have blanks for, given that value.
 */
export async function world(t, { tag = "", collector: address, headers, context = {}, words: more = () => ({}) } = {}) {
  const collector = await startCollector();
  const target = address ?? `${collector.url}/v1/batch`;
  const words = { tag, collector: target, ...more(target) };
  const site = await startSite(words, substituted(headers, collector.url));
  const visitor = await (await browser()).newContext(context);
  visitor.setDefaultTimeout(15_000);
  const errors = [];
  visitor.on("weberror", (error) => errors.push(error.error()));
  t.after(async () => {
    await visitor.close();
    await site.close();
    await collector.close();
  });
  const it = { collector, site, visitor, errors };
  it.open = (path = "/plain", options) => open(it, path, options);
  it.arrived = (...wanted) => arrived(it, wanted);
  it.arrivedWithin = (seconds, ...wanted) => arrived(it, wanted, seconds);
  return it;
}

function substituted(headers = {}, url) {
  const filled = Object.entries(headers).map(([name, value]) => [name, value.replace("{{collector}}", url)]);
  return Object.fromEntries(filled);
}

/** A new tab on this page, with the SDK ready. */
async function open({ visitor, site }, path, { ready = true, referer } = {}) {
  const page = await visitor.newPage();
  await page.goto(new URL(path, site.url).href, { referer });
  if (ready) await page.waitForFunction(() => typeof window.passerby?.summary === "function");
  return page;
}

/**
 * Waits until every wanted event has arrived, each a different one, and returns them in the order asked
 * for. An event matches when it has what is wanted, whatever else it has; a function decides for a field.
 */
export function arrived({ collector }, wanted, seconds = 15) {
  let events = [];
  const all = async () => {
    events = await collector.events();
    const left = [...events];
    const found = wanted.map((want) => {
      const at = left.findIndex((event) => matches(event, want));
      if (at < 0) throw new Error(`this has not arrived: ${print(want)}`);
      return left.splice(at, 1)[0];
    });
    return found;
  };
  const onFailure = () => `${events.length} events arrived:\n${events.map(print).join("\n")}`;
  return until("events arrive", all, { seconds, onFailure });
}

/** Does this, then expects these events and none of those. */
export async function visit(it, act, { expect = [], refuse = [] }) {
  await act();
  const found = await arrived(it, expect);
  const events = await it.collector.events();
  for (const never of refuse) {
    const wrong = events.find((event) => matches(event, never));
    if (wrong) throw new Error(`this should not have arrived: ${print(wrong)}\nall:\n${events.map(print).join("\n")}`);
  }
  return found;
}

export function matches(value, want) {
  if (typeof want === "function") return Boolean(want(value));
  if (want instanceof RegExp) return typeof value === "string" && want.test(value);
  if (want === null || typeof want !== "object") return isDeepStrictEqual(value, want);
  if (value === null || typeof value !== "object") return false;
  return Object.entries(want).every(([key, part]) => matches(value[key], part));
}

function print(value) {
  const wordy = (part) => part instanceof RegExp || typeof part === "function";
  return JSON.stringify(value, (_, part) => (wordy(part) ? String(part) : part));
}

/** What we say in the consoles of its pages, from now on. */
export function heard({ visitor }) {
  const warnings = [];
  visitor.on("console", (message) => {
    if (message.text().startsWith("Passerby")) warnings.push(message.text());
  });
  return warnings;
}

/** Trusted input, as a person gives it. */
export async function touch(page) {
  await page.mouse.move(20, 20);
  await page.mouse.down();
  await page.mouse.up();
}

/** What the page says of itself. */
export const summary = (page) => page.evaluate(() => window.passerby.summary());

/** Sends what there is and waits for the answer. */
export const flush = (page) => page.evaluate(() => window.passerby.flush());

/** Waits until the open summary marks this step of its way from user to customer as the present one. */
export async function shows(page, audience) {
  const steps = page.locator("passerby-summary").getByRole("list", { name: "From user to customer" });
  await steps.locator('[aria-current="step"]').getByText(audience, { exact: true }).waitFor();
}
