// Storage that does not do what it should. The page then keeps in memory what it has not yet delivered.

import { until } from "../../e2e/harness/until.mjs";
import { answer } from "../proxy.mjs";

const CALLS = 20;

/** In the page, before anything else. */
const broken = {
  /** Never answers, as some private modes and blocked upgrades do. */
  hangs: () => {
    IDBFactory.prototype.open = () => ({});
  },
  /** Answers after two seconds, as slow machines do. */
  isSlow: () => {
    const { open } = IDBFactory.prototype;
    IDBFactory.prototype.open = function (...given) {
      const later = {};
      const timer = setInterval(() => {
        clearInterval(timer);
        const real = open.apply(this, given);
        Object.defineProperty(later, "result", { get: () => real.result });
        for (const name of ["onupgradeneeded", "onsuccess", "onerror"]) real[name] = (event) => later[name]?.(event);
      }, 2_000);
      return later;
    };
  },
  /** Forbidden, as in a sandboxed frame. */
  throws: () => {
    const forbidden = () => {
      throw new DOMException("forbidden", "SecurityError");
    };
    Object.defineProperty(window, "indexedDB", { get: forbidden });
    Object.defineProperty(window, "localStorage", { get: forbidden });
  },
  /** Every write fails, and takes its transaction with it. */
  isFull: () => {
    IDBObjectStore.prototype.put = function () {
      this.transaction.abort();
      throw new DOMException("full", "QuotaExceededError");
    };
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  },
};

const without = (what, how) => ({
  name: `storage ${what}, ${CALLS} calls, tab closed`,
  async act(it) {
    let warned;
    const prepare = (page) => {
      warned = page.waitForEvent("console", (message) => message.text().includes("kept in memory only"));
      return page.addInitScript(how);
    };
    const page = await it.open("/plain/1", { prepare });
    await it.track(page, CALLS);
    await warned;
    await it.track(page, CALLS);
    await page.close();
  },
});

/** Whatever happened while the database was silent is in it once it has answered. */
const slow = {
  name: `storage is slow, ${CALLS} calls, renderer killed once they are written`,
  async act(it, browser) {
    it.proxy.fault = answer(503);
    const page = await it.open("/plain/1", { prepare: (page) => page.addInitScript(broken.isSlow) });
    await it.track(page, CALLS);
    await until("the page gives storage up", () => it.gaveUp);
    await it.track(page, CALLS);
    await until("all is written", async () => (await page.evaluate(written)) === 2 * CALLS);
    const crashed = page.waitForEvent("crash");
    await browser.killRenderers();
    await crashed;
  },
};

/** How many of the calls are in the database, by its rows. */
async function written() {
  const done = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const database = await done(indexedDB.open("passerby:127.0.0.1"));
  const stored = database.objectStoreNames.contains("queue");
  const rows = stored ? await done(database.transaction("queue").objectStore("queue").getAll()) : [];
  database.close();
  return rows.join("\n").split('"name":"tried"').length - 1;
}

export const storage = [
  slow,
  without("hangs", broken.hangs),
  without("is forbidden", broken.throws),
  without("is full", broken.isFull),
];
