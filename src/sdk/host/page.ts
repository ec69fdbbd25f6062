/** Which page this is: its address, title and referrer, and when they change without a load. */

import { Cause, In } from "../codes";
import type { Feed } from "../engine";
import { apply, nextFrame, ofDocument, safely } from "../natives";

export type Listen = (target: EventTarget, types: string, heard: (event: any) => void) => void;

export const title = (): string => ofDocument("title");

/** The document is here, now. */
export const arrived = (feed: Feed, cause: Cause): void =>
  feed(In.Page, cause, location.href, ofDocument("referrer"), title());

const CAUSES: Record<string, Cause> = { push: Cause.Push, replace: Cause.Replace, traverse: Cause.Traverse };

export type Navigations = [
  /** Reports the title a navigation still owes: at hide, where no frame comes any more. */
  titled: () => void,
  stop: () => void,
];

/** Watches soft navigations; `settled` is told when one has its title. */
export function navigations(feed: Feed, listen: Listen, settled: () => void): Navigations {
  const { navigation, history } = window as any;
  const task = new MessageChannel();
  let href = location.href;
  // The navigation whose title is still to come. And whether the task it happened in goes on.
  let owed: unknown;
  let sameTask: unknown;

  const titled = () => {
    if (!owed) return;
    owed = undefined;
    feed(In.Titled, 0, title());
  };

  // A message is the first task a page can ask for; changes before it are one (redirects of a router).
  task.port1.onmessage = () => void (sameTask = 0);

  const changed = (cause: Cause) => {
    if (location.href == href) return;
    href = location.href;
    if (!sameTask) {
      titled();
      sameTask = 1;
      task.port2.postMessage(0);
    }
    const mine = (owed = {});
    feed(In.Navigated, cause, href);
    // The frame in which the router draws, and the one after: react-helmet and others write the title in
    // a frame callback of their own.
    nextFrame(() =>
      nextFrame(() => {
        if (owed != mine) return;
        titled();
        settled();
      }),
    );
  };

  const undo: (() => void)[] = [];
  if (navigation?.addEventListener) {
    // Fires when `location` has changed already, also within pushState (HTML, "update the navigation API
    // entries for a same-document navigation").
    listen(navigation, "currententrychange", (event) => changed(CAUSES[event.navigationType] ?? Cause.Replace));
  } else {
    listen(window, "popstate hashchange", () => changed(Cause.Traverse));
    undo.push(
      wrap(history, "pushState", () => changed(Cause.Push)),
      wrap(history, "replaceState", () => changed(Cause.Replace)),
    );
  }
  return [titled, () => undo.map((call) => call())];
}

/** Tells after each call. Undone only while nobody has wrapped it again: their copy of ours stays harmless. */
function wrap(owner: any, name: string, tell: () => void): () => void {
  const original = owner[name];
  const wrapped = function (this: unknown, ...given: unknown[]) {
    const result = apply(original, this, given);
    safely(tell)();
    return result;
  };
  owner[name] = wrapped;
  return () => {
    if (owner[name] == wrapped) owner[name] = original;
  };
}
