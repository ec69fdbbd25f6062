import posthog from "posthog-js";

const QUIET = { autocapture: false, disable_session_recording: true, disable_surveys: true, rageclick: false };
const ALONE = { advanced_disable_flags: true, disable_external_dependency_loading: true };
const PLAIN = { disable_compression: true, request_batching: false };

window.run = async (host, { customer, event, order, traits }) => {
  const ours = { opt_out_useragent_filter: true, capture_pageview: false, capture_pageleave: false };
  posthog.init("k", { api_host: host, ...ours, ...PLAIN, ...QUIET, ...ALONE });
  posthog.capture("$pageview");
  posthog.capture(event.name, event.properties);
  posthog.identify(customer, traits);
  posthog.capture("Order Completed", order);
};
