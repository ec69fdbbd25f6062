// What other systems' own libraries say of a visit, ours says too: captured on loopback, compared event by event.

import assert from "node:assert/strict";
import { test } from "node:test";
import { flush, until, world } from "../e2e/harness.mjs";
import { startForeign } from "../e2e/harness/foreign.mjs";
import { theirs } from "./theirs.mjs";

const PURCHASE = {
  transaction_id: "T-1",
  value: "24.50",
  currency: "EUR",
  items: [{ item_id: "A1", item_name: "Cup", price: 12.25, quantity: 2 }],
};
/** The same order in the words of Segment's e-commerce events. */
const ORDER = {
  order_id: "T-1",
  revenue: 24.5,
  total: 24.5,
  currency: "EUR",
  products: [{ product_id: "A1", name: "Cup", price: 12.25, quantity: 2 }],
};
const EVENT = { name: "signup", properties: { plan: "pro", seats: 3, beta: true, nested: { list: [1, "two"] } } };
const TRAITS = { tier: "gold", since: 2019 };

const segment = {
  events: ({ body }) => JSON.parse(body).batch,
  key: ({ type, event }) => event ?? type,
  visitor: ({ anonymousId }) => anonymousId,
  // Of the library and its surroundings.
  theirOwn: /^(integrations|_metadata|channel|context\.library)/,
};

/** How events stand in a request, what two of them have in common, and what is only the library's own. */
const SYSTEMS = {
  segment,
  rudderstack: segment,
  posthog: {
    events: ({ body }) => JSON.parse(body).batch,
    key: ({ event }) => event,
    visitor: ({ distinct_id }) => distinct_id,
    theirOwn: /^properties\.\$(lib|lib_version|is_server|geoip_disable|set_once)/,
  },
  mixpanel: {
    events: ({ body, url }) => {
      const data = new URLSearchParams(body || url.split("?")[1]).get("data");
      const json = data.startsWith("[") ? data : Buffer.from(data, "base64").toString("utf8");
      return [JSON.parse(json)].flat();
    },
    key: ({ event }) => event,
    visitor: ({ properties }) => properties.$device_id,
    theirOwn: /^properties\.mp_lib|^properties\.\$lib_version/,
  },
  amplitude: {
    events: ({ body }) => JSON.parse(body).events,
    key: ({ event_type }) => event_type,
    visitor: ({ device_id }) => device_id,
    theirOwn: /^(event_id|library)/,
  },
  snowplow: {
    events: ({ body }) => JSON.parse(body).data,
    key: ({ e, se_ac }) => se_ac ?? e,
    visitor: ({ duid }) => duid,
    // They are a server, and knew the customer before the visitor said so.
    theirOwn: /^(p|tv|uid)$/,
  },
};

const answers = { mixpanel: "1", amplitude: '{"code":200,"events_ingested":1}' };

async function server(t, name) {
  const foreign = await startForeign(() => ({ body: answers[name] ?? "{}" }));
  t.after(() => foreign.close());
  return foreign;
}

/** Our own visit: its events, its page. */
async function ours(t, name, { events }) {
  const foreign = await server(t, name);
  const it = await world(t, { tag: `data-format="${name}" data-key="k"`, collector: foreign.url });
  const page = await it.open("/all");
  await page.evaluate(([event, traits, purchase]) => {
    const { passerby } = window;
    passerby.track(event.name, event.properties);
    passerby.identify("c-17", traits);
    passerby.purchase(purchase);
  }, [EVENT, TRAITS, PURCHASE]);
  await flush(page);
  await until("all is acknowledged", async () => {
    const { acknowledged, sent, queued } = await page.evaluate(() => window.passerby.summary().delivery);
    return sent > 4 && acknowledged === sent && queued === 0;
  });
  const language = await page.evaluate(() => navigator.language);
  assert.equal(language, "en-US");
  return { events: foreign.posts().flatMap(events), url: page.url() };
}

for (const [name, system] of Object.entries(SYSTEMS)) {
  test(`what ${name}'s own library says, ours says too`, { timeout: 60_000 }, async (t) => {
    const we = await ours(t, name, system);
    const foreign = await server(t, name);
    await theirs[name](foreign.url, {
      visitor: system.visitor(we.events[0]),
      customer: "c-17",
      page: { url: we.url, path: "/all", title: "All formats" },
      event: EVENT,
      order: ORDER,
      purchase: PURCHASE,
      traits: TRAITS,
    });
    const they = foreign.requests.flatMap(system.events);
    assert.ok(they.length >= 2, "their library has sent something");
    const missing = they.flatMap((event) => {
      const key = system.key(event);
      const our = we.events.filter((event) => system.key(event) === key);
      if (our.length !== 1) return [`${key}: ${our.length} of ours`];
      return differences(our[0], event, "", system.theirOwn).map((what) => `${key}: ${what}`);
    });
    assert.deepEqual(missing, [], `ours: ${JSON.stringify(we.events, null, 1)}`);
    t.diagnostic(`${they.length} events: ${they.map(system.key).join(", ")}`);
  });
}

/** Where `they` say something that `we` do not. Ids and times need only be of a kind. */
function differences(we, they, path, own) {
  if (own.test(path)) return [];
  if (they !== null && typeof they === "object" && we !== null && typeof we === "object") {
    const inner = (key) => (path ? `${path}.${key}` : key);
    return Object.keys(they).flatMap((key) => differences(we[key], they[key], inner(key), own));
  }
  return kind(we, path) === kind(they, path) ? [] : [`${path}: ${JSON.stringify(we)}, theirs ${JSON.stringify(they)}`];
}

function kind(value, path) {
  if (/(messageId|insert_id|uuid|eid|session_id)$/.test(path)) return typeof value;
  if (/(timestamp|sentAt|Timestamp)$/.test(path)) return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? "a time" : value;
  if (/(time|dtm|stm)$/.test(path)) {
    // Seconds or milliseconds, as numbers or digits: each system takes one of the two types.
    return /^\d{10}(\d{3})?$/.test(value) ? `a time as ${typeof value}` : value;
  }
  if (path === "duid") return String(value).replaceAll("-", "").length;
  return JSON.stringify(value);
}

