// A wasm module compiled on to JavaScript, for pages whose policy forbids WebAssembly.

import { readFileSync, writeFileSync } from "node:fs";
import { at } from "../lib/root.mjs";
import { must } from "../lib/run.mjs";
import { Failure } from "../lib/say.mjs";
import { fingerprint, isFresh, remember } from "./cache.mjs";
import { wasmOpt } from "./wasm.mjs";

const WASM2JS = at("node_modules", "binaryen", "bin", "wasm2js");
// What wasm2js does not know is taken apart into what it does.
const LOWER = ["--signext-lowering", "--llvm-memory-copy-fill-lowering", "--llvm-nontrapping-fptoint-lowering"];
const OLD = ["--mvp-features", "--enable-mutable-globals"];

/**
 * The module `name`, as built by `buildWasm` and still with its names, as the text of a function that makes an
 * instance of the imports: the virtual module `passerby:core-asm`.
 */
export async function javascript(name) {
  const named = at("target", "wasm", name, `${name}.named.wasm`);
  const [old, script] = ["old.wasm", "asm.js"].map((end) => at("target", "wasm", name, `${name}.${end}`));
  const print = fingerprint([named, at("src", "scripts", "build", "nowasm.mjs")]);
  if (!isFresh(`asm:${name}`, print, [script])) {
    await wasmOpt([named, "-o", old, "--strip-debug", "--strip-producers", "--strip-target-features", ...LOWER, "-Oz"]);
    await must("node", [WASM2JS, ...OLD, "-Oz", old, "-o", script], "wasm2js failed.", { output: "capture" });
    remember(`asm:${name}`, print);
  }
  return { asm: instantiable(readFileSync(script, "utf8")), names: unchanged(readFileSync(old)) };
}

/** wasm2js writes a module with one instance; a visit needs one of its own. */
function instantiable(text) {
  const [, source] = /^import \* as [\w$]+ from '(\S+)';$/m.exec(text) ?? [];
  const [head, tail] = text.split(/^var retasmFunc = /m);
  if (!source || !tail) throw new Failure("wasm2js writes modules in another way than before: look at instantiable.");
  const body = head.replace(/^import .*$/m, "");
  return `${body}\nexport default ({ a }) => ({ exports: asmFunc({ ${JSON.stringify(source)}: a }) });\n`;
}

/** The names glue and module agree on, for nothing has shortened them here. */
function unchanged(wasm) {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(wasm));
  return { exports: [], imports: imports.map(({ name }) => [name, name]) };
}
