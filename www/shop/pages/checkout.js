// The till. What is typed here is checked, and then forgotten: neither the shop nor Passerby keeps it.

import { who } from "../account.js";
import { lines, order, total } from "../cart.js";
import { h } from "../dom.js";
import { price } from "../goods.js";
import { sold } from "../tell.js";
import { go, href } from "../where.js";
import { sum } from "./cart.js";

function field(id, label, autocomplete, more = {}) {
  return h("div.field", { class: more.short ? "field short" : "field" },
    h("label", { for: id }, label),
    h("input", { id, name: id, autocomplete, required: true, ...more, short: undefined }));
}

function pay(event) {
  event.preventDefault();
  if (lines().length === 0) return;
  // Then straight to the next page: no waiting, and still nothing is lost.
  sold(order());
  go("/thanks/");
}

function form() {
  const { name = "", email = "" } = who() ?? {};
  return h("form.checkout", { id: "checkout", onsubmit: pay },
    h("fieldset", {}, h("legend", {}, "Where shall it go?"),
      field("name", "Name", "name", { value: name }),
      field("email", "E-mail", "email", { type: "email", value: email }),
      field("street", "Street and number", "street-address"),
      field("postcode", "Postcode", "postal-code", { short: true }),
      field("city", "Town", "address-level2", { short: true })),
    h("fieldset", {}, h("legend", {}, "How do you pay?"),
      field("card", "Card number", "cc-number", { inputmode: "numeric", placeholder: "any: nothing is charged" }),
      field("until", "Valid until", "cc-exp", { short: true, placeholder: "MM/YY" }),
      field("code", "Security code", "cc-csc", { short: true, type: "password", inputmode: "numeric" })),
    h("fieldset", {}, h("legend", {}, "Anything we should know?"),
      h("div.field", {}, h("label", { for: "note" }, "Note ", h("span", {}, "(not needed)")),
        h("textarea", { id: "note", name: "note", rows: "3" }))),
    h("p.actions", {}, h("button.buy", { type: "submit" }, `Pay ${price(total())}`),
      h("a.quiet", { href: href("/cart/") }, "Back to the cart")));
}

const basket = () => h("div.side", {},
  h("ul.short-lines", {}, lines().map(({ name, number, cents }) =>
    h("li", {}, h("span", {}, `${number} × ${name}`), h("span.price", {}, price(cents * number))))),
  sum(),
  h("p.small", {}, "This is a demonstration. Type what you like: it is read by nobody, stored nowhere, and in no " +
    "beacon."));

export function page() {
  const empty = lines().length === 0;
  return {
    title: "Checkout",
    look: "till",
    inside: [
      h("h1", {}, "The till"),
      empty
        ? h("p.line", {}, "There is nothing to pay for. ", h("a", { href: href("/goods/") }, "The window is that way."))
        : h("div.till", {}, form(), basket()),
    ],
  };
}
