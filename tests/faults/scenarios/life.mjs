// Documents that begin before they are seen, and go on after they were left.

import { until } from "../../e2e/harness/until.mjs";

const ROUNDS = 5;

/** Why a page was not kept, in the browser's own words. */
async function refusals(it, page) {
  const found = [];
  const session = await it.browser.visitor.newCDPSession(page);
  session.on("Page.backForwardCacheNotUsed", (event) => found.push(...event.notRestoredExplanations));
  await session.send("Page.enable");
  return () => JSON.stringify(found);
}

/** Nobody may look on: DevTools switch prerendering off. The pages drive themselves and tell the site. */
async function prerendered(it, browser, path) {
  await browser.openUnseen(it.site.url + path);
  it.expectView(path);
  await until("the next page runs before it is seen", () => it.site.asked("/prepared"));
}

export const life = [
  {
    name: "prerendered and visited",
    unattended: true,
    async act(it, browser) {
      it.tracked += 1;
      it.expectView("/ahead/2");
      await prerendered(it, browser, "/prerender/go");
      await until("the next page is seen", () => it.site.asked("/seen"));
      await it.allStored(20);
      await browser.attach();
    },
  },
  {
    name: "prerendered and never visited",
    unattended: true,
    async act(it, browser) {
      await prerendered(it, browser, "/prerender/stay");
      await it.allStored(20);
      await browser.attach();
    },
  },
  {
    name: `back/forward cache, ${ROUNDS} times`,
    async act(it) {
      const page = await it.open("/plain/1");
      await page.evaluate(() => (window.first = true));
      const onFailure = await refusals(it, page);
      for (let round = 0; round < ROUNDS; round++) {
        await it.track(page, 3);
        it.expectView("/plain/2");
        await page.goto(`${it.site.url}/plain/2`);
        await it.track(page, 3);
        it.expectView("/plain/1");
        await page.goBack({ waitUntil: "commit" });
        // Another document would not know.
        await until("the page is back", () => page.evaluate(() => window.first), { onFailure });
      }
    },
  },
];
