// A database that fails or is not ours is left as it is: what is tracked then outlives its page all the same.

import assert from "node:assert/strict";
import { test } from "node:test";
import { summary, until, world } from "./harness.mjs";

/** Runs in a page of the site before Passerby ever did. */
const planted = {
  "of a later version": () => plant(7, ["record", "queue", "more"]),
  "without its stores": () => plant(1, ["other"]),
  "full of what is none of ours": () =>
    plant(1, ["record", "queue"], (record, queue) => {
      record.put({ not: "ours" }, "");
      queue.put("nonsense\n\n\n", "key");
      queue.put({ not: "text" }, "object");
      queue.put("1\t2\t3\nhead\n\n{\"no\":1}", 17);
      queue.put(new Uint8Array(9), new Uint8Array([1, 2]));
    }),
};

/** In every page: a database that opens, and whose rows cannot be read. */
function unreadable() {
  const { openCursor } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.openCursor = function (...given) {
    if (this.transaction.db.name.endsWith("+")) return openCursor.apply(this, given);
    throw new DOMException("Internal error.", "UnknownError");
  };
}

const PLANT = `(version, stores, fill = () => {}) =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open("passerby:127.0.0.1", version);
    request.onupgradeneeded = () => fill(...stores.map((name) => request.result.createObjectStore(name)));
    request.onsuccess = () => resolve(request.result.close());
    request.onerror = () => reject(request.error);
  })`;

/** Tracks while the collector is down, leaves, and comes back when it is up. */
async function survives(t, prepare) {
  const it = await world(t);
  await prepare(it);
  await it.collector.stop();
  const page = await it.open("/plain/down");
  await until("storage has answered", async () => (await summary(page)).settled);
  const before = (await summary(page)).visitor;
  await page.evaluate(() => window.passerby.track("while_down"));
  await until("it is written", async () => (await page.evaluate(databases, "while_down")).length === 1);
  await page.close();
  await it.collector.start();
  const next = await it.visitor.newPage();
  // Over every lease.
  await next.addInitScript(() => ((now) => (Date.now = () => now() + 120_000))(Date.now));
  await next.goto(`${it.site.url}/plain/back`);
  const [view, event, back] = await it.arrivedWithin(
    30,
    { name: "page_view", page: { url: /down$/ } },
    { name: "while_down" },
    { name: "page_view", page: { url: /back$/ } },
  );
  assert.deepEqual([view, event, back].map(({ visitor }) => visitor), [before.id, before.id, before.id]);
  assert.equal((await it.collector.events()).filter(({ name }) => name === "while_down").length, 1);
  assert.deepEqual(it.errors, []);
  return { it, page: next };
}

/** Names of ours that hold this text. */
async function databases(text) {
  const done = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    const stored = database.objectStoreNames.contains("queue");
    const rows = stored ? await done(database.transaction("queue").objectStore("queue").getAll()) : [];
    if (rows.some((row) => String(row).includes(text))) found.push(name);
    database.close();
  }
  return found;
}

for (const [what, how] of Object.entries(planted)) {
  test(`a database ${what} costs nothing that is tracked later`, { timeout: 60_000 }, async (t) => {
    const { it, page } = await survives(t, async ({ visitor, site }) => {
      const first = await visitor.newPage();
      await first.goto(`${site.url}/no/such/page`);
      await first.evaluate(`{ const plant = ${PLANT}; (${how})() }`);
      await first.close();
    });
    if (what.startsWith("full")) {
      const left = await page.evaluate(keys);
      const foreign = left.filter((key) => typeof key !== "string" || key.length < 32);
      assert.deepEqual(foreign, [], "what was planted is gone");
    }
    await page.evaluate(() => window.passerby.consent("denied"));
    const names = () => page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
    await until("nothing is stored any more", async () => (await names()).length === 0);
    assert.deepEqual(it.errors, []);
  });
}

test("a database that cannot be read costs nothing that is tracked later", { timeout: 60_000 }, async (t) => {
  await survives(t, ({ visitor }) => visitor.addInitScript(unreadable));
});

async function keys() {
  const done = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const database = await done(indexedDB.open("passerby:127.0.0.1"));
  const all = await done(database.transaction("queue").objectStore("queue").getAllKeys());
  database.close();
  return all;
}
