// A visit of ours to a system, and how it differs from what the system's own library makes of the same calls.

import assert from "node:assert/strict";
import { flush, until, world } from "../e2e/harness.mjs";
import { startForeign } from "../e2e/harness/foreign.mjs";

export const PURCHASE = {
  transaction_id: "T-1",
  value: "24.50",
  currency: "EUR",
  items: [{ item_id: "A1", item_name: "Cup", price: 12.25, quantity: 2 }],
};
/** The same order in the words of Segment's e-commerce events. */
export const ORDER = {
  order_id: "T-1",
  revenue: 24.5,
  total: 24.5,
  currency: "EUR",
  products: [{ product_id: "A1", name: "Cup", price: 12.25, quantity: 2 }],
};
export const EVENT = {
  name: "signup",
  properties: { plan: "pro", seats: 3, beta: true, nested: { list: [1, "two"] } },
};
export const TRAITS = { tier: "gold", since: 2019 };

/** RudderStack's browser library asks for its settings first. */
const WHOSE = { id: "s", name: "s", writeKey: "k", enabled: true, workspaceId: "w" };
const SOURCE = JSON.stringify({ source: { ...WHOSE, config: {}, destinations: [], dataplanes: {} } });
const answers = { mixpanel: "1", amplitude: '{"code":200,"events_ingested":1}' };

/** One that takes everything, as this system answers. */
export async function server(t, name) {
  const body = ({ url }) => (url.startsWith("/sourceConfig") ? SOURCE : (answers[name] ?? "{}"));
  const foreign = await startForeign((request) => ({ body: body(request) }));
  t.after(() => foreign.close());
  return foreign;
}

/** Our own visit: its events, its page. */
export async function ours(t, name, { events }) {
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
  return { it, events: foreign.posts().flatMap(events), url: page.url() };
}

/** Where `they` say something that `we` do not. Ids and times need only be of a kind. */
export function differences(we, they, path, own) {
  if (own.test(path)) return [];
  if (they !== null && typeof they === "object" && we !== null && typeof we === "object") {
    const inner = (key) => (path ? `${path}.${key}` : key);
    return Object.keys(they).flatMap((key) => differences(we[key], they[key], inner(key), own));
  }
  return kind(we, path) === kind(they, path) ? [] : [`${path}: ${JSON.stringify(we)}, theirs ${JSON.stringify(they)}`];
}

function kind(value, path) {
  if (/(messageId|insert_id|uuid|eid|sid|session_?id|window_id)$/i.test(path)) return typeof value;
  if (/(timestamp|sentAt|Timestamp)$/.test(path)) return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? "a time" : value;
  if (/(time|dtm|stm)$/.test(path)) {
    // Seconds or milliseconds, as numbers or digits: each system takes one of the two types.
    return /^\d{10}(\d{3}|\.\d+)?$/.test(value) ? `a time as ${typeof value}` : value;
  }
  if (path === "duid") return String(value).replaceAll("-", "").length;
  return JSON.stringify(value);
}
