// A thing as it stands in the window: on its sill, behind its pane.

import { add, item } from "./cart.js";
import { art, h } from "./dom.js";
import { euros, price } from "./goods.js";
import { href } from "./where.js";

/** `add_to_cart` is told by the button's own attributes; the shop's code need not know of Passerby for that. */
export function adder({ id, kind, cents }) {
  const attributes = {
    "type": "button",
    "data-passerby-event": "add_to_cart",
    "data-passerby-prop-item_id": id,
    "data-passerby-prop-item_category": kind,
    "data-passerby-prop-value": euros(cents),
    "data-passerby-prop-currency": "EUR",
  };
  const button = h("button.buy", attributes, "Add to cart");
  button.addEventListener("click", () => {
    add(id);
    button.textContent = "In the cart";
    setTimeout(() => (button.textContent = "Add to cart"), 1500);
  });
  return button;
}

export const pane = (id, label) => h("div.pane", {}, art(id, { label }), h("span.sill"));

export const card = (one) =>
  h("li.card", {},
    h("a", { href: href(`/goods/${one.id}`) }, pane(one.id), h("strong", {}, one.name)),
    h("p", {}, one.line),
    h("div.foot", {}, h("span.price", {}, price(one.cents)), adder(one)),
  );

export const cards = (goods) => h("ul.cards", {}, goods.map(card));

/** What `view_item` and `view_item_list` say of things. */
export const seen = (...goods) => ({
  currency: "EUR",
  value: euros(goods.reduce((sum, { cents }) => sum + cents, 0)),
  items: goods.map(({ id }) => item(id)),
});
