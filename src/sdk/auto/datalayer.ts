/**
 * GA4's events from `window.dataLayer`, as Tag Manager (`{event, ecommerce}`) and gtag (`event, name, {...}`) push
 * them: what is there already, and what comes. Nothing else in it is read.
 */

import type { Properties } from "../types";
import { listen, type Part } from "./part";

const NAMES =
  "add_payment_info add_shipping_info add_to_cart add_to_wishlist begin_checkout generate_lead login purchase refund " +
  "remove_from_cart search select_content select_item select_promotion share sign_up view_cart view_item " +
  "view_item_list view_promotion view_search_results";

const KNOWN = new Set(NAMES.split(" "));
/** For the tag itself, or who somebody is. */
const APART = /^(event|ecommerce|send_to|user_.*|gtm\..*|.*_?callback|eventTimeout)$/i;

const datalayer: Part = (visit, signal) => {
  // A page that is still being read may put an array of its own in place (`dataLayer = [...]`).
  if (document.readyState == "loading") {
    return listen(signal, document, "DOMContentLoaded", () => datalayer(visit, signal));
  }
  const layer: any[] = ((window as any).dataLayer ||= []);
  const take = (entry: any) => {
    // gtag pushes its arguments.
    const gtag = entry?.[0] == "event";
    const name = gtag ? entry[1] : entry?.event;
    if (signal.aborted || !KNOWN.has(name)) return;
    const from = gtag ? entry[2] : (entry.ecommerce ?? entry);
    const props: Properties = {};
    for (const key of Object.keys(from || {})) if (!APART.test(key)) props[key] = from[key];
    visit.track(name, props);
  };
  const safely = (entries: any[]) => {
    try {
      entries.forEach(take);
    } catch {}
  };
  const { push } = layer;
  const ours = (...entries: any[]) => {
    const length = push.apply(layer, entries);
    safely(entries);
    return length;
  };
  layer.push = ours;
  signal.addEventListener("abort", () => {
    // Only while nobody has wrapped it again: their copy of ours stays harmless.
    if (layer.push == ours) layer.push = push;
  });
  safely([...layer]);
};

export default datalayer;
