/** `not_found`: the server said so, or the page does: `data-passerby-not-found` on any element of it. */

import { onAddress } from "./address";
import type { Part } from "./part";

const MISSING = [404, 410];

const notfound: Part = (visit, signal) => {
  // Not every browser knows the status.
  const [entry] = performance.getEntriesByType("navigation") as (PerformanceEntry & { responseStatus?: number })[];
  let missing = MISSING.includes(entry?.responseStatus ?? 0);
  const look = () => {
    if (signal.aborted) return;
    if (missing || document.querySelector("[data-passerby-not-found]")) visit.track("not_found");
    missing = false;
  };
  // In the frame after the one in which a router draws.
  onAddress(visit, signal, () => requestAnimationFrame(() => requestAnimationFrame(look)));
};

export default notfound;
