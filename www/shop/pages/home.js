// The shop front.

import { cards } from "../card.js";
import { art, h, spoken } from "../dom.js";
import { GOODS, KINDS, good } from "../goods.js";
import { ARTICLES } from "../journal.js";
import { tell } from "../tell.js";
import { href } from "../where.js";
import { teaser } from "./journal.js";

const FRONT = ["lantern", "jug", "bottle", "cushion"];
const SCENE = "A shop front in a street: a lit window with a lantern, a jug and a cat on its sill, a door standing " +
  "ajar, and somebody walking past with a dog.";

const hero = () => h("section.hero", {},
  h("div", {},
    h("h1", {}, "Good things for the window sill"),
    spoken("p",
      "Lanterns, jugs and linen for the one place in the house that everybody who walks past can see.",
      "What you chose is waiting by the till. Take your time; the window stays lit until nine.",
      "Thank you for shopping with us. Your window will look different tonight."),
    h("p.actions", {},
      h("a.buy.for-user", { href: href("/goods/") }, "See what is in the window"),
      h("a.buy.for-potential", { href: href("/cart/") }, "Go to the till"),
      h("a.buy.for-customer", { href: href("/journal/on-window-sills") }, "Read how to arrange it"),
      h("a.quiet", { href: href("/journal/") }, "The journal"))),
  art("scene", { label: SCENE, kind: "scene" }),
);

/** One card, three readers: the whole difference is in styles.css. */
const written = () => h("section.written", { "data-passerby-impression": "card-in-the-window" },
  h("div.paper", {},
    h("p.kicker", {}, "The card in the window"),
    spoken("p.script",
      "Come in. The bell rings once and nobody will follow you around.",
      "The thing you looked at is still here. We have turned it to the light.",
      "The autumn catalogue is under the counter. Say your name, or do not.")),
  h("div", {},
    h("h2", {}, "It knows who is reading"),
    h("p", {}, "A user, a potential customer and a customer each read another card. No code does that: Passerby " +
      "writes the audience on the page’s ", h("code", {}, "<html>"), " element, and three lines of CSS do the rest."),
    h("pre", {}, h("code", {},
      "html[data-passerby-audience=\"customer\"] .for-user {\n  display: none;\n}")),
    h("p", {}, "Put something in the cart, and read it again.")),
);

const step = (title, text) => h("li", {}, h("strong", {}, title), " ", text);

const tour = () => h("section.tour", { "aria-labelledby": "tour" },
  h("h2", { id: "tour" }, "A tour in three steps"),
  h("ol", {},
    step("Look in.", "Scroll, open a thing, read the journal. You are a user; page depth and engaged time grow."),
    step("Put something in the cart.", "You become a potential customer, and this page speaks to you differently."),
    step("Buy it.", "You become a customer. So does whoever logs in; logging out makes you somebody new.")),
);

function letter() {
  const done = h("p", { role: "status" });
  const submit = (event) => {
    event.preventDefault();
    // The address stays here; that somebody asked is all that is told.
    tell("generate_lead", { method: "letter" });
    event.target.reset();
    done.textContent = "Welcome. The next letter is yours.";
  };
  return h("section.letter", { "aria-labelledby": "letters" },
    h("div", {},
      h("h2", { id: "letters" }, "A letter, four times a year"),
      spoken("p",
        "One page about light, streets and what stands between them.",
        "One page, and a word when something in your cart runs low.",
        "You are on the customers’ list already; this is for a friend.")),
    h("form", { id: "letter", onsubmit: submit },
      h("label", { for: "mail" }, "E-mail"),
      h("div.together", {},
        h("input", { id: "mail", name: "mail", type: "email", autocomplete: "email", required: true,
          placeholder: "you@example.org" }),
        h("button.buy", { type: "submit" }, "Sign up")),
      done),
  );
}

const kinds = () => h("ul.kinds", {}, Object.entries(KINDS).map(([kind, name]) =>
  h("li", {}, h("a", { href: href(`/goods/?category=${kind}`) }, name, " ",
    h("span", {}, GOODS.filter((one) => one.kind === kind).length)))));

export const page = () => ({
  title: "",
  look: "home",
  inside: [
    hero(),
    h("section", { "aria-labelledby": "front" },
      h("div.headed", {}, h("h2", { id: "front" }, "In the window today"), kinds()),
      cards(FRONT.map(good))),
    tour(),
    written(),
    h("section", { "aria-labelledby": "read" },
      h("h2", { id: "read" }, "From the journal"),
      h("ul.teasers", {}, ARTICLES.slice(0, 3).map(teaser))),
    letter(),
  ],
});
