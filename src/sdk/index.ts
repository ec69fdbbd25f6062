/** The npm package. */

import { init as initAny } from "./init";
import type { Options, Visit } from "./types";

export type * from "./types";

/**
 * Opens the visit, or returns the one that is open for this site; one with another collector is told of in the console.
 * Synchronous, never throws, and does nothing where there is no page (server rendering, workers).
 */
export const init = (options?: Options): Visit => initAny(options);
