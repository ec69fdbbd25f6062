// A wasm module inside a script: its bytes as a string literal, its glue as a function.

import { Failure } from "../lib/say.mjs";
import { kinds, transpose } from "./transpose.mjs";

/**
 * Every number is XORed with this before it becomes a character. It moves the numbers a module is full of away
 * from characters that need an escape or two bytes of UTF-8: the best of the first 128 for the engine. Words stay
 * words, which the script knows too (0.7 % of the whole).
 */
const KEY = 42;

/**
 * Numbers as a JavaScript string literal in which each is one code point. As UTF-8 and after brotli that costs
 * 1 % over bare bytes; base64 costs 28 %, for it hides repetition from brotli.
 */
export function literal({ numbers, words }) {
  let text = "";
  const key = (at) => (at >= words.from && at < words.to ? 0 : KEY);
  for (let at = 0; at < numbers.length; at++) {
    const char = String.fromCharCode(numbers[at] ^ key(at));
    const next = String.fromCharCode(numbers[at + 1] ^ key(at + 1));
    // A bare CR would become LF.
    if (char === "\r") text += "\\r";
    // NUL may stand in a string, but editors and proxies then take the script for something else.
    else if (char === "\0") text += /[0-9]/.test(next) ? "\\x00" : "\\0";
    else if (char === "\\" || char === "`" || (char === "$" && next === "{")) text += "\\" + char;
    else text += char;
  }
  return "`" + text + "`";
}

// The module's text while esbuild is at work, which itself would write \xNN for control characters: a name that
// is nobody's, for esbuild to leave alone.
const PLACE = "$";

/** The virtual modules `passerby:core-wasm` and `passerby:widget-wasm`: what `unpack` takes. */
export function packedModule(wasm) {
  const { numbers, starts, head, functions, size } = transpose(wasm);
  const facts = JSON.stringify([numbers.length, KEY, starts, head, functions, size, kinds]);
  return `export default [${PLACE}, ${facts.slice(1)};\n`;
}

const packed = (wasm) => literal(transpose(wasm));

/** What stands before a module script: its wasm. */
export const prefix = (wasm) => `const ${PLACE}=${packed(wasm)};`;

/** Puts the module into a finished script: behind everything else if it can, where it compresses best. */
export function embed(script, wasm, format) {
  if (format === "esm") return prefix(wasm) + script;
  const [, before = "", body] = /^("use strict";)?\(\(\)=>\{([^]*)\}\)\(\);\s*$/.exec(script) ?? [];
  if (!body) throw new Failure("esbuild wraps a script in another way than before: look at embed.");
  return `${before}(${PLACE}=>{${body}})(${packed(wasm)});\n`;
}

/**
 * What we need of wasm-bindgen's glue, which is written for any function and any browser: here numbers and, at the end,
 * one text go in by `handle` and out by `passerbyPerform`. A function, so that two sites on a page, and the instance
 * that replaces a trapped one, have their own state. The memory is looked at anew each time, for it may have grown.
 */
export function glueFactory(glue, { imports, exports }) {
  const [, inward] = /\bwasm\.handle\(((?:\w+, )*)ptr0, len0\)/.exec(glue) ?? [];
  const [, outward] = /\bpasserbyPerform\(((?:\w+(?: >>> 0)?, )*)getStringFromWasm0\((?:\w+, \w+)\)\)/.exec(glue) ?? [];
  if (inward === undefined || outward === undefined || imports.length !== 1) {
    throw new Failure("wasm-bindgen's glue has a new shape: look at glueFactory.");
  }
  const short = Object.fromEntries(exports);
  const named = (long, name) => `${short[long] ?? long}: ${name}`;
  const numbers = outward.replaceAll(" >>> 0", "");
  return `export default (perform, instantiate, encoder) => {
  const decoder = new TextDecoder();
  const out = (${numbers}at, length) => perform(${numbers}decoder.decode(new Uint8Array(memory.buffer, at, length)));
  const { ${named("memory", "memory")}, ${named("handle", "handle")}, ${named("__wbindgen_malloc", "allocate")} } =
    instantiate({ a: { ${imports[0][1]}: out } }).exports;
  return (${inward}text) => {
    const bytes = encoder.encode(text);
    const at = allocate(bytes.length, 1);
    new Uint8Array(memory.buffer).set(bytes, at);
    handle(${inward}at, bytes.length);
  };
};
`;
}
