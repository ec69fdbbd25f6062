// The journal's contents.

import { art, h } from "../dom.js";
import { ARTICLES } from "../journal.js";
import { href } from "../where.js";

export const teaser = ({ id, title, intro, minutes, thing }) =>
  h("li.teaser", {},
    h("a", { href: href(`/journal/${id}`) },
      art(thing),
      h("div", {}, h("strong", {}, title), h("p", {}, intro), h("span.kicker", {}, `${minutes} minutes`))));

export const page = () => ({
  title: "Journal",
  inside: [
    h("header.lead", {}, h("h1", {}, "The journal"),
      h("p", {}, "About sills, light and people who pass. Long enough to be scrolled, which is part of the " +
        "demonstration.")),
    h("ul.teasers.all", {}, ARTICLES.map(teaser)),
  ],
});
