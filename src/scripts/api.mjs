// The public surface against tests/api/: types, package entries, limits, and what the wasm takes and gives.
// A difference fails until UPDATE=1 npm test -- api accepts it, so that review sees it.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { at, namedWasm } from "./lib/root.mjs";
import { main } from "./lib/say.mjs";
import { privacyPage, readme } from "./lib/stored.mjs";

const SURFACES = {
  "index.d.ts": () => readFileSync(at("dist", "index.d.ts"), "utf8"),
  "exports.json": entries,
  "defaults.txt": defaults,
  "limits.txt": limits,
  "wasm.txt": wasm,
  // What is promised to visitors.
  "../../www/privacy.html": privacyPage,
  "../../README.md": readme,
};

await main(() => {
  const update = Boolean(process.env.UPDATE) || process.argv.includes("--update");
  const wrong = Object.entries(SURFACES).filter(([name, read]) => !same(name, read, update));
  return wrong.length > 0 ? 1 : 0;
});

function same(name, read, update) {
  const path = at("tests", "api", name);
  const now = attempt(read);
  if (update && now.text) writeFileSync(path, now.text);
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  const equal = now.text !== undefined && now.text === before;
  console.log(`${equal ? "ok  " : "FAIL"} tests/api/${name}`);
  if (!equal) console.log(now.error ?? difference(before, now.text));
  return equal;
}

function attempt(read) {
  try {
    return { text: read() };
  } catch (error) {
    return { error: `     ${error.message}` };
  }
}

function difference(before, now) {
  const lines = (text) => new Set(text.split("\n"));
  const [old, fresh] = [lines(before), lines(now)];
  const gone = [...old].filter((line) => !fresh.has(line)).map((line) => `     - ${line}`);
  const come = [...fresh].filter((line) => !old.has(line)).map((line) => `     + ${line}`);
  return [...gone, ...come, "     UPDATE=1 npm test -- api accepts this"].join("\n");
}

/** Which entry leads where, and what is packed. */
function entries() {
  const { exports, files, sideEffects } = JSON.parse(readFileSync(at("package.json"), "utf8"));
  return JSON.stringify({ exports, files, sideEffects }, null, 2) + "\n";
}

/** Limits are promises to pages and collectors alike. */
function limits() {
  const source = readFileSync(at("src", "wire", "limits.rs"), "utf8");
  return source.match(/^pub const .*$/gm).join("\n") + "\n";
}

/** Under other defaults the same visit has other numbers. Read from the source: the engine keeps them private. */
function defaults() {
  const parts = [
    ["config.rs", /let mut config = (Config \{[\s\S]*?\n {8}\});/],
    ["fold.rs", /-> Rules \{\s*(Rules \{[\s\S]*?\n {8}\})/],
  ];
  return parts.map(([name, pattern]) => literal(name, pattern)).join("");
}

function literal(name, pattern) {
  const found = pattern.exec(readFileSync(at("src", "engine", name), "utf8"));
  if (!found) throw new Error(`src/engine/${name} no longer has its defaults where src/scripts/api.mjs looks`);
  return found[1].replace(/^ {8}/gm, "") + "\n";
}

/** An import that appears unasked is how a clock or a panic message creeps in. */
function wasm() {
  const modules = namedWasm();
  if (modules.length === 0) throw new Error("there is no wasm under target/wasm: npm run build leaves it");
  return modules.map(surface).join("\n");
}

function surface(path) {
  const module = new WebAssembly.Module(readFileSync(path));
  const imports = WebAssembly.Module.imports(module).map((one) => `  import ${one.kind} ${stable(one.name)}`);
  const exports = WebAssembly.Module.exports(module).map((one) => `  export ${one.kind} ${stable(one.name)}`);
  return [basename(path), ...imports.sort(), ...exports.sort(), ""].join("\n");
}

/** wasm-bindgen appends a hash that changes with every compiler. */
function stable(name) {
  return name.replace(/_*h?[0-9a-f]{16}/g, "");
}
