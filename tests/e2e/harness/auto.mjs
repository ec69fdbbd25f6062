// What tests of automatic events share: parts at work, and what they told.

import assert from "node:assert/strict";
import { flush, until, world } from "../harness.mjs";

export const WORD = "hunter2swordfish";
export const MAIL = "ada.lovelace";

/** A page with these parts at work. */
export async function opened(t, auto) {
  const it = await world(t, { tag: `data-auto="${auto}"` });
  const page = await it.open("/auto");
  for (const part of auto.split(" ")) await loaded(it, page, part);
  return { it, page };
}

/** Until a part has been asked for, and what was imported has run. */
export async function loaded(it, page, part) {
  await until(`${part} is asked for`, () => it.site.asked(`/dist/auto/${part}.js`));
  await page.evaluate((path) => import(path), `/dist/auto/${part}.js`);
}

/** Everything that arrived but page views and engagement, once `last` has. */
export async function told(it, page) {
  await page.evaluate(() => window.passerby.track("last"));
  await flush(page);
  await it.arrived({ name: "last" });
  const events = await it.collector.events();
  return events.filter(({ name }) => !["page_view", "engagement", "last"].includes(name));
}

/** Until so many frames more are drawn: what waits for its turn in one has had it. */
export const frames = (page, count) =>
  page.evaluate(async (count) => {
    while (count--) await new Promise(requestAnimationFrame);
  }, count);

/** Nothing of what people enter, nor of what stands in queries, has left the page. */
export async function clean(it) {
  const all = await it.collector.exported();
  for (const secret of [WORD, MAIL]) assert.ok(!all.includes(secret), `${secret} arrived:\n${all}`);
}
