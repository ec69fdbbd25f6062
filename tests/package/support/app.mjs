// An app of tests/package, copied to target/package and installed there: its own packages once per version of
// them, and Passerby from the tarball that npm would publish.

import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { delimiter, join } from "node:path";
import { at } from "../../../src/scripts/lib/root.mjs";
import { run } from "../../../src/scripts/lib/run.mjs";

export const OUT = at("target", "package");
const NPM = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"];
let packed;

/** `npm pack`, once a process: the tarball's path, its hash, and what npm says is in it. */
export function tarball() {
  packed ??= pack();
  return packed;
}

async function pack() {
  mkdirSync(OUT, { recursive: true });
  const said = await npm(at(), "pack", "--json", "--pack-destination", OUT);
  const answer = JSON.parse(said.slice(said.search(/[[{]/)));
  // A list up to npm 11, one entry a package after.
  const [{ filename, files }] = Object.values(answer);
  const path = join(OUT, filename);
  return { path, hash: hash(readFileSync(path)), files: files.map((file) => file.path).sort() };
}

/** The folder of this app, ready to be built. `from`: whose files it has, beside its own. */
export async function app(name, from = name) {
  const to = join(OUT, name);
  mkdirSync(to, { recursive: true });
  // All but what is installed: a file that the app no longer has must not stay.
  for (const old of readdirSync(to)) if (old !== "node_modules") rmSync(join(to, old), { recursive: true });
  for (const source of new Set([from, name])) {
    cpSync(at("tests", "package", source), to, { recursive: true, filter: (path) => !path.includes("node_modules") });
  }
  const { path, hash: version } = await tarball();
  await once(to, "installed", hash(readFileSync(join(to, "package.json"))), async () => {
    rmSync(join(to, "node_modules"), { recursive: true, force: true });
    await npm(to, "install", ...NPM);
  });
  await once(to, "tarball", version, () => npm(to, "install", "--no-save", ...NPM, path));
  return to;
}

/** Does it unless it was done for the same version. */
async function once(folder, what, version, act) {
  const note = join(folder, "node_modules", `.${what}`);
  if (existsSync(note) && readFileSync(note, "utf8") === version) return;
  await act();
  writeFileSync(note, version);
}

const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");

async function npm(cwd, ...args) {
  const { code, out } = await run("npm", args, { cwd, output: "capture" });
  if (code !== 0) throw new Error(`npm ${args[0]} failed in ${cwd}:\n${out}`);
  return out;
}

/** Runs a program the app has installed; what it said. */
export async function tool(folder, name, ...args) {
  const { code, out } = await run(name, args, { cwd: folder, output: "capture", env: around(folder) });
  if (code !== 0) throw new Error(`${name} ${args.join(" ")} failed:\n${out}`);
  return out;
}

/** The environment of an app's programs: its own first, also its own Node where it brings a newer one. */
export function around(folder) {
  const path = join(folder, "node_modules", ".bin") + delimiter + process.env.PATH;
  return { ...process.env, ...QUIET, PATH: path };
}

/** No question asked, nothing sent home, no colours in what a failure prints. */
const QUIET = {
  CI: "1",
  NO_COLOR: "1",
  NEXT_TELEMETRY_DISABLED: "1",
  ASTRO_TELEMETRY_DISABLED: "1",
  NG_CLI_ANALYTICS: "false",
};
