/** The script tag: options from its `data-*`, calls that waited for it, `window.passerby`, the widget on demand. */

import { init } from "./init";
import { ofDocument } from "./natives";
import { invoke, type Early } from "./visit";

const page = window as any;
// A module script is nobody's "current script".
const script: HTMLScriptElement | null = ofDocument("currentScript") || document.querySelector("script[src*=passerby]");
const options: Record<string, string | undefined> = { ...script?.dataset };
// `id="passerby"` puts an element there.
const waiting = page.passerby && page.passerby.q;
const visit = init(options as any, Array.isArray(waiting) ? waiting : []);

/** Both ways: `passerby("track", ...)`, as before this script, and `passerby.track(...)`. */
page.passerby = Object.defineProperties(
  (...call: Early[1]) => invoke(visit, call),
  Object.getOwnPropertyDescriptors<any>(visit),
);

const summon = () => {
  import(new URL("widget.js", script!.src).href).catch(() => {});
};
const byHash = () => {
  if (location.hash == "#passerby") summon();
};
addEventListener("hashchange", byHash);
addEventListener("keydown", ({ altKey, shiftKey, code }) => {
  if (altKey && shiftKey && code == "KeyP") summon();
});
if (options.widget == "button") summon();
byHash();
