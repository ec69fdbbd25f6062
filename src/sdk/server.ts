/** What Node gets for `import "passerby"`: the same face, no effect. */

import { nothing } from "./neutral";
import type { Options, Visit } from "./types";

export type * from "./types";

const ignore = () => {};

export const init = (_options?: Options): Visit => ({
  page: ignore,
  track: ignore,
  purchase: ignore,
  identify: ignore,
  reset: ignore,
  set: ignore,
  consent: ignore,
  stop: ignore,
  on: () => ignore,
  flush: async () => {},
  forget: async () => ({ here: "done", collector: "unsupported" }),
  summary: nothing,
  explain: () => [],
  audience: "user",
});
