// One thing, by itself.

import { adder, cards, pane, seen } from "../card.js";
import { h, spoken } from "../dom.js";
import { GOODS, KINDS, good, price } from "../goods.js";
import { tell } from "../tell.js";
import { href } from "../where.js";

const COPY = "Copy the address of this page to share it.";

function share({ id }) {
  const note = h("p.note", { role: "status" });
  const attributes = { "type": "button", "data-passerby-event": "share", "data-passerby-prop-item_id": id };
  const button = h("button.quiet", { ...attributes, onclick: copy }, "Share");
  async function copy() {
    const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
    note.textContent = copied ? "The link is on your clipboard." : COPY;
  }
  return { button, note };
}

/** Those of the same kind first; never the thing itself. */
const beside = (one) =>
  GOODS.filter(({ id }) => id !== one.id).sort((a, b) => (b.kind === one.kind) - (a.kind === one.kind)).slice(0, 4);

export function page({ id }) {
  const one = good(id);
  if (!one) return undefined;
  tell("view_item", seen(one));
  const { button, note } = share(one);
  return {
    title: one.name,
    inside: [
      h("article.product", {},
        pane(one.id, one.name),
        h("div", {},
          h("p.kicker", {}, h("a", { href: href(`/goods/?category=${one.kind}`) }, KINDS[one.kind])),
          h("h1", {}, one.name),
          h("p.price", {}, price(one.cents)),
          h("p.line", {}, one.line),
          one.story.map((text) => h("p", {}, text)),
          h("ul.facts", {},
            h("li", {}, one.size),
            h("li", {}, "Wrapped in paper, sent within two days"),
            h("li.for-user", {}, "May be brought back within a month"),
            h("li.for-potential", {}, "Goes well with what is in your cart already"),
            h("li.for-customer", {}, "As a customer you may bring it back for a year")),
          h("p.actions", {}, adder(one), button),
          note)),
      h("section", { "aria-labelledby": "beside" },
        h("h2", { id: "beside" }, "Beside it in the window"),
        cards(beside(one))),
    ],
  };
}
