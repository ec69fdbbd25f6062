/** One visit: engine, host and public face, wired together. */

import { announcer, paint } from "./announce";
import { Cause, In } from "./codes";
import { start, type Engine, type Feed } from "./engine";
import { face, promised, type Listeners } from "./face";
import { alarm, mono } from "./host/clock";
import { eraser } from "./host/erase";
import { look, watch } from "./host/life";
import { arrived, type Listen } from "./host/page";
import { sender } from "./host/send";
import { device, signals } from "./host/signals";
import { store as openStore, type Store } from "./host/store";
import { listen as listenUntil, nextMicrotask, ofDocument, parse, safely, warn } from "./natives";
import { nowhere } from "./neutral";
import { isOn, type Settled } from "./options";
import { performer } from "./outputs";
import { reviewer } from "./review";
import type { Options, Part, Summary, Transform, Visit } from "./types";

/** A call that waited for this script: when it was made, and its arguments. */
export type Early = [time: number, call: [name: keyof Visit, a?: unknown, b?: unknown]];

/** Loads an engine that needs no WebAssembly. */
export type Without = () => Promise<{ start: typeof start }>;

/** Opens the visit of this page for one site. Throws where there is no engine for it. */
export function open(options: Options, settled: Settled, early: Early[], ended: () => void, without?: Without): Visit {
  const [lines, site, url, , ours] = settled;
  const stopping = new AbortController();
  const listen: Listen = (target, types, heard) =>
    listenUntil(stopping.signal, target, types, (event) => engine.at(mono(), () => heard(event)));
  const feed: Feed = (...fact) => engine.feed(...fact);
  const read = safely((code: In) => parse(engine?.read(code) || "null"));
  const summary = (): Summary => read(In.Summary) || nowhere.summary();
  const listeners: Listeners = Object.create(null);
  const wake = alarm(() => (signals(feed), feed(In.Wake)));
  const store = openStore(site, options.storage, feed, ours);
  const erase = eraser(store, settled);
  const network = sender(url, ours, FORMATS ? translated(options) : options.transform);
  const [, , quiet] = network;
  const perform = performer(store, network, wake, announcer(listeners, summary), isOn(options.debug));
  let engine: Engine, unwatch: (() => void) | undefined;
  // Nothing before somebody has come: a prerendered page may never be seen.
  let held: (() => void)[] | undefined = ofDocument("prerendering") ? [] : undefined;
  // As of the first call that waited for this script, so that time never runs backwards for the engine.
  const since = (!held && early[0]?.[0]) || mono();
  const begin = () => {
    const calls = held;
    held = undefined;
    // Up to the first page view's fetch, in one task.
    engine.at(calls ? mono() : since, () => meet(feed, store, Cause.Load));
    for (const [time, call] of early) engine.at(calls ? mono() : time, () => invoke(visit, call));
    calls?.map((call) => call());
    // After the fetch: a summary touches code that the browser would have to compile before it.
    nextMicrotask(() => (paint(summary()), erase()));
    unwatch = watch(feed, listen, store, String(options.auto) != "false" && visit.track);
    // The automatic events that were asked for.
    (options.auto as any)?.map?.((part: Part) => safely(part)(visit, stopping.signal));
  };
  const fed: Feed = safely((...fact) => (held ? held.push(() => feed(...fact)) : feed(...fact)));
  const visit = face(fed, listeners, {
    explain: () => read(In.Explain) || [],
    flush: () => promised((done) => (fed(In.Flush), quiet(done))),
    async forget() {
      if (!summary().settled) await known(visit, summary);
      const collector = erase(summary().visitor?.id);
      await promised((done) => (store.purge_(done), fed(In.Reset, 1)));
      return { here: "done", collector: await collector };
    },
    stop: safely(() => {
      unwatch?.();
      engine?.stop();
      stopping.abort();
      wake();
      ended();
    }),
    // As of now, and not of the last input: engaged time goes on while somebody reads.
    summary: () => (fed(In.Wake), summary()),
  });
  complain(settled, listen);
  const go = (from: typeof start) => {
    if (stopping.signal.aborted) return;
    engine = from(lines, since, perform, () => meet(feed, store, Cause.Replaced), reviewer(options));
    if (ofDocument("prerendering")) listen(document, "prerenderingchange", begin);
    else begin();
  };
  try {
    go(start);
  } catch (error) {
    // WebAssembly is forbidden: calls wait for the other engine, as they do for a page that is not shown yet.
    if (!without) throw error;
    held ||= [];
    without().then((other) => go(other.start)).catch(warn);
  }
  return visit;
}

/** Until storage has said who this is. Where it has, nothing waits: what is tracked next is already somebody new's. */
const known = (visit: Visit, summary: () => Summary) =>
  promised((done) => {
    visit.on("summary", () => summary().settled && done());
  });

/** What is wrong with the collector: its address, or the page's policy, for `fetch` does not say why it failed. */
function complain([, , url, mistake]: Settled, listen: Listen): void {
  if (mistake) warn(mistake);
  let told = 0;
  listen(document, "securitypolicyviolation", ({ blockedURI }) => {
    if (blockedURI == url && !told++) warn("the page's policy needs connect-src " + url);
  });
}

/** Tells who this is, to an engine that knows nothing yet. */
function meet(feed: Feed, store: Store, cause: Cause): void {
  device(feed);
  look(feed, store, 1);
  arrived(feed, cause);
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
