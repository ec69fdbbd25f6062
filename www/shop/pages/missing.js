// An address that leads nowhere. The automatic event `notfound` tells of it.

import { pane } from "../card.js";
import { h } from "../dom.js";
import { href } from "../where.js";

export const page = () => ({
  title: "Not in the window",
  inside: [
    h("div.product.thanks", {}, pane("bird"),
      h("div", {}, h("h1", {}, "Not in the window"),
        h("p.line", {}, "There is nothing at this address, or there was and somebody bought it."),
        h("p.actions", {}, h("a.buy", { href: href("/goods/") }, "See what there is")))),
  ],
});
