import { AnalyticsBrowser } from "@segment/analytics-next";

window.run = async (host, { customer, event, order, traits }) => {
  const apiHost = `${host.replace("http://", "")}/v1`;
  const own = { "Segment.io": { apiKey: "k", apiHost, protocol: "http" } };
  const analytics = AnalyticsBrowser.load({ writeKey: "k", cdnSettings: { integrations: own } });
  await analytics.page();
  await analytics.track(event.name, event.properties);
  await analytics.identify(customer, traits);
  await analytics.track("Order Completed", order);
};
