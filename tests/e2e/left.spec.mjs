// What becomes of events when the page ends without a last word, or the browser refuses to send them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { startForeign } from "./harness/foreign.mjs";
import { flush, summary, until, world } from "./harness.mjs";

/** The process of this page, and nothing else of the browser. */
const crash = async (page) => {
  const crashed = page.waitForEvent("crash");
  await Promise.all([crashed, page.goto("chrome://crash").catch(() => {})]);
};

/** Fewer than are sent at once, in a page whose page view has been acknowledged. */
async function waiting(it) {
  const page = await it.open("/plain/killed");
  await until("the page view is acknowledged", async () => {
    const { settled, delivery } = await summary(page);
    return settled && delivery.acknowledged === 1;
  });
  await page.evaluate(() => ["one", "two"].map((name) => window.passerby.track(name)));
  assert.equal((await summary(page)).delivery.queued, 2, "not sent yet");
  return page;
}

const counted = async (it, wanted) => (await it.collector.events()).filter(({ name }) => name === wanted).length;

for (const storage of ["persistent", "memory"]) {
  test(`what a killed tab had not sent arrives by itself, with ${storage} storage`, async (t) => {
    const it = await world(t, { tag: `data-storage="${storage}"` });
    await crash(await waiting(it));
    await it.arrived({ name: "one" }, { name: "two" });
    // Whoever comes back brings what was stored: known again by its ids.
    const back = await it.open("/plain/back");
    await until("nothing is left to send", async () => {
      const { settled, delivery } = await summary(back);
      return settled && delivery.queued === 0 && delivery.acknowledged >= 1;
    });
    assert.equal(await counted(it, "one"), 1);
    assert.deepEqual(it.errors, []);
  });
}

test("once consent is withdrawn the browser has nothing to send any more", async (t) => {
  const it = await world(t);
  const page = await waiting(it);
  await page.evaluate(() => window.passerby.consent("denied"));
  await crash(page);
  // A later visit that may be recorded arrives; what was withdrawn does not.
  const other = await it.open("/plain/later");
  await other.evaluate(() => window.passerby.consent("granted"));
  await it.arrived({ name: "consent" });
  assert.equal(await counted(it, "one"), 0);
});

test("what is withdrawn in the task that leaves the page is nowhere", async (t) => {
  const it = await world(t);
  const page = await waiting(it);
  await page.evaluate(() => {
    window.passerby.track("three");
    window.passerby.consent("denied");
    location.assign("about:blank");
  });
  await page.waitForURL("about:blank");
  const next = await it.open("/plain/next");
  const keys = await next.evaluate(() => Object.keys(localStorage));
  assert.deepEqual(keys, ["passerby:127.0.0.1:consent"]);
  for (const name of ["one", "two", "three"]) assert.equal(await counted(it, name), 0, name);
});

/** A collector that counts twice whatever it hears twice. */
async function counting(t, { headers, answer } = {}) {
  const foreign = await startForeign(answer);
  t.after(() => foreign.close());
  const it = await world(t, { tag: 'data-format="ndjson"', collector: `${foreign.url}/in`, headers });
  const heard = (name) => foreign.posts().filter(({ body }) => body.includes(`"name":"${name}"`)).length;
  return { it, foreign, heard };
}

test("a collector that counts twice hears of a killed tab once, from the next page", async (t) => {
  const { it, heard } = await counting(t);
  const page = await it.open("/plain/killed");
  await until("it is stored", async () => (await summary(page)).settled && heard("page_view") === 1);
  await page.evaluate(() => window.passerby.track("one"));
  await until("its row is written", () => page.evaluate(rows));
  await crash(page);
  await later(it);
  await until("it arrives", () => heard("one") > 0, { seconds: 30 });
  assert.equal(heard("one"), 1);
});

/** The next page, once every lease is over. */
async function later(it) {
  const page = await it.visitor.newPage();
  await page.addInitScript(() => ((now) => (Date.now = () => now() + 120_000))(Date.now));
  await page.goto(`${it.site.url}/plain/back`);
  return page;
}

/** Whether the event is in the database. */
async function rows() {
  const done = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const database = await done(indexedDB.open("passerby:127.0.0.1"));
  const all = await done(database.transaction("queue").objectStore("queue").getAll());
  database.close();
  return all.join().includes('"name":"one"');
}

test("what is tracked offline reaches a collector that counts twice, once", { timeout: 60_000 }, async (t) => {
  const { it, heard } = await counting(t);
  const page = await it.open("/plain/offline");
  await until("it is stored", async () => (await summary(page)).settled && heard("page_view") === 1);
  await it.visitor.setOffline(true);
  await page.evaluate(() => window.passerby.track("here"));
  await flush(page);
  await page.close();
  await it.visitor.setOffline(false);
  const next = await later(it);
  await until("it arrives", () => heard("here") > 0, { seconds: 30 });
  await until("nothing is left to send", async () => (await summary(next))?.delivery.queued === 0);
  assert.equal(heard("here"), 1);
});

