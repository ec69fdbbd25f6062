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

function told(words, things, articles) {
  if (!words) return "A word will do: a thing, a plant, something you read. Or have a look at these:";
  if (things + articles === 0) return "Nothing of that name. Something else, perhaps:";
  return `${things} in the window, ${articles} in the journal.`;
}

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
        h("p", { role: "status" }, told(words, things.length, read.length))),
      cards(none ? GOODS.slice(0, 4) : things),
      h("ul.teasers", {}, read.map(teaser)),
    ].filter((part) => part.localName !== "ul" || part.children.length > 0),
  };
}
