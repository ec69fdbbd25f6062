/** The summary element, for every framework: loaded when first shown, and given the visit. */

import type { Visit } from "passerby";

export interface SummaryProps {
  /** Whether the panel is open. People open and close it themselves; this only sets it when it changes. */
  open?: boolean | undefined;
  /** Whether the small button that opens it is there. */
  button?: boolean | undefined;
}

/** Nothing on a server; in a page, at once when the element's code is there already. */
export function show(element: object | null | undefined, visit: Visit, { open, button }: SummaryProps): void {
  if (!globalThis.customElements) return;
  const ready = () => void Object.assign(element || {}, { visit, open: !!open, button: !!button });
  import("passerby/widget").then(ready).catch(console.warn);
}

export const TAG = "passerby-summary";
