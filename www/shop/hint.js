// What just happened, in a corner: this is a demonstration, and a visitor should not have to guess.

import { h } from "./dom.js";

const WELCOME = "This page counts its own visitors, you among them. See what it knows:";
const SAID = {
  add_to_cart: "You put something in the cart. A cart is intent, so the page now takes you for a potential customer.",
  begin_checkout: "You went to the till. The page noted that you did, and nothing of what you type there.",
  purchase: "You bought something, so you are a customer now. The order was handed over before this page opened.",
  generate_lead: "You asked for the letter. That is a conversion, and makes a user a potential customer.",
  sign_up: "You told the shop who you are. Passerby got a number and a plan, and neither name nor address.",
  login: "You logged in, so you are a customer: a known one, with or without a purchase.",
  reset: "You logged out. From here on you are somebody new, with a session of your own.",
  share: "You shared something. Of a customer, that is the last stage there is: advocate.",
  like: "You liked an article. It counts as an event of this visit, and changes nothing else.",
};

const text = h("span", {}, WELCOME);
const close = h("button.close", { type: "button", "aria-label": "Close this hint", onclick: () => hide() }, "×");
const open = h("a", { href: "#passerby" }, "open the summary");

/** Read out when it changes; never in the way of anything but itself. */
export const hint = h("aside.hint", { role: "status", "aria-label": "What just happened" },
  h("p", {}, text, " ",
    h("span.keys", {}, open, " or press ",
      h("kbd", {}, "Alt"), "+", h("kbd", {}, "Shift"), "+", h("kbd", {}, "P"), "."),
    h("a.touch", { href: "#passerby" }, "tap here for the summary")),
  close,
);

const CLOSED = "window-and-till-hint";

function hide() {
  hint.hidden = true;
  try {
    sessionStorage.setItem(CLOSED, "closed");
  } catch {}
}

try {
  hint.hidden = sessionStorage.getItem(CLOSED) !== null;
} catch {}

export function happened(name) {
  if (!SAID[name]) return;
  text.textContent = `${SAID[name]} See it there:`;
  hint.hidden = false;
}
