// npm run build: dist/ from Rust and TypeScript. What has not changed is not built again.

import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { relative } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { bundle } from "./build/bundle.mjs";
import { fingerprint, isFresh, remember } from "./build/cache.mjs";
import { checkCodes } from "./build/constants.mjs";
import { javascript } from "./build/nowasm.mjs";
import { BINDINGS, PARTS, declarations, types } from "./build/types.mjs";
import { buildWasm } from "./build/wasm.mjs";
import { at, tool } from "./lib/root.mjs";
import { must } from "./lib/run.mjs";
import { Failure, main, say, seconds } from "./lib/say.mjs";

const MANIFESTS = [at("Cargo.toml"), at("Cargo.lock"), at("package-lock.json")];
const SCRIPTS = [at("src", "scripts", "build.mjs"), at("src", "scripts", "build")];
const EVERY = [at("src", "lib.rs"), at("src", "allocator.rs"), ...MANIFESTS, ...SCRIPTS];
const rust = (...folders) => [...EVERY, ...folders.map((name) => at("src", name))];

const CORE = { name: "core", features: "core,shipped", thin: true, sources: rust("boundary", "engine", "wire") };
const ALL = { name: "all", features: "core,formats,shipped", thin: true, sources: CORE.sources };
const SEEN = rust("widget", "view", "score", "wire", "engine");
const WIDGET = { name: "widget", features: "widget", thin: false, sources: SEEN };

const MEASURED = rust("boundary", "score", "engine", "wire");
const SCORE = { name: "score", features: "score,shipped", thin: true, sources: MEASURED };

// The byte order mark decides over the page's and the server's charset (HTML, "fetch a classic script"):
// without it a windows-1252 page would read the module's bytes wrongly. ES modules are always UTF-8.
const MARK = "\ufeff";
const DIST = (name) => at("dist", name);

// What describes the package's custom element to editors; members as in widget.ts.
const ELEMENTS = at("src", "sdk", "widget", "custom-elements.json");

// Svelte compiles components in the app that uses them.
const COMPONENT = "PasserbySummary.svelte";

const TARGETS = [
  { entry: "script.ts", to: DIST("passerby.js"), format: "iife", core: CORE, banner: MARK },
  { entry: "index.ts", to: DIST("index.js"), format: "esm", core: CORE },
  { entry: "script.ts", to: DIST("passerby.all.js"), format: "iife", core: ALL, banner: MARK },
  { entry: "index.ts", to: DIST("all.js"), format: "esm", core: ALL },
  // With every format, so that one serves all.
  { entry: "nowasm.ts", to: DIST("passerby.nowasm.js"), format: "esm", core: ALL, asm: true },
  { entry: "index.ts", to: DIST("nowasm.js"), format: "esm", core: ALL, asm: true },
  { entry: "server.ts", to: DIST("server.js"), format: "esm" },
  { entry: "stub.ts", to: DIST("stub.js"), format: "iife", inline: true },
  // Its names stay inside its block, so it needs no function around it.
  { entry: "snippet.ts", to: DIST("snippet.js"), format: "esm", inline: true },
  { entry: "widget/widget.ts", to: DIST("widget.js"), format: "esm", widget: WIDGET },
  { entry: "commerce.ts", to: DIST("commerce.js"), format: "esm" },
  { entry: "score.ts", to: DIST("score.js"), format: "esm", core: SCORE },
  { entry: "auto/index.ts", to: DIST("auto.js"), format: "esm" },
  ...PARTS.map((name) => ({ entry: `auto/${name}.ts`, to: DIST(`auto/${name}.js`), format: "esm" })),
  ...BINDINGS.map((name) => ({ entry: `../bindings/${name}.ts`, to: DIST(`${name}.js`), format: "esm", bare: true })),
];

await main(async () => {
  checkTools();
  checkCodes();
  const started = performance.now();
  const targets = TARGETS.filter(({ entry }) => existsSync(at("src", "sdk", entry)));
  await types([at("src", "sdk"), at("src", "bindings"), at("tsconfig.json"), ...MANIFESTS]);
  const built = new Map();
  for (const wasm of new Set(targets.flatMap(({ core, widget }) => core ?? widget ?? []))) {
    built.set(wasm, await module(wasm));
  }
  for (const target of targets) await script(target, built.get(target.core), built.get(target.widget));
  declarations();
  copyFileSync(ELEMENTS, DIST("custom-elements.json"));
  copyFileSync(at("src", "bindings", COMPONENT), DIST(COMPONENT));
  integrity(targets);
  say(`dist/ is ready, ${seconds(started)}`);
});

function checkTools() {
  for (const [path, command] of [
    [tool("wasm-bindgen"), "npm run setup"],
    [at("node_modules", "esbuild"), "npm ci"],
    [at("node_modules", "binaryen"), "npm ci"],
    [at("node_modules", "web-vitals"), "npm ci"],
  ]) {
    if (!existsSync(path)) throw new Failure(`Not set up yet: run "${command}" first.`);
  }
}

/** Bytes and glue of a wasm module, from the last build when nothing it is made of has changed. */
async function module({ name, features, thin, sources }) {
  const print = fingerprint(sources, features, String(process.env.RUSTFLAGS));
  const kept = at("target", "wasm", name, "built.json");
  if (!isFresh(`wasm:${name}`, print, [kept])) {
    say(`building ${name}.wasm (cargo, wasm-bindgen, wasm-opt)`);
    const built = await buildWasm({ name, features, thin });
    writeFileSync(kept, JSON.stringify({ ...built, wasm: built.wasm.toString("base64") }));
    remember(`wasm:${name}`, print);
  }
  const built = JSON.parse(readFileSync(kept, "utf8"));
  return { ...built, name, wasm: Buffer.from(built.wasm, "base64") };
}

async function script({ entry, to, format, banner, bare, inline, asm: without }, core, widget) {
  const { wasm = "" } = core ?? widget ?? {};
  const folder = at("src", bare ? "bindings" : "sdk");
  const print = fingerprint([folder, at("src", "wire", "limits.rs"), ...MANIFESTS, ...SCRIPTS], wasm);
  if (isFresh(to, print, [to, `${to}.map`])) return;
  const asm = without && (await javascript(core.name));
  await bundle({ entry, to, format, banner, bare, inline, asm, core, widget });
  const bytes = readFileSync(to);
  const inside = !wasm || asm ? "" : `, of which wasm ${brotli(wasm)} B`;
  say(`${to.slice(at().length)}  ${bytes.length} B, brotli ${brotli(bytes)} B${inside}`);
  remember(to, print);
}

function brotli(bytes) {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

/** Written last: whoever finds it finds a whole build. */
function integrity(targets) {
  const hashes = {};
  for (const { to } of targets) {
    const hash = createHash("sha384").update(readFileSync(to)).digest("base64");
    hashes[relative(at("dist"), to).replaceAll("\\", "/")] = `sha384-${hash}`;
  }
  writeFileSync(DIST("integrity.json"), JSON.stringify(hashes, undefined, 2) + "\n");
}

