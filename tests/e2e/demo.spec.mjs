// The demo as npm start serves it: a shop of many pages and its twin in a single one, visited by the same people.

import assert from "node:assert/strict";
import { test } from "node:test";
import { flush, matches, summary, until, world } from "./harness.mjs";
import { recorded, stored } from "./harness/traces.mjs";

/** What somebody types at the till: each in a field of its own, none anywhere else. */
const TYPED = {
  "Name": "Grace Brewster Hopper",
  "E-mail": "grace.hopper@navy.example",
  "Street and number": "1 Arlington Row",
  "Postcode": "NW-77413",
  "Town": "Zanzibar-on-Sea",
  "Card number": "4929 1234 5678 9010",
  "Valid until": "11/37",
  // No digits alone, which an id or a time may hold by chance.
  "Security code": "98431Q",
  "Note": "the key is under the geranium",
};
/** Without the Navigation API the twin routes by the History API. */
const BY_HAND = () => delete window.navigation;
const SHOPS = {
  "many pages": { base: "" },
  "a single page": { base: "/app" },
  "a single page, by the History API": { base: "/app", prepare: BY_HAND },
};
const PATHS = ["/", "/goods/", "/goods/lantern", "/cart/", "/checkout/", "/thanks/"];
const CONVERSIONS = ["purchase", "generate_lead", "sign_up"];
const results = [];

for (const [shop, { base, prepare }] of Object.entries(SHOPS)) {
  test(`${shop}: a purchase, and what is typed at the till stays there`, async (t) => {
    const it = await world(t);
    if (prepare) await it.visitor.addInitScript(prepare);
    const bodies = recorded(it.visitor);
    const page = await shopped(it, base);
    await taken(page, "customer");
    await flush(page);
    const { id } = (await summary(page)).session;
    const names = ["view_item_list", "view_item", "add_to_cart", "view_cart", "begin_checkout", "purchase"];
    const steps = ["start", "submit"].map((step) => ({ name: "form", session: id, props: { form: "checkout", step } }));
    const url = it.collector.url + base;
    const views = PATHS.map((path) => ({ name: "page_view", session: id, page: { url: url + path } }));
    const found = await it.arrived(...names.map((name) => ({ name, session: id })), ...steps, ...views);
    const items = [{ item_id: "lantern", quantity: 1 }];
    const order = { currency: "EUR", value: "48.00", transaction_id: /^W/, items };
    assert.ok(matches(found[names.indexOf("purchase")].props, order));
    for (const value of Object.values(TYPED)) {
      for (const [where, what] of [["a beacon", bodies.join()], ["the collector", await it.collector.exported()],
        ["the browser", JSON.stringify(await page.evaluate(stored))]]) {
        assert.ok(what.length > 0 && !what.includes(value), `${value} is in ${where}`);
      }
    }
    assert.ok(bodies.length > 0);
    results.push(await numbers(it.collector, id, base));
    assert.deepEqual(it.errors, []);
  });
}

test("the same visit has the same numbers, whatever the shop is made of", () => {
  const titles = ["Window & Till", "The whole shop", "The sill lantern", "Cart", "Checkout", "Thank you"];
  const expected = {
    pageDepth: 6,
    bounced: false,
    engaged: true,
    audience: "customer",
    stage: "buy",
    conversions: ["purchase"],
    pages: titles.map((title, at) => [PATHS[at], at ? `${title} · Window & Till` : title]),
  };
  assert.deepEqual(results, Object.keys(SHOPS).map(() => expected));
});

test("somebody signs up, logs out, and comes back: name and address are the shop's alone", async (t) => {
  const it = await world(t);
  const page = await it.open(`${it.collector.url}/account/`);
  const form = page.locator("#sign-up");
  await form.getByLabel("Name").fill(TYPED.Name);
  await form.getByLabel("E-mail").fill(TYPED["E-mail"]);
  await form.getByLabel("Password").fill(TYPED["Security code"]);
  await form.getByRole("button").click();
  await page.getByRole("heading", { name: `Good day, ${TYPED.Name}` }).waitFor();
  await taken(page, "customer");
  const [identified] = await it.arrived({ name: "identify", props: { customer: /^C-\w+$/ } }, { name: "sign_up" });
  await page.getByRole("button", { name: "Log out", exact: true }).click();
  await taken(page, "user");
  await page.getByRole("heading", { name: "Your account" }).waitFor();
  await page.locator("#log-in").getByLabel("E-mail").fill(TYPED["E-mail"]);
  await page.locator("#log-in").getByLabel("Password").fill(TYPED["Security code"]);
  await page.locator("#log-in").getByRole("button", { name: "Log in", exact: true }).click();
  await taken(page, "customer");
  await flush(page);
  const [, login] = await it.arrived({ name: "reset" }, { name: "login" });
  assert.notEqual(login.visitor, identified.visitor);
  const all = await it.collector.exported();
  for (const value of Object.values(TYPED)) assert.ok(!all.includes(value), value);
  assert.deepEqual(it.errors, []);
});

