// forget(): gone here at once and at the collector as soon as it can be reached, whatever was chosen since.

import assert from "node:assert/strict";
import { test } from "node:test";
import { startForeign } from "./harness/foreign.mjs";
import { flush, summary, until, world } from "./harness.mjs";

const forget = (page) => page.evaluate(() => window.passerby.forget());
/** Who is still to be erased, and where. */
const debts = (page) =>
  page.evaluate(() => Object.entries(localStorage).filter(([key]) => key.startsWith("passerby:127.0.0.1:erase")));
const owed = async (page) => (await debts(page)).map(([, ids]) => ids).join();

/** A page whose visitor is known, with an event of its own at the collector. */
async function known(it) {
  const page = await it.open();
  await page.evaluate(() => window.passerby.track("note", { text: "mine" }));
  await flush(page);
  await it.arrived({ name: "note" });
  const visitor = await until("it has settled", async () => (await summary(page)).visitor);
  return { page, id: visitor.id };
}

const eventsOf = async (it, id) => (await it.collector.events()).filter(({ visitor }) => visitor === id);

test("what the collector has of a visitor is gone, and nothing comes after it", async (t) => {
  const it = await world(t);
  const { page, id } = await known(it);
  assert.ok((await eventsOf(it, id)).length > 0);
  assert.deepEqual(await forget(page), { here: "done", collector: "done" });
  assert.equal(await owed(page), "");
  await page.evaluate(() => window.passerby.track("after"));
  await flush(page);
  const [after] = await it.arrived({ name: "after" });
  assert.notEqual(after.visitor, id);
  assert.deepEqual(await eventsOf(it, id), []);
  assert.deepEqual(it.errors, []);
});

// Ours would refuse it.
test("what was not yet delivered is dropped in every tab, also for a collector that is not ours", async (t) => {
  let refusing = false;
  const foreign = await startForeign(() => (refusing ? { status: 503 } : {}));
  t.after(() => foreign.close());
  const it = await world(t, { tag: 'data-format="ndjson"', collector: `${foreign.url}/in` });
  const page = await it.open();
  const other = await it.open("/second");
  const ids = () => Promise.all([page, other].map(async (tab) => (await summary(tab)).visitor?.id));
  const [id] = await until("both are one visitor", async () => {
    const [here, there] = await ids();
    return here && here === there && [here];
  });
  refusing = true;
  for (const tab of [page, other]) await tab.evaluate(() => window.passerby.track("waiting"));
  await forget(page);
  await until("the other tab has heard of it", async () => !(await ids()).includes(id));
  refusing = false;
  const before = foreign.posts().length;
  for (const tab of [page, other]) await tab.evaluate(() => window.passerby.track("after"));
  for (const tab of [page, other]) await flush(tab);
  const later = () => foreign.posts().slice(before).map(({ body }) => body).join("\n");
  await until("both have said more", () => later().split('"name":"after"').length === 3);
  assert.ok(!later().includes(id) && !later().includes("waiting"), later());
  const stored = await other.evaluate(() => JSON.stringify(localStorage));
  assert.ok(!stored.includes(id), stored);
});

test("what is tracked after it in the same task is somebody new's", async (t) => {
  const it = await world(t);
  const { page, id } = await known(it);
  await page.evaluate(() => {
    window.passerby.forget();
    window.passerby.track("after");
  });
  await flush(page);
  const [after] = await it.arrived({ name: "after" });
  assert.notEqual(after.visitor, id);
});

test("a collector that is away is asked again at the next open, under denied consent too", async (t) => {
  const it = await world(t);
  const { page, id } = await known(it);
  await it.collector.stop();
  assert.deepEqual(await forget(page), { here: "done", collector: "pending" });
  assert.deepEqual(await debts(page), [[`passerby:127.0.0.1:erase ${it.collector.url}/v1/batch`, id]]);
  await page.evaluate(() => window.passerby.consent("denied"));
  assert.equal(await owed(page), id, "the erasure outlives the denial");
  await it.collector.start();
  const asked = [];
  it.visitor.on("request", (request) => request.method() === "POST" && asked.push(new URL(request.url()).pathname));
  await it.open("/second");
  await until("it is erased", async () => (await owed(page)) === "");
  assert.deepEqual(asked, ["/v1/erase"]);
  assert.deepEqual(await it.collector.events(), []);
});

test("without a collector of ours there is nobody to ask", async (t) => {
  const it = await world(t, { tag: 'data-format="ndjson"' });
  const page = await it.open();
  await until("it has settled", async () => (await summary(page)).visitor);
  assert.deepEqual(await forget(page), { here: "done", collector: "unsupported" });
  assert.equal(await owed(page), "");
});

test("asked before storage has said who this is, it waits for that", async (t) => {
  const it = await world(t);
  const { id } = await known(it);
  // The first call there can be: in the task of the script itself.
  await it.visitor.addInitScript(() => {
    let given;
    Object.defineProperty(window, "passerby", {
      get: () => given,
      set(visit) {
        given = visit;
        if (!visit.forget || window.forgotten) return;
        window.settledThen = visit.summary().settled;
        window.forgotten = visit.forget();
      },
    });
  });
  const page = await it.open("/second");
  assert.deepEqual(await page.evaluate(() => window.forgotten), { here: "done", collector: "done" });
  assert.equal(await page.evaluate(() => window.settledThen), false);
  assert.deepEqual(await eventsOf(it, id), []);
});
