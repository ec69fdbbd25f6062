/**
 * `<passerby-summary>`: the class wasm-bindgen cannot define. It hands its shadow root to Rust, which
 * makes all that is seen (`src/widget`). Importing this in Node, a worker or SSR does nothing.
 */

import { type Panel, button as showButton, mount, show, unmount } from "passerby:widget-glue";
import { callDocument, ofDocument } from "../natives";
import type { Visit } from "../types";
import { instantiate } from "./wasm";

const NAME = "passerby-summary";

// A base class must exist for the module to load where there is no DOM.
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

export class PasserbySummary extends Base {
  #visit: Visit | undefined;
  #panel: Panel | undefined;
  #button = false;

  /** The visit to show; without one, the page's own (`window.passerby`). */
  get visit(): Visit | undefined {
    return this.#visit ?? (globalThis as { passerby?: Visit }).passerby;
  }

  set visit(visit: Visit | undefined) {
    if (visit === this.#visit) return;
    this.disconnectedCallback();
    this.#visit = visit;
    if (this.isConnected) this.connectedCallback();
  }

  /** Whether the panel is open; reflected by the attribute of that name. */
  get open(): boolean {
    return this.hasAttribute("open");
  }

  set open(open: boolean) {
    // Until it is mounted, the attribute alone remembers.
    if (this.#panel) show(this.#panel, open);
    else this.toggleAttribute("open", open);
  }

  /** Whether the small button is there. */
  get button(): boolean {
    return this.#button;
  }

  set button(shown: boolean) {
    this.#button = shown;
    if (this.#panel) showButton(this.#panel, shown);
  }

  connectedCallback(): void {
    const visit = this.visit;
    if (this.#panel || typeof visit?.summary !== "function") return;
    try {
      instantiate();
      this.#panel = mount(this, this.shadowRoot ?? this.attachShadow({ mode: "open" }), visit);
      if (this.#button) showButton(this.#panel, true);
      if (this.open) show(this.#panel, true);
    } catch (error) {
      // Never into the page.
      const where = "where the page's policy forbids WebAssembly: it needs script-src 'wasm-unsafe-eval'";
      console.warn("Passerby: the summary cannot be shown " + where, error);
    }
  }

  disconnectedCallback(): void {
    const panel = this.#panel;
    this.#panel = undefined;
    if (panel) unmount(panel);
  }
}

/** Not `document.body` and the like, here and below: `<img name="body">` would be it. */
const present = (): PasserbySummary | null => callDocument("querySelector", NAME);

/** The page's one element, made when first asked for and put back if the page took it out. */
function element(visit: Visit): PasserbySummary {
  const found: PasserbySummary = present() ?? callDocument("createElement", NAME);
  found.visit = visit;
  // What the tag says of the site, for the engine has no use for it.
  const tag: HTMLElement | null = callDocument("querySelector", "script[data-kind],script[data-segments]");
  for (const name of ["kind", "segments"]) {
    const said = tag?.dataset[name];
    if (said && !found.hasAttribute(name)) found.setAttribute(name, said);
  }
  if (!found.isConnected) (ofDocument("body") ?? ofDocument("documentElement")).append(found);
  return found;
}

/** Opens the summary of `visit`. */
export function open(visit: Visit): void {
  if (globalThis.document) element(visit).open = true;
}

/** Closes the summary; its button, if any, stays. */
export function close(): void {
  const existing = globalThis.document && present();
  if (existing) existing.open = false;
}

/** Opens a closed summary, closes an open one. */
export function toggle(visit: Visit): void {
  if (!globalThis.document) return;
  const summary = element(visit);
  summary.open = !summary.open;
}

/** Shows the small button that opens the summary (`data-widget="button"`). */
export function button(visit: Visit): void {
  if (globalThis.document) element(visit).button = true;
}

// Two copies on one page (a bundle and the script tag) share the first one's element.
if (globalThis.customElements && !customElements.get(NAME)) customElements.define(NAME, PasserbySummary);

declare global {
  interface HTMLElementTagNameMap {
    "passerby-summary": PasserbySummary;
  }
}
