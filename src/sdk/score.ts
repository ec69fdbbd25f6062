/**
 * `passerby/score`: the engagement score with its parts, and segments by named rules, measured by the same Rust code as
 * in the collector. A module of its own: only who imports it pays for it. Where WebAssembly is forbidden, it throws.
 *
 *     score(visit, { "loyal readers": "sessions>=3&page_view>=3", buyers: "purchase>=1" });
 */

import glue from "passerby:score-glue";
import packed from "passerby:score-wasm";
import type { Rule, Visit } from "./types";
import { unpack } from "./unpack";

export interface Score {
  /** 0 to 100: the sum of the parts. */
  score: number;
  /** Of 20 points each. */
  parts: Record<"recency" | "frequency" | "depth" | "engaged_time" | "interactions", number>;
  /** Names of those that the visitor is in. */
  segments: string[];
}

/**
 * Name to rule, as in `customerWhen` but looking back: `purchase>=1`, not `purchase`. Also `score`, `idle_days` since
 * the last activity, and
 * `audience=`, `stage=`, `relationship=`, `channel=`, `source=`, and traits: here of this page's `identify()`, in the
 * collector of the session's last. A path is that of the page they came in by.
 */
export type Segments = Record<string, Rule>;

let measure: ((now: number, texts: string) => void) | undefined;
let answer = "";

export function score(visit: Pick<Visit, "summary">, segments: Segments | string = {}): Score {
  measure ??= glue(
    (text) => (answer = text),
    (imports) => new WebAssembly.Instance(new WebAssembly.Module(unpack(packed)), imports),
    new TextEncoder(),
  );
  const listed = typeof segments == "string" ? segments : Object.entries(segments).map(rule).join(";");
  measure(Date.now(), listed + "\0" + JSON.stringify(visit.summary()));
  return JSON.parse(answer);
}

const rule = ([name, said]: [string, Rule]) => name + ":" + (typeof said == "string" ? said : traits(said));
const traits = (said: object) => Object.entries(said).map((pair) => pair.join("=")).join("&");
