// npm run size: what every shipped file costs, and where the wasm's bytes come from.
//
// tests/size.json holds a limit per file with its date and reason. Over it fails, and so does more than 5 %
// under it: the limit follows every gain, and a later loss is seen. UPDATE=1 rewrites the limits.
// With --formats: what each format costs in passerby.all.js (minutes), held to what stands there of it.

import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { extname, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { brotli } from "./lib/brotli.mjs";
import { formatCosts } from "./lib/format-costs.mjs";
import { at, namedWasm, root } from "./lib/root.mjs";
import { Failure, main } from "./lib/say.mjs";
import { costs, hasNames } from "./lib/wasm-names.mjs";

const LIMITS = at("tests", "size.json");
const SLACK = 0.05;
// What a rebuild after a one-line change may add before someone has to say so.
const ROOM = 1.01;
const COSTS = "formats in dist/passerby.all.js";
// By so much a format's cost moves when what stands around it is compressed otherwise.
const NOISE = 60;

await main(async () => {
  if (!existsSync(at("dist"))) throw new Failure("There is no dist/: npm run build makes it.");
  const update = Boolean(process.env.UPDATE) || process.argv.includes("--update");
  if (process.argv.includes("--formats")) return formats(await formatCosts(), update);
  const files = shipped();
  if (update) rewrite(files);
  const failed = table(files, JSON.parse(readFileSync(LIMITS, "utf8")));
  if (!process.argv.includes("--check")) modules();
  return failed ? 1 : 0;
});

/** Every file that a page may load, with its size as sent. */
function shipped() {
  return readdirSync(at("dist"), { recursive: true })
    .map((name) => String(name).replaceAll("\\", "/"))
    .filter((name) => [".js", ".wasm", ".css"].includes(extname(name)))
    .sort()
    .map((name) => measure(name, readFileSync(at("dist", name))));
}

function measure(name, bytes) {
  return {
    name: `dist/${name}`,
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotli(bytes),
  };
}

/** An inline stub is never compressed apart from its page, so its limit is raw. */
function limited(file, rule) {
  return file[rule?.of ?? "brotli"];
}

function table(files, rules) {
  const columns = (cells) => cells.map((cell, at) => String(cell).padStart(at === 0 ? 0 : 10)).join("");
  console.log("     " + "file".padEnd(28) + columns(["", "raw", "gzip -9", "brotli 11", "limit"]));
  let failed = false;
  for (const file of files) {
    const rule = rules[file.name];
    const wrong = verdict(limited(file, rule), rule);
    failed ||= wrong !== undefined;
    const cells = columns(["", file.raw, file.gzip, file.brotli, rule?.limit ?? "none"]);
    console.log(`${wrong ? "FAIL" : "ok  "} ${file.name.padEnd(28)}${cells}${wrong ? `  ${wrong}` : ""}`);
  }
  const named = Object.keys(rules).filter((name) => name !== COSTS);
  for (const name of named.filter((name) => !files.some((file) => file.name === name))) {
    failed = true;
    console.log(`FAIL ${name}: has a limit and was not built`);
  }
  return failed;
}

function verdict(size, rule) {
  if (rule?.limit == null) return "no limit: UPDATE=1 npm run size";
  if (rule.budget && size > rule.budget) return `over its budget of ${rule.budget}`;
  if (size > rule.limit) return "over its limit: UPDATE=1 npm run size, and the reason into tests/size.json";
  if (size < rule.limit * (1 - SLACK)) return "far under its limit: UPDATE=1 npm run size";
  return undefined;
}

/** Keeps what people wrote: reasons, budgets, and files that were not built, which go by hand. */
function rewrite(files) {
  const before = JSON.parse(readFileSync(LIMITS, "utf8"));
  const after = { ...before };
  for (const file of files) {
    const rule = before[file.name] ?? { reason: "new file" };
    const size = limited(file, rule);
    const keep = verdict(size, rule) === undefined;
    const limit = keep ? rule.limit : Math.min(Math.ceil((size * ROOM) / 10) * 10, rule.budget ?? Infinity);
    after[file.name] = { ...rule, limit, date: keep ? rule.date : new Date().toISOString().slice(0, 10) };
  }
  writeFileSync(LIMITS, JSON.stringify(after, null, 2) + "\n");
}

/** 1 if one costs another amount than is written down. */
function formats(costs, update) {
  const rules = JSON.parse(readFileSync(LIMITS, "utf8"));
  if (update) {
    rules[COSTS] = { ...rules[COSTS], date: new Date().toISOString().slice(0, 10), bytes: costs };
    writeFileSync(LIMITS, JSON.stringify(rules, null, 2) + "\n");
  }
  const known = rules[COSTS]?.bytes ?? {};
  let failed = 0;
  for (const name of new Set([...Object.keys(costs), ...Object.keys(known)])) {
    const wrong = !(Math.abs(costs[name] - known[name]) <= NOISE);
    failed ||= Number(wrong);
    const why = wrong ? `  written down: ${known[name]}; UPDATE=1 npm run size -- --formats` : "";
    console.log(`${wrong ? "FAIL" : "ok  "} ${name.padEnd(14)}${String(costs[name]).padStart(6)} B${why}`);
  }
  return failed;
}

/** The build leaves an unstripped twin of each shipped wasm under target/. */
function modules() {
  const twins = namedWasm().filter((path) => hasNames(readFileSync(path)));
  if (twins.length === 0) console.log("\nNo wasm with names under target/: npm run build leaves one.");
  for (const path of twins) {
    const { rows, code, data } = costs(readFileSync(path));
    console.log(`\n${relative(root, path)}: ${code} bytes of code, ${data} bytes of data, before compression`);
    for (const { module, bytes, functions } of rows.slice(0, 40)) {
      console.log(`${String(bytes).padStart(8)} B ${String(functions).padStart(5)} fn  ${module}`);
    }
  }
}

