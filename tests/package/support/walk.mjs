// The same visit to every app, as the collector saw it: one page view a navigation, whatever built the page.

import assert from "node:assert/strict";
import { after } from "node:test";
import { until, world } from "../../e2e/harness.mjs";

/** Warnings of the frameworks' own development builds, which are none of ours. */
const THEIRS = /React DevTools|\[vite\]|\[HMR\]|Download the Vue Devtools|Lit is in dev mode/;

const walked = [];

after(() => {
  if (walked.length > 0) console.table(walked);
});

/** A browser with a collector, on the app at `url`. */
export async function visitor(t, url) {
  const it = await world(t);
  await it.visitor.addInitScript((url) => (window.collectorUrl = url), `${it.collector.url}/v1/batch`);
  const page = await it.visitor.newPage();
  const complaints = [];
  page.on("console", (message) => {
    const bad = ["error", "warning"].includes(message.type()) && !THEIRS.test(message.text());
    if (bad) complaints.push(message.text());
  });
  await page.goto(url);
  await ready(page);
  return { it, page, complaints };
}

const ready = (page) => page.waitForFunction(() => typeof window.visit?.summary === "function");

/** Load, soft navigation, a purchase that the page shows, and a load in the middle. */
export async function walk(t, url, { during = async () => {} } = {}) {
  const { it, page, complaints } = await visitor(t, url);
  await heading(page, "Home");
  await it.arrived({ name: "page_view", props: { cause: "load" } });
  await during(page, it);
  await page.click("#next");
  await heading(page, "Next");
  await page.click("#buy");
  await page.waitForFunction(() => document.getElementById("audience").textContent.includes("customer"));
  await until("two views count", () => page.evaluate(() => window.visit.summary().session.pageDepth === 2));
  await page.evaluate(() => window.visit.flush());
  await it.arrived({ name: "page_view", props: { cause: "push" } }, { name: "purchase" });
  await page.reload();
  await ready(page);
  await heading(page, "Next");
  await page.evaluate(() => window.openSummary());
  await page.locator("passerby-summary").getByRole("list", { name: "From user to customer" }).waitFor();
  await page.evaluate(() => {
    window.visit.track("end");
    return window.visit.flush();
  });
  await it.arrived({ name: "end" });
  const seen = views(await it.collector.events());
  walked.push({ app: t.name, navigations: 3, "page views": seen.length, "errors and warnings": complaints.length });
  assert.deepEqual(seen, ["load /", "push /next", "load /next"]);
  assert.deepEqual(it.errors, []);
  assert.deepEqual(complaints, []);
}

/** A part of `passerby/auto` that came with the app: one click on a link to elsewhere is one event. */
export async function outbound(page, it) {
  await page.click("#out");
  await page.evaluate(() => window.visit.flush());
  const href = "https://elsewhere.example/path";
  await it.arrived({ name: "click", props: { href, outbound: true } });
  assert.equal((await it.collector.events()).filter(({ name }) => name === "click").length, 1);
}

const heading = (page, text) => page.locator("h1").getByText(text, { exact: true }).waitFor();

/** Page views in the order in which they happened, for the collector stores them as they came. */
export function views(events) {
  const all = events.filter(({ name }) => name === "page_view");
  const loads = [...new Set(events.map(({ load }) => load))];
  const order = ({ load, seq }) => loads.indexOf(load) * 1e6 + seq;
  all.sort((a, b) => order(a) - order(b));
  return all.map(({ props, page }) => `${props.cause} ${new URL(page.url).pathname}`);
}
