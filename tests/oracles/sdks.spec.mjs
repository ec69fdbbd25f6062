// What other systems' own libraries say of a visit, ours says too: captured on loopback, compared event by event.

import assert from "node:assert/strict";
import { test } from "node:test";
import { EVENT, ORDER, PURCHASE, TRAITS, differences, ours, server } from "./compare.mjs";
import { theirs } from "./theirs.mjs";

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
