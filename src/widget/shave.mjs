/**
 * Takes out of the widget's wasm what nobody can ever read: the text of panics and of serde's errors.
 *
 * On wasm32-unknown-unknown std prints nothing, and the widget itself formats nothing through
 * `core::fmt`; yet a stable compiler cannot leave that machinery out (floats of any precision included),
 * and the linker keeps whatever stands in the function table. Here the bodies go: a panic traps, as it
 * did before, and an error's message is empty. `wasm-opt` then drops all that they called.
 *
 * Runs between wasm-bindgen and wasm-opt, and needs the name section both keep until then:
 *   node src/widget/shave.mjs in.wasm out.wasm
 */

import { readFileSync, writeFileSync } from "node:fs";
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

const SECTION = { type: 1, import: 2, function: 3, export: 7, code: 10 };
const I32 = 0x7f;
// Each body: no locals, then its instructions, then `end`.
const TRAP = Buffer.from([0, 0x00, 0x0b]);
const NOTHING = Buffer.from([0, 0x0b]);
const ZERO = Buffer.from([0, 0x41, 0, 0x0b]);

/** The module without them. */
export function shave(wasm) {
  const sections = split(wasm);
  const body = (id) => new Reader(sections.find((section) => section.id === id).body);
  const answers = body(SECTION.type).list((reader) => reader.type());
  const signatures = body(SECTION.function).list((reader) => reader.number());
  const imported = body(SECTION.import).list((reader) => reader.import()).length;
  const exported = body(SECTION.export).list((reader) => reader.export()).join(" ");
  const names = functionNames(sections);
  const shaved = body(SECTION.code).list((reader, at) => {
    const before = reader.bytes(reader.number());
    const name = names.get(imported + at) ?? "";
    return shorten(name, answers[signatures[at]], exported) ?? before;
  });
  const code = [number(shaved.length), ...shaved.flatMap((one) => [number(one.length), one])];
  const written = sections.map(({ id, body }) => {
    const content = id === SECTION.code ? Buffer.concat(code) : body;
    return Buffer.concat([Buffer.from([id]), number(content.length), content]);
  });
  return Buffer.concat([wasm.subarray(0, 8), ...written]);
}

/** The body that replaces the function's, if it is one of those above. */
function shorten(name, answer, exported) {
  const shim = SHIM.exec(name);
  if (shim ? !exported.includes(shim[1]) : TRAPS.some((pattern) => pattern.test(name))) return TRAP;
  if (!WRITES.some((pattern) => pattern.test(name))) return undefined;
  if (answer.length === 0) return NOTHING;
  return answer.length === 1 && answer[0] === I32 ? ZERO : TRAP;
}

/** Reads WebAssembly's few binary forms, one after the other. */
class Reader {
  constructor(bytes) {
    this.left = bytes;
  }

  bytes(length) {
    const taken = this.left.subarray(0, length);
    this.left = this.left.subarray(length);
    return taken;
  }

  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const [byte] = this.bytes(1);
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }

  text() {
    return this.bytes(this.number()).toString("utf8");
  }

  list(item) {
    return Array.from({ length: this.number() }, (_, at) => item(this, at));
  }

  /** A function type; its results. */
  type() {
    const [form] = this.bytes(1);
    if (form !== 0x60) throw new Error(`shave: type form ${form} is not a function`);
    this.bytes(this.number());
    return [...this.bytes(this.number())];
  }

  import() {
    this.text();
    this.text();
    const [kind] = this.bytes(1);
    if (kind !== 0) throw new Error(`shave: import kind ${kind} is not a function`);
    return this.number();
  }

  export() {
    const name = this.text();
    this.bytes(1);
    this.number();
    return name;
  }
}

function split(wasm) {
  const reader = new Reader(wasm.subarray(8));
  const sections = [];
  while (reader.left.length > 0) {
    const [id] = reader.bytes(1);
    sections.push({ id, body: reader.bytes(reader.number()) });
  }
  return sections;
}

function functionNames(sections) {
  for (const { id, body } of sections) {
    const reader = new Reader(body);
    if (id !== 0 || reader.text() !== "name") continue;
    while (reader.left.length > 0) {
      const [part] = reader.bytes(1);
      const inner = new Reader(reader.bytes(reader.number()));
      if (part === 1) return new Map(inner.list((entry) => [entry.number(), entry.text()]));
    }
  }
  throw new Error("shave: the module has no names");
}

/** LEB128. */
function number(value) {
  const bytes = [];
  do {
    bytes.push(value > 127 ? (value & 127) | 128 : value);
    value >>>= 7;
  } while (value > 0);
  return Buffer.from(bytes);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [input, output] = process.argv.slice(2);
  writeFileSync(output, shave(readFileSync(input)));
}
