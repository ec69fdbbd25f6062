// One try of one scenario: a site, a collector and a proxy of its own, and a visitor.

import { startCollector } from "../e2e/harness/collector.mjs";
import { startSite } from "../e2e/harness/site.mjs";
import { settledFor, until } from "../e2e/harness/until.mjs";
import { identities, pass, startProxy } from "./proxy.mjs";

/** Over every lease: whoever comes back is not kept waiting by rows that a dead tab had claimed. */
const LATER_MS = 120_000;
/** Nothing has changed for so long: nothing is going on any more. */
const QUIET_MS = 1_500;
const RETURN_SECONDS = 90;
/** The page of coming back: no part of the fault. */
const BACK = "/plain/back";

export async function startWorld(browser, { tag = "" } = {}) {
  const collector = await startCollector();
  const proxy = await startProxy(collector.url);
  const site = await startSite({ collector: `${proxy.url}/v1/batch`, tag });
  const it = { browser, collector, proxy, site, tracked: 0, views: new Map(), pages: [] };
  it.open = (path, options) => open(it, path, options);
  it.track = (page, count, bytes) => track(it, page, count, bytes);
  it.expectView = (path, times = 1) => it.views.set(path, (it.views.get(path) ?? 0) + times);
  it.tally = () => tally(it);
  it.allStored = (seconds) => allStored(it, seconds);
  it.comeBack = () => comeBack(it);
  it.close = async () => {
    await Promise.all(it.pages.map((page) => page.close().catch(() => {})));
    await site.close();
    await proxy.close();
    await collector.close();
  };
  return it;
}

/** A tab on this path, whose page view is expected. */
async function open(it, path, { ready = true, ahead = 0, prepare = async () => {} } = {}) {
  const page = await it.browser.visitor.newPage();
  it.pages.push(page);
  page.on("console", (message) => (it.gaveUp ||= message.text().includes("kept in memory only")));
  if (ahead) await page.addInitScript(shiftClock, ahead);
  else it.expectView(path);
  await prepare(page);
  await page.goto(it.site.url + path);
  if (ready) await page.waitForFunction(() => typeof window.passerby?.summary === "function");
  return page;
}

function shiftClock(ms) {
  const { now } = Date;
  Date.now = () => now() + ms;
}

/** So many calls in one task of the page, each told apart by its number. */
async function track(it, page, count, bytes = 0) {
  const from = it.tracked;
  it.tracked += count;
  await page.evaluate(calls, [from, count, bytes]);
}

function calls([from, count, bytes]) {
  const pad = "x".repeat(bytes);
  for (let n = from; n < from + count; n++) window.passerby.track("tried", bytes ? { n, pad } : { n });
  window.called = performance.now();
}

/** How often the collector counts each thing that happened. */
async function tally(it) {
  // Nothing is stored but through the proxy.
  if (it.counted !== it.proxy.stored) {
    it.counted = it.proxy.stored;
    it.events = await it.collector.events();
  }
  const wanted = new Map([...it.views].map(([path, times]) => [`view of ${path}`, times]));
  for (let n = 0; n < it.tracked; n++) wanted.set(`event ${n}`, 1);
  const found = new Map();
  for (const { name, page, props } of it.events ?? []) {
    const path = page.url?.slice(it.site.url.length);
    const what = name === "tried" ? `event ${props.n}` : `view of ${path}`;
    if (name === "tried" || (name === "page_view" && path !== BACK)) found.set(what, (found.get(what) ?? 0) + 1);
  }
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const counts = [...wanted].map(([what, times]) => Math.min(times, found.get(what) ?? 0));
  const missing = [...wanted].filter(([what, times]) => (found.get(what) ?? 0) < times).map(([what]) => what);
  const extra = [...found].filter(([what, times]) => times > (wanted.get(what) ?? 0)).map(([what]) => what);
  const tracked = sum([...wanted.values()]);
  return { tracked, stored: sum(counts), doubled: sum([...found.values()]) - sum(counts), missing, extra };
}

/** Waits while the tab is open; whether all came is the table's business. */
async function allStored(it, seconds) {
  const complete = async () => (await tally(it)).missing.length === 0;
  return until("all is stored", complete, { seconds }).catch(() => undefined);
}

/** Until everything is stored, or nothing goes on any more. */
export async function quiet(it) {
  const still = settledFor(QUIET_MS, () => [it.proxy.asked, it.proxy.stored]);
  const done = async () => it.proxy.open === 0 && ((await still()) || (await tally(it)).missing.length === 0);
  await until("the network is quiet", done, { seconds: 40 });
}

/** Closes every tab and opens the site again two minutes later, until it has nothing left to send. */
async function comeBack(it) {
  await Promise.all(it.pages.splice(0).map((page) => page.close().catch(() => {})));
  it.proxy.fault = pass;
  const page = await it.open(BACK, { ahead: LATER_MS });
  const nothingLeft = async () => {
    const { settled, delivery, rows } = await page.evaluate(left);
    return settled && delivery.queued + delivery.unconfirmed + rows.length === 0;
  };
  const onFailure = async () => JSON.stringify(await page.evaluate(left));
  await until("the page has nothing left to send", nothingLeft, { seconds: RETURN_SECONDS, onFailure });
  await quiet(it);
}

/** What is in the page's memory and in the browser's storage. */
async function left() {
  const { settled, delivery } = window.passerby.summary();
  if (!settled) return { settled };
  const done = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  // After a prerendered page Chromium sometimes answers no page's opening any more: nothing in there can be sent then.
  const silence = new Promise((resolve) => AbortSignal.timeout(10_000).addEventListener("abort", () => resolve()));
  const database = await Promise.race([done(indexedDB.open("passerby:127.0.0.1")), silence]);
  if (!database) return { settled, delivery, rows: [] };
  const rows = await done(database.transaction("queue").objectStore("queue").getAllKeys());
  database.close();
  return { settled, delivery, rows };
}

/** Events that reached the network more than once: harmless, as the collector knows them again. */
export function resent(it) {
  const seen = it.proxy.bodies.filter(({ length }) => length > 0).flatMap(identities);
  return seen.length - new Set(seen).size;
}

