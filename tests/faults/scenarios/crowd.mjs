// Others want the same: another vendor's script, other tabs, a service worker.

import { answer, first } from "../proxy.mjs";

const TABS = 10;
const EACH = 1_000;
const PATIENCE_SECONDS = 90;

export const crowd = [
  {
    name: "another script holds 60 KB of keepalive, tab closed",
    async act(it) {
      const page = await it.open("/crowded/1");
      await page.evaluate(() => window.fill(60 * 1024));
      await it.track(page, 50);
      await page.close();
    },
  },
  {
    name: "another script holds 60 KB of keepalive, tab stays",
    async act(it) {
      const page = await it.open("/crowded/1");
      await page.evaluate(() => window.fill(60 * 1024));
      await it.track(page, 50);
      await page.evaluate(() => window.passerby.flush());
      await it.allStored(PATIENCE_SECONDS);
    },
  },
  {
    name: "ten tabs, 1,000 events each",
    async act(it) {
      const paths = Array.from({ length: TABS }, (_, at) => `/plain/${at}`);
      const pages = await Promise.all(paths.map((path) => it.open(path)));
      await Promise.all(pages.map((page) => it.track(page, EACH)));
      await it.allStored(PATIENCE_SECONDS);
    },
  },
  {
    name: "a service worker delays and answers 404, twice",
    async act(it) {
      const page = await it.open("/worker/1");
      // The page that installs it is not yet under it.
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
      const second = await it.open("/worker/2");
      await second.waitForFunction(() => navigator.serviceWorker.controller !== null);
      await it.track(second, 20);
      await it.allStored(PATIENCE_SECONDS);
    },
  },
];
