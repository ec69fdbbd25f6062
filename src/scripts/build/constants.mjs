// Numbers that are written once in Rust and used in TypeScript too.

import { readFileSync } from "node:fs";
import { at } from "../lib/root.mjs";
import { Failure } from "../lib/say.mjs";

/** `src/wire/limits.rs` as esbuild defines: `EVENT_BYTES` becomes `LIMIT_EVENT_BYTES`. */
export function limits() {
  const defines = {};
  const source = readFileSync(at("src", "wire", "limits.rs"), "utf8");
  for (const [, name, value] of source.matchAll(/^pub const (\w+): \w+ = ([\d_*\s]+);/gm)) {
    const factors = value.split("*").map((factor) => Number(factor.replaceAll("_", "")));
    defines[`LIMIT_${name}`] = String(factors.reduce((product, factor) => product * factor, 1));
  }
  return defines;
}

/** Stops the build when boundary and SDK number things differently. */
export function checkCodes() {
  const rust = [...readFileSync(at("src", "boundary", "codes.rs"), "utf8").matchAll(/^codes! \{([^}]*)\}/gm)];
  const script = [...readFileSync(at("src", "sdk", "codes.ts"), "utf8").matchAll(/const enum (\w+) \{([^}]*)\}/g)];
  const ours = rust.map(([, names]) => names.trim().split(/\s+/).join(" "));
  const theirs = script.map(([, , names]) => names.trim().split(/[\s,]+/).filter(Boolean).map(snake).join(" "));
  ours.forEach((names, list) => {
    if (names === theirs[list]) return;
    const both = `  src/boundary/codes.rs  ${names}\n  src/sdk/codes.ts       ${theirs[list]}`;
    throw new Failure(`Boundary and SDK number ${script[list]?.[1]} differently:\n${both}`);
  });
}

const snake = (name) => name.replace(/(?<=[a-z])[A-Z]/g, "_$&").toUpperCase();
