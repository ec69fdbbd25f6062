// What stands around every page: ribbon, head, foot, hint.

import { count, whenChanged } from "./cart.js";
import { logOut, who } from "./account.js";
import { h, spoken } from "./dom.js";
import { happened, hint } from "./hint.js";
import { go, href } from "./where.js";

export const main = h("main", { id: "main", tabindex: "-1" });

const ribbon = h("p.ribbon", { role: "note" }, spoken("span",
  "First time at the window? Have a look around, nobody will ask you anything.",
  "We are keeping your cart by the till for as long as you like.",
  [h("span.returning", {}, "Good to see you again. "), "Customers may bring anything back for a year."],
));

const links = [["/goods/", "Shop"], ["/journal/", "Journal"], ["/account/", "Account"]];
const counter = h("span.count");

function search(event) {
  event.preventDefault();
  const words = new FormData(event.target).get("q").trim();
  if (words) go(`/search/?q=${encodeURIComponent(words)}`);
}

function top() {
  const field = h("input", { type: "search", name: "q", placeholder: "Search", "aria-label": "Search the shop" });
  return h("header.top", {},
    h("a.brand", { href: href("/") }, "Window ", h("span", {}, "&"), " Till"),
    h("form.search", { role: "search", id: "search", onsubmit: search }, field),
    h("nav", { "aria-label": "Shop" },
      links.map(([path, name]) => h("a", { href: href(path) }, name)),
      h("a", { href: href("/cart/") }, "Cart ", counter)),
  );
}

function bottom() {
  const { base } = document.body.dataset;
  const twin = base ? h("a", { href: "/" }, "many pages") : h("a", { href: "/app/" }, "a single page");
  return h("footer.bottom", {},
    h("div", {},
      h("p.seen", {}, "This page takes you for ", spoken("strong",
        "a user: anonymous, looking in.",
        "a potential customer: you showed intent.",
        "a customer: you bought something, or told us who you are.")),
      h("p", {}, "Window & Till is a made-up shop that shows what Passerby does; ",
        h("a", { href: "/privacy.html" }, "what it stores and sends"), " and ",
        h("a", { href: "/collectors.html" }, "what it delivers to"), " is real. Nothing is sold here and no payment " +
        "is taken. The same shop stands here as ", twin, ".")),
    h("div.actions", {},
      h("a.quiet.for-nobody", { href: href("/account/") }, "Log in"),
      h("button.quiet.for-somebody", { type: "button", onclick: leave }, "Log out")),
  );
}

function leave() {
  logOut();
  document.dispatchEvent(new Event("shop:redraw"));
}

/** Marked elements tell Passerby by themselves; the hint hears of them here. */
function marked({ target }) {
  const element = target.closest?.("[data-passerby-event]");
  if (element) happened(element.dataset.passerbyEvent);
}

/** Only somebody who was here before is seen again: the summary says so, once it has read its storage. */
function greet() {
  document.body.classList.toggle("again", window.passerby.summary().visitor?.sessions > 1);
}

/** Not at the till, over what is being filled in: there Alt+Shift+P and #passerby still open the summary. */
function pill() {
  const summary = document.querySelector("passerby-summary");
  if (summary) summary.button = !main.classList.contains("till");
}

/** Around an empty page, once. */
export function frame() {
  document.body.prepend(h("a.skip", { href: "#main" }, "Skip to content"), ribbon, top(), main, bottom(), hint);
  document.addEventListener("click", marked);
  window.passerby?.("on", "summary", greet);
  // It comes when it has been loaded.
  new MutationObserver(pill).observe(document.body, { childList: true });
  whenChanged(() => {
    counter.textContent = count();
    counter.setAttribute("aria-label", `${count()} in it`);
  });
}

/** Where one is, for eyes and screen readers. What was searched for before belongs to the page before. */
export function mark(path) {
  document.querySelector("#search").reset();
  pill();
  for (const link of document.querySelectorAll(".top nav a")) {
    const here = path.startsWith(new URL(link.href).pathname);
    link.toggleAttribute("aria-current", here);
    if (here) link.setAttribute("aria-current", "page");
  }
  document.body.classList.toggle("known", Boolean(who()));
}
