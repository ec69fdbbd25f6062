// Other systems' formats from the page: what arrives at a server that plays them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { flush, matches, until, world } from "./harness.mjs";
import { startForeign } from "./harness/foreign.mjs";

const ORDER = {
  transaction_id: "T-1",
  value: "24.50",
  currency: "EUR",
  items: [{ item_id: "A1", item_name: "Cup", price: 12.25, quantity: 2 }],
};

/** One visit with everything in it, delivered to a server that answers like this. */
async function visited(t, { tag, answer, path = "", headers }) {
  const foreign = await startForeign(answer);
  t.after(() => foreign.close());
  const it = await world(t, { tag, collector: foreign.url + path, headers });
  const page = await it.open("/all");
  await page.evaluate((order) => {
    const { passerby } = window;
    passerby.track("signup", { plan: "pro" });
    passerby.identify("c-17", { tier: "gold" });
    passerby.purchase(order);
  }, ORDER);
  await flush(page);
  return { it, page, foreign };
}

test("PostHog gets its own events, once, without a preflight", async (t) => {
  const { page, foreign } = await visited(t, { tag: 'data-format="posthog" data-key="phc_test"' });
  const delivered = () => page.evaluate(() => window.passerby.summary().delivery);
  await until("all is acknowledged", async () => {
    const { acknowledged, sent, queued } = await delivered();
    return sent > 0 && acknowledged === sent && queued === 0;
  });
  assert.deepEqual(foreign.preflights(), []);
  const bodies = foreign.posts().map(({ url, headers, body }) => {
    assert.equal(url, "/batch/");
    assert.equal(headers["content-type"], "text/plain");
    return JSON.parse(body);
  });
  assert.ok(bodies.every((body) => body.api_key === "phc_test" && !Number.isNaN(Date.parse(body.sent_at))));
  const events = bodies.flatMap((body) => body.batch);
  const find = (want) => {
    const event = events.find((event) => matches(event, want));
    assert.ok(event, `${JSON.stringify(want)} in ${JSON.stringify(events)}`);
    return event;
  };
  const view = find({ event: "$pageview", properties: { title: "All formats", $pathname: "/all" } });
  assert.match(view.properties.$current_url, /^http:\/\/127\.0\.0\.1:\d+\/all$/);
  assert.equal(view.properties.$process_person_profile, false);
  const visitor = view.distinct_id;
  const session = view.properties.$session_id;
  assert.match(session, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  find({ event: "signup", distinct_id: visitor, properties: { plan: "pro", $pathname: "/all" } });
  find({
    event: "$identify",
    distinct_id: "c-17",
    properties: { $anon_distinct_id: visitor, $set: { tier: "gold" }, $process_person_profile: true },
  });
  find({
    event: "Order Completed",
    distinct_id: "c-17",
    properties: {
      order_id: "T-1",
      revenue: 24.5,
      currency: "EUR",
      products: (list) => matches(list[0], { product_id: "A1", name: "Cup", price: 12.25, quantity: 2 }),
    },
  });
  assert.ok(events.every((event) => event.properties.$session_id === session), "one session");
  assert.equal(new Set(events.map((event) => event.uuid)).size, events.length, "every event has an id of its own");
});

/** Format, the path it has unless the address has one, whether browsers ask first, and how an event is found in it. */
const OTHERS = [
  ["segment", "/v1/batch", false, ({ body }) => body.includes('"event":"signup"')],
  ["rudderstack", "/beacon/v1/batch?writeKey=k", false, ({ body }) => body.includes('"event":"signup"')],
  ["snowplow", "/com.snowplowanalytics.snowplow/tp2", true, ({ body }) => body.includes('"se_ac":"signup"')],
  ["matomo", "/matomo.php", false, ({ body }) => body.includes("e_a=signup")],
  ["plausible", "/api/event", false, ({ body }) => JSON.parse(body).name === "signup"],
  ["umami", "/api/batch", false, ({ body }) => body.includes('"name":"signup"')],
  ["umami-single", "/api/send", false, ({ body }) => JSON.parse(body).payload.name === "signup"],
  ["amplitude", "/2/httpapi", false, ({ body }) => body.includes('"event_type":"signup"')],
  ["mixpanel", "/track/?verbose=1&ip=1", false, ({ body }) => decodeURIComponent(body).includes('"event":"signup"')],
  ["cloudevents", "/", true, ({ body }) => JSON.parse(body).some(({ type }) => type === "signup")],
  ["otlp", "/v1/logs", true, ({ body }) => body.includes('"eventName":"signup"')],
];

for (const [name, path, asks, holds] of OTHERS) {
  const how = asks ? "after the browser has asked" : "without a preflight";
  test(`${name} is delivered from the page, ${how}`, async (t) => {
    const answer = () => ({ body: name === "mixpanel" ? "1" : "{}" });
    const { page, foreign } = await visited(t, { tag: `data-format="${name}" data-key="k"`, answer });
    await until("all is acknowledged", async () => {
      const { acknowledged, sent, queued, dropped } = await page.evaluate(() => window.passerby.summary().delivery);
      assert.deepEqual(dropped, {});
      return sent > 4 && acknowledged === sent && queued === 0;
    });
    assert.ok(foreign.posts().every(({ url }) => url === path), foreign.posts()[0]?.url);
    assert.equal(foreign.preflights().length > 0, asks);
    assert.equal(foreign.posts().filter(holds).length, 1);
  });
}

test("a proxy's own path is kept, and what fails is sent again with the same ids", async (t) => {
  let answers = 0;
  const answer = () => (answers++ === 0 ? { status: 503, body: "" } : {});
  const { foreign } = await visited(t, { tag: 'data-format="posthog" data-key="k"', path: "/ingest/", answer });
  const posts = foreign.posts;
  const views = () => posts().filter(({ body }) => body.includes('"$pageview"'));
  await until("the page view comes again", () => views().length === 2);
  assert.ok(posts().every(({ url }) => url === "/ingest/"));
  const [first, second] = views().map(({ body }) => JSON.parse(body).batch);
  assert.deepEqual(second, first);
});

test("where a page forbids WebAssembly, the format is the same", async (t) => {
  const headers = { "content-security-policy": "script-src 'self'; connect-src *" };
  const { it, foreign } = await visited(t, { tag: 'data-format="segment" data-key="k"', headers });
  const events = () => foreign.posts().flatMap(({ body }) => JSON.parse(body).batch);
  const wanted = ["page", "signup", "identify", "Order Completed"];
  const found = () => wanted.every((name) => events().some(({ type, event }) => (event ?? type) === name));
  await until("all four arrive", found, { onFailure: () => JSON.stringify(foreign.requests) });
  assert.deepEqual(it.errors, []);
});

test("a format that is none, or has a secret, sends nothing and says so", async (t) => {
  const { page, foreign } = await visited(t, { tag: 'data-format="nobody" data-key="k"' });
  const said = await page.evaluate(() => window.passerby.explain().find(({ about }) => about === "delivery"));
  assert.match(said.because, /format is unknown/);
  assert.deepEqual(foreign.requests, []);
});

test("transform sends what it makes of a batch, and any 2xx acknowledges it", async (t) => {
  const foreign = await startForeign(() => ({ status: 202, body: "thanks" }));
  t.after(() => foreign.close());
  const it = await world(t, { collector: `${foreign.url}/collect` });
  const page = await it.open("/plain");
  // As from npm: the package's own init with a function for an option.
  const done = await page.evaluate(async (collector) => {
    const { init } = await import("/dist/index.js");
    const transform = (batch) => ({
      url: `${collector}?of=${batch.site}`,
      body: batch.events.map((event) => event.name).join(),
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    const visit = init({ collector, site: "mine", transform });
    visit.track("signup");
    await visit.flush();
    return visit.summary().delivery;
  }, `${foreign.url}/collect`);
  assert.equal(done.acknowledged, done.sent);
  const made = foreign.posts().filter(({ url }) => url === "/collect?of=mine");
  assert.match(made.map(({ body }) => body).join(), /^page_view,signup\b/);
  assert.ok(made.every(({ headers }) => headers["content-type"] === "application/x-www-form-urlencoded"));
});
