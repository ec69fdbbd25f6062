// One article.

import { card } from "../card.js";
import { art, h, spoken } from "../dom.js";
import { good } from "../goods.js";
import { ARTICLES } from "../journal.js";
import { href } from "../where.js";

/** A paragraph, `# a heading`, or `> words to stand out`. */
function block(text) {
  if (text.startsWith("# ")) return h("h2", {}, text.slice(2));
  if (text.startsWith("> ")) return h("blockquote", {}, h("p", {}, text.slice(2)));
  return h("p", {}, text);
}

const figure = ({ label, caption }) =>
  h("figure", {}, art("row", { label, kind: "art row" }), h("figcaption", {}, caption));

function liked(id) {
  const done = h("span", { role: "status" });
  const attributes = { "type": "button", "data-passerby-event": "like", "data-passerby-prop-article": id };
  return [h("button.quiet", { ...attributes, onclick: () => (done.textContent = "Thank you.") }, "I liked this"), done];
}

export function page({ id }) {
  const at = ARTICLES.findIndex((one) => one.id === id);
  const article = ARTICLES[at];
  if (!article) return undefined;
  const next = ARTICLES[(at + 1) % ARTICLES.length];
  const text = article.text.map(block);
  if (article.figure) text.splice(3, 0, figure(article.figure));
  return {
    title: article.title,
    inside: [
      h("article.journal", {},
        h("p.kicker", {}, h("a", { href: href("/journal/") }, "Journal"), ` · ${article.minutes} minutes`),
        h("h1", {}, article.title),
        h("p.intro", {}, article.intro),
        text,
        spoken("p",
          h("a", { href: href("/goods/") }, "What we would begin with is in the window."),
          h("a", { href: href("/cart/") }, "What you chose is still by the till."),
          "You have one of these already, so you know."),
        h("p.actions", {}, liked(id))),
      h("section.after", { "aria-label": "Further" },
        h("ul.cards", {}, card(good(article.thing))),
        h("a.next", { href: href(`/journal/${next.id}`) }, h("span.kicker", {}, "Next"), h("strong", {}, next.title),
          h("p", {}, next.intro))),
    ],
  };
}
