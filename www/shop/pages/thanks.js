// After the till.

import { who } from "../account.js";
import { pane } from "../card.js";
import { h } from "../dom.js";
import { happened } from "../hint.js";
import { store, stored } from "../store.js";
import { href } from "../where.js";

const none = () => h("div", {},
  h("h1", {}, "Nothing yet"),
  h("p", {}, "No order has been made in this browser. ", h("a", { href: href("/goods/") }, "The window is that way.")));

const some = ({ transaction_id: number, value, items }) => h("div", {},
  h("h1", {}, "Thank you"),
  h("p.line", {}, "Order ", h("strong", {}, number), " over ", h("strong", {}, `€${value}`), " is on the counter. We " +
    "wrap it tonight."),
  h("ul.facts", {}, items.map(({ item_name: name, quantity }) => h("li", {}, `${quantity} × ${name}`))),
  h("p.for-customer", {}, "You are a customer now. The summary says since when, and by which rule."),
  !who() && h("p", {}, "To find the order again, ", h("a", { href: href("/account/") }, "open an account"), "."),
  h("p.actions", {},
    h("a.buy", { href: href("/journal/on-window-sills") }, "Read how to arrange it"),
    h("a.quiet", { href: href("/") }, "Back to the window")));

export function page() {
  const { orders } = stored();
  const order = orders.at(-1);
  // The purchase was told before this page was opened; the hint about it belongs here, once.
  if (order?.fresh) {
    happened("purchase");
    store({ orders: orders.map(({ fresh, ...rest }) => rest) });
  }
  return {
    title: "Thank you",
    inside: [h("div.product.thanks", {}, pane(order?.items[0]?.item_id ?? "candles"), order ? some(order) : none())],
  };
}
