/**
 * The browser's functions as they were when this script started: pages patch them later, and not always well.
 * None is taken from an iframe, which would break policies and look like evasion.
 */

const page = globalThis as any;

/**
 * zone.js wraps these so that Angular runs change detection after each; the originals stay under this name.
 * Ours must not cause a detection on every pointer move.
 */
const original = (name: string, owner = page) => owner["__zone_symbol__" + name] || owner[name];

export const setTimer: (run: () => void, ms: number) => number = original("setTimeout");
export const clearTimer: (timer?: number) => void = original("clearTimeout");
export const nextFrame: (run: () => void) => void = original("requestAnimationFrame");
export const request: typeof fetch = original("fetch");
/** Sends if the page ends without a last word; few browsers have it. */
export const deferred: ((url: string, options: RequestInit) => void) | undefined = original("fetchLater");
export const { parse } = JSON;
export const { apply, get } = Reflect;
export const encoder = new TextEncoder();
/** Not the page's, which may be anything: the language's own, as its async functions have it. */
export const Promise = (async () => {})().constructor as PromiseConstructor;

const add = original("addEventListener", page.EventTarget?.prototype);

export const warn = (message: unknown): void => console.warn("Passerby: " + message);

/**
 * The same function, but it never throws: neither into the page, nor from the page into us. With a name it is the
 * site's, and told what it threw first.
 */
export const safely =
  <Given extends unknown[], Result>(call: (...given: Given) => Result, name?: string | void) =>
  (...given: Given): Result | undefined => {
    try {
      return call(...given);
    } catch (error) {
      name &&= warn(name + ": " + error);
    }
    return undefined;
  };

/** The language's own again, for a page's `queueMicrotask` may be broken and Angular looks for changes after each. */
export const nextMicrotask = async (run: () => void) => {
  await 0;
  safely(run)();
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
