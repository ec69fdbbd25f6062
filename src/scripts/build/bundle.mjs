// TypeScript to the shipped scripts, with the modules inside.

import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { at } from "../lib/root.mjs";
import { Failure } from "../lib/say.mjs";
import { limits } from "./constants.mjs";
import { embed, glueFactory, packedModule, prefix } from "./embed.mjs";
import { shifted } from "./map.mjs";

/**
 * Bundles one entry. `core` and `widget` are built modules (see `buildWasm`) that it may import as
 * `passerby:core-wasm`, `passerby:core-glue`, `passerby:widget-wasm` and `passerby:widget-glue`; `asm` is the core
 * as JavaScript (see `javascript`), which takes the place of the wasm. A `bare` one leaves other packages, and what
 * only its framework can read, to the app. An `inline` one is pasted into pages, whose policies name its hash.
 */
export async function bundle({ entry, to, format, core, widget, asm, bare = false, inline = false, banner = "" }) {
  // Not at the top: only set-up brings esbuild, and a fresh clone shall read a sentence instead of a stack.
  const { build } = await import("esbuild").catch(() => {
    throw new Failure('esbuild is missing: run "npm ci" first.');
  });
  const { outputFiles, errors } = await build({
    entryPoints: [at("src", "sdk", entry)],
    bundle: true,
    minify: true,
    write: false,
    // Only beside: who does not debug, downloads not a byte of it.
    sourcemap: "external",
    outfile: to,
    format,
    target: "es2020",
    charset: "utf8",
    legalComments: "none",
    // Properties of our own objects, shortened. Not of those that go from one script to another.
    mangleProps: /[a-z]_$/,
    // A classic script does without the "use strict" that this would bring; a module is strict anyway. What stands in
    // pages stays as it is, for policies name its hash.
    tsconfigRaw: { compilerOptions: { alwaysStrict: inline } },
    logLevel: "silent",
    define: { ...limits(), FORMATS: String(core?.name === "all") },
    ...(bare ? { packages: "external", external: ["*.svelte"] } : { plugins: [modules(core, widget, asm)] }),
  }).catch((failure) => failure);
  if (errors?.length) throw new Failure(errors.map(describe).join("\n"));
  const module = asm ? undefined : (core ?? widget);
  const name = basename(to);
  const { script, map } = await minified(outputFiles, name, format === "esm");
  mkdirSync(dirname(to), { recursive: true });
  // A classic script is loaded by every visitor: it does without the comment that names its map.
  const comment = format === "esm" ? `//# sourceMappingURL=${name}.map\n` : "";
  const whole = banner + (module ? embed(script, module.wasm, format) : script) + comment;
  writeFileSync(to, inline ? script.trim() : whole);
  const esm = module && format === "esm";
  // In a classic script, the module's name stands where nothing stood: "$" for "()".
  writeFileSync(`${to}.map`, shifted(map, esm ? prefix(module.wasm) : "", module && !esm ? -1 : 0, name));
}

/** What esbuild, which is quick, leaves to be had: 1 % of `passerby.js`. */
async function minified([map, { text }], filename, module) {
  const { minify } = await import("terser");
  const ecma = 2020;
  const sourceMap = { content: map.text, filename, includeSources: true };
  const format = { ecma, comments: false };
  // Nothing of ours is a constructor by being a function.
  const compress = { ecma, passes: 3, unsafe_arrows: true };
  const small = await minify(text, { ecma, module, compress, format, sourceMap });
  return { script: small.code.trim() + "\n", map: small.map };
}

function describe({ text, location }) {
  return location ? `${location.file}:${location.line}: ${text}` : text;
}

/** wasm-bindgen's glue under the module's short names, and what it leaves to a bundler: the imports, the start. */
function importsAndStart({ glue, names }) {
  const short = Object.fromEntries(names.exports);
  const body = glue.replace(/\bwasm\.(\w+)/g, (all, name) => (short[name] ? `wasm.${short[name]}` : all));
  const imports = names.imports.map(([name, given]) => `${given}: ${name}`);
  return `${body}
export const imports = { ${imports.join(", ")} };
export const start = () => wasm.${short.__wbindgen_start}();
`;
}

function modules(core, widget, asm) {
  const contents = {
    "core-wasm": () => packedModule(core.wasm),
    "core-glue": () => glueFactory(core.glue, (asm ?? core).names),
    "core-asm": () => asm.asm,
    // The lazy part's module is as thin as the engine's.
    "score-wasm": () => packedModule(core.wasm),
    "score-glue": () => glueFactory(core.glue, core.names),
    "widget-wasm": () => packedModule(widget.wasm),
    "widget-glue": () => importsAndStart(widget),
  };
  return {
    name: "passerby",
    setup(build) {
      const namespace = "passerby";
      build.onResolve({ filter: /^passerby:/ }, ({ path }) => ({ path: path.split(":")[1], namespace }));
      if (asm) build.onResolve({ filter: /^\.\/module$/ }, () => ({ path: at("src", "sdk", "module.nowasm.ts") }));
      build.onLoad({ filter: /.*/, namespace }, ({ path }) => ({ contents: contents[path](), loader: "js" }));
    },
  };
}
