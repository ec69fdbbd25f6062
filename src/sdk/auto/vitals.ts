/** `web_vital {metric, value}`: CLS, FCP, INP, LCP and TTFB as the web-vitals library has them, once they are final. */

import { onCLS, onFCP, onINP, onLCP, onTTFB, type Metric } from "web-vitals";
import type { Part } from "./part";

/** Of a layout shift; the others are whole milliseconds. */
const SHIFT_DIGITS = 4;

const vitals: Part = (visit, signal) => {
  let final: Metric[] = [];
  const tell = () => {
    const told = final;
    final = [];
    for (const { name, value } of told) {
      visit.track("web_vital", { metric: name, value: +value.toFixed(name == "CLS" ? SHIFT_DIGITS : 0) });
    }
    return told.length;
  };
  const keep = (metric: Metric) => {
    if (signal.aborted) return;
    final.push(metric);
    // Those that are final when the page is hidden go together, below.
    if (document.visibilityState == "visible") tell();
  };
  for (const on of [onCLS, onFCP, onINP, onLCP, onTTFB]) on(keep);
  // Where it bubbles to, last of all: the library has spoken, and the visit heard of the end before us.
  addEventListener("visibilitychange", () => void (document.visibilityState == "hidden" && tell() && visit.flush()), {
    signal,
  });
};

export default vitals;
