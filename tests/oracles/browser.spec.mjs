// The same of their libraries for browsers, on the same page. What ours leaves out is named here, each with its kind:
// facts about the device that make a fingerprint, the library's own affairs, and times and counts of their sessions.

import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "esbuild";
import { until } from "../e2e/harness.mjs";
import { EVENT, ORDER, PURCHASE, TRAITS, differences, ours, server } from "./compare.mjs";

const CUSTOMER = "c-17";

const segment = {
  events: ({ url, body }) => (url.includes("/v1/") && body ? (JSON.parse(body).batch ?? [JSON.parse(body)]) : []),
  key: ({ type, event }) => event ?? type,
  visitor: ({ anonymousId }) => anonymousId,
  // With each event what ours says once a batch, or where the destination is.
  leftOut: /^(integrations|_metadata|writeKey|sentAt)|^context\.(userAgent|library|timezone)/,
};

const POSTHOG = new RegExp(
  [
    // The device.
    "os|browser$|browser_(version|type|language_prefix)|timezone|raw_user_agent|screen|viewport",
    // The library, its queues and its clock; where ours says it once for the event.
    "lib|sdk|config|initialization_time|recording|insert_id|time|is_identified|user_id|pageview_id",
    // "$direct" for no referrer; the session's entry, which PostHog finds by its own first page view.
    "referr|session_entry",
  ]
    .map((names) => `^properties\\.\\$(${names})`)
    .join("|") + "|^properties\\.(token|distinct_id)$",
);

/** How many events their library sends of the calls, and what ours does not say. */
const SYSTEMS = {
  segment: { ...segment, count: 4 },
  rudderstack: {
    ...segment,
    count: 4,
    // "$direct" stands for no referrer, which ours leaves out; theirs repeats the traits with each later event.
    leftOut: /^integrations|^context\.(app|library|os|screen|timezone|traits|userAgent)|(referrer|tab_url)$/,
  },
  posthog: {
    count: 4,
    // Theirs has $set beside the properties, where PostHog takes it too.
    events: ({ body }) =>
      (body ? JSON.parse(body).batch : []).map(({ $set, $set_once, ...event }) => {
        return $set ? { ...event, properties: { ...event.properties, $set } } : event;
      }),
    key: ({ event }) => event,
    visitor: ({ properties }) => properties.$device_id,
    leftOut: POSTHOG,
  },
  mixpanel: {
    count: 4,
    events: ({ body, url }) => {
      const data = new URLSearchParams(body).get("data");
      if (!url.includes("/track") || !data) return [];
      const json = data.startsWith("[") ? data : Buffer.from(data, "base64").toString("utf8");
      return [JSON.parse(json)].flat();
    },
    key: ({ event }) => event,
    visitor: ({ properties }) => properties.$device_id,
    leftOut: /^properties\.(\$(os|browser|screen|initial_|lib_version)|mp_lib|current_url_protocol)/,
  },
  amplitude: {
    count: 3,
    events: ({ body }) => (body ? JSON.parse(body).events : []),
    key: ({ event_type }) => event_type,
    visitor: ({ device_id }) => device_id,
    // "$remote" asks for the address to be located.
    leftOut: /^(ip|event_id|library|user_agent)$/,
  },
  snowplow: {
    count: 2,
    events: ({ body }) => (body ? JSON.parse(body).data : []),
    key: ({ e, se_ac }) => se_ac ?? e,
    visitor: ({ duid }) => duid,
    // The device; tracker and its name; `co` is held to Snowplow's schemas by snowplow.spec.mjs.
    leftOut: /^(cookie|cs|res|cd|tz|vp|ds|tv|tna|co)$/,
  },
};

/** Their library, bundled, in a tab of the same browser on the same page, from which ours is kept away. */
async function theirs(t, name, { it, url }) {
  const foreign = await server(t, name);
  const entryPoints = [new URL(`in-page/${name}.mjs`, import.meta.url).pathname];
  const define = { "process.env.NODE_ENV": '"production"' };
  const { outputFiles } = await build({ entryPoints, bundle: true, write: false, format: "iife", define });
  const page = await it.visitor.newPage();
  await page.route("**/dist/*", (route) => route.abort());
  await page.goto(url);
  await page.addScriptTag({ content: outputFiles[0].text });
  const calls = { customer: CUSTOMER, event: EVENT, order: ORDER, purchase: PURCHASE, traits: TRAITS };
  await page.evaluate(([host, calls]) => window.run(host, calls), [foreign.url, calls]);
  const { events, count } = SYSTEMS[name];
  const sent = () => foreign.posts().flatMap(events);
  await until("their library has sent all", () => sent().length >= count, { onFailure: () => JSON.stringify(sent()) });
  return sent();
}

/** The visitor is another one, as is the session; where they stand is compared. */
function anonymous(events, visitor) {
  const id = visitor(events[0]);
  const text = JSON.stringify(events);
  return JSON.parse(id ? text.replaceAll(id, "the visitor") : text, (_, value) => (said(value) ? value : undefined));
}

/** Empty is nothing said. */
function said(value) {
  if (value === null || typeof value !== "object") return value !== null && value !== "";
  return Array.isArray(value) || Object.keys(value).length > 0;
}

for (const [name, system] of Object.entries(SYSTEMS)) {
  test(`what ${name}'s own library for browsers says, ours says too`, { timeout: 60_000 }, async (t) => {
    const visit = await ours(t, name, system);
    const they = anonymous(await theirs(t, name, visit), system.visitor);
    const we = anonymous(visit.events, system.visitor);
    const missing = they.flatMap((event) => {
      const key = system.key(event);
      const our = we.filter((event) => system.key(event) === key);
      if (our.length !== 1) return [`${key}: ${our.length} of ours`];
      return differences(our[0], event, "", system.leftOut).map((what) => `${key}: ${what}`);
    });
    assert.deepEqual(missing, []);
    t.diagnostic(`${they.length} events: ${they.map(system.key).join(", ")}`);
  });
}
