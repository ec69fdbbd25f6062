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
  const facts = JSON.stringify({ length: numbers.length, key: KEY, starts, head, functions, size, kinds });
  return `export default { text: ${PLACE}, ${facts.slice(1)};\n`;
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
 * wasm-bindgen's glue keeps its state (memory view, decoder) in module variables: one instance a page. Here
 * it becomes the body of a function, so that two sites on a page, and the instance that replaces a trapped
 * one, have their own. `passerbyPerform` is the one function the module imports from us.
 */
export function glueFactory(glue, names) {
  const offered = [];
  let body = withoutFallbacks(glue).replace(/^export (function (\w+)|\{[^}]*\};?$)/gm, (_, declaration, name) => {
    if (name) offered.push(name);
    return declaration.startsWith("function") ? declaration : "";
  });
  if (/^(import|export)\b/m.test(body)) throw new Failure("wasm-bindgen's glue has a new shape: look at glueFactory.");
  for (const [long, short] of names.exports) {
    body = body.replaceAll(new RegExp(`\\bwasm\\.${long}\\b`, "g"), `wasm.${short}`);
  }
  const imports = names.imports.map(([long, short]) => `${short}: ${long}`);
  const exports = offered.filter((name) => !name.startsWith("__wb"));
  return `export default (passerbyPerform, instantiate) => {
${body}
wasm = instantiate({ a: { ${imports.join(", ")} } }).exports;
return { ${exports.join(", ")} };
};
`;
}

const VIEW = "const getUint8ArrayMemory0 = () => new Uint8Array(wasm.memory.buffer);";
const DECODE = "const decodeText = (bytes) => cachedTextDecoder.decode(bytes);";

/**
 * What wasm-bindgen does for browsers that Passerby does not run on anyway (no `encodeInto`: Edge 18), for callers
 * that ours is not (arguments that are no numbers), for pages that decode 2 GiB of text, and for speed that
 * would cost more bytes than it is worth: text written in place, a view of the memory that is kept.
 */
function withoutFallbacks(glue) {
  return [
    [/^if \(!\('encodeInto' in [^]*?^\}/m, ""],
    [/^ {4}if \(realloc === undefined\) \{([^]*?)^ {4}\}[^]*?^\}/m, "$1}"],
    [/^const MAX_SAFARI[^]*?^function decodeText[^]*?^\}/m, DECODE],
    [/^let cachedUint8ArrayMemory0[^]*?^\}/m, VIEW],
    [/^cachedTextDecoder.decode\(\);/m, ""],
    [/^export function __wbg_set_wasm[^]*?^\}/m, ""],
    [/ = \+(?=\w+;)/g, " = "],
    [/>>> 0(?=[;,])/g, ""],
  ].reduce((text, [pattern, instead]) => {
    if (!pattern.test(text)) throw new Failure(`wasm-bindgen's glue has a new shape: ${pattern} is not in it.`);
    return text.replace(pattern, instead);
  }, glue);
}
