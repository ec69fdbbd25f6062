// What a target was made of when it was last built, so that an unchanged one is skipped.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { at } from "../lib/root.mjs";

const RECORD = at("target", "build.json");

/** One hash over files, folders (walked) and texts. Contents count, not dates: a checkout changes dates only. */
export function fingerprint(paths, ...texts) {
  const hash = createHash("sha256");
  for (const path of paths.flatMap(files)) hash.update(path).update(readFileSync(path));
  for (const text of texts) hash.update(text);
  return hash.digest("hex");
}

function files(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).sort().flatMap((name) => files(join(path, name)));
}

/** Whether these files exist and were made from inputs with this fingerprint. */
export function isFresh(target, print, outputs) {
  return records()[target] === print && outputs.every(existsSync);
}

export function remember(target, print) {
  mkdirSync(dirname(RECORD), { recursive: true });
  writeFileSync(RECORD, JSON.stringify({ ...records(), [target]: print }, undefined, 1));
}

function records() {
  try {
    return JSON.parse(readFileSync(RECORD, "utf8"));
  } catch {
    return {};
  }
}
