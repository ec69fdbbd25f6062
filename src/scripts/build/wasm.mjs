// Rust to a module and its glue: cargo, wasm-bindgen, wasm-opt.

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { at, tool } from "../lib/root.mjs";
import { must } from "../lib/run.mjs";
import { transpose } from "./transpose.mjs";
import { reordered, unlinked } from "./words.mjs";

const WASM_OPT = at("node_modules", "binaryen", "bin", "wasm-opt");
const TARGET = "wasm32-unknown-unknown";

// What rustc's wasm32 target uses since 1.82; Chrome 85, Firefox 79 and Safari 15 have all of it.
const FEATURES = [
  "bulk-memory", "bulk-memory-opt", "sign-ext", "mutable-globals", "nontrapping-float-to-int", "multivalue",
].map((feature) => `--enable-${feature}`);
const SMALLEST = ["-tnh", "--zero-filled-memory", "-Oz"];
// Second helping for the module every visitor loads (2 % less brotli). Low memory is the far end of the stack,
// to which no pointer of ours is a small negative number away.
const SMALLER = [
  "--low-memory-unused", "--flatten", "--rereloop", "-Oz", "--converge",
  "--code-folding", "--precompute-propagate", "--optimize-instructions", "--vacuum", "-Oz",
];
// Values that are loaded again rather than carried along, and short branches that stay branches (80 B less).
const SMALL = ["-enable-load-pre=0", "-phi-node-folding-threshold=1"].map((flag) => `-Cllvm-args=${flag}`);
// What wasm-bindgen gives away beside and its glue may call, but ours does not: see `glueFactory`.
const UNCALLED = ["__wbindgen_realloc", "__wbindgen_free", "__abort_handler", "__instance_terminated"].map(
  (name) => `--remove-exports=${name}`,
);
const STRIP = ["--strip-debug", "--strip-producers", "--strip-target-features"];

/**
 * Builds the crate with one feature set, `without` one of the formats if that is named. Leaves `<name>.named.wasm`
 * (function names kept, for size analysis) and returns the bytes as shipped, the text of wasm-bindgen's glue, and which
 * names the module has been given instead of those in the glue.
 */
export async function buildWasm({ name, features, thin, without }) {
  const out = at("target", "wasm", name);
  mkdirSync(out, { recursive: true });
  await compile(features, thin, without);
  const linked = readFileSync(at("target", TARGET, "shipped", "passerby.wasm"));
  if (!thin) return finish(linked, out, name, thin);
  withoutReferenceTypes(linked);
  // Only what is finished tells in which order it says its words. The module of that first run keeps its names: what
  // `nowasm.mjs` makes of it needs numbers that are aligned.
  const { wasm } = await finish(unlinked(linked), out, name, thin);
  const said = await finish(reordered(linked, transpose(wasm).constants), out, `${name}_said`, thin);
  renameSync(join(out, `${name}_said.wasm`), join(out, `${name}.wasm`));
  rmSync(join(out, `${name}_said.named.wasm`));
  return said;
}

/** From cargo's module to the one that is shipped. */
async function finish(linked, out, name, thin) {
  const module = join(out, "passerby.wasm");
  writeFileSync(module, linked);
  await must(
    tool("wasm-bindgen"),
    ["--target", "bundler", "--no-typescript", "--keep-debug", "--out-dir", out, "--out-name", name, module],
    `wasm-bindgen could not read ${name}'s module. Its version must be the crate's: run "npm run setup".`,
    { output: "capture" },
  );
  const named = join(out, `${name}.named.wasm`);
  renameSync(join(out, `${name}_bg.wasm`), named);
  const glue = readFileSync(join(out, `${name}_bg.js`), "utf8");
  const wasm = join(out, `${name}.wasm`);
  const names = await optimize(thin ? named : await shaved(named, join(out, `${name}.wat`)), wasm, thin);
  return { wasm: readFileSync(wasm), glue, names };
}

function compile(features, thin, without) {
  // `cargo rustc` hands this to the last crate only: RUSTFLAGS stay the user's own.
  // 32 kB of stack instead of 1 MB: 2 pages of memory at start instead of 18, and every address one character.
  // The thin ones' constants can be moved, see `words.mjs`; the widget's stay apart until those that nobody reads have
  // been shaved off.
  const own = thin ? [...SMALL, "-Clink-arg=--emit-relocs"] : ["-Clink-arg=--no-merge-data-segments"];
  const flags = ["-Clink-arg=-zstack-size=32768", ...own];
  // What only that format uses is then used by nobody, of which rustc need not tell.
  if (without) flags.push("--cfg", `without="${without}"`, "-Adead_code");
  const args = ["--lib", "--crate-type", "cdylib", "--profile", "shipped", "--target", TARGET, "--features", features];
  const sentence = `cargo could not build ${features}; its message is above.`;
  return must("cargo", ["rustc", "--quiet", ...args, "--", ...flags], sentence);
}

/**
 * Says of the module that it does not use reference types, which is true: only numbers cross the thin boundary.
 * core is compiled with the feature, and wasm-bindgen then sets up a table of JavaScript values that stays empty.
 */
function withoutReferenceTypes(wasm) {
  const feature = wasm.lastIndexOf("+\x0freference-types", undefined, "latin1");
  if (feature >= 0) wasm[feature] = "-".charCodeAt(0);
  return wasm;
}

/** std brings text for panics and errors that nobody can read in a browser: see `src/widget/shave.mjs`. */
async function shaved(from, to) {
  const shave = at("src", "widget", "shave.mjs");
  await must("node", [shave, WASM_OPT, from, to], "The widget's module could not be shaved.");
  return to;
}

/** Shrinks the module, and gives its imports and exports one-letter names; returns which. */
async function optimize(from, to, thin) {
  const more = thin ? [] : ["--enable-reference-types"];
  const own = thin ? [...UNCALLED, ...SMALLEST, ...SMALLER] : [...SMALLEST, "--converge"];
  await wasmOpt([from, "-o", to, ...STRIP, ...more, ...own]);
  // A run of its own: `--converge` would rename what has been renamed.
  const names = JSON.parse(await wasmOpt([to, "-o", to, ...more, "--minify-imports-and-exports-and-modules"]));
  // An import is [module, name, short name], an export [name, short name].
  return { imports: names.imports.map((row) => row.slice(-2)), exports: names.exports };
}

export const wasmOpt = (args) =>
  must("node", [WASM_OPT, ...FEATURES, ...args], "wasm-opt failed.", { output: "capture" });
