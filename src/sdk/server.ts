/** What Node gets for `import "passerby"`: the same face, no effect. */

import { inert } from "./neutral";
import type { Options, Visit } from "./types";

export type * from "./types";

export const init = (_options?: Options): Visit => inert();
