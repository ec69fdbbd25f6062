// Automatic events that the page's address decides: what was searched for, and what was not found.

import assert from "node:assert/strict";
import { test } from "node:test";
import { flush, summary, until, world } from "./harness.mjs";
import { MAIL, clean, frames, loaded, told } from "./harness/auto.mjs";

test("search: what the address says was searched for, once", async (t) => {
  const it = await world(t, { tag: 'data-auto="search"' });
  const page = await it.open(`/auto?q=red+shoes&mail=${MAIL}%40example.com`);
  await loaded(it, page, "search");
  await page.evaluate(() => history.pushState({}, "", "/auto?q=red+shoes&page=2"));
  await page.evaluate((mail) => history.pushState({}, "", `/auto?query=${mail}%40example.com`), MAIL);
  await page.evaluate(() => history.pushState({}, "", "/auto"));
  const searches = (await told(it, page)).filter(({ name }) => name !== "audience");
  assert.deepEqual(searches.map(({ name, props }) => [name, props.search_term]), [
    ["search", "red shoes"],
    ["search", "[redacted]"],
  ]);
  await clean(it);
});

test("search and notfound, where there is no navigation API", async (t) => {
  const it = await world(t, { tag: 'data-auto="search notfound"' });
  await it.visitor.addInitScript(() => delete window.navigation);
  const page = await it.open("/auto");
  for (const part of ["search", "notfound"]) await loaded(it, page, part);
  await page.evaluate(() => history.pushState({}, "", "/auto?q=blue+hats"));
  await until("it is told", async () => (await summary(page)).events.search === 1);
  await page.evaluate(() => {
    document.body.setAttribute("data-passerby-not-found", "");
    history.pushState({}, "", "/auto/nowhere");
  });
  await until("it is told", async () => (await summary(page)).events.not_found === 1);
  await flush(page);
  await it.arrived({ name: "search", view: 2, props: { search_term: "blue hats" } }, { name: "not_found", view: 3 });
  assert.deepEqual(it.errors, []);
});

test("notfound: pages that the server, or they themselves, call missing", async (t) => {
  const it = await world(t, { tag: 'data-auto="notfound"' });
  const page = await it.open("/auto");
  await loaded(it, page, "notfound");
  assert.deepEqual(await told(it, page), []);
  await page.evaluate(() => {
    document.body.setAttribute("data-passerby-not-found", "");
    history.pushState({}, "", "/auto/nowhere");
  });
  const counted = async (page) => (await summary(page)).events.not_found;
  await until("it is counted", () => counted(page));
  await flush(page);
  const [soft] = await it.arrived({ name: "not_found", view: 2 });
  const gone = await it.open("/auto/gone");
  await until("it is counted", async () => (await counted(gone)) > 1);
  await flush(gone);
  await it.arrived({ name: "not_found", view: 1, load: (load) => load !== soft.load });
});

for (const api of ["with", "without"]) {
  test(`notfound: of who goes on before a page is drawn once, of the next; ${api} navigation API`, async (t) => {
    const it = await world(t, { tag: 'data-auto="notfound"' });
    if (api === "without") await it.visitor.addInitScript(() => delete window.navigation);
    const page = await it.open("/auto");
    await loaded(it, page, "notfound");
    await page.evaluate(() => {
      const further = () => {
        document.body.setAttribute("data-passerby-not-found", "");
        history.pushState({}, "", "/auto/nowhere");
      };
      const heard = window.passerby.on("session", () => (heard(), further()));
      history.pushState({}, "", "/auto/somewhere");
    });
    await until("it is counted", async () => (await summary(page)).events.not_found);
    await frames(page, 8);
    assert.deepEqual((await told(it, page)).map(({ name, view }) => [name, view]), [["not_found", 3]]);
  });
}
