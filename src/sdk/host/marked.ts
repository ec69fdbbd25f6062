/** `data-passerby-event="signup" data-passerby-prop-plan="pro"`: events of pages without code. */

import type { Properties } from "../types";
import type { Listen } from "./page";

const MARK = "data-passerby-";

export function marked(listen: Listen, track: (name: string, props: Properties) => void): void {
  listen(document, "click", ({ target }) => {
    const element: Element | null = target.closest(`[${MARK}event]`);
    if (!element) return;
    const props: Properties = {};
    for (const name of element.getAttributeNames()) {
      if (name.startsWith(MARK + "prop-")) props[name.slice(MARK.length + 5)] = element.getAttribute(name);
    }
    track(element.getAttribute(MARK + "event")!, props);
  });
}
