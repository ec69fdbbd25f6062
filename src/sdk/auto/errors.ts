/** `script_error {message, source}`: errors nobody caught. */

import { listen, place, type Part } from "./part";

/** A loop that throws must not fill the queue. */
const MOST = 20;

/** Addresses in a message keep no query and no fragment: what stands there is nobody's business. */
const bare = (text: string) =>
  text.replace(/(\w+:\/\/[^\s?#"'`)]*)[?#][^\s"'`)]*|[?#][\w.%[\]-]+=[^\s"'`)]*/g, "$1");

const inWords = (reason: unknown) => (reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason));

const errors: Part = (visit, signal) => {
  const seen = new Set<string>();
  listen(signal, window, "error unhandledrejection", ({ type, message, reason, filename = "", lineno = 0 }) => {
    // A picture that did not load is an error event too, without a message. Extensions' own are not the site's.
    const said = type == "error" ? message : `Unhandled: ${inWords(reason)}`;
    if (!said || /^\w+-extension:/.test(filename)) return;
    const file = place(filename);
    const source = file && `${file}:${lineno}`;
    if (seen.has(said + source) || seen.size >= MOST) return;
    seen.add(said + source);
    visit.track("script_error", { message: bare(said), ...(source && { source }) });
  });
};

export default errors;
