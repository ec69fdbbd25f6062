/** `data-passerby-event="sign_up" data-passerby-prop-plan="pro"`: events of pages without code. */

import type { Properties } from "../types";
import type { Listen } from "./page";

const EVENT = "data-passerby-event";
const PROPERTY = "data-passerby-prop-";

export function marked(listen: Listen, track: (name: string, props: Properties) => void): void {
  listen(document, "click", ({ target }) => {
    const element: Element | null = target.closest(`[${EVENT}]`);
    if (!element) return;
    const props: Properties = {};
    for (const name of element.getAttributeNames()) {
      if (name.startsWith(PROPERTY)) props[name.slice(PROPERTY.length)] = element.getAttribute(name);
    }
    track(element.getAttribute(EVENT)!, props);
  });
}
