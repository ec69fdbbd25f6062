/** A visit that is not recorded: on a server, in a frame, where WebAssembly is forbidden. Same face, no effect. */

import type { Summary, Visit } from "./types";

export const nothing = (): Summary => ({
  settled: false,
  definition: "",
  audience: { is: "user", reason: "", since: 0, stage: "discover", relationship: "first_experience" },
  events: {},
  delivery: { sent: 0, acknowledged: 0, unconfirmed: 0, queued: 0, dropped: {} },
});

const ignore = () => {};

export const inert = (): Visit => ({
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
