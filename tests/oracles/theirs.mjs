// The same visit through the other systems' own libraries, to a server on loopback.

import { randomUUID } from "node:crypto";
import * as amplitude from "@amplitude/analytics-node";
import { Analytics } from "@segment/analytics-node";
import { buildPageView, buildStructEvent, newTracker } from "@snowplow/node-tracker";
import Mixpanel from "mixpanel";
import { PostHog } from "posthog-node";
import Rudder from "@rudderstack/rudder-sdk-node";

const CLOSE_MS = 5000;

/** Each takes the server's address, and who did what; it resolves when everything has been sent. */
export const theirs = {
  async segment(host, { visitor, customer, page, event, order, traits }) {
    const analytics = new Analytics({ writeKey: "k", host, path: "/v1/batch", maxRetries: 0 });
    analytics.page({ anonymousId: visitor, properties: page });
    analytics.track({ anonymousId: visitor, event: event.name, properties: event.properties });
    analytics.identify({ anonymousId: visitor, userId: customer, traits });
    analytics.track({ anonymousId: visitor, userId: customer, event: "Order Completed", properties: order });
    await analytics.closeAndFlush({ timeout: CLOSE_MS });
  },

  async rudderstack(host, { visitor, customer, page, event, order, traits }) {
    const analytics = new Rudder("k", { dataPlaneUrl: host, gzip: false, logLevel: "error" });
    analytics.page({ anonymousId: visitor, properties: page });
    analytics.track({ anonymousId: visitor, event: event.name, properties: event.properties });
    analytics.identify({ anonymousId: visitor, userId: customer, traits });
    analytics.track({ anonymousId: visitor, userId: customer, event: "Order Completed", properties: order });
    await analytics.flush();
  },

  async posthog(host, { visitor, customer, page, event, order, traits }) {
    const client = new PostHog("k", { host, disableCompression: true, disableGeoip: true, fetchRetryCount: 0 });
    const session = { $session_id: randomUUID() };
    const viewed = { $current_url: page.url, title: page.title, $pathname: page.path };
    client.capture({ distinctId: visitor, event: "$pageview", properties: { ...viewed, ...session } });
    client.capture({ distinctId: visitor, event: event.name, properties: { ...event.properties, ...session } });
    client.identify({ distinctId: customer, properties: { $set: traits, $anon_distinct_id: visitor } });
    client.capture({ distinctId: customer, event: "Order Completed", properties: { ...order, ...session } });
    await client.shutdown(CLOSE_MS);
  },

  async mixpanel(host, { visitor, customer, page, event, purchase }) {
    const client = Mixpanel.init("k", { host: host.replace("http://", ""), protocol: "http", geolocate: true });
    const anonymous = { distinct_id: `$device:${visitor}`, $device_id: visitor };
    const known = { distinct_id: customer, $user_id: customer, $device_id: visitor };
    const send = (name, properties) => {
      const made = { ...properties, $insert_id: randomUUID() };
      return new Promise((resolve, reject) => client.track(name, made, (error) => (error ? reject(error) : resolve())));
    };
    await send("$mp_web_page_view", { ...anonymous, $current_url: page.url, current_page_title: page.title });
    await send(event.name, { ...anonymous, ...event.properties });
    await send("purchase", { ...known, ...purchase });
  },

  async amplitude(host, { visitor, customer, event, purchase, traits }) {
    const options = { serverUrl: `${host}/2/httpapi`, logLevel: 0, minIdLength: 1, flushMaxRetries: 1 };
    const client = amplitude.createInstance();
    await client.init("k", options).promise;
    const session = { session_id: Date.now(), platform: "Web", language: "en-US" };
    client.track(event.name, event.properties, { device_id: visitor, ...session });
    const user = new amplitude.Identify();
    for (const [name, value] of Object.entries(traits)) user.set(name, value);
    client.identify(user, { device_id: visitor, user_id: customer, ...session });
    const revenue = { revenue: Number(purchase.value), revenueType: "purchase" };
    const bought = { device_id: visitor, user_id: customer, ...revenue, ...session };
    client.track("purchase", purchase, bought);
    await client.flush().promise;
  },

  async snowplow(host, { visitor, customer, page, event }) {
    let sent;
    const done = new Promise((resolve) => (sent = resolve));
    const tracker = newTracker(
      { namespace: "passerby", appId: "k", encodeBase64: false },
      { endpoint: host, eventMethod: "post", bufferSize: 2, onRequestSuccess: sent },
    );
    tracker.setDomainUserId(visitor);
    tracker.setUserId(customer);
    tracker.setLang("en-US");
    tracker.track(buildPageView({ pageUrl: page.url, pageTitle: page.title, referrer: "" }));
    const label = JSON.stringify(event.properties);
    tracker.track(buildStructEvent({ category: "passerby", action: event.name, label }));
    await done;
  },
};
