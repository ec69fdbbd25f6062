/**
 * `form {form, step}`: start (something was entered), submit, abandon (the page was left in between). Of a form its
 * id, name or address, never what is in it.
 */

import { attribute, listen, place, type Part } from "./part";

const forms: Part = (visit, signal) => {
  const begun = new Set<Element>();
  const tell = (form: Element, step: string) => {
    // Not `form.id`: a field of that name would stand in its place.
    const of = (name: string) => attribute(form, name);
    visit.track("form", { form: of("id") || of("name") || place(of("action") || ""), step });
  };
  listen(signal, document, "input", ({ target, isTrusted }) => {
    // Fields may stand outside of their form.
    const form = target.form || target.closest("form");
    if (!isTrusted || !form || begun.has(form)) return;
    begun.add(form);
    tell(form, "start");
  });
  listen(signal, document, "submit", ({ target }) => {
    begun.delete(target);
    tell(target, "submit");
  });
  listen(signal, window, "pagehide", () => {
    if (!begun.size) return;
    for (const form of begun) tell(form, "abandon");
    begun.clear();
    // The visit heard of the end before we did.
    visit.flush();
  });
};

export default forms;
