// Automatic events in three engines, as the collector received them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../e2e/harness/until.mjs";
import { ENGINES } from "./webdriver.mjs";
import { FLUSH, rows, world } from "./world.mjs";

const PARTS = [
  "links", "downloads", "forms", "search", "impressions", "media", "errors", "notfound", "vitals", "datalayer",
];
/** As the page's own script would: what a driver runs is muted. */
const FAIL = `() => {
  const text = "throw new TypeError('no such thing')";
  document.body.append(Object.assign(document.createElement("script"), { text }));
}`;
/** WebKit does not tell pages with which status they came. */
const STATUS = "() => performance.getEntriesByType('navigation')[0]?.responseStatus === 404";
const MARK = `() => {
  document.body.setAttribute("data-passerby-not-found", "");
  history.pushState({}, "", "/auto/nowhere");
}`;
const told = (name, props) => ({ name, props });

/** What a person does on that page, and what it does by itself. */
async function acted({ browser }) {
  for (const link of ["#out", "#far", "#take"]) await browser.click(link);
  await browser.type("#name", "hunter2swordfish");
  await browser.click("#send");
  await browser.run(FAIL);
  await browser.run("() => { history.pushState({}, '', '/auto?q=blue+hats'); }");
  await browser.until("() => window.passerby.summary().events.search === 2");
  await browser.until("() => window.passerby.summary().events.impression >= 1");
  await browser.wait(FLUSH);
}

/** Two seconds of silence, where the engine has what it takes to play them. */
async function played({ browser }) {
  const plays = await browser.wait("() => document.querySelector('#film').play().then(() => true, () => false)");
  if (!plays) return false;
  await browser.until("() => document.querySelector('#film').currentTime > 1.2");
  await browser.run("() => { document.querySelector('#film').pause(); }");
  return true;
}

/** Which of them this engine measures, and all there is. */
async function vitalsOf({ collector }) {
  const measured = (await collector.events()).filter(({ name }) => name === "web_vital");
  return { vitals: [...new Set(measured.map(({ props }) => props.metric))].sort(), all: await collector.exported() };
}

for (const name of Object.keys(ENGINES)) {
  test(`${name}: automatic events`, async (t) => {
    const it = await world(t, name, `data-auto="${PARTS.join(" ")}"`);
    const { browser } = it;
    await it.visit("/auto?q=red+shoes");
    // Until a part has been asked for, and what was imported has run.
    for (const part of PARTS) {
      await until(`${part} is asked for`, () => it.site.asked(`/dist/auto/${part}.js`));
      await browser.wait(`() => import("/dist/auto/${part}.js").then(() => true)`);
    }
    await acted(it);
    await it.arrived(
      told("search", { search_term: "red shoes" }),
      told("search", { search_term: "blue hats" }),
      told("click", { href: /^http:\/\/elsewhere/, outbound: true }),
      told("click", { href: /setup\.zip$/, download: true }),
      told("click", { element: "hero" }),
      told("impression", { element: "hero" }),
      told("form", { form: "sign-up", step: "start" }),
      told("form", { form: "sign-up", step: "submit" }),
      told("script_error", { message: /no such thing/ }),
      told("view_item", { value: 9.5 }),
    );
    await it.visit("/auto/gone");
    const told404 = await browser.run(STATUS);
    if (!told404) await browser.run(MARK);
    await browser.until("() => window.passerby.summary().events.not_found >= 1");
    const media = await played(it);
    await it.visit("/plain");
    await it.arrived(told("web_vital", { metric: "TTFB" }), told("not_found", {}));
    if (media) await it.arrived(told("media", { id: "film" }));
    const { vitals, all } = await vitalsOf(it);
    assert.ok(!all.includes("hunter2"), "nothing of what was typed, nor of what stands in queries");
    const but = [told404 ? [] : "404 only by mark", media ? [] : "no media player"].flat().join(", ");
    rows[name]["automatic events"] = `ok${but && `, ${but}`}; ${vitals.join(" ")}`;
  });
}
