// Storage that does not do what it should. The page then keeps in memory what it has not yet delivered.

const CALLS = 20;

/** In the page, before anything else. */
const broken = {
  /** Never answers, as some private modes and blocked upgrades do. */
  hangs: () => {
    IDBFactory.prototype.open = () => ({});
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

export const storage = [
  without("hangs", broken.hangs),
  without("is forbidden", broken.throws),
  without("is full", broken.isFull),
];
