import posthog from "posthog-js";

const QUIET = { autocapture: false, disable_session_recording: true, disable_surveys: true, rageclick: false };
const ALONE = { advanced_disable_decide: true, advanced_disable_flags: true, disable_external_dependency_loading: true };

window.run = async (host, { customer, event, order, traits }) => {
  const sending = { disable_compression: true, request_batching: false, capture_pageview: false, capture_pageleave: false };
  posthog.init("k", { api_host: host, opt_out_useragent_filter: true, ...sending, ...QUIET, ...ALONE });
  posthog.capture("$pageview");
  posthog.capture(event.name, event.properties);
  posthog.identify(customer, traits);
  posthog.capture("Order Completed", order);
};
