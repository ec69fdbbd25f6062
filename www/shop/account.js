// Who is logged in. A demonstration: any password does, and none is kept.

import { store, stored } from "./store.js";
import { known, unknown } from "./tell.js";

export function who() {
  const { accounts, in: id } = stored();
  return accounts.find((account) => account.id === id);
}

export function signUp(name, email) {
  const { accounts } = stored();
  if (accounts.some((account) => account.email === email)) return logIn(email);
  const account = { id: `C-${crypto.getRandomValues(new Uint32Array(1))[0].toString(36)}`, name, email };
  store({ accounts: [...accounts, account], in: account.id });
  known(account, "sign_up");
  return account;
}

/** Nobody, if there is no such account in this browser. */
export function logIn(email) {
  const account = stored().accounts.find((one) => one.email === email);
  if (!account) return undefined;
  store({ in: account.id });
  known(account, "login");
  return account;
}

/** For whoever is in a hurry. */
export function logInAsAda() {
  const ada = { id: "C-ada", name: "Ada Passer", email: "ada@window-and-till.example" };
  const { accounts } = stored();
  store({ accounts: [...accounts.filter(({ id }) => id !== ada.id), ada], in: ada.id });
  known(ada, "login");
}

export function logOut() {
  store({ in: null, orders: [] });
  unknown();
}
