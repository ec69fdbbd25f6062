/** `not_found`: the server said so, or the page does: `data-passerby-not-found` on any element of it. */

import { onAddress } from "./address";
import { all, type Part } from "./part";

const MISSING = [404, 410];

const notfound: Part = (visit, signal) => {
  // Not every browser knows the status.
  const [entry] = performance.getEntriesByType("navigation") as (PerformanceEntry & { responseStatus?: number })[];
  let missing = MISSING.includes(entry?.responseStatus ?? 0);
  const look = () => {
    if (signal.aborted) return;
    if (missing || all("[data-passerby-not-found]").length) visit.track("not_found");
    missing = false;
  };
  let asked = 0;
  /** In the frame after the one in which a router draws; who has gone on by then, or been called again, starts anew. */
  const soon = () => {
    const mine = ++asked;
    const { href } = location;
    const drawn = () => {
      if (mine == asked) (location.href == href ? look : soon)();
    };
    requestAnimationFrame(() => requestAnimationFrame(drawn));
  };
  onAddress(visit, signal, soon);
};

export default notfound;
