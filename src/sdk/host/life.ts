/** A document's comings and goings: shown, hidden, left, restored. */

import { Cause, In } from "../codes";
import type { Feed } from "../engine";
import { isVisible, observe, presence } from "./observe";
import { arrived, navigations, type Listen } from "./page";
import { signals } from "./signals";
import { PREFIX, type Store } from "./store";

/** A choice, spoken or stored; anything else is none. */
export const choose = (feed: Feed, choice: unknown): void => {
  if (choice == "granted" || choice == "denied") feed(In.Consent, +(choice == "granted"));
};

/** What other tabs may have written. */
function reread(feed: Feed, store: Store): void {
  choose(feed, store.choice());
  feed(In.Hint, 0, 0, store.hint());
}

/** How things are, on arrival and on every return: all of it may have changed while nobody could tell us. */
export function look(feed: Feed, store: Store): void {
  signals(feed);
  reread(feed, store);
  presence(feed);
}

/**
 * Watches all of it. Hidden and pagehide both flush, for each is missing somewhere; never `unload`, which
 * keeps pages out of the back/forward cache. Returns what to call at the end.
 */
export function watch(feed: Feed, listen: Listen, store: Store, auto: boolean): () => void {
  const again = observe(feed, listen);
  const routes = auto && navigations(feed, listen, again);

  const leave = () => {
    signals(feed);
    if (routes) routes.titled();
    feed(In.Visible);
    feed(In.Hide);
    // Now: the microtask may come too late.
    store.flush();
  };

  const close = () => {
    leave();
    // An open database may keep a page out of the back/forward cache; it opens again when needed.
    store.close();
  };

  listen(document, "visibilitychange", () => (isVisible() ? look(feed, store) : leave()));
  listen(window, "pagehide", close);
  listen(window, "pageshow", ({ persisted }) => {
    if (!persisted) return;
    look(feed, store);
    arrived(feed, Cause.Restore);
    again();
  });
  listen(window, "storage", ({ key }) => {
    // Without a key: everything was deleted.
    if (!key || key.startsWith(PREFIX)) reread(feed, store);
  });
  return () => {
    close();
    if (routes) routes.stop();
  };
}
