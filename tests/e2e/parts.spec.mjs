// Parts that cost nothing unless imported: typed commerce, score and segments, links that stop the measuring.

import assert from "node:assert/strict";
import { test } from "node:test";
import { flush, shows, summary, until, world } from "./harness.mjs";

test("the commerce helpers send GA4's events, in GA4's shapes", async (t) => {
  const it = await world(t);
  const page = await it.open();
  await page.evaluate(async () => {
    const { commerce } = await import("/dist/commerce.js");
    const shop = commerce(window.passerby);
    const items = [{ item_id: "SKU_1", price: "7.77", quantity: 2 }];
    const worth = { currency: "EUR", value: "15.54", items };
    shop.viewItemList({ items });
    shop.selectItem({ items });
    for (const name of ["viewItem", "addToWishlist", "addToCart", "removeFromCart", "viewCart"]) shop[name](worth);
    shop.cart({ currency: "EUR", value: "15.54", items: 2 });
    for (const name of ["beginCheckout", "addShippingInfo", "addPaymentInfo"]) shop[name](worth);
    shop.purchase({ transaction_id: "T-1", ...worth });
    shop.refund({ transaction_id: "T-1", currency: "EUR", value: "5.54" });
    shop.orderError({ order: "T-2", reason: "declined" });
  });
  await flush(page);
  const worth = { props: { currency: "EUR", value: "15.54", items: (items) => items[0].quantity === 2 } };
  const names = ["view_item", "add_to_wishlist", "add_to_cart", "remove_from_cart", "view_cart", "begin_checkout"];
  await it.arrived(
    { name: "view_item_list" },
    { name: "select_item" },
    ...[...names, "add_shipping_info", "add_payment_info"].map((name) => ({ name, ...worth })),
    { name: "cart", props: { items: 2 } },
    { name: "purchase", props: { transaction_id: "T-1", value: "15.54" } },
    { name: "refund", props: { transaction_id: "T-1", value: "5.54" } },
    { name: "order_error", props: { order: "T-2", reason: "declined" } },
  );
  // A customer stays one.
  assert.equal((await summary(page)).audience.is, "customer");
});

test("score and segments, by import and in the summary", async (t) => {
  const segments = "readers: page_view>=1; buyers: purchase>=1";
  const it = await world(t, { tag: `data-kind="shop" data-segments="${segments}"` });
  const page = await it.open();
  await page.evaluate(() => window.passerby.track("add_to_cart", { value: 5, currency: "EUR" }));
  const measured = await page.evaluate(async () => {
    const { score } = await import("/dist/score.js");
    const rules = { readers: "page_view>=1", buyers: "purchase>=1", "cart & intent": { audience: "potential" } };
    return [score(window.passerby, rules), score(window.passerby)];
  });
  const [{ score, parts, segments: inside }, plain] = measured;
  assert.deepEqual(inside, ["readers", "cart & intent"]);
  assert.deepEqual(plain.segments, []);
  assert.deepEqual(Object.keys(parts), ["recency", "frequency", "depth", "engaged_time", "interactions"]);
  assert.equal(score, Object.values(parts).reduce((sum, part) => sum + part));
  assert.deepEqual([parts.recency, parts.frequency, parts.depth, parts.interactions], [20, 2, 4, 2]);
  await page.keyboard.press("Alt+Shift+P");
  await shows(page, "Potential customer");
  const text = await page.locator("passerby-summary").evaluate((element) => element.shadowRoot.textContent);
  for (const told of ["Score", "of 100", "Recency", "Filled, not bought", "Features used", "readers"]) {
    assert.ok(text.includes(told), `${told} is not in: ${text}`);
  }
  assert.ok(!text.includes("buyers"), text);
  // A shop's cart comes before its visit.
  assert.ok(text.indexOf("Cart") < text.indexOf("This visit"), text);
});

test("a segment asks for traits, here and in the collector", async (t) => {
  // As a person: the collector lists no bots among the visitors.
  const userAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0";
  const it = await world(t, { context: { userAgent } });
  await it.visitor.addInitScript(() => Object.defineProperty(navigator, "webdriver", { value: false }));
  const page = await it.open();
  const told = await page.evaluate(async () => {
    const { score } = await import("/dist/score.js");
    const rules = { pro: { plan: "pro", seats: 12 }, new: "audience_days<1&audience=customer", free: "plan=free" };
    const before = score(window.passerby, rules).segments;
    window.passerby.identify("c-1004", { plan: "pro", seats: 12, mail: "ada@shop.example" });
    return [before, score(window.passerby, rules).segments, window.passerby.summary().audience.traits];
  });
  assert.deepEqual(told, [[], ["pro", "new"], { plan: "pro", seats: 12, mail: "[redacted]" }]);
  await flush(page);
  await it.arrived({ name: "identify" });
  const segments = ["pro: plan=pro&seats=12", "new: audience_days<1&audience=customer", "free: plan=free"];
  const [person] = await it.collector.people(...segments);
  assert.deepEqual(person.segments, ["pro", "new"]);
});

test("a link stops the measuring, and another allows it again", async (t) => {
  const it = await world(t, { tag: 'data-auto="optout"' });
  const page = await it.open();
  await it.arrived({ name: "page_view" });
  await page.evaluate(() => {
    document.body.insertAdjacentHTML(
      "beforeend",
      '<a id="out" href="#" data-passerby-optout>Do not measure me</a><button id="in" data-passerby-optin>Do</button>',
    );
  });
  await until("the part is asked for", () => it.site.asked("/dist/auto/optout.js"));
  await page.evaluate(() => import("/dist/auto/optout.js"));
  await page.click("#out");
  const chosen = () => page.locator("[data-passerby-chosen]").evaluateAll((all) => all.map(({ id }) => id));
  await until("it is stopped", async () => (await chosen()).join() === "out");
  assert.equal(await page.locator("#in").getAttribute("aria-pressed"), "false");
  await page.evaluate(() => window.passerby.track("unseen"));
  await flush(page);
  const stored = () => page.evaluate(() => Object.entries(localStorage));
  const kept = await stored();
  assert.deepEqual(kept.map(([, value]) => value), ["denied"]);
  await page.click("#in");
  await until("it goes on", async () => (await chosen()).join() === "in");
  await page.evaluate(() => window.passerby.track("seen"));
  await flush(page);
  await it.arrived({ name: "consent", props: { choice: "granted" } }, { name: "seen" });
  const names = (await it.collector.events()).map(({ name }) => name);
  assert.ok(!names.includes("unseen"), names.join());
});