test("one card, three readers: the words change with the audience, in CSS alone", async (t) => {
  const it = await world(t);
  const page = await it.open(`${it.collector.url}/`);
  const says = (words) => page.locator(".paper .script:visible").getByText(words).waitFor();
  await taken(page, "user");
  await says("nobody will follow you around");
  await page.getByRole("button", { name: "Add to cart" }).first().click();
  await says("The thing you looked at is still here");
  await page.evaluate(() => window.passerby.identify("C-1"));
  await says("The autumn catalogue");
  assert.equal(await page.locator(".paper .script:visible").count(), 1);
});

test("search, the letter, and an address that leads nowhere are told", async (t) => {
  for (const base of ["", "/app"]) {
    const it = await world(t);
    const page = await it.open(`${it.collector.url}${base}/`);
    await page.getByLabel("E-mail").fill(TYPED["E-mail"]);
    await page.locator("#letter").getByRole("button").click();
    await taken(page, "potential");
    await page.getByLabel("Search the shop").fill("linen");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "“linen”" }).waitFor();
    await page.getByRole("link", { name: /The half curtain/ }).waitFor();
    // Told by a part of its own, which a page that is left at once has not loaded yet.
    await until("it is told", async () => (await summary(page))?.events?.search === 1);
    await page.goto(`${it.collector.url}${base}/goods/nothing`);
    await page.getByRole("heading", { name: "Not in the window" }).waitFor();
    await until("it is counted", async () => (await summary(page))?.events.not_found === 1);
    await flush(page);
    const search = { name: "search", props: { search_term: "linen" } };
    await it.arrived({ name: "generate_lead" }, search, { name: "not_found" });
    assert.ok(!(await it.collector.exported()).includes(TYPED["E-mail"]));
    assert.deepEqual(it.errors, []);
  }
});

test("an unknown page is the shop's own, comes with 404, and is told", async (t) => {
  const it = await world(t);
  const page = await it.visitor.newPage();
  const answer = await page.goto(`${it.collector.url}/no-such-page`);
  assert.equal(answer.status(), 404);
  await page.getByRole("heading", { name: "Not in the window" }).waitFor();
  await until("it is counted", async () => (await summary(page))?.events?.not_found === 1);
  await flush(page);
  await it.arrived({ name: "page_view", page: { url: /no-such-page$/ } }, { name: "not_found" });
  const api = await fetch(`${it.collector.url}/v1/no-such-call`);
  assert.deepEqual([api.status, (await api.json()).error?.length > 0], [404, true]);
});

test("at the till nothing lies over the fields, whatever is held in hand", async (t) => {
  for (const viewport of [{ width: 390, height: 844 }, { width: 1280, height: 850 }]) {
    const hasTouch = viewport.width < 400;
    const it = await world(t, { context: { viewport, hasTouch, isMobile: hasTouch } });
    const page = await it.open(`${it.collector.url}/goods/jug`);
    const hint = page.locator(".hint");
    await hint.getByRole("link", { name: hasTouch ? "tap here for the summary" : "open the summary" }).waitFor();
    assert.equal(await hint.getByText("Alt").isVisible(), !hasTouch);
    const widget = page.locator("passerby-summary").getByRole("button").first();
    await widget.waitFor();
    await page.getByRole("button", { name: "Add to cart" }).first().click();
    await page.goto(`${it.collector.url}/checkout/`);
    await page.getByLabel("Card number").waitFor();
    await until("it has come", () => page.evaluate(() => document.querySelector("passerby-summary")?.button === false));
    assert.deepEqual([await hint.isVisible(), await widget.isVisible()], [false, false]);
    await page.keyboard.press("Alt+Shift+KeyP");
    await widget.waitFor();
  }
});

test("a search without a word asks for one, and one leaves its words behind when one goes on", async (t) => {
  const it = await world(t);
  const page = await it.open(`${it.collector.url}/app/search/`);
  await page.getByText("A word will do").waitFor();
  await page.getByLabel("Search the shop").fill("linen");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "“linen”" }).waitFor();
  await page.getByRole("link", { name: "Journal", exact: true }).click();
  await page.getByRole("heading", { level: 1 }).waitFor();
  await until("it is empty", async () => (await page.getByLabel("Search the shop").inputValue()) === "");
});

