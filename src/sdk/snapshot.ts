/**
 * Anything a page may pass, as JSON text. What becomes of what:
 *
 * | given                                              | becomes                                          |
 * |----------------------------------------------------|--------------------------------------------------|
 * | text                                               | text, cut at the limit, lone surrogates → U+FFFD |
 * | finite number, boolean, null                       | itself; a number beyond ±2^53 as text            |
 * | NaN, ±Infinity, invalid date                       | null                                             |
 * | BigInt                                             | text                                             |
 * | date                                               | ISO 8601 text                                    |
 * | error                                              | "Name: message"                                  |
 * | array                                              | array; what has no value in it → null            |
 * | plain object, class instance                       | its own enumerable properties                    |
 * | anything else (function, symbol, undefined, Map,   | left out                                         |
 * | Set, Promise, DOM node, typed array, boxed value)  |                                                  |
 * | a value inside itself                              | "[Circular]"                                     |
 * | a value nested too deep                            | null                                             |
 * | a property or proxy that throws                    | left out                                         |
 *
 * Every property is read once, and no `toJSON` is asked: Prototype.js and others corrupt everybody's JSON with
 * theirs. Work is bounded by the limits the engine has: what is larger than an event may be is cut off here
 * only after it has become too large, so that the engine sees it and counts the drop.
 */

import { apply, encoder, safely } from "./natives";

const cut = new Uint8Array(LIMIT_STRING_BYTES);

/**
 * Text as it is, a number or a flag as text, anything else as nothing. Cut before anything copies it: a page may pass
 * 64 MB. By the bytes of its UTF-8, as the collector counts, and between its characters.
 */
export const text = (value: unknown): string => {
  const all = value == null || value === Object(value) ? "" : String(value);
  return all.slice(0, encoder.encodeInto(all, cut).read);
};

/** By ourselves: one page's own `JSON.stringify` would make the collector refuse the batch with all that is in it. */
const quote = (value: unknown) => `"${text(value).replace(/["\\\0-\x1f]|\p{Cs}/gu, escaped)}"`;
const escaped = (letter: string) => {
  if (letter > "\\") return "\ufffd";
  return letter < " " ? "\\u00" + letter.charCodeAt(0).toString(16).padStart(2, "0") : "\\" + letter;
};

/** An object as JSON text; empty for what is no object. */
export function json(value: unknown): string {
  let left = LIMIT_EVENT_BYTES;
  const above: unknown[] = [];

  /** One property, read once. */
  const read = safely((owner: any, key: string | number) => write(owner[key]));

  const write = (value: any): string | undefined => {
    const type = typeof value;
    // Beyond 2^53 every number is an integer. What JSON has not, NaN and the like, is null in it.
    const exact = type == "number" && Number.isInteger(value) == Number.isSafeInteger(value);
    if (value === null || type == "boolean" || exact) return "" + (isFinite(value) ? value : null);
    if (type == "string" || type == "number" || type == "bigint") return quote(value);
    if (type != "object") return undefined;
    const tag = apply(Object.prototype.toString, value, []);
    if (tag == "[object Date]") return Number.isInteger(+value) ? quote(value.toISOString()) : "null";
    if (tag == "[object Error]") return quote(value.name + ": " + value.message);
    if (Array.isArray(value)) return inside(value);
    return tag == "[object Object]" ? inside(value, Object.keys(value).slice(0, LIMIT_PROPERTIES)) : undefined;
  };

  const inside = (value: any, names?: string[]) => {
    if (above.includes(value)) return '"[Circular]"';
    if (above.length >= LIMIT_DEPTH) return "null";
    const count = (names || value).length;
    const parts: string[] = [];
    above.push(value);
    for (let at = 0; at < count && left > 0; at++) {
      const before = left;
      const key = names ? names[at]! : at;
      const written = read(value, key) || (names ? "" : "null");
      const part = names && written ? quote(key) + ":" + written : written;
      if (part) parts.push(part);
      left = before - part.length - 1;
    }
    above.pop();
    // A member a line, so that the engine can tell them apart.
    const body = parts.join(above.length ? "," : ",\n");
    return names ? `{${body}}` : `[${body}]`;
  };

  const written = safely(write)(value);
  return written?.[0] == "{" ? written : "";
}
