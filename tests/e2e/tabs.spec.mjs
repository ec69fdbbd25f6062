// Two tabs that write in the same instant: neither is left behind, and nothing newer is overwritten by what is older.

import assert from "node:assert/strict";
import { test } from "node:test";
import { summary, until, world } from "./harness.mjs";

const NAME = "passerby:127.0.0.1";
const OTHER = "0123456789abcdef0123456789abcdef";

/** A page at rest, and its memory as another tab would have it whose session began a second before. */
async function settled(it) {
  const page = await it.open("/plain/one");
  await until("the page view is acknowledged", async () => {
    const { settled, delivery } = await summary(page);
    return settled && delivery.queued === 0;
  });
  const text = await page.evaluate((name) => localStorage[name], NAME);
  const session = text.split("\n").find((line) => line.startsWith("S"));
  const [started, ...rest] = session.slice(1).split("\t");
  const mine = (await summary(page)).session.id;
  const theirs = [`S${started - 1000}`, ...rest].join("\t").replace(mine, OTHER);
  return { page, earlier: text.replace(session, theirs) };
}

test("what another tab has written is heard, even if it has been overwritten since", async (t) => {
  const it = await world(t);
  const { page, earlier } = await settled(it);
  const other = await it.visitor.newPage();
  await other.goto(`${it.site.url}/blank`);
  await other.evaluate(([name, text]) => {
    const before = localStorage[name];
    localStorage[name] = text;
    localStorage[name] = before;
  }, [NAME, earlier]);
  await until("the session is the earlier one", async () => (await summary(page)).session.id === OTHER);
  await page.evaluate(() => [window.passerby.track("later"), window.passerby.flush()]);
  await it.arrived({ name: "later", session: OTHER });
  assert.deepEqual(it.errors, []);
});

test("a row that grows while the record is read is stored as it is then", async (t) => {
  const it = await world(t);
  const { page, earlier } = await settled(it);
  await it.collector.stop();
  // Somebody else has the database, and leaves in it a session that makes the page say once more what it has said.
  await page.evaluate(async ([name, text]) => {
    const opening = indexedDB.open(name, 1);
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const database = opening.result;
    const store = database.transaction(["record", "queue"], "readwrite").objectStore("record");
    const hold = () => (window.held ? (store.get("").onsuccess = hold) : store.put(text, ""));
    window.held = true;
    hold();
    window.rows = () =>
      new Promise((resolve) => {
        const rows = database.transaction("queue").objectStore("queue").getAll();
        rows.onsuccess = () => resolve(rows.result);
      });
    // A new audience: to be read and stored together with what others know. And an event, to be stored after that.
    window.passerby.track("add_to_cart");
  }, [NAME, earlier]);
  assert.equal((await summary(page)).delivery.queued, 2, "the event, and the audience");
  await page.evaluate(() => (window.held = false));
  await until("the session is the earlier one", async () => (await summary(page)).session.id === OTHER);
  assert.equal((await summary(page)).delivery.queued, 3, "and what it has said");
  await until("all of it is stored", async () => /"engagement"/.test(await page.evaluate(() => window.rows())));
  assert.deepEqual(it.errors, []);
});
