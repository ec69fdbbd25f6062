/** One visit per page and site, however often and from however many copies of this script asked. */

import { face } from "./face";
import { warn } from "./natives";
import { ignore, nowhere } from "./neutral";
import { isOn, settle } from "./options";
import type { Options, Visit } from "./types";
import { invoke, open, type Early, type Without } from "./visit";

/** On the page, not in a module variable: a bundler may ship two copies, hot reload evaluates anew. */
const visits = (): Record<string, [visit: Visit, collector: string] | undefined> =>
  ((globalThis as any)[Symbol.for("passerby")] ||= Object.create(null));

/** The same calls, no effect: on a server, in a frame, where WebAssembly is forbidden. */
const inert = () => face(ignore, {}, nowhere);

export function init(options: Options = {}, early: Early[] = [], without?: Without): Visit {
  let site = "";
  let url = "";
  const there = (visit: Visit) => (visits()[site] = [visit, url])[0];
  try {
    if (typeof document == "undefined" || (self != top && !isOn(options.frames))) return inert();
    const settled = settle(options);
    [, site, url] = settled;
    const [visit, collector] = visits()[site] || [];
    if (!visit) return there(open(options, settled, early, () => delete visits()[site], without));
    // They would be two visits in one: of one visitor and session, with one queue, all of it counted twice.
    if (collector != url) warn(`another collector for ${site}: give it its own site`);
    // The package was here before the tag that they waited for.
    for (const [, call] of early) invoke(visit, call);
    return visit;
  } catch (error) {
    warn(error);
    return there(inert());
  }
}
