// Signing up, logging in, and what an account is good for here.

import { logIn, logInAsAda, logOut, signUp, who } from "../account.js";
import { h, spoken } from "../dom.js";
import { stored } from "../store.js";

const redraw = () => document.dispatchEvent(new Event("shop:redraw"));

const field = (id, label, type, autocomplete) => h("div.field", {},
  h("label", { for: id }, label),
  h("input", { id, name: id, type, autocomplete, required: true, minlength: type === "password" ? "4" : undefined }));

function form(id, title, act, ...inside) {
  const note = h("p.note", { role: "status" });
  const submit = (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target));
    if (act(given)) redraw();
    else note.textContent = "There is no such account in this browser. Sign up, it is quick.";
  };
  return h("form.panel", { id, onsubmit: submit }, h("h2", {}, title), inside, note);
}

const signing = () => form("sign-up", "Sign up", ({ new_name: name, new_email: email }) => signUp(name, email),
  field("new_name", "Name", "text", "name"),
  field("new_email", "E-mail", "email", "email"),
  field("new_password", "Password", "password", "new-password"),
  h("p.actions", {}, h("button.buy", { type: "submit" }, "Sign up")));

const logging = () => form("log-in", "Log in", ({ email }) => logIn(email),
  field("email", "E-mail", "email", "email"),
  field("password", "Password", "password", "current-password"),
  h("p.actions", {},
    h("button.buy", { type: "submit" }, "Log in"),
    h("button.quiet", { type: "button", onclick: () => void (logInAsAda(), redraw()) }, "Log in as Ada")));

const nobody = () => [
  h("header.lead", {}, h("h1", {}, "Your account"),
    spoken("p",
      "An account makes a user a customer: somebody whom the shop knows again.",
      "With an account you find your cart again, and the shop finds you.",
      "You have bought something already. With an account, the order has a place to be.")),
  h("div.panels", {}, signing(), logging()),
];

const bought = ({ transaction_id: number, value, items }) => h("li", {},
  h("strong", {}, number), " ", items.map(({ quantity, item_name: name }) => `${quantity} × ${name}`).join(", "), " ",
  h("span.price", {}, `€${value}`));

function leave() {
  logOut();
  redraw();
}

function somebody({ id, name, email }) {
  const { orders } = stored();
  return [
    h("header.lead", {}, h("h1", {}, `Good day, ${name}`),
      h("p", {}, "You are logged in, so Passerby knows you as customer ", h("code", {}, id),
        ". That number is all it got: name and e-mail address stay in the shop.")),
    h("div.panels", {},
      h("section.panel", {}, h("h2", {}, "Orders"),
        orders.length > 0 ? h("ul.orders", {}, orders.map(bought)) : h("p", {}, "None yet.")),
      h("section.panel", {}, h("h2", {}, "You"), h("p", {}, name), h("p", {}, email),
        h("p.actions", {}, h("button.quiet", { type: "button", onclick: leave }, "Log out here")))),
  ];
}

export function page() {
  const account = who();
  return { title: "Account", inside: account ? somebody(account) : nobody() };
}
