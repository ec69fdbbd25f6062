// The constants of a module, nearly all of them words, in the order in which its code says them.

import { Failure } from "../lib/say.mjs";
import { Reader } from "./reader.mjs";

const [CODE, DATA] = [10, 11];
const SYMBOL_TABLE = 8;
// Symbols, and what is said of them.
const [OF_DATA, OF_SECTION] = [1, 3];
const [UNDEFINED, NAMED] = [0x10, 0x40];
// Relocations that add something: to an address in an operand, unsigned or signed, or in data; two for debuggers.
const [OFFSET, CONSTANT, WORD, ...OTHERS] = [3, 4, 5, 8, 9];

/**
 * The linker puts constants where they come. This moves them, in a module linked with `--emit-relocs`, so that those
 * which `said` names by their addresses stand first and in that order: most then begin where the one before ended,
 * which `transpose` need not write down. Nothing else changes, but that numbers are no longer aligned.
 */
export function reordered(linked, said) {
  const reader = new Reader(linked);
  const { address, start, length } = constants(reader);
  const symbols = symbolTable(reader);
  const words = symbols.filter(({ segment, size }) => segment === 0 && size > 0);
  const holding = (offset) => words.find((word) => offset >= word.offset && offset < word.offset + word.size);
  const ranks = new Map();
  said.forEach((at, next) => {
    const word = holding(at - address);
    if (word?.offset === at - address && word.size === said[next + 1] && !ranks.has(word)) ranks.set(word, ranks.size);
  });
  const rank = (word) => ranks.get(word) ?? ranks.size;
  const out = Uint8Array.from(linked);
  // Between numbers there were gaps to align them; WebAssembly does without.
  out.fill(0, start, start + length);
  let end = 0;
  for (const word of [...words].sort((a, b) => rank(a) - rank(b) || a.offset - b.offset)) {
    const { offset, size } = word;
    out.set(linked.subarray(start + offset, start + offset + size), start + end);
    word.moved = end - offset;
    end += size;
  }
  if (end > length) throw new Failure("The linker let constants overlap: look at words.mjs.");
  const add = (at, type, moved) => (type === WORD ? addToWord : addToOperand)(out, at, moved);
  for (const { type, at, symbol } of relocations(reader, "reloc.CODE", CODE)) {
    add(at, type, symbols[symbol].moved ?? 0);
  }
  for (const { type, at, symbol } of relocations(reader, "reloc.DATA", DATA)) {
    // A constant that holds an address has moved itself.
    add(at + (holding(at - start)?.moved ?? 0), type, symbols[symbol].moved ?? 0);
  }
  return unlinked(out);
}

/** Without what only this file reads, and which would mislead wasm-opt. */
export function unlinked(wasm) {
  const reader = new Reader(wasm);
  const names = ["linking", "reloc.CODE", "reloc.DATA"];
  const cuts = names.map((name) => reader.section(name)).sort((a, b) => a.start - b.start);
  const ends = [0, ...cuts.map(({ end }) => end)];
  return Buffer.concat(ends.map((end, at) => wasm.subarray(end, cuts[at]?.start)));
}

/** Where the first segment of data, which is all constants, stands in memory and in the module. */
function constants(reader) {
  reader.at = reader.section(DATA).body;
  reader.take(3);
  const [address] = reader.signed();
  reader.take(1);
  const length = reader.unsigned();
  return { address, start: reader.at, length };
}

function symbolTable(reader) {
  const symbols = [];
  const { body } = reader.section("linking");
  reader.at = body;
  reader.unsigned();
  for (let type = reader.take(1)[0]; type !== SYMBOL_TABLE; [type] = reader.take(1)) reader.take(reader.unsigned());
  reader.unsigned();
  for (let left = reader.unsigned(); left > 0; left--) {
    const [kind] = reader.take(1);
    const flags = reader.unsigned();
    if (kind === OF_DATA) {
      reader.text();
      const elsewhere = flags & UNDEFINED;
      symbols.push(elsewhere ? {} : { segment: reader.unsigned(), offset: reader.unsigned(), size: reader.unsigned() });
      continue;
    }
    reader.unsigned();
    if (kind !== OF_SECTION && (!(flags & UNDEFINED) || flags & NAMED)) reader.text();
    symbols.push({});
  }
  return symbols;
}

/** Which addresses stand where. */
function relocations(reader, name, section) {
  const { body } = reader.section(section);
  reader.at = reader.section(name).body;
  reader.unsigned();
  const found = [];
  for (let left = reader.unsigned(); left > 0; left--) {
    const [type] = reader.take(1);
    const at = body + reader.unsigned();
    const symbol = reader.unsigned();
    const isAddress = type >= OFFSET && type <= WORD;
    if (isAddress || OTHERS.includes(type)) reader.signed();
    if (isAddress) found.push({ type, at, symbol });
  }
  return found;
}

/** The linker leaves five bytes for each. */
function addToOperand(bytes, at, moved) {
  const reader = new Reader(bytes);
  reader.at = at;
  const value = reader.unsigned() + moved;
  if (reader.at - at !== 5) throw new Failure("An address has another length than before: look at words.mjs.");
  for (let i = 0; i < 5; i++) bytes[at + i] = ((value >> (7 * i)) & 127) | (i < 4 ? 128 : 0);
}

function addToWord(bytes, at, moved) {
  const view = new DataView(bytes.buffer);
  view.setUint32(at, view.getUint32(at, true) + moved, true);
}
