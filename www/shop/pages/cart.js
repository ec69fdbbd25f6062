// The cart: how many of what, and the way to the till.

import { item, lines, put, total } from "../cart.js";
import { pane } from "../card.js";
import { h, spoken } from "../dom.js";
import { euros, price } from "../goods.js";
import { tell } from "../tell.js";
import { href } from "../where.js";

function line(one, redraw) {
  const change = (number) => () => {
    const less = one.number - number;
    const removed = { currency: "EUR", value: euros(one.cents * less), items: [item(one.id, less)] };
    if (less > 0) tell("remove_from_cart", removed);
    put(one.id, number);
    redraw();
  };
  const button = (text, name, number) =>
    h("button.step", { "type": "button", "aria-label": `${name} ${one.name}`, "onclick": change(number) }, text);
  return h("li.line", {},
    h("a", { "href": href(`/goods/${one.id}`), "tabindex": "-1", "aria-hidden": "true" }, pane(one.id)),
    h("div", {}, h("a.name", { href: href(`/goods/${one.id}`) }, one.name), h("p", {}, `${price(one.cents)} each`)),
    h("div.number", {},
      button("−", "One less of", one.number - 1),
      h("span", {}, one.number),
      button("+", "One more of", one.number + 1)),
    h("span.price", {}, price(one.cents * one.number)),
    h("button.quiet.remove", { "type": "button", "aria-label": `Remove ${one.name}`, "onclick": change(0) }, "Remove"));
}

export const sum = () => h("dl.sum", {},
  h("div", {}, h("dt", {}, "Things"), h("dd", {}, price(total()))),
  h("div", {}, h("dt", {}, "Delivery"), h("dd", {}, "free")),
  h("div.all", {}, h("dt", {}, "Together"), h("dd", {}, price(total()))));

function filled(redraw) {
  return h("div.till", {},
    h("ul.lines", {}, lines().map((one) => line(one, redraw))),
    h("div.side", {},
      sum(),
      h("a.buy.wide", {
        "href": href("/checkout/"),
        "data-passerby-event": "begin_checkout",
        "data-passerby-prop-value": euros(total()),
        "data-passerby-prop-currency": "EUR",
      }, "Check out"),
      h("a.quiet.wide", { href: href("/goods/") }, "Go on looking")));
}

const nothing = () => h("div.nothing", {},
  pane("bottle"),
  h("div", {}, h("p.line", {}, "There is nothing in it yet."), h("p.actions", {},
    h("a.buy", { href: href("/goods/") }, "Have a look at the window"))));

export function page() {
  const room = h("div", {});
  const draw = () => room.replaceChildren(lines().length > 0 ? filled(draw) : nothing());
  draw();
  if (total() > 0) {
    const items = lines().map(({ id, number }) => item(id, number));
    tell("view_cart", { currency: "EUR", value: euros(total()), items });
  }
  return {
    title: "Cart",
    inside: [
      h("h1", {}, "Your cart"),
      room,
      h("aside.aside", {}, spoken("p",
        "A cart makes a user a potential customer: open the summary and watch it happen.",
        "You are a potential customer now. All that is missing is the till; the order is handed over before the next " +
        "page opens, and arrives even if you close the tab.",
        "You are a customer. That stays so, whatever you put in the cart or leave there.")),
    ],
  };
}
