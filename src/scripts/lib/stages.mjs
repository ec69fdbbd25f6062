// The stages of npm test and npm run test:deep, in the order that finds the cheapest mistake first.

import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { built } from "./built.mjs";
import { cargoCounts, checkCounts, nodeCounts } from "./counts.mjs";
import { chromedriverPath, chromiumPath } from "./browser.mjs";
import { databases } from "./databases.mjs";
import { engines } from "./engines.mjs";
import { at, collector, tool } from "./root.mjs";
import { must, run } from "./run.mjs";

const WASM = ["--target", "wasm32-unknown-unknown"];
// Installing them all takes minutes.
const FRAMEWORKS = "apps.spec.mjs";
// 2,000 worlds take a minute or two; so many take ten.
const MANY = ["--seeds", "10000"];
const WARNINGS = ["--", "-D", "warnings"];

/** A stage answers with its counts; `browser` ones need Chromium, `deep` ones are left to npm run test:deep. */
export const stages = [
  { name: "format", about: "cargo fmt --check", run: () => checks(["cargo", "fmt", "--check"]) },
  { name: "lint", about: "clippy without warnings, natively and for wasm32", run: lint },
  { name: "tidy", about: "the repository's own rules (tests/tidy.rs)", run: () => cargo("--test", "tidy") },
  { name: "native", about: "engine, wire and view where no browser exists", run: wall },
  { name: "formats", about: "other systems' formats, and delivery by their answers", run: formats },
  { name: "collector", about: "the collector's tests", run: native },
  { name: "sim", about: "worlds of engines, faults and collector against an oracle", run: () => sim([]) },
  { name: "wasm", about: "boundary and widget in headless Chromium", browser: true, run: wasm },
  { name: "types", about: "tsc --noEmit", run: types },
  { name: "build", about: "npm run build", run: () => checks(["node", at("src", "scripts", "build.mjs")]) },
  { name: "size", about: "shipped files against tests/size.json", run: () => script("size.mjs", "--check") },
  { name: "api", about: "public surface against tests/api/", run: () => script("api.mjs") },
  { name: "e2e", about: "built files in Chromium against the real collector", browser: true, run: () => specs("e2e") },
  { name: "nowasm", about: "the golden transcripts through passerby.nowasm.js", run: nowasm },
  { name: "package", about: "the npm package, in Vite, esbuild and on a server", browser: true, run: packaged },
  { name: "browsers", about: "one visit in Chromium, Firefox and WebKitGTK", browser: true, deep: true, run: browsers },
  { name: "apps", about: "the npm package in other bundlers and in frameworks", browser: true, deep: true, run: apps },
  { name: "oracles", about: "our formats and other systems' own programs", browser: true, deep: true, run: oracles },
  { name: "costs", about: "what each format adds to passerby.all.js", deep: true, run: costs },
  { name: "worlds", about: "10,000 worlds against the oracle, and faults put in on purpose", deep: true, run: worlds },
  { name: "faults", about: "real faults in Chromium: lost and doubled events", browser: true, deep: true, run: faults },
];

/** Programs whose success is one check each. */
async function checks(...commands) {
  const counts = { passed: 0, failed: 0 };
  for (const [command, ...args] of commands) {
    const { code } = await run(command, args);
    counts[code === 0 ? "passed" : "failed"] += 1;
  }
  return counts;
}

function lint() {
  return checks(
    ["cargo", "clippy", "--all-targets", "--features", "collector,formats", ...WARNINGS],
    ["cargo", "clippy", ...WASM, "--lib", "--test", "browser", "--features", "core,formats,widget", ...WARNINGS],
    ["cargo", "clippy", ...WASM, "--lib", "--features", "score", ...WARNINGS],
  );
}

async function cargo(...args) {
  return counted(cargoCounts, await run("cargo", ["test", "--no-fail-fast", ...args], { output: "tee" }));
}

/** No feature and no browser crate: that this compiles is the wall. */
function wall() {
  return cargo("--lib", "--test", "engine");
}

function formats() {
  return cargo("--features", "formats", "--lib", "--test", "formats");
}

function native() {
  return cargo("--features", "collector", "--lib", "--bins", "--test", "collector");
}

