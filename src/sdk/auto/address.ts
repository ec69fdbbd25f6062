/** Calls at once, and whenever the page's address has changed without a load. */

import { listen } from "./part";

export function onAddress(signal: AbortSignal, call: () => void): void {
  let before = "";
  const look = () => {
    if (location.href == before) return;
    before = location.href;
    call();
  };
  // Browsers without the navigation API tell of no push: the next traversal or load is heard of there.
  const { navigation = window } = window as any;
  listen(signal, navigation, "currententrychange popstate", look);
  look();
}
