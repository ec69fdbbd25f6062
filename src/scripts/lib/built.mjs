// The shipped files: built when something they are made of is newer.

import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { at } from "./root.mjs";
import { must } from "./run.mjs";
import { say } from "./say.mjs";

const SOURCES = ["src", "Cargo.toml", "Cargo.lock", "package.json", "package-lock.json"];
// What src/ holds and dist/ is not made of.
const APART = new Set([at("src", "collector"), at("src", "bin")]);

/** Builds dist/ unless it is newer than every source. */
export async function built() {
  if (fresh()) return say("dist/ is up to date");
  say("building dist/");
  await must("node", [at("src", "scripts", "build.mjs")], "The build failed; its message is above.");
}

function fresh() {
  // Written last by the build, so an interrupted build is not taken for a whole one.
  const last = at("dist", "integrity.json");
  if (!existsSync(last)) return false;
  return Math.max(...SOURCES.map((name) => newest(at(name)))) < statSync(last).mtimeMs;
}

function newest(path) {
  if (APART.has(path) || !existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}
