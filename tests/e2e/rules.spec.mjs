// Declared rules, from the tag and from a program: what they make of a visitor, in the page and at the collector.

import assert from "node:assert/strict";
import { test } from "node:test";
import { flush, summary, until, world } from "./harness.mjs";

const audience = (page) => page.evaluate(() => window.passerby.summary().audience);
const painted = (page) => page.evaluate(() => document.documentElement.dataset.passerbyAudience);

test("three products make a potential customer, a page for members a customer, on any later page too", async (t) => {
  const tag = 'data-potential-when="view_item&gt;=3&amp;days&lt;7" data-customer-when="/plain/members/*"';
  const it = await world(t, { tag });
  const page = await it.open();
  for (const is of ["user", "user", "potential"]) {
    await page.evaluate(() => window.passerby.track("view_item"));
    assert.equal((await audience(page)).is, is);
  }
  assert.equal(await painted(page), "potential");
  await page.evaluate(() => history.pushState({}, "", "/plain/members/start"));
  await until("the rule holds", async () => (await audience(page)).is === "customer");
  assert.equal((await audience(page)).reason, "/plain/members/*");
  const explained = await page.evaluate(() => window.passerby.explain().find(({ about }) => about === "audience"));
  const rule = "/plain/members/*";
  assert.deepEqual(explained, { about: "audience", is: "customer", rule, because: rule });
  await flush(page);
  await it.arrived(
    { name: "audience", props: { audience: "potential", reason: "view_item>=3&days<7" } },
    { name: "audience", props: { audience: "customer", reason: "/plain/members/*" } },
  );
  await it.visitor.addInitScript(() => {
    window.heard = [];
    addEventListener("passerby:audience", ({ detail }) => window.heard.push(detail.is));
  });
  const next = await it.open("/second");
  assert.equal(await painted(next), "customer");
  await until("it is settled", () => next.evaluate(() => window.passerby.summary().settled));
  assert.deepEqual(await next.evaluate(() => window.heard), ["customer"], "once: nothing has changed");
  assert.deepEqual(it.errors, []);
});

test("lists and rules may be written with spaces, and the window hears of each change", async (t) => {
  const tag = 'data-customer-when="purchase, view_item >= 2 &amp; days < 3" data-conversions="sign_up, download"';
  const it = await world(t, { tag });
  const page = await it.open();
  const heard = await page.evaluate(() => {
    const heard = [];
    addEventListener("passerby:audience", ({ detail }) => heard.push(detail.is));
    for (const name of ["view_item", "download", "view_item"]) window.passerby.track(name);
    return heard;
  });
  assert.equal(heard.at(-1), "customer");
  const { audience, session } = await summary(page);
  assert.deepEqual([audience.is, audience.reason, session.bounced], ["customer", "view_item>=2&days<3", false]);
});

test("a trait makes a customer where the rules say so, and a log-in alone does not", async (t) => {
  const it = await world(t, { tag: 'data-frames="false"' });
  const page = await it.open();
  const seen = await page.evaluate(async (collector) => {
    const { init } = await import("/dist/index.js");
    const customerWhen = ["purchase", { plan: "pro", seats: 5 }];
    const visit = init({ site: "traits", collector, customerWhen });
    const steps = [];
    for (const traits of [undefined, { plan: "pro", seats: 4 }, { plan: "pro", seats: 5, name: "any" }]) {
      visit.identify("C-1", traits);
      steps.push(visit.audience);
    }
    await visit.flush();
    return steps;
  }, `${it.collector.url}/v1/batch`);
  assert.deepEqual(seen, ["user", "user", "customer"]);
  await it.arrived({ name: "audience", props: { audience: "customer", reason: "plan=pro&seats=5" } });
});

test("an e-mail address is refused as a customer id with a word of what to do, which then works", async (t) => {
  const it = await world(t);
  const page = await it.open();
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  await page.evaluate(() => window.passerby.identify("ada@example.com"));
  assert.equal((await audience(page)).is, "user");
  const told = /e-mail.*a customer number or a hash/;
  await until("the console says so", () => said.some((text) => told.test(text)));
  await page.evaluate(() => window.passerby.identify("5e884898da28047151d0e56f8dc62927"));
  assert.equal((await audience(page)).is, "customer");
  await flush(page);
  await it.arrived({ name: "identify", props: { customer: "5e884898da28047151d0e56f8dc62927" } });
});

test("another tab hears that its visitor has become a customer", async (t) => {
  const it = await world(t);
  const [one, other] = [await it.open(), await it.open("/second")];
  for (const page of [one, other]) {
    await until("storage has said who this is", async () => (await summary(page)).settled);
  }
  await other.evaluate(() => {
    window.heard = [];
    addEventListener("passerby:audience", ({ detail }) => window.heard.push(detail.is));
    window.passerby.on("audience", () => window.heard.push("on"));
  });
  await one.evaluate(() => window.passerby.identify("C-1"));
  await until("it is painted there too", async () => (await painted(other)) === "customer");
  assert.deepEqual((await other.evaluate(() => window.heard)).sort(), ["customer", "on"]);
});

test("rules may stand on several lines, and none at all are the usual ones", async (t) => {
  const lines = await world(t, { tag: 'data-customer-when="\n  purchase,\n  vip\n"' });
  const page = await lines.open();
  await page.evaluate(() => window.passerby.track("vip"));
  assert.equal((await audience(page)).is, "customer");
  const none = await world(t, { tag: 'data-customer-when=""' });
  const plain = await none.open();
  await plain.evaluate(() => window.passerby.purchase({ transaction_id: "T-1" }));
  assert.equal((await audience(plain)).is, "customer");
});