/** Twelve faults in the engine must show within 2,000 worlds; without them many more are clean. */
async function worlds() {
  const [clean, mutants] = [await sim(MANY), await sim(["--mutants"])];
  return { passed: clean.passed + mutants.passed, failed: clean.failed + mutants.failed };
}

async function sim(options) {
  const build = ["test", "--profile", "sim", "--features", "collector,mutants", "--test", "sim"];
  return counted(checkCounts, await run("cargo", [...build, "--", ...options], { output: "tee" }));
}

async function wasm() {
  const env = {
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: tool("wasm-bindgen-test-runner"),
    CHROMEDRIVER: await chromedriverPath(),
    WASM_BINDGEN_TEST_WEBDRIVER_JSON: await webdriver(),
  };
  const args = ["test", ...WASM, "--features", "core,widget", "--test", "browser"];
  return counted(cargoCounts, await run("cargo", args, { output: "tee", env }));
}

/** webdriver.json, with the Chromium that set-up found. */
async function webdriver() {
  const config = JSON.parse(readFileSync(at("webdriver.json"), "utf8"));
  config["goog:chromeOptions"].binary = await chromiumPath();
  mkdirSync(at("target"), { recursive: true });
  writeFileSync(at("target", "webdriver.json"), JSON.stringify(config));
  return at("target", "webdriver.json");
}

function types() {
  const config = ["tsconfig.json", "src/sdk/tsconfig.json"].find((name) => existsSync(at(name)));
  const tsc = at("node_modules", "typescript", "bin", "tsc");
  return checks(["node", tsc, "--noEmit", "-p", at(config ?? "tsconfig.json")]);
}

function costs() {
  return script("size.mjs", "--formats");
}

async function script(name, ...args) {
  await built();
  return counted(checkCounts, await run("node", [at("src", "scripts", name), ...args], { output: "tee" }));
}

/** Shipped files, collector and browser, where tests find them. */
async function whole() {
  await built();
  const build = ["build", "--features", "collector", "--bin", "passerby-collector"];
  await must("cargo", build, "The collector did not build; cargo's message is above.");
  return { CHROMIUM: await chromiumPath(), COLLECTOR: collector("debug") };
}

/** The specs of a folder of tests/, those that `wanted` names. */
async function specs(folder, wanted = () => true, more = {}) {
  const env = await whole();
  const names = readdirSync(at("tests", folder)).filter((name) => name.endsWith(".spec.mjs") && wanted(name));
  const paths = names.map((name) => at("tests", folder, name));
  // One file at a time: each starts a browser, and two would only slow each other down.
  const args = ["--test", "--test-concurrency=1", "--test-reporter=spec", ...paths];
  return counted(nodeCounts, await run("node", args, { output: "tee", env: { ...env, ...more } }));
}

/** With options of its own; tests/faults/main.mjs names them. */
export async function faults(args = []) {
  const env = await whole();
  const main = at("tests", "faults", "main.mjs");
  return counted(checkCounts, await run("node", [main, ...args], { output: "tee", env }));
}

/** What the native engine was given and answered is kept, and given to the JavaScript one. */
async function nowasm() {
  await built();
  const TAPES = at("target", "tapes");
  mkdirSync(TAPES, { recursive: true });
  const golden = ["test", "--quiet", "--test", "engine", "golden_transcripts"];
  await must("cargo", golden, "The golden transcripts do not hold natively.", { env: { TAPES }, output: "capture" });
  return specs("nowasm", () => true, { TAPES });
}

/** What a page without a framework needs. */
function packaged() {
  return specs("package", (name) => name !== FRAMEWORKS);
}

async function browsers() {
  return specs("browsers", () => true, await engines());
}

function apps() {
  return specs("package", (name) => name === FRAMEWORKS);
}

/** Their libraries are no dependencies of ours: they have a package.json and a node_modules of their own. */
async function oracles() {
  const cwd = at("tests", "oracles");
  const args = ["install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--loglevel=error"];
  await must("npm", args, "The other systems' libraries could not be installed; see above.", { cwd });
  return specs("oracles", () => true, await databases());
}

/** A program that failed without naming a failed test (it did not compile, say) is one failure. */
function counted(count, { code, out }) {
  const counts = count(out);
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}
