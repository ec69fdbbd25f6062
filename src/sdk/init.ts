/** One visit per page, site and collector, however often and from however many copies of this script asked. */

import { face } from "./face";
import { warn } from "./natives";
import { nothing } from "./neutral";
import { isOn, settle } from "./options";
import type { Options, Visit } from "./types";
import { invoke, open, type Early, type Without } from "./visit";

/** On the page, not in a module variable: a bundler may ship two copies, hot reload evaluates anew. */
const visits = (): Record<string, Visit | undefined> =>
  ((globalThis as any)[Symbol.for("passerby")] ||= Object.create(null));

const ignore = () => {};
const now = (done: () => void) => done();

/** The same calls, no effect: on a server, in a frame, where WebAssembly is forbidden. */
const inert = () =>
  face({
    feed: ignore,
    explain: () => [],
    summary: nothing,
    listeners: {},
    settled: now,
    purge: now,
    known: async () => {},
    erase: async () => "unsupported",
    stop: ignore,
  });

export function init(options: Options = {}, early: Early[] = [], without?: Without): Visit {
  let key = "";
  try {
    if (typeof document == "undefined" || (self != top && !isOn(options.frames))) return inert();
    const settled = settle(options);
    key = settled.site + " " + settled.url;
    const visit = visits()[key];
    // The package was here before the tag that they waited for.
    if (visit) for (const [, call] of early) invoke(visit, call);
    return visit || (visits()[key] = open(options, settled, early, () => delete visits()[key], without));
  } catch (error) {
    warn(error);
    return (visits()[key] = inert());
  }
}
