// The demo as npm start serves it: a visitor comes as a user, shows intent, buys, and logs out.

import assert from "node:assert/strict";
import { test } from "node:test";
import { matches, summary, until, world } from "./harness.mjs";

test("user, potential customer, customer, and a new user after log-out", async (t) => {
  const it = await world(t);
  const page = await it.open(`${it.collector.url}/`);
  await taken(page, "user");
  const { id } = (await summary(page)).session;
  await page.goto(`${it.collector.url}/product.html`);
  await page.getByRole("button", { name: "Add to cart" }).first().click();
  await taken(page, "potential");
  await page.getByRole("link", { name: /^Cart/ }).click();
  await page.getByRole("link", { name: "Check out" }).click();
  await page.getByRole("button", { name: /^Pay/ }).click();
  await page.waitForURL("**/thanks.html");
  await taken(page, "customer");
  const wanted = ["add_to_cart", "begin_checkout", "purchase"].map((name) => ({ name, session: id }));
  const views = ["/", "/product.html", "/cart.html", "/thanks.html"].map((path) => ({
    name: "page_view",
    session: id,
    page: { url: it.collector.url + path },
  }));
  const [, , purchase] = await it.arrived(...wanted, ...views);
  assert.ok(matches(purchase.props, { currency: "EUR", transaction_id: /^W/ }), JSON.stringify(purchase.props));
  assert.ok(matches(await it.collector.session(id), { pageDepth: 4, bounced: false, engaged: true }));
  await page.getByRole("button", { name: "Log out" }).click();
  await taken(page, "user");
  assert.notEqual((await summary(page)).session.id, id);
  assert.deepEqual(it.errors, []);
});

test("the demo's own button opens the summary", async (t) => {
  const it = await world(t);
  const page = await it.open(`${it.collector.url}/`);
  const widget = page.locator("passerby-summary");
  await widget.getByRole("button").first().click();
  await until("it is open", () => widget.evaluate((element) => element.hasAttribute("open")));
  assert.match(await widget.evaluate((element) => element.shadowRoot.textContent), /Window & Till/);
});

/** The page and its summary take the visitor for this. */
async function taken(page, audience) {
  await page.waitForFunction(() => typeof window.passerby?.summary === "function");
  await until(`the visitor is a ${audience}`, async () => (await summary(page)).audience.is === audience);
  await page.waitForSelector(`html[data-passerby-audience="${audience}"]`, { state: "attached" });
}
