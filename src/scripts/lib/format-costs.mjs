// What each of other systems' formats costs in passerby.all.js: the bytes that leaving it out saves. Two that share
// code each save little alone.

import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "../build/bundle.mjs";
import { buildWasm } from "../build/wasm.mjs";
import { brotli } from "./brotli.mjs";
import { at } from "./root.mjs";
import { say } from "./say.mjs";

const WHOLE = at("dist", "passerby.all.js");
const NAME = "without";
const OUT = at("target", "formats");

/** Name to bytes. Each is a build of its own: some twenty seconds. */
export async function formatCosts() {
  const whole = brotli(readFileSync(WHOLE));
  mkdirSync(OUT, { recursive: true });
  const costs = {};
  for (const name of names()) {
    costs[name] = whole - (await without(name));
    say(`${name}: ${costs[name]} B`);
  }
  // Other scripts take every module that is there for a shipped one.
  rmSync(at("target", "wasm", NAME), { recursive: true, force: true });
  return costs;
}

function names() {
  const list = readFileSync(at("src", "wire", "formats", "mod.rs"), "utf8");
  return [...list.matchAll(/not\(without = "([\w-]+)"\)/g)].map(([, name]) => name);
}

async function without(name) {
  const features = "core,formats,shipped";
  const core = await buildWasm({ name: NAME, features, thin: true, without: name });
  const to = join(OUT, `${name}.js`);
  await bundle({ entry: "script.ts", to, format: "iife", banner: "\ufeff", core: { ...core, name: "all" } });
  return brotli(readFileSync(to));
}
