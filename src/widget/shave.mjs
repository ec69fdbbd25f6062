/**
 * Takes out of the widget's wasm what nobody can ever read: the text of panics and of serde's errors.
 *
 * On wasm32-unknown-unknown std prints nothing, and the widget itself formats nothing through
 * `core::fmt`; yet a stable compiler cannot leave that machinery out (floats of any precision, tables of
 * printable characters), and the linker keeps whatever stands in the function table. Here the bodies go:
 * a panic traps, as it did before, and an error's message is empty. With them goes the data that only
 * they referred to, if it was linked with `--no-merge-data-segments` (one segment for each constant).
 *
 * Runs between wasm-bindgen and the last wasm-opt, on the text form, where functions still have names:
 *   node src/widget/shave.mjs path/to/wasm-opt in.wasm out.wat
 */

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** They only prepare a message, and then trap. */
const TRAPS = [
  /(core|std)(\[[^\]]*\])?::panicking::/, /slice_(error|index)_fail/, /::(unwrap|expect)_failed$/,
  /::panic_already_(mutably_)?borrowed/, /default_alloc_error_hook/, /jspi::task_waker/,
];

/** They write text, and answer with a `fmt::Result`, whose `Ok` is 0. */
const WRITES = [
  / as core(\[[^\]]*\])?::fmt::(Debug|Display|Write)>::/, /^<?core(\[[^\]]*\])?::fmt::/, /::flt2dec::/,
  /serde_core::de::Expected>::fmt/, /::escape_debug_ext/, /::unicode::printable::/,
];

/** The shim of a closure; those that JavaScript can call are exported under the same hash. */
const SHIM = /closures::_::invoke::(h[0-9a-f]{16})$/;

/** The module's text without them. `print` turns a module, or its text, into text with names. */
export function shave(input, print) {
  const before = split(print(input, []));
  const exported = before.filter(({ kind }) => kind === "export").map(({ text }) => text).join("\n");
  const cut = before.map((item) => (item.kind === "func" ? shorten(item, exported) : item));
  // What only they called goes too, so that its constants no longer count.
  const after = split(print(join(cut), ["--remove-unused-module-elements"]));
  const kept = new Set(after.filter(({ kind }) => kind === "func").map(({ name }) => name));
  const isLost = (item, at) => item.kind === "func" && (item !== cut[at] || !kept.has(item.name));
  return join(dropData(after, before.filter(isLost)));
}

/** Top-level items; binaryen indents them by one space and what is in them by more. */
function split(text) {
  return text.split(/\n(?= \()/).map((item) => {
    const [, kind, quoted, plain] = /^ \((\w+)(?: \$(?:"((?:[^"\\]|\\.)*)"|(\S+)))?/.exec(item) ?? [];
    return { kind, name: quoted ?? plain ?? "", text: item };
  });
}

function join(items) {
  const text = items.map((item) => item.text).join("\n");
  // The module's own parenthesis ends the last item.
  return text.trimEnd().endsWith("\n)") ? text : `${text}\n)\n`;
}

/** The function, without its body if it is one of those above. */
function shorten(item, exported) {
  const head = item.text.slice(0, item.text.indexOf("\n"));
  const empty = (body) => ({ ...item, text: `${head}\n  ${body}\n )` });
  const named = (patterns) => patterns.some((pattern) => pattern.test(item.name));
  const shim = SHIM.exec(item.name);
  if (shim ? !exported.includes(shim[1]) : named(TRAPS)) return empty("(unreachable)");
  if (!named(WRITES)) return item;
  const [, answer] = /\(result ([^)]*)\)/.exec(head) ?? [];
  if (answer === undefined) return empty("(nop)");
  return empty(answer === "i32" ? "(i32.const 0)" : "(unreachable)");
}

/** One segment in place of all, with zeros where only functions now `lost` pointed. */
function dropData(items, lost) {
  const segments = items.filter(({ kind }) => kind === "data").map(segment);
  const functions = items.filter(({ kind }) => kind !== "data");
  const live = reachable(segments, functions);
  const dead = [...reachable(segments, lost)].filter((one) => !live.has(one));
  const start = Math.min(...segments.map(({ at }) => at));
  const memory = Buffer.alloc(Math.max(...segments.map(({ at, bytes }) => at + bytes.length)) - start);
  for (const one of segments) if (!dead.includes(one)) one.bytes.copy(memory, one.at - start);
  const escaped = [...memory].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
  const text = ` (data $data (i32.const ${start}) "${escaped}")`;
  const first = items.findIndex(({ kind }) => kind === "data");
  return [...items.slice(0, first).filter(({ kind }) => kind !== "data"), { kind: "data", text },
    ...items.slice(first).filter(({ kind }) => kind !== "data")];
}

function segment({ text }) {
  const [, at, content] = /\(i32\.const (\d+)\) "((?:[^"\\]|\\.)*)"\)/.exec(text);
  const named = { t: 9, n: 10, r: 13, '"': 34, "'": 39, "\\": 92 };
  const byte = (_, code) => String.fromCharCode(named[code] ?? parseInt(code, 16));
  return { at: Number(at), bytes: Buffer.from(content.replace(/\\([0-9a-f]{2}|.)/g, byte), "latin1") };
}

/** Segments that `items` may refer to, by any constant, offset or pointer that lies in them. */
function reachable(segments, items) {
  const found = new Set();
  const visit = (address) => {
    for (const one of segments) {
      // The end counts: a range may be written as its two ends.
      if (address < one.at || address > one.at + one.bytes.length || found.has(one)) continue;
      found.add(one);
      // Pointers are aligned.
      const first = (4 - (one.at % 4)) % 4;
      for (let at = first; at + 4 <= one.bytes.length; at += 4) visit(one.bytes.readUInt32LE(at));
    }
  };
  for (const { text } of items) {
    for (const [, number] of text.matchAll(/(?:i32\.const |offset=)(\d+)/g)) visit(Number(number));
  }
  return found;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [wasmOpt, input, output] = process.argv.slice(2);
  const print = (module, passes) => {
    const file = module === input ? input : output;
    if (module !== input) writeFileSync(output, module, "latin1");
    const options = ["-q", "-all", "-g", "-S", ...passes, file, "-o", "-"];
    return execFileSync(process.execPath, [wasmOpt, ...options], { maxBuffer: 1e9, encoding: "latin1" });
  };
  writeFileSync(output, shave(input, print), "latin1");
}
