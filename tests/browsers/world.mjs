// A site and a collector for one engine, and a table of what came of each.

import { after } from "node:test";
import { arrived } from "../e2e/harness.mjs";
import { startCollector } from "../e2e/harness/collector.mjs";
import { startSite } from "../e2e/harness/site.mjs";
import { browser } from "./webdriver.mjs";

export const rows = {};
after(() => console.table(rows));

export const READY = "() => typeof window.passerby?.summary === 'function'";
export const FLUSH = "() => window.passerby.flush().then(() => true)";
export const SUMMARY = "() => window.passerby.summary()";

export async function world(t, name, tag = "") {
  const collector = await startCollector();
  const site = await startSite({ tag, collector: `${collector.url}/v1/batch` });
  t.after(async () => {
    await site.close();
    await collector.close();
  });
  const it = { collector, site, browser: await browser(t, name) };
  it.visit = async (path) => {
    await it.browser.go(site.url + path);
    await it.browser.until(READY);
  };
  it.arrived = (...wanted) => arrived(it, wanted, 90);
  it.views = async () => (await collector.events()).filter(({ name }) => name === "page_view");
  rows[name] = { version: it.browser.version, ...rows[name] };
  return it;
}
