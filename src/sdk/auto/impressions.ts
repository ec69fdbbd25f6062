/**
 * `data-passerby-impression="hero"`: `impression {element}` once half of it has been in view for a second, and
 * `click {element}` for each click in it. The one divided by the other is the click-through rate.
 */

import { all, around, attribute, listen, type Part } from "./part";

const NAME = "data-passerby-impression";
const PART = 0.5;
const LONG_MS = 1000;
/** Pages change all the time: they are searched for new elements no more often than this. */
const SEARCH_MS = 200;

const impressions: Part = (visit, signal) => {
  const nameOf = (element: Element) => attribute(element, NAME);
  const counted = new WeakMap<Element, string | null>();
  const timers = new Map<Element, number>();
  const inView = new Set<Element>();

  const stay = (element: Element) => {
    const name = nameOf(element);
    if (!name || timers.has(element) || counted.get(element) == name) return;
    const seen = () => {
      timers.delete(element);
      counted.set(element, name);
      visit.track("impression", { element: name });
    };
    timers.set(element, setTimeout(seen, LONG_MS));
  };
  // Nobody sees a hidden tab.
  const shown = () => inView.forEach(document.visibilityState == "visible" ? stay : go);
  const go = (element: Element) => {
    clearTimeout(timers.get(element));
    timers.delete(element);
  };

  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, intersectionRatio } of entries) {
        if (intersectionRatio < PART) {
          inView.delete(target);
          go(target);
        } else {
          inView.add(target);
        }
      }
      shown();
    },
    { threshold: PART },
  );
  // Watching what is watched already changes nothing.
  const search = () => {
    all(`[${NAME}]`).forEach((element) => watcher.observe(element));
    // A name may change where it stands.
    shown();
  };
  let searching = 0;
  const changes = new MutationObserver(() => {
    searching ||= setTimeout(() => {
      searching = 0;
      search();
    }, SEARCH_MS);
  });
  changes.observe(document, { childList: true, subtree: true, attributeFilter: [NAME] });
  search();

  listen(signal, document, "visibilitychange", shown);
  listen(signal, document, "click", (event) => {
    const element = around(event, `[${NAME}]`);
    if (element) visit.track("click", { element: nameOf(element) });
  });
  signal.addEventListener("abort", () => {
    watcher.disconnect();
    changes.disconnect();
    clearTimeout(searching);
    inView.forEach(go);
  });
};

export default impressions;