test("a deletion that the browser drops as the page ends makes nobody count twice", async (t) => {
  const { it, heard } = await counting(t);
  const page = await it.open("/plain/quick");
  await until("it is stored", async () => (await summary(page)).settled && heard("page_view") === 1);
  await page.evaluate(() => window.passerby.track("one"));
  await until("its row is written", () => page.evaluate(rows));
  await page.evaluate(dropWrites);
  await page.goto(`${it.site.url}/about`);
  await until("it left with the page", () => heard("one") === 1);
  const next = await later(it);
  await until("its row is gone", async () => !(await next.evaluate(rows)), { seconds: 30 });
  const keys = () => next.evaluate(() => Object.keys(localStorage).join());
  await until("its mark is gone", async () => !(await keys()).includes("|"));
  assert.equal((await summary(next)).delivery.queued, 0);
  assert.equal(heard("one"), 1);
});

/** As browsers drop the last transactions of a page: nothing is written or deleted, nor known to be complete. */
function dropWrites() {
  for (const [name, at] of [["put", 1], ["delete", 0]]) {
    IDBObjectStore.prototype[name] = function (...given) {
      return this.get(given[at]);
    };
  }
  Object.defineProperty(IDBTransaction.prototype, "oncomplete", { get: () => null, set: () => {} });
}

test("what the browser drops of a page that ends is not lost", async (t) => {
  const it = await world(t);
  await it.visitor.addInitScript(() => delete window.fetchLater);
  const page = await it.open("/plain/dropped");
  await until("the page view is acknowledged", async () => (await summary(page)).delivery.acknowledged === 1);
  await page.evaluate(dropWrites);
  await it.collector.stop();
  await page.evaluate(() => window.passerby.track("one"));
  await page.goto("about:blank");
  await it.collector.start();
  assert.equal(await counted(it, "one"), 0);
  await later(it);
  await it.arrived({ name: "one" });
  assert.equal(await counted(it, "one"), 1);
});

test("in an outage nothing leaves with the page to who counts twice, and it arrives later", async (t) => {
  let status = 503;
  const { it, foreign, heard } = await counting(t, { answer: () => ({ status }) });
  const page = await it.open("/plain/outage");
  const explained = () => page.evaluate(() => JSON.stringify(window.passerby.explain()));
  await until("it is known to be refused", async () => (await explained()).includes("503"));
  await page.evaluate(() => window.passerby.track("one"));
  const before = foreign.posts().length;
  await page.goto(`${it.site.url}/about`);
  status = 200;
  const next = await later(it);
  await until("it arrives", () => heard("one") > 0, { seconds: 30 });
  await until("nothing is left to send", async () => (await summary(next)).delivery.queued === 0);
  assert.equal(heard("one"), 1, `${before} before, ${foreign.posts().length} after`);
});

test("a policy that forbids a collector that counts twice costs no event", async (t) => {
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'";
  const { it, foreign } = await counting(t, { headers: { "content-security-policy": policy } });
  const page = await it.open("/odd");
  await page.evaluate(() => window.passerby.track("one"));
  await flush(page);
  const { delivery } = await summary(page);
  assert.deepEqual(delivery.dropped, {});
  assert.ok(delivery.queued >= 2, JSON.stringify(delivery));
  assert.deepEqual(foreign.requests, []);
});

test("what is still being compressed when the page goes leaves as it is", async (t) => {
  const never = "return new TransformStream({ transform: () => new Promise(() => {}) });";
  const before = `<script>CompressionStream = function () { ${never} }</script>`;
  const it = await world(t, { words: () => ({ before }) });
  const page = await it.open("/odd/till");
  await flush(page);
  await page.evaluate(() => {
    const items = Array.from({ length: 40 }, (_, n) => ({ item_id: `thing-${n}` }));
    window.passerby.purchase({ transaction_id: "T-1", value: "12.50", currency: "EUR", items });
  });
  await page.goto(`${it.site.url}/second`);
  // Sooner than the next page may take over what this one was sending.
  await it.arrivedWithin(5, { name: "purchase", props: { transaction_id: "T-1" } });
  assert.equal(await counted(it, "purchase"), 1);
  assert.deepEqual(it.errors, []);
});

test("what a page was taking over when it was left is not lost", async (t) => {
  const it = await world(t);
  await it.visitor.addInitScript(() => delete window.fetchLater);
  const first = await waiting(it);
  await until("its row is written", () => first.evaluate(rows));
  // As it is where a page ends before its database is open.
  await first.evaluate(spill);
  await crash(first);
  const second = await it.visitor.newPage();
  await second.addInitScript(dawdle);
  await second.goto(`${it.site.url}/plain/second`);
  await until("it takes over what there is", () => second.evaluate(() => window.takes));
  await second.goto(`${it.site.url}/about`);
  await later(it);
  await it.arrived({ name: "one" }, { name: "two" });
  assert.equal(await counted(it, "one"), 1);
});

/** Moves what is in the database to where pages put what it cannot take. */
async function spill() {
  const done = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const database = await done(indexedDB.open("passerby:127.0.0.1"));
  const queue = database.transaction("queue", "readwrite").objectStore("queue");
  const [keys, texts] = [await done(queue.getAllKeys()), await done(queue.getAll())];
  keys.forEach((key, at) => localStorage.setItem(`passerby:127.0.0.1|${key}`, texts[at]));
  await done(queue.clear());
  database.close();
}

/** Reading the queue takes as long as the page lives, which does not come back. */
function dawdle() {
  addEventListener("unload", () => {});
  IDBObjectStore.prototype.openCursor = function () {
    let gone = false;
    window.takes = true;
    addEventListener("pagehide", () => (gone = true));
    const spin = () => gone || (this.get("").onsuccess = spin);
    spin();
    return {};
  };
}
