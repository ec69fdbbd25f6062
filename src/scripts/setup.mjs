// npm run setup: everything the other commands need. Does only what is missing, so a second run is instant.

import { existsSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { browser } from "./lib/browser.mjs";
import { at, tool } from "./lib/root.mjs";
import { must, run, which } from "./lib/run.mjs";
import { Failure, main, say } from "./lib/say.mjs";

export { chromedriverPath, chromiumPath } from "./lib/browser.mjs";

const TARGET = "wasm32-unknown-unknown";
const HELP = `npm run setup                 npm packages, Rust's wasm target, the wasm-bindgen tool of its version
npm run setup -- --browser    also Chromium and chromedriver, for the tests`;

/** With `browser`, also what tests need: Chromium and chromedriver. */
export async function setup(needs = {}) {
  if (Number(process.versions.node.split(".")[0]) < 20) {
    throw new Failure(`Node 20 or newer is needed; this is ${process.version}.`);
  }
  if (!which("cargo")) throw new Failure("Rust is needed: install it from https://rustup.rs and open a new terminal.");
  await packages();
  await target();
  await bindgen();
  if (needs.browser) await browser();
}

async function packages() {
  if (installed()) return;
  say("installing npm packages");
  await must("npm", ["ci", "--no-audit", "--no-fund"], "npm ci failed; its message is above.");
}

/** npm leaves a lock file of what it really installed: the same versions mean nothing to do. */
function installed() {
  const real = at("node_modules", ".package-lock.json");
  if (!existsSync(real)) return false;
  const have = JSON.parse(readFileSync(real, "utf8")).packages;
  const want = JSON.parse(readFileSync(at("package-lock.json"), "utf8")).packages;
  return Object.entries(want).every(
    ([name, { version, optional }]) => name === "" || (have[name] ? have[name].version === version : optional),
  );
}

async function target() {
  const { out } = await run("rustc", ["--print", "target-libdir", "--target", TARGET], { output: "capture" });
  if (out.split("\n").some((line) => existsSync(line.trim()))) return;
  const missing = `Rust's ${TARGET} target is missing`;
  if (!which("rustup")) {
    const either = "install Rust from https://rustup.rs, or that target by the way you installed Rust";
    throw new Failure(`${missing} and there is no rustup: ${either}.`);
  }
  say(`adding Rust's ${TARGET} target`);
  await must("rustup", ["target", "add", TARGET], `${missing} and rustup could not add it; its message is above.`);
}

/** The version that Cargo.toml pins: library and command line must be exactly the same. */
export function bindgenVersion() {
  const pinned = /^wasm-bindgen\s*=.*"=([\d.]+)"/m.exec(readFileSync(at("Cargo.toml"), "utf8"));
  if (!pinned) throw new Failure('Cargo.toml must pin wasm-bindgen as "=x.y.z".');
  return pinned[1];
}

async function bindgen() {
  const version = bindgenVersion();
  const { out } = await run(tool("wasm-bindgen"), ["--version"], { output: "capture" });
  if (out.trim() === `wasm-bindgen ${version}` && existsSync(tool("wasm-bindgen-test-runner"))) return;
  say(`building the wasm-bindgen ${version} command line tool, once (a few minutes)`);
  const install = ["install", "wasm-bindgen-cli", "--version", `=${version}`, "--root", at(".tools")];
  // A mirror may lack a version that the tool's own lock file names; any compatible one does. Of a try that the next
  // one makes up for, nobody needs to read.
  const locked = await run("cargo", [...install, "--locked"], { output: "capture" });
  if (locked.code === 0) return;
  await must("cargo", install, `wasm-bindgen-cli could not be installed; cargo's message is above.\n${locked.out}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await main(async () => {
    if (process.argv.slice(2).some((word) => word === "--help" || word === "-h")) return console.log(HELP);
    await setup({ browser: process.argv.includes("--browser") });
    say("set up");
  });
}
