// A wasm module inside a script: its bytes as a string literal, its glue as a function.

import { Failure } from "../lib/say.mjs";

/**
 * Bytes as a JavaScript string literal in which each byte is one code point, U+0000 to U+00FF. As UTF-8 and
 * after brotli that costs 5 % over the bare bytes; base64 costs 28 %, for it hides repetition from brotli.
 * The quote is the one that needs the fewest escapes.
 */
export function literal(bytes) {
  return ["`", '"', "'"].map((quote) => quoted(bytes, quote)).reduce((a, b) => (b.length < a.length ? b : a));
}

function quoted(bytes, quote) {
  let text = "";
  for (let at = 0; at < bytes.length; at++) {
    const char = String.fromCharCode(bytes[at]);
    // A bare CR becomes LF in a template and ends the line in the others.
    if (char === "\r") text += "\\r";
    else if (char === "\n" && quote !== "`") text += "\\n";
    // NUL may stand in a string, but editors and proxies then take the script for something else.
    else if (char === "\0") text += /[0-9]/.test(String.fromCharCode(bytes[at + 1])) ? "\\x00" : "\\0";
    else if (char === "\\" || char === quote) text += "\\" + char;
    else if (quote === "`" && char === "$" && bytes[at + 1] === 0x7b) text += "\\$";
    else text += char;
  }
  return quote + text + quote;
}

// Where the literal goes once esbuild is done: esbuild itself would write \xNN for control characters.
const PLACE = "passerby:wasm-goes-here";

/** The virtual module `passerby:wasm`: the text, and how many bytes it must be once decoded. */
export const wasmText = (wasm) => `export const size = ${wasm.length};\nexport default ${JSON.stringify(PLACE)};\n`;

/** The same as bytes, for modules that are read as UTF-8 by definition. */
export function wasmBytes() {
  return `const text = ${JSON.stringify(PLACE)};
const bytes = new Uint8Array(text.length);
for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
export default bytes;
`;
}

/** Puts the module into a finished script. */
export function embed(script, wasm) {
  const parts = script.split(new RegExp(`["'\`]${PLACE}["'\`]`));
  if (parts.length !== 2) throw new Failure(`The wasm's place occurs ${parts.length - 1} times in a script, not once.`);
  return parts.join(literal(wasm));
}

/**
 * wasm-bindgen's glue keeps its state (memory view, decoder) in module variables: one instance a page. Here
 * it becomes the body of a function, so that two sites on a page, and the instance that replaces a trapped
 * one, have their own. `passerbyPerform` is the one function the module imports from us.
 */
export function glueFactory(glue, names) {
  const offered = [];
  let body = glue.replace(/^export (function (\w+)|\{[^}]*\};?$)/gm, (_, declaration, name) => {
    if (name) offered.push(name);
    return declaration.startsWith("function") ? declaration : "";
  });
  if (/^(import|export)\b/m.test(body)) throw new Failure("wasm-bindgen's glue has a new shape: look at glueFactory.");
  for (const [long, short] of names.exports) body = body.replaceAll(new RegExp(`\\bwasm\\.${long}\\b`, "g"), `wasm.${short}`);
  const imports = names.imports.map(([long, short]) => `${short}: ${long}`);
  const exports = offered.filter((name) => !name.startsWith("__wb"));
  return `export default (passerbyPerform, instantiate) => {
${body}
wasm = instantiate({ "./core_bg.js": { ${imports.join(", ")} } }).exports;
return { ${exports.join(", ")} };
};
`;
}
