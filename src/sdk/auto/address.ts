/** Calls at once, and whenever the page's address has changed without a load. */

import type { Visit } from "../types";
import { listen } from "./part";

export function onAddress(visit: Visit, signal: AbortSignal, call: () => void): void {
  let before = "";
  const look = () => {
    if (location.href == before) return;
    before = location.href;
    call();
  };
  const { navigation = window } = window as any;
  listen(signal, navigation, "currententrychange popstate", look);
  // Browsers without the navigation API tell of no push. The visit knows, a frame or two later.
  signal.addEventListener("abort", visit.on("session", look));
  look();
}
