/** Tells the page what changed: listeners, and attributes that plain CSS can ask for. */

import type { Listeners } from "./face";
import { callDocument, ofDocument } from "./natives";
import { json } from "./snapshot";
import type { Summary } from "./types";

export const announcer = (listeners: Listeners, summary: () => Summary) => (topic: string): void => {
  if (topic == "audience") paint(summary());
  // Those that are there now: one of them may add others.
  [...(listeners[topic] || [])].map((heard) => heard());
};

let told: string | undefined;

export function paint({ audience }: Summary): void {
  const is = json(audience);
  if (is == told) return;
  told = is;
  const root: HTMLElement = ofDocument("documentElement");
  root.setAttribute("data-passerby-audience", audience.is);
  root.setAttribute("data-passerby-stage", audience.stage);
  callDocument("dispatchEvent", new CustomEvent("passerby:audience", { detail: audience, bubbles: true }));
}