test("only who was here before is seen again", async (t) => {
  const it = await world(t);
  const page = await it.open(`${it.collector.url}/`);
  const seen = page.locator(".ribbon").getByText("Good to see you again");
  await page.evaluate(() => window.passerby.identify("C-1"));
  await page.locator(".ribbon").getByText("Customers may bring").waitFor();
  await until("it is settled", async () => (await summary(page)).settled);
  assert.equal(await seen.isVisible(), false);
  // An hour later it is another session.
  await page.addInitScript(() => ((now) => (Date.now = () => now() + 3_600_000))(Date.now));
  await page.reload();
  await until("the second session", async () => (await summary(page))?.visitor?.sessions === 2);
  await seen.waitFor();
});

test("every link of the shop leads to a page of it", async (t) => {
  for (const base of ["", "/app"]) {
    const it = await world(t);
    const page = await it.open(`${it.collector.url}${base}/`);
    const left = new Set([`${base}/`]);
    const seen = new Set();
    for (const path of left) {
      await page.goto(it.collector.url + path);
      await page.locator("main h1").waitFor();
      assert.equal(await page.locator("[data-passerby-not-found]").count(), 0, path);
      seen.add(path);
      const links = await page.locator("a[href]").evaluateAll((all) => all.map(({ href }) => href));
      const here = links.map((href) => new URL(href)).filter(({ origin }) => origin === it.collector.url);
      const others = ({ pathname }) => pathname === (base ? "/" : "/app/") || pathname.endsWith(".html");
      const own = here.filter((url) => !others(url));
      assert.deepEqual(own.filter(({ pathname }) => !pathname.startsWith(`${base}/`)).map(String), []);
      for (const { pathname, search } of own) left.add(pathname + search);
    }
    assert.ok(seen.size >= 25, [...seen].join(" "));
    for (const page of ["/collectors.html", "/privacy.html"]) {
      assert.equal((await fetch(it.collector.url + page)).status, 200, page);
    }
    assert.deepEqual(it.errors, []);
  }
});

test("the demo's own button opens the summary, and so does the hint", async (t) => {
  const it = await world(t);
  const page = await it.open(`${it.collector.url}/`);
  const widget = page.locator("passerby-summary");
  const open = () => until("it is open", () => widget.evaluate((element) => element.hasAttribute("open")));
  await widget.getByRole("button").first().click();
  await open();
  assert.match(await widget.evaluate((element) => element.shadowRoot.textContent), /Window & Till/);
  const other = await it.open(`${it.collector.url}/goods/jug`);
  await other.getByRole("button", { name: "Add to cart" }).first().click();
  await other.getByRole("status", { name: "What just happened" }).getByText("potential customer").waitFor();
  await other.getByRole("link", { name: "open the summary" }).click();
  await other.locator("passerby-summary[open]").waitFor({ state: "attached" });
});

/** From the shop front to the till and out again, by hand. */
async function shopped(it, base) {
  const page = await it.open(`${it.collector.url}${base}/`);
  const at = (path) => until(`it is at ${path}`, async () => new URL(page.url()).pathname === base + path);
  await taken(page, "user");
  await page.getByRole("link", { name: "Shop", exact: true }).click();
  await at("/goods/");
  await page.getByRole("link", { name: "The sill lantern" }).click();
  await at("/goods/lantern");
  await page.getByRole("heading", { name: "The sill lantern", level: 1 }).waitFor();
  await page.getByRole("button", { name: "Add to cart" }).first().click();
  await taken(page, "potential");
  await page.getByRole("link", { name: /^Cart/ }).click();
  await page.getByRole("link", { name: "Check out" }).click();
  await at("/checkout/");
  for (const [label, value] of Object.entries(TYPED)) await page.getByLabel(label).fill(value);
  await page.getByRole("button", { name: /^Pay/ }).click();
  await at("/thanks/");
  await page.getByRole("heading", { name: "Thank you" }).waitFor();
  return page;
}

/** What the collector says of a session and must not depend on how the shop is built. */
async function numbers(collector, id, base) {
  const { pages } = await collector.session(id);
  const { pageDepth, bounced, engaged, audience, stage } = (await collector.sessions()).find((one) => one.id === id);
  const conversions = (await collector.events()).map(({ name }) => name).filter((name) => CONVERSIONS.includes(name));
  const path = (url) => new URL(url).pathname.slice(base.length);
  const read = pages.map(({ url, title }) => [path(url), title]);
  return { pageDepth, bounced, engaged, audience, stage, conversions, pages: read };
}

/** The page and its summary take the visitor for this. */
async function taken(page, audience) {
  await page.waitForFunction(() => typeof window.passerby?.summary === "function");
  await until(`the visitor is a ${audience}`, async () => (await summary(page)).audience.is === audience);
  await page.waitForSelector(`html[data-passerby-audience="${audience}"]`, { state: "attached" });
}
