/** A document's comings and goings: shown, hidden, left, restored. */

import { Cause, In } from "../codes";
import type { Feed } from "../engine";
import type { Visit } from "../types";
import { marked } from "./marked";
import { focus, isVisible, observe } from "./observe";
import { arrived, navigations, type Listen } from "./page";
import { signals } from "./signals";
import type { Store } from "./store";

/** A choice, spoken or stored; anything else is none. */
export const choose = (feed: Feed, choice: unknown): void => {
  const at = ["denied", "granted"].indexOf(choice as string);
  if (at >= 0) feed(In.Consent, at);
};

/**
 * How things are, on arrival and on every return: all of it may have changed while nobody could tell us.
 * `fresh`: an engine that knows nothing yet.
 */
export function look(feed: Feed, store: Store, fresh?: unknown): void {
  signals(feed);
  // What other tabs may have written.
  choose(feed, store.choice_(fresh));
  feed(In.Hint, 0, store.hint_());
  feed(In.Visible, +isVisible());
  focus(feed);
}

/**
 * Watches all of it. Hidden and pagehide both flush, for each is missing somewhere; never `unload`, which
 * keeps pages out of the back/forward cache. Soft navigations and marked elements only with
 * `track`, which the latter call. Returns what to call at the end.
 */
export function watch(feed: Feed, listen: Listen, store: Store, track: Visit["track"] | false): () => void {
  const again = observe(feed, listen);
  const [titled, stop] = track ? navigations(feed, listen, again) : [];
  if (track) marked(listen, track);

  const leave = () => {
    signals(feed);
    titled?.();
    feed(In.Visible);
    feed(In.Hide);
  };

  let left: unknown;
  const close = (kept?: unknown) => {
    left = 1;
    leave();
    // Now: the microtask may come too late. The database opens again when needed.
    store.close_(kept);
  };

  listen(document, "visibilitychange", () => {
    // A page that is left is hidden after it has left: writing again would open its database again, and the next
    // page's would wait for it. One that returns is shown before it hears of it, which begins its next view.
    if (left) return;
    if (isVisible()) return look(feed, store);
    leave();
    store.flush_();
  });
  listen(window, "pagehide", ({ persisted }) => close(persisted));
  listen(window, "pageshow", ({ persisted }) => {
    left = 0;
    if (!persisted) return;
    look(feed, store);
    arrived(feed, Cause.Restore);
    again();
  });
  listen(window, "storage", ({ key, newValue }) => {
    // What was written, for it may have been overwritten by now. Removed: another tab has forgotten the visitor.
    if (key == store.name_) feed(newValue ? In.Hint : In.Reset, 1, newValue);
    else choose(feed, store.choice_());
  });
  return () => {
    close();
    stop?.();
  };
}
