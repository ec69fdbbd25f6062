/** `data-passerby-event="sign_up" data-passerby-prop-plan="pro"`: events of pages without code. */

import type { Properties } from "../types";
import type { Listen } from "./page";

export function marked(listen: Listen, track: (name: string, props: Properties) => void): void {
  listen(document, "click", ({ target }) => {
    const element: Element | null = target.closest("[data-passerby-event]");
    if (!element) return;
    const props: Properties = {};
    for (const { name, value } of element.attributes) {
      const [, property] = name.split("data-passerby-prop-");
      if (property) props[property] = value;
    }
    track(element.getAttribute("data-passerby-event")!, props);
  });
}
