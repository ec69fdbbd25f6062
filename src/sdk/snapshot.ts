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

import { apply, safely, stringify } from "./natives";

const { keys, prototype } = Object;
const { isArray } = Array;
const { isFinite, MAX_SAFE_INTEGER } = Number;
const { abs } = Math;
const tagOf = prototype.toString;
const { toISOString } = Date.prototype;

/** Text as it is, a number or a flag as text, anything else as nothing. */
export function text(value: unknown): string {
  const plain = typeof value == "object" || typeof value == "function" || value === undefined ? "" : String(value);
  // Cut before anything copies it: a page may pass 64 MB. Never inside a surrogate pair.
  return plain.length > LIMIT_STRING_BYTES ? plain.slice(0, LIMIT_STRING_BYTES).replace(/[\ud800-\udbff]$/, "") : plain;
}

const quote = (value: unknown) => stringify(text(value).replace(/\p{Cs}/gu, "\ufffd"));

/** An object as JSON text; empty for what is no object. */
export function json(value: unknown): string {
  let left = LIMIT_EVENT_BYTES;
  const above: unknown[] = [];

  /** One property, read once. */
  const read = safely((owner: any, key: any) => {
    left--;
    const written = write(owner[key]);
    left -= written ? written.length : 0;
    return written;
  });

  const write = (value: any): string | undefined => {
    const type = typeof value;
    if (type == "number" && !isFinite(value)) return "null";
    if (type == "boolean" || (type == "number" && abs(value) <= MAX_SAFE_INTEGER)) return String(value);
    if (type == "string" || type == "number" || type == "bigint") return quote(value);
    if (type != "object") return undefined;
    if (!value) return "null";
    const tag = apply(tagOf, value, []);
    if (tag == "[object Date]") return isFinite(+value) ? quote(apply(toISOString, value, [])) : "null";
    if (tag == "[object Error]") return quote(value.name + ": " + value.message);
    return isArray(value) ? inside(value) : tag == "[object Object]" ? inside(value, keys(value)) : undefined;
  };

  const inside = (value: any, names?: string[]) => {
    for (let at = 0; at < above.length; at++) if (above[at] === value) return '"[Circular]"';
    if (above.length >= LIMIT_DEPTH) return "null";
    const count = names ? Math.min(names.length, LIMIT_PROPERTIES) : value.length;
    above[above.length] = value;
    let body = "";
    for (let at = 0; at < count && left > 0; at++) {
      const name = names && names[at];
      const written = read(value, names ? name : at) || (names ? "" : "null");
      const part = written && names ? quote(name) + ":" + written : written;
      // A member a line, so that the engine can tell them apart.
      if (part) body += (body && (above.length > 1 ? "," : ",\n")) + part;
      left -= part.length - written.length;
    }
    above.length--;
    return names ? `{${body}}` : `[${body}]`;
  };

  const written = safely(write)(value);
  return written && written[0] == "{" ? written : "";
}
