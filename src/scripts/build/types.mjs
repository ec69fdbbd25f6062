// Checks the types and writes the declarations that ship.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { at } from "../lib/root.mjs";
import { must } from "../lib/run.mjs";
import { Failure, say } from "../lib/say.mjs";
import { fingerprint, isFresh, remember } from "./cache.mjs";

export const BINDINGS = ["react", "vue", "svelte", "angular"];
// Automatic events: what `passerby/auto` exports.
export const PARTS = [...read("auto", "index.ts").matchAll(/default as (\w+)/g)].map(([, name]) => name);

const OUT = (...parts) => at("target", "types", ...parts);
const EMIT = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly"];

/** Checks, and leaves a declaration of every module under target/types. */
export async function types(sources) {
  const print = fingerprint([...sources, at("src", "scripts", "build", "types.mjs")]);
  if (isFresh("types", print, [OUT("index.d.ts")])) return;
  say("checking types");
  const tsc = at("node_modules", "typescript", "bin", "tsc");
  const args = [tsc, "-p", at("tsconfig.json"), ...EMIT, "--rootDir", at("src", "sdk"), "--outDir", OUT()];
  await must("node", args, "The types do not fit; see above.");
  // Their frameworks are not installed here: `npm test -- package` checks them in an app that has them.
  const bindings = BINDINGS.map((name) => at("src", "bindings", `${name}.ts`));
  const unseen = ["--ignoreConfig", "--noCheck", "--isolatedDeclarations", "--target", "es2022", "--module", "esnext"];
  const to = [...EMIT, "--rootDir", at("src", "bindings"), "--outDir", OUT("bindings")];
  await must("node", [tsc, ...bindings, ...unseen, ...to], "The bindings' declarations cannot be written.");
  remember("types", print);
}

export function declarations() {
  mkdirSync(at("dist"), { recursive: true });
  ship("index.d.ts", index());
  for (const name of [...BINDINGS, "summary"]) {
    ship(`${name}.d.ts`, written("bindings", name).replace('"./summary"', '"./summary.js"'));
  }
  const parts = PARTS.map((name) => `export declare const ${name}: Part;\n`).join("");
  ship("auto.d.ts", `import type { Part } from "./index.js";\nexport type { Part };\n${parts}`);
  ship("commerce.d.ts", written(".", "commerce").replace('"./types"', '"./index.js"'));
  ship("score.d.ts", written(".", "score").replace('"./types"', '"./index.js"'));
  ship("widget.d.ts", written("widget", "widget").replace('"../types"', '"./index.js"'));
}

const written = (folder, name) => readFileSync(OUT(folder, `${name}.d.ts`), "utf8");
const ship = (name, text) => writeFileSync(at("dist", name), text);

/** `types.ts` holds nothing but types, so its text is its own declaration. */
function index() {
  const init = /(\/\*\*(?:(?!\*\/)[^])*\*\/)\nexport const init = (\(.*\)): (\w+) =>/.exec(read("index.ts"));
  if (!init) throw new Failure("src/sdk/index.ts no longer declares init as the build expects.");
  const [, comment, given, answer] = init;
  return `${read("types.ts")}\n${comment}\nexport declare function init${given}: ${answer};\n`;
}

function read(...path) {
  return readFileSync(at("src", "sdk", ...path), "utf8");
}
