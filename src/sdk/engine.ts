/**
 * The wasm engine of one visit: what goes in, what comes out and in which order, and what a trap does.
 *
 * Compiled and instantiated synchronously, in the script's first task: 0.4-0.5 ms for 30 kB, and browsers
 * allow it up to 8 MB. An asynchronous start costs a turn of the event loop, in
 * which the page may already have gone, with its first page view. Measured by `npm run startup`, from the tag
 * being met to the first page view in the network's hands, the script's own way here included: 26.6 ms, and
 * 74.8 ms on a processor four times slower; of 100 tabs closed right after this task, the page views of 100
 * arrived (`tests/e2e/first-task.spec.mjs`).
 */

import glue from "passerby:core-glue";
import { In, Out } from "./codes";
import { mono, wall } from "./host/clock";
import { instance as instantiate } from "./module";
import { encoder, safely, warn } from "./natives";

/** The texts in the order of `src/boundary/mod.rs`; only the last may hold a NUL. */
export type Feed = (code: In, number?: number, ...texts: unknown[]) => void;
/** `beforeSend`: an event as JSON to properties, url, referrer, title with NULs between; nothing drops it. */
export type Review = (event: string) => string | undefined;
/**
 * Does what was asked for. `read` asks the engine; `answer` feeds the instance that asked, for another one would take
 * an answer for one of its own.
 */
export type Perform = (read: Engine["read"], answer: Feed, code: Out, amount: number, text: string) => void;

export interface Engine {
  /** One fact in. All that the engine then asks for is done before this returns, unless a call is under way. */
  feed: Feed;
  /** The summary, the explanations, or a row of the queue. */
  read(code: In, key?: string): string;
  /** All that `calls` feeds happened at this monotonic time: what one event tells, calls that waited for us. */
  at(time: number, calls: () => void): void;
  /** Takes no more facts. */
  stop(): void;
}

/**
 * Starts one, as of this monotonic time. Throws where WebAssembly is forbidden. A trap poisons the instance: a fresh
 * one takes over, once, and is `revived`.
 */
export function start(
  options: string, since: number, perform: Perform, revived: () => void, review: Review,
): Engine {
  const waiting: [Feed, Out, number, string][] = [];
  let handle: ReturnType<typeof glue>;
  let then: number | undefined = since;
  let busy: unknown;
  let replaced: unknown;
  let dead: unknown;
  let stopped: unknown;
  let read = "";
  const give: Feed = (code, number = 0, ...texts) => {
    const at = then ?? mono();
    handle(code, at, wall() - mono() + at, number, texts.join("\0"));
  };
  const begin = () => {
    const mine = (handle = glue((code, amount, text) => {
      if (code == Out.Text) read = text;
      // In the middle of a fact: until it is answered, the engine takes no other.
      else if (code == Out.Review) give(In.Reviewed, 0, review(text) || "");
      else waiting.push([answer, code, amount, text]);
    }, instantiate, encoder));
    const answer: Feed = (...fact) => mine == handle && engine.feed(...fact);
    give(In.Create, 0, entropy(), options);
  };
  /** In order, also when performing one makes the page call in again. */
  const drain = () => {
    busy = 1;
    for (let at = 0; at < waiting.length; at++) safely(perform)(engine.read, ...waiting[at]!);
    waiting.length = busy = 0;
  };

  begin();
  then = undefined;
  const engine: Engine = {
    feed(code, ...more) {
      if (dead || (stopped && code < In.Summary)) return;
      try {
        give(code, ...more);
      } catch (error) {
        dead = 1;
        warn(`${error}; ${replaced ? "recording ends here" : "starting afresh"}`);
        if (!replaced) {
          replaced = 1;
          begin();
          dead = 0;
          revived();
        }
      }
      if (!busy) drain();
    },
    read(code, key) {
      read = "";
      engine.feed(code, 0, key);
      return read;
    },
    at(time, calls) {
      const before = then;
      then = time;
      safely(calls)();
      then = before;
    },
    stop() {
      stopped = 1;
    },
  };
  return engine;
}

/** 128 bits. `crypto` may be missing, or stubbed to give zeros: XOR with what `Math.random` knows costs nothing. */
function entropy(): Uint32Array {
  const bits = new Uint32Array(4);
  safely(() => crypto.getRandomValues(bits))();
  return bits.map((word) => word ^ (Math.random() * 2 ** 32));
}
