import mixpanel from "mixpanel-browser";

window.run = async (host, { customer, event, purchase }) => {
  mixpanel.init("k", { api_host: host, persistence: "localStorage", batch_requests: false, ip: true });
  mixpanel.track_pageview();
  mixpanel.track(event.name, event.properties);
  mixpanel.identify(customer);
  mixpanel.track("purchase", purchase);
};
