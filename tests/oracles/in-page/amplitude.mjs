import * as amplitude from "@amplitude/analytics-browser";

window.run = async (host, { customer, event, purchase, traits }) => {
  const quiet = { autocapture: false, defaultTracking: false, fetchRemoteConfig: false, logLevel: 0 };
  await amplitude.init("k", { serverUrl: `${host}/2/httpapi`, ...quiet }).promise;
  amplitude.track(event.name, event.properties);
  await amplitude.flush().promise;
  amplitude.setUserId(customer);
  const user = new amplitude.Identify();
  for (const [name, value] of Object.entries(traits)) user.set(name, value);
  amplitude.identify(user);
  const { value, ...properties } = purchase;
  amplitude.track("purchase", { value, ...properties }, { revenue: Number(value), revenueType: "purchase" });
  await amplitude.flush().promise;
};
