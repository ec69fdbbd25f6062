import { newTracker, setUserId, trackPageView, trackStructEvent } from "@snowplow/browser-tracker";

window.run = async (host, { customer, event }) => {
  newTracker("sp", host, {
    appId: "k",
    encodeBase64: false,
    bufferSize: 1,
    stateStorageStrategy: "none",
    contexts: { session: true, webPage: true, browser: false },
  });
  trackPageView();
  trackStructEvent({ category: "passerby", action: event.name, label: JSON.stringify(event.properties) });
  setUserId(customer);
};
