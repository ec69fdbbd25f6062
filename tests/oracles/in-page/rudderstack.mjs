import { RudderAnalytics } from "@rudderstack/analytics-js/bundled";

window.run = async (host, { customer, event, order, traits }) => {
  const analytics = new RudderAnalytics();
  const alone = { configUrl: host, queueOptions: { maxItems: 10 }, logLevel: "ERROR", sendAdblockPage: false };
  analytics.load("k", host, alone);
  await new Promise((resolve) => analytics.ready(resolve));
  analytics.page();
  analytics.track(event.name, event.properties);
  analytics.identify(customer, traits);
  analytics.track("Order Completed", order);
};
