// The shop. It talks to Passerby only through its public face, and works the same without it.
"use strict";

const GOODS = {
  lantern: { name: "The sill lantern", cents: 4800 },
  jug: { name: "The sprig jug", cents: 3200 },
  curtain: { name: "The half curtain", cents: 3900 },
  bell: { name: "The door bell", cents: 1800 },
};

/** Hands over `window.passerby`, now or once its script has come. */
function withPasserby(use) {
  if (typeof window.passerby?.track === "function") return use(window.passerby);
  document.querySelector("script[data-collector]")?.addEventListener("load", () => {
    if (typeof window.passerby?.track === "function") use(window.passerby);
  });
}

const all = (selector) => document.querySelectorAll(selector);
const one = (selector) => document.querySelector(selector);
const euros = (cents) => (cents / 100).toFixed(2);
const write = (selector, text) => all(selector).forEach((element) => (element.textContent = text));

// Storage may be forbidden; the shop then forgets the cart with the page.
function load(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

function save(key, value) {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
  } catch {}
}

// Thing → number. Only what the shop sells, whatever storage says.
const cart = new Map(Object.entries(load("cart") ?? {}).filter(([id, number]) => GOODS[id] && number > 0));
const total = () => [...cart].reduce((sum, [id, number]) => sum + GOODS[id].cents * number, 0);

function changeCart(id, number) {
  if (number > 0) cart.set(id, number);
  else cart.delete(id);
  save("cart", Object.fromEntries(cart));
  showCart();
}

function showCart() {
  const count = [...cart.values()].reduce((sum, number) => sum + number, 0);
  write("[data-cart-count]", count);
  write("[data-cart-total]", `€${euros(total())}`);
  const rows = one("[data-cart-rows]");
  if (!rows) return;
  one("[data-cart]").hidden = cart.size === 0;
  one("[data-cart-empty]").hidden = cart.size > 0;
  rows.replaceChildren(...[...cart].map(([id, number]) => row(id, number)));
}

function row(id, number) {
  const { name, cents } = GOODS[id];
  const line = document.createElement("tr");
  const link = document.createElement("a");
  link.href = `/product.html#${id}`;
  link.textContent = name;
  line.insertCell().append(link);
  line.insertCell().textContent = number;
  line.insertCell().textContent = `€${euros(cents * number)}`;
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "quiet";
  remove.textContent = "Remove";
  remove.setAttribute("aria-label", `Remove ${name}`);
  remove.addEventListener("click", () => {
    const removed = { item_id: id, value: euros(cents), currency: "EUR" };
    withPasserby((passerby) => passerby.track("remove_from_cart", removed));
    changeCart(id, 0);
  });
  line.insertCell().append(remove);
  return line;
}

function pay(event) {
  event.preventDefault();
  if (cart.size === 0) return;
  const item = ([id, number]) => ({ item_id: id, quantity: number, price: euros(GOODS[id].cents) });
  const order = {
    transaction_id: `W${Date.now().toString(36).toUpperCase()}`,
    value: euros(total()),
    currency: "EUR",
    items: [...cart].map(item),
  };
  // Then straight to the next page: no waiting, and still nothing is lost.
  withPasserby((passerby) => passerby.purchase(order));
  save("order", order);
  cart.clear();
  save("cart", {});
  location.href = "/thanks.html";
}

/** `add_to_cart` itself is told by the button's own `data-passerby-event`. */
function added(button) {
  const id = button.dataset.add;
  changeCart(id, (cart.get(id) ?? 0) + 1);
  button.textContent = "In the cart";
  setTimeout(() => (button.textContent = "Add to cart"), 1500);
}

function showProduct() {
  const products = [...all("[data-product]")];
  const shown = products.find((product) => product.id === location.hash.slice(1)) ?? products[0];
  for (const product of products) product.hidden = product !== shown;
  if (!shown) return;
  const { name, cents } = GOODS[shown.id];
  const viewed = { item_id: shown.id, item_name: name, value: euros(cents), currency: "EUR" };
  withPasserby((passerby) => passerby.track("view_item", viewed));
}

function share(button) {
  const note = button.closest("[data-product]").querySelector("[data-note]");
  const copied = navigator.clipboard?.writeText(location.href);
  if (!copied) return void (note.textContent = "Copy the address of this page to share it.");
  copied.then(
    () => (note.textContent = "The link is on your clipboard."),
    () => (note.textContent = "Copy the address of this page to share it."),
  );
}

function signUp(event) {
  event.preventDefault();
  // The address stays here; that somebody signed up is all that is told.
  withPasserby((passerby) => passerby.track("sign_up", { method: "letter" }));
  event.target.reset();
  one("[data-letter-done]").textContent = "Welcome. The next letter is yours.";
}

function showOrder() {
  const order = load("order");
  if (!order || !one("[data-order-some]")) return;
  one("[data-order-some]").hidden = false;
  one("[data-order-none]").hidden = true;
  write("[data-order-id]", order.transaction_id);
  write("[data-order-total]", `€${order.value}`);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  if (!button) return;
  if ("add" in button.dataset) added(button);
  if ("share" in button.dataset) share(button);
  if ("like" in button.dataset) one("[data-like-done]").textContent = "Thank you.";
  if ("logIn" in button.dataset) {
    withPasserby((passerby) => {
      passerby.track("login", { method: "demo" });
      passerby.identify("demo-ada", { plan: "regular" });
    });
  }
  if ("logOut" in button.dataset) withPasserby((passerby) => passerby.reset());
});
one("[data-checkout]")?.addEventListener("submit", pay);
one("[data-letter]")?.addEventListener("submit", signUp);
window.addEventListener("hashchange", () => all("[data-product]").length && showProduct());
// The cart may have changed on the page one comes back from.
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
showCart();
showOrder();
if (all("[data-product]").length) showProduct();
