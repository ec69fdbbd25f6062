// What was searched for. The automatic event `search` reads the words from the address.

import { cards } from "../card.js";
import { h } from "../dom.js";
import { GOODS, found } from "../goods.js";
import { ARTICLES } from "../journal.js";
import { teaser } from "./journal.js";

const articles = (words) => {
  const wanted = words.toLowerCase();
  return wanted ? ARTICLES.filter(({ title, text }) => [title, ...text].join(" ").toLowerCase().includes(wanted)) : [];
};

export function page({ query }) {
  const words = (query.get("q") ?? "").trim();
  const things = found(words);
  const read = articles(words);
  const none = things.length + read.length === 0;
  return {
    title: words ? `Search: ${words}` : "Search",
    inside: [
      h("header.lead", {},
        h("h1", {}, words ? `“${words}”` : "What are you looking for?"),
        h("p", { role: "status" }, none ? "Nothing of that name. Something else, perhaps:"
          : `${things.length} in the window, ${read.length} in the journal.`)),
      cards(none ? GOODS.slice(0, 4) : things),
      h("ul.teasers", {}, read.map(teaser)),
    ].filter((part) => part.localName !== "ul" || part.children.length > 0),
  };
}
