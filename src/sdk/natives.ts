/**
 * The browser's functions as they were when this script started: pages patch them later, and not always well.
 * None is taken from an iframe, which would break policies and look like evasion.
 */

const page = globalThis as any;

/**
 * zone.js wraps these so that Angular runs change detection after each; the originals stay under this name.
 * Ours must not cause a detection on every pointer move.
 */
const original = (owner: any, name: string) => owner && (owner["__zone_symbol__" + name] || owner[name]);

export const setTimer: (run: () => void, ms: number) => number = original(page, "setTimeout");
export const clearTimer: (timer?: number) => void = original(page, "clearTimeout");
export const nextFrame: (run: () => void) => void = original(page, "requestAnimationFrame");
export const nextMicrotask: (run: () => void) => void = original(page, "queueMicrotask");
export const request: typeof fetch = original(page, "fetch");
/** Sends if the page ends without a last word; few browsers have it. */
export const deferred: ((url: string, options: RequestInit) => void) | undefined = original(page, "fetchLater");
export const { parse, stringify } = JSON;
export const { apply, get } = Reflect;
export const { Promise } = page as typeof globalThis;

const add = original(page.EventTarget?.prototype, "addEventListener");

/** The same function, but it never throws: neither into the page, nor from the page into us. */
export const safely =
  <Given extends unknown[], Result>(call: (...given: Given) => Result) =>
  (...given: Given): Result | undefined => {
    try {
      return call(...given);
    } catch {}
    return undefined;
  };

/** Watches; until the signal, never in the page's way, and without throwing into it. */
export function listen(signal: AbortSignal, target: EventTarget, types: string, heard: (event: any) => void): void {
  // Without prototype: a page that pollutes Object.prototype must not reach into our options.
  const options = { __proto__: null, capture: true, passive: true, signal };
  types.split(" ").map((type) => apply(add, target, [type, safely(heard), options]));
}

/** A property of the document itself: `<img name="title">` would shadow the plain `document.title`. */
export const ofDocument = (name: string): any => get(Document.prototype, name, document);

/** A function of the document itself, for the same reason. */
export const callDocument = (name: string, ...given: unknown[]): any => apply(ofDocument(name), document, given);
