/** What there is to say where nothing is recorded. */

import type { Inside } from "./face";
import type { Summary } from "./types";

export const ignore = () => {};

export const nothing = (): Summary => ({
  settled: false,
  definition: "",
  audience: { is: "user", reason: "", since: 0, stage: "discover", relationship: "first_experience" },
  events: {},
  delivery: { sent: 0, acknowledged: 0, unconfirmed: 0, queued: 0, dropped: {} },
});

/** The calls that answer. */
export const nowhere: Inside = {
  explain: () => [],
  flush: async () => {},
  forget: async () => ({ here: "done", collector: "unsupported" }),
  stop: ignore,
  summary: nothing,
};
