// The cart: thing → number, and only what the shop sells, whatever storage says.

import { GOODS, euros, good } from "./goods.js";
import { store, stored } from "./store.js";

const watchers = new Set();
const MOST = 99;

export function lines() {
  const { cart } = stored();
  const number = ({ id }) => Math.min(MOST, Math.max(0, Math.floor(Number(cart?.[id])) || 0));
  return GOODS.map((one) => ({ ...one, number: number(one) })).filter(({ number }) => number > 0);
}

export const count = () => lines().reduce((sum, { number }) => sum + number, 0);
export const total = () => lines().reduce((sum, { cents, number }) => sum + cents * number, 0);

export function put(id, number) {
  const cart = Object.fromEntries(lines().map((line) => [line.id, line.number]));
  store({ cart: { ...cart, [id]: number } });
  watchers.forEach((watcher) => watcher());
}

export const add = (id) => put(id, (lines().find((line) => line.id === id)?.number ?? 0) + 1);

export function empty() {
  store({ cart: {} });
  watchers.forEach((watcher) => watcher());
}

/** Now, and whenever it has changed, here or in another tab. */
export function whenChanged(watcher) {
  watchers.add(watcher);
  watcher();
}

addEventListener("storage", () => watchers.forEach((watcher) => watcher()));

/** Items as GA4 has them, with money as decimal text: no rounding anywhere. */
export const item = (id, quantity = 1) => ({
  item_id: id,
  item_name: good(id).name,
  item_category: good(id).kind,
  quantity,
  price: euros(good(id).cents),
});

/** What is bought becomes an order that the shop remembers. Where it goes and who pays is not kept. */
export function order() {
  const made = {
    transaction_id: `W${Date.now().toString(36).toUpperCase()}`,
    value: euros(total()),
    currency: "EUR",
    items: lines().map(({ id, number }) => item(id, number)),
  };
  store({ orders: [...stored().orders, { ...made, fresh: true }] });
  empty();
  return made;
}
