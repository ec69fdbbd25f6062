// Everything there is, or one kind of it.

import { cards, seen } from "../card.js";
import { h, spoken } from "../dom.js";
import { GOODS, KINDS } from "../goods.js";
import { tell } from "../tell.js";
import { href } from "../where.js";

export function page({ query }) {
  const kind = Object.hasOwn(KINDS, query.get("category")) ? query.get("category") : undefined;
  const goods = GOODS.filter((one) => !kind || one.kind === kind);
  tell("view_item_list", { ...seen(...goods), item_list_name: kind ?? "all" });
  const tab = (path, name, here) => h("li", {}, h("a", { href: href(path), "aria-current": here && "true" }, name));
  return {
    title: kind ? KINDS[kind] : "The whole shop",
    inside: [
      h("header.lead", {},
        h("h1", {}, kind ? KINDS[kind] : "The whole shop"),
        spoken("p",
          "Twelve things, and none of them is needed. That is what a sill is for.",
          "The things in your cart are still here too, should you want a second one.",
          "You know the way. What is new stands on the left."),
        h("ul.kinds", {},
          tab("/goods/", "All", !kind),
          Object.entries(KINDS).map(([key, name]) => tab(`/goods/?category=${key}`, name, key === kind)))),
      cards(goods),
    ],
  };
}
