/** What Node gets for `import "passerby"`: the same face, no effect. */

import { ignore, nowhere } from "./neutral";
import type { Options, Visit } from "./types";

export type * from "./types";

export const init = (_options?: Options): Visit => ({
  ...nowhere,
  page: ignore,
  track: ignore,
  purchase: ignore,
  identify: ignore,
  reset: ignore,
  set: ignore,
  consent: ignore,
  on: () => ignore,
  audience: "user",
});
