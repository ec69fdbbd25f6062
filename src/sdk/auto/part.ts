/** What the automatic events share. Each is a file of its own, loaded only where asked for: it observes and tracks. */

import type { Part } from "../types";

export type { Part };

/**
 * Watches until the signal, never in the page's way and without throwing into it: not even into its own error
 * events, which are watched here too. By the function under zone.js, if that is there: ours must not cause a
 * change detection each.
 */
export function listen(signal: AbortSignal, target: any, types: string, heard: (event: any) => void): void {
  // The prototype's, for `<img name="addEventListener">` would stand before the document's.
  const add = target.__zone_symbol__addEventListener || EventTarget.prototype.addEventListener;
  const safely = (event: Event) => {
    try {
      heard(event);
    } catch {}
  };
  for (const type of types.split(" ")) add.call(target, type, safely, { capture: true, passive: true, signal });
}

/** An address without what may name a person or open a door: user, query and fragment. Empty for what has none. */
export function place(address: string): string {
  try {
    const { protocol, origin, pathname } = new URL(address, location.href);
    return /^https?:$/.test(protocol) ? origin + pathname : "";
  } catch {
    return "";
  }
}

/** Of the document, whatever images in it are called. */
export const all = (wanted: string): NodeListOf<Element> =>
  Document.prototype.querySelectorAll.call(document, wanted);

/** Of a form too whose fields have the names of its functions. */
export const attribute = (element: Element, name: string) => Element.prototype.getAttribute.call(element, name);

/** What carries this attribute, around where the event really happened: also within open shadow roots. */
export function around(event: Event, wanted: string): any {
  return event.composedPath().find((node) => node instanceof Element && Element.prototype.matches.call(node, wanted));
}
