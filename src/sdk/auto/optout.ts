/**
 * Links and buttons that stop the measuring, `<button data-passerby-optout>Do not measure me</button>`, or allow it
 * again, `data-passerby-optin`: as `consent("denied")` and `consent("granted")`. Nothing is tracked of the click.
 *
 * While the choice of an element is what holds, it has `data-passerby-chosen`, for style sheets; a button is pressed,
 * for those who do not see it.
 */

import { all, around, listen, type Part } from "./part";

const CHOICES = { "data-passerby-optout": "denied", "data-passerby-optin": "granted" } as const;

const optout: Part = (visit, signal) => {
  const show = () => {
    const holds = visit.explain().find(({ about }) => about == "consent")?.is;
    for (const [name, choice] of Object.entries(CHOICES)) {
      for (const element of all(`[${name}]`)) {
        element.toggleAttribute("data-passerby-chosen", holds == choice);
        if (element.tagName == "BUTTON") element.setAttribute("aria-pressed", String(holds == choice));
      }
    }
  };
  listen(signal, document, "click", (event) => {
    for (const [name, choice] of Object.entries(CHOICES)) {
      if (around(event, `[${name}]`)) visit.consent(choice);
    }
    show();
  });
  // Pages draw such links late, in a footer or a dialog.
  listen(signal, document, "DOMContentLoaded", show);
  show();
};

export default optout;
