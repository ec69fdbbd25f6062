// The page's own numbers and the collector's are the same numbers, to the unit.

import assert from "node:assert/strict";
import { test } from "node:test";
import { settledFor } from "./harness/until.mjs";
import { flush, summary, touch, until, world } from "./harness.mjs";

// Engaged time stops growing half a second after the last input, so that both sides can be read at rest.
const TAG = 'data-idle-after-ms="500"';

test("page and collector agree on a session of two tabs", { timeout: 60_000 }, async (t) => {
  const it = await world(t, { tag: TAG });
  const one = await it.open("/plain/one");
  const two = await it.open("/second/two");
  await until("both have settled", async () => (await summary(one)).settled && (await summary(two)).settled);
  await read(one, "/plain/one/a");
  await read(two, "/second/two/a");
  await read(one, "/plain/one/b");
  await agree(it, [one, two], { pageDepth: 5, bounced: false, engaged: true });
});

test("page and collector agree on a single page view", { timeout: 60_000 }, async (t) => {
  const it = await world(t, { tag: TAG });
  const page = await it.open("/plain");
  await touch(page);
  await agree(it, [page], { pageDepth: 1, bounced: true, engaged: false });
});

test("page and collector agree after a return from the back/forward cache", { timeout: 60_000 }, async (t) => {
  const it = await world(t, { tag: TAG });
  const page = await it.open("/plain");
  await touch(page);
  await page.evaluate(() => (window.born = "before"));
  await page.goto(`${it.site.url}/second`);
  await page.waitForFunction(() => typeof window.passerby?.summary === "function");
  await touch(page);
  // Playwright waits for a load event that a restored page does not have.
  await page.evaluate(() => history.back()).catch(() => {});
  await until("the page is back", () => page.evaluate(() => window.born === "before"));
  await until("the return counts", async () => (await summary(page)).session.pageDepth === 3);
  await touch(page);
  await agree(it, [page], { pageDepth: 3, bounced: false, engaged: true });
  await it.arrived({ name: "page_view", props: { cause: "restore" } });
});

/** Somebody reads a page and goes on to the next view. */
async function read(page, next) {
  await page.bringToFront();
  await touch(page);
  const before = (await summary(page)).session.engagedMs;
  await page.keyboard.press("PageDown");
  await until("time counts", async () => (await summary(page)).session.engagedMs > before);
  const depth = (await summary(page)).session.pageDepth;
  await page.evaluate((path) => history.pushState({}, "", path), next);
  await until("the view counts", async () => (await summary(page)).session.pageDepth > depth);
}

async function agree(it, pages, expected) {
  const all = () => Promise.all(pages.map(async (page) => (await summary(page)).session));
  await until("engaged time rests", settledFor(1_000, all));
  for (const page of pages) await flush(page);
  for (const page of pages) {
    await until("everything is acknowledged", async () => {
      const { queued, unconfirmed, dropped } = (await summary(page)).delivery;
      return queued === 0 && unconfirmed === 0 && Object.keys(dropped).length === 0;
    });
  }
  // A tab learns of the other's last totals from the shared record.
  const same = async () => {
    const sessions = (await all()).map(comparable);
    assert.deepEqual(sessions, sessions.map(() => sessions[0]));
    return sessions[0];
  };
  const inPage = await until("all tabs say the same", same);
  const through = lastSeqs(await it.collector.events());
  const folded = comparable(await it.collector.summary(inPage.id, [...through]));
  assert.deepEqual(folded, inPage);
  for (const [key, value] of Object.entries(expected)) assert.equal(inPage[key], value, key);
  assert.ok(inPage.engagedMs > 0 && inPage.engagedMs <= inPage.pages.reduce((sum, page) => sum + page.engagedMs, 0));
}

function lastSeqs(events) {
  const last = new Map();
  for (const { load, seq } of events) last.set(load, Math.max(seq, last.get(load) ?? 0));
  return last;
}

/** The numbers that must agree. */
function comparable(session) {
  const pages = session.pages.map((page) => pick(page, ["url", "title", "durationMs", "engagedMs", "scrollDepth"]));
  const totals = ["id", "started", "durationMs", "engagedMs", "pageDepth", "bounced", "engaged"];
  return { ...pick(session, totals), pages };
}

function pick(from, names) {
  return Object.fromEntries(names.map((name) => [name, from[name]]));
}
