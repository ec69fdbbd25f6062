/** The script tag: options from its `data-*`, calls that waited for it, `window.passerby`, the widget on demand. */

import { init } from "./init";
import { callDocument, ofDocument, warn } from "./natives";
import { invoke, type Early } from "./visit";

const page = window as any;
// A module script is nobody's "current script".
const script: HTMLScriptElement | null =
  ofDocument("currentScript") || callDocument("querySelector", "script[src*=passerby]");
// Now: a later <base> must not choose whose code is loaded.
const { dataset, src }: Partial<HTMLScriptElement> = script || {};
const options: Record<string, any> = { ...dataset };
// `id="passerby"` puts an element there.
const before = page.passerby || {};
const load = (name: string) => import(new URL(name, src).href);
const run = (file: string, act: string, ...given: unknown[]) =>
  load(file).then((loaded) => loaded[act](...given)).catch(warn);
// Automatic events by name, each a file of its own.
const parts: string[] | null = options.auto?.match(/\b(?!true|false)\w+/g);
if (parts) options.auto = parts.map((name) => (...given: unknown[]) => run(`auto/${name}.js`, "default", ...given));
const visit = init(options, Array.isArray(before.q) ? before.q : [], () => load("passerby.nowasm.js"));

/** Both ways: `passerby("track", ...)`, as before this script, and `passerby.track(...)`. */
page.passerby = Object.defineProperties(
  (...call: Early[1]) => invoke(visit, call),
  Object.getOwnPropertyDescriptors<any>(visit),
);

const widget = (act: "open" | "toggle" | "button") => void run("widget.js", act, visit);
const byHash = () => {
  if (location.hash == "#passerby") widget("open");
};
// A tag that is there twice would open the summary and close it.
if (!before.summary) {
  addEventListener("hashchange", byHash);
  addEventListener("keydown", ({ altKey, shiftKey, code }) => {
    if (altKey && shiftKey && code == "KeyP") widget("toggle");
  });
}
if (options.widget == "button") widget("button");
byHash();
