// What a page could not deliver waits for the next one, even if its database was not open when it was left.

import { test } from "node:test";
import { world } from "./harness.mjs";

const TRIES = 3;

test("pages left in their first task while the collector is down lose nothing", { timeout: 120_000 }, async (t) => {
  const it = await world(t);
  await it.collector.stop();
  const tabs = [];
  for (let at = 0; at < TRIES; at++) {
    const page = await it.open(`/leave/${at}`, { ready: false });
    await page.waitForURL(`${it.site.url}/plain/2`);
    tabs.push(page);
  }
  await it.collector.start();
  // Whoever left has a claim on what it was sending for ten seconds more.
  const left = Array.from({ length: TRIES }, (_, at) => new RegExp(`/leave/${at}$`));
  const views = left.map((url) => ({ name: "page_view", page: { url } }));
  const events = views.map(() => ({ name: "tried" }));
  await it.arrivedWithin(60, ...views, ...events);
});
