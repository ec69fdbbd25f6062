// Where things are. Only node builtins here and in everything set-up imports: a fresh clone has no node_modules.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));

/** A path inside the repository. */
export const at = (...parts) => join(root, ...parts);

const exe = process.platform === "win32" ? ".exe" : "";

/** A tool that set-up installed for this repository alone. */
export const tool = (name) => at(".tools", "bin", name + exe);

/** The collector's binary as cargo leaves it. */
export const collector = (profile) => at("target", profile, "passerby-collector" + exe);

/** The twins of the shipped wasm modules that the build leaves with their names. */
export function namedWasm() {
  const folder = at("target", "wasm");
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".named.wasm"));
  return names.sort().map((name) => join(folder, name));
}
