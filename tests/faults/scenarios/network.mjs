// The way to the collector is bad for a while; the tab stays open, or does not.

import { lasting } from "../lasting.mjs";
import { answer, first, pass, reset, slowly, swallow } from "../proxy.mjs";

const SPELL_MS = 5_000;
/** While the tab is open: over the longest wait between two tries that a spell of five seconds leads to. */
const PATIENCE_SECONDS = 60;

/** The collector cannot be reached, and the browser knows that it is offline. */
async function offline(it, page) {
  const session = await it.browser.visitor.newCDPSession(page);
  const conditions = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
  const set = (offline) => session.send("Network.emulateNetworkConditions", { offline, ...conditions });
  await it.proxy.cut();
  await set(true);
  return async () => {
    await it.proxy.mend();
    await set(false);
  };
}

/** With this fault from the first page view on: 20 calls, and a tab that stays. */
const staying = (name, fault, { before = 20, after = 0 } = {}) => ({
  name,
  async act(it) {
    it.proxy.fault = fault();
    const page = await it.open("/plain/1");
    await it.track(page, before);
    if (after) await it.track(page, after);
    await it.allStored(PATIENCE_SECONDS);
  },
});

/** Retry-After as it comes: nothing is sent before a time that can be understood. */
const told = (name, value, wait) => ({
  name: `429 with Retry-After: ${name}`,
  async act(it) {
    const refuse = (exchange) =>
      answer(429, { "retry-after": value(), "access-control-expose-headers": "retry-after" })(exchange);
    it.proxy.fault = first(1, refuse);
    const page = await it.open("/plain/1");
    await it.track(page, 20);
    await it.allStored(PATIENCE_SECONDS);
    const [refused, again] = it.proxy.times;
    if (again - refused < wait) throw new Error(`sent again after ${again - refused} ms, asked to wait ${wait}`);
  },
});

const PAGES = 20;

export const network = [
  {
    // Browsers drop some of the last transactions of a page that ends.
    name: `503, ${PAGES} pages, each left at once`,
    async act(it) {
      it.proxy.fault = answer(503);
      const page = await it.open("/plain/1");
      await it.track(page, 1);
      for (let n = 2; n <= PAGES; n++) {
        it.expectView(`/plain/${n}`);
        await page.goto(`${it.site.url}/plain/${n}`, { waitUntil: "commit" });
        await page.waitForFunction(() => typeof window.passerby?.summary === "function");
        await it.track(page, 1);
      }
    },
  },
  {
    name: "503 for 5 s, 20 calls",
    async act(it) {
      it.proxy.fault = answer(503);
      const page = await it.open("/plain/1");
      await it.track(page, 20);
      await lasting(SPELL_MS);
      it.proxy.fault = pass;
      await it.allStored(PATIENCE_SECONDS);
    },
  },
  {
    name: "503, tab closed, back later",
    async act(it) {
      it.proxy.fault = answer(503);
      const page = await it.open("/plain/1");
      await it.track(page, 20);
      await page.close();
    },
  },
  {
    name: "503, left in the tag's own task",
    async act(it) {
      it.proxy.fault = answer(503);
      it.tracked += 1;
      it.expectView("/plain/2");
      const page = await it.open("/leave/1", { ready: false });
      await page.waitForURL(it.site.url + "/plain/2");
      await page.close();
    },
  },
  {
    name: "offline for 5 s, 30 calls",
    async act(it) {
      const page = await it.open("/plain/1");
      const online = await offline(it, page);
      await it.track(page, 30);
      await lasting(SPELL_MS);
      await online();
      await it.allStored(PATIENCE_SECONDS);
    },
  },
  {
    name: "offline, 30 calls, tab closed, back online",
    async act(it) {
      const page = await it.open("/plain/1");
      await offline(it, page);
      await it.track(page, 30);
      await page.close();
      await it.proxy.mend();
    },
  },
  told("3", () => "3", 3_000),
  // A date has whole seconds: up to one of the four is lost in writing it.
  told("a date", () => new Date(Date.now() + 4_000).toUTCString(), 3_000),
  told("garbage", () => "soon", 0),
  staying("connection reset after the request, twice", () => first(2, reset)),
  staying("answer lost after storing, twice", () => first(2, swallow)),
  staying("collector takes 10 s", () => slowly(10_000, "before"), { after: 20 }),
  {
    name: "answer 10 s late, tab closed meanwhile",
    async act(it) {
      it.proxy.fault = slowly(10_000, "after");
      const page = await it.open("/plain/1");
      await it.track(page, 20);
      await page.close();
    },
  },
];
