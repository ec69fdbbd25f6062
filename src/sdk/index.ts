/** The npm package. */

import { init as initAny } from "./init";
import type { Options, Visit } from "./types";

export type * from "./types";

/** Why there is no visit, and no more than that: the browser's own words for it are long, and name no remedy. */
const without = () => {
  throw "WebAssembly is forbidden: allow script-src 'wasm-unsafe-eval', or import passerby/nowasm";
};

/**
 * Opens the visit, or returns the one that is open for this site; one with another collector is told of in the console.
 * Synchronous, never throws, and does nothing where there is no page (server rendering, workers).
 */
export const init = (options?: Options): Visit => initAny(options, undefined, without);
