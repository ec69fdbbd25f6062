// data-storage: what each mode leaves in the browser, and who is the same visitor.

import assert from "node:assert/strict";
import { test } from "node:test";
import { flush, summary, until, world } from "./harness.mjs";

/** Runs in the page: what this tab can find. */
async function kept() {
  const read = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const found = { local: { ...localStorage }, session: { ...sessionStorage }, record: [], queue: [] };
  for (const { name } of await indexedDB.databases()) {
    const database = await read(indexedDB.open(name));
    for (const store of ["record", "queue"]) {
      found[store].push(...(await read(database.transaction(store).objectStore(store).getAllKeys())));
    }
    database.close();
  }
  return found;
}

const look = (page) => page.evaluate(kept);
const settled = (page) => until("it has settled", async () => (await summary(page)).visitor);
/** Until everything sent has been cleared. */
const emptied = (page) => until("the queue is empty", async () => (await look(page)).queue.length === 0);

test("session: a visitor is a tab, which keeps them over a reload and leaves nothing behind", async (t) => {
  const it = await world(t, { tag: 'data-storage="session"' });
  const page = await it.open();
  const { id } = await settled(page);
  await page.evaluate(() => window.passerby.track("add_to_cart"));
  await flush(page);
  await emptied(page);
  const there = await look(page);
  assert.deepEqual(there.local, {});
  assert.deepEqual(there.record, []);
  assert.deepEqual(Object.keys(there.session), ["passerby:127.0.0.1"]);
  assert.ok(there.session["passerby:127.0.0.1"].includes(id));

  const other = await it.open("/second");
  const stranger = await settled(other);
  assert.notEqual(stranger.id, id);
  assert.equal((await summary(other)).audience.is, "user");

  const before = await summary(page);
  await page.reload();
  await page.waitForFunction(() => typeof window.passerby?.summary === "function");
  assert.equal((await settled(page)).id, id);
  const after = await summary(page);
  assert.equal(after.session.id, before.session.id);
  assert.deepEqual([after.session.pageDepth, after.audience.is], [2, "potential"]);
  await flush(page);
  await flush(other);
  await it.arrived({ name: "page_view", visitor: id }, { name: "page_view", visitor: id, view: 1 }, {
    name: "page_view",
    visitor: stranger.id,
  });
  await emptied(page);
  assert.deepEqual((await look(other)).local, {});
  assert.deepEqual(it.errors, []);
});

test("session: what the collector was away for waits in the queue, and the tab sends it", async (t) => {
  const it = await world(t, { tag: 'data-storage="session"' });
  await it.collector.stop();
  const page = await it.open();
  const { id } = await settled(page);
  await page.evaluate(() => window.passerby.track("note"));
  const queued = await until("it is kept", async () => {
    const { queue } = await look(page);
    return queue.length > 0 && queue;
  });
  assert.ok(queued.every((key) => /^[0-9a-f]{32}:\d+$/.test(key)), "named by the document that wrote it");
  await it.collector.start();
  await page.evaluate(() => window.passerby.flush());
  await it.arrived({ name: "page_view", visitor: id }, { name: "note", visitor: id });
  await emptied(page);
});

test("session: what a closed tab left is sent by the next one, under its own visitor, and then gone", async (t) => {
  const it = await world(t, { tag: 'data-storage="session"' });
  await it.collector.stop();
  const page = await it.open();
  const { id } = await settled(page);
  await page.evaluate(() => window.passerby.track("note"));
  await until("it is kept", async () => (await look(page)).queue.length > 0);
  await page.close();
  await it.collector.start();
  const other = await it.open("/plain/2");
  const next = await settled(other);
  assert.notEqual(next.id, id);
  // Once the claim of the tab that is gone has run out.
  await it.arrivedWithin(30, { name: "note", visitor: id }, { name: "page_view", visitor: next.id });
  const visitors = new Map((await it.collector.sessions()).map(({ visitor, pageDepth }) => [visitor, pageDepth]));
  assert.deepEqual(visitors, new Map([[id, 1], [next.id, 1]]));
  await emptied(other);
});

test("memory: nothing is left, not even in the tab, and a reload is somebody new", async (t) => {
  const it = await world(t, { tag: 'data-storage="memory"' });
  const page = await it.open();
  const { id } = await settled(page);
  await page.evaluate(() => window.passerby.track("add_to_cart"));
  await flush(page);
  const nothing = { local: {}, session: {}, record: [], queue: [] };
  assert.deepEqual(await look(page), nothing);
  await page.reload();
  await page.waitForFunction(() => typeof window.passerby?.summary === "function");
  assert.notEqual((await settled(page)).id, id);
  assert.deepEqual(await look(page), nothing);
  // The choice is kept in any mode: without it, it could not be heeded.
  await page.evaluate(() => window.passerby.consent("denied"));
  assert.deepEqual((await look(page)).local, { "passerby:127.0.0.1:consent": "denied" });
});

test("persistent: the record is there, and a second tab is the same visitor", async (t) => {
  const it = await world(t);
  const page = await it.open();
  const { id } = await settled(page);
  await until("the record is written", async () => (await look(page)).record.length === 1);
  assert.deepEqual(Object.keys((await look(page)).local), ["passerby:127.0.0.1"]);
  assert.equal((await settled(await it.open("/second"))).id, id);
});
