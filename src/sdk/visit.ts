/** One visit: engine, host and public face, wired together. */

import { announce, paint, type Listeners } from "./announce";
import { Cause, In, Read } from "./codes";
import { start, type Engine, type Feed } from "./engine";
import { face } from "./face";
import { alarm, mono } from "./host/clock";
import { look, watch } from "./host/life";
import { arrived, type Listen } from "./host/page";
import { sender } from "./host/send";
import { device, signals } from "./host/signals";
import { store as openStore } from "./host/store";
import { listen as listenUntil, nextMicrotask, ofDocument, parse } from "./natives";
import { nothing } from "./neutral";
import { isOn, type Settled } from "./options";
import { performer, warn } from "./outputs";
import type { Options, Summary, Transform, Visit } from "./types";

/** A call that waited for this script: when it was made, and its arguments. */
export type Early = [time: number, call: [name: keyof Visit, a?: unknown, b?: unknown]];

/** Opens the visit of this page for one site and collector. Throws where WebAssembly is forbidden. */
export function open(options: Options, settled: Settled, early: Early[], ended: () => void): Visit {
  const { lines, url, mistake } = settled;
  const stopping = new AbortController();
  const listen: Listen = (target, types, heard) =>
    listenUntil(stopping.signal, target, types, (event) => engine.at(mono(), () => heard(event)));
  const feed: Feed = (code, x, y, a, b, c) => engine.feed(code, x, y, a, b, c);
  const read = (code: Read) => parse(engine.read(code) || "null");
  const summary = (): Summary => read(Read.Summary) || nothing();
  const listeners: Listeners = Object.create(null);
  const wake = alarm(() => {
    signals(feed);
    feed(In.Wake);
  });
  const store = openStore(settled.site, options.storage, feed);
  const network = sender(url, options.format, FORMATS ? translated(options) : options.transform);
  const perform = performer(store, network, wake, (topic) => announce(topic, listeners, summary), isOn(options.debug));
  let replaced: unknown;
  /** A trap poisons the instance. A fresh one takes over, once, and opens no page view. */
  const died = (error: unknown) => {
    warn(`${error}; ${replaced ? "recording ends here" : "starting afresh"}`);
    if (replaced) return;
    replaced = 1;
    engine = start(lines, mono(), perform, died);
    device(feed);
    look(feed, store, 1);
  };

  // Nothing before somebody has come: a prerendered page may never be seen.
  let held: (() => void)[] | undefined = ofDocument("prerendering") ? [] : undefined;
  // As of the first call that waited for this script, so that time never runs backwards for the engine.
  const since = held || !early[0] ? mono() : early[0][0];
  let engine: Engine = start(lines, since, perform, died);
  let unwatch: (() => void) | undefined;
  const begin = () => {
    const calls = held;
    held = undefined;
    // Up to the first page view's fetch, in one task.
    engine.at(calls ? mono() : since, () => {
      device(feed);
      look(feed, store, 1);
      arrived(feed, Cause.Load);
    });
    for (const [time, call] of early) engine.at(calls ? mono() : time, () => invoke(visit, call));
    calls?.map((call) => call());
    // After the fetch: a summary touches code that the browser would have to compile before it.
    nextMicrotask(() => paint(summary()));
    const auto = options.auto == null || isOn(options.auto);
    unwatch = watch(feed, listen, store, auto && visit.track);
  };
  const visit = face({
    feed: (code, x, y, a, b) => (held ? held.push(() => feed(code, x, y, a, b)) : feed(code, x, y, a, b)),
    explain: () => read(Read.Explain) || [],
    summary,
    listeners,
    settled: network.settled,
    purge: store.purge,
    stop() {
      unwatch?.();
      engine.stop();
      stopping.abort();
      wake();
      ended();
    },
  });
  if (mistake) warn(mistake);
  if (held) listen(document, "prerenderingchange", begin);
  else begin();
  return visit;
}

/** Of another system's format the engine has made the request already; a transform may change it. */
function translated({ format = "native", transform }: Options): Transform | undefined {
  const ours = format == "native" || format == "ndjson";
  return ours || transform ? transform : (request) => request;
}

/** `passerby("track", "sign_up", {...})`. */
export function invoke(visit: Visit, [name, a, b]: Early[1]): unknown {
  const call: any = visit[name];
  return typeof call == "function" ? call(a, b) : call;
}
