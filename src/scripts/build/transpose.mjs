// A wasm module as a row of numbers that compresses better than its bytes do.
//
// In a module every opcode is followed by its operands, so brotli, which guesses a byte from the two before it,
// guesses local indices from opcodes and opcodes from offsets. Here all opcodes stand together, then all local
// indices, all memory offsets, and so on: 10 % less brotli for the engine. As the opcodes are known first, an
// operand's stream may depend on what follows it: locals that are loaded from are few, constants that are added
// are offsets (2 % less). What can be computed (the size of a function, the alignment of a load, the address of a word
// that follows the one before) is left out.
// `src/sdk/unpack.ts` puts the module together again.

import { Failure } from "../lib/say.mjs";
import { Reader } from "./reader.mjs";

const CODE = 10;
const [BLOCK, IF, RAW_I32, RAW_I64, END, BR_TABLE, CALL_INDIRECT] = [0x02, 0x04, 0x06, 0x07, 0x0b, 0x0e, 0x11];
const [LOAD, STORE, STORE_LAST, MEMORY_SIZE, MEMORY_GROW] = [0x28, 0x36, 0x3e, 0x3f, 0x40];
const [CALL, I32_ADD] = [0x10, 0x6a];
const [I32_CONST, I64_CONST, F32_CONST, F64_CONST] = [0x41, 0x42, 0x43, 0x44];
const [TYPED_SELECT, LAST_PLAIN, PREFIX] = [0x1c, 0xc4, 0xfc];
// Streams; what is neither of these is bytes: sections, locals, constants too large for one character.
const [BYTES, OPCODES, LOCALS, OFFSETS, CONSTANTS, LABELS, CALLS] = [0, 1, 2, 3, 4, 5, 6];
// From here, locals, offsets and constants once more: those whose next opcode sets them apart.
const APART = 5;
const STREAMS = APART + CONSTANTS + 1;
// In which order they stand, tried out: like beside like.
const ORDER = [
  CONSTANTS, LOCALS, CALLS, BYTES, LOCALS + APART, LABELS, OPCODES, OFFSETS, OFFSETS + APART, CONSTANTS + APART,
];
const LARGEST = 0xd7ff;
const SMALLEST = -0x2000;
// Stands for the address at which the constant before ended (see `words.mjs`); the first stands behind the stack.
const NEXT = 100;
const FIRST = 0x8000;

/** What `unpack` needs to know of each opcode: its operand's stream; 0 for none. */
export const kinds = Array.from({ length: I64_CONST + 1 }, (_, opcode) => kind(opcode)).join("");

function kind(opcode) {
  if (opcode === 0x0c || opcode === 0x0d || opcode === BR_TABLE) return LABELS;
  if (opcode === CALL) return CALLS;
  if (opcode === CALL_INDIRECT || (opcode >= 0x23 && opcode <= 0x26)) return LABELS;
  if (opcode >= 0x20 && opcode <= 0x22) return LOCALS;
  if (opcode >= LOAD && opcode <= STORE_LAST) return OFFSETS;
  return opcode === I32_CONST || opcode === I64_CONST ? CONSTANTS : 0;
}

/** Which stream's numbers an opcode sets apart when it follows them. */
function apart(opcode) {
  if (opcode === I32_ADD) return CONSTANTS;
  if (opcode < LOAD || opcode > STORE_LAST) return 0;
  return opcode < STORE ? LOCALS : OFFSETS;
}

/**
 * The numbers, stream after stream, where each stream begins, how many bytes stand before the first function,
 * how many functions there are, how many bytes the module will have, which numbers are mostly words, and the code's
 * constants.
 */
export function transpose(wasm) {
  const reader = new Reader(wasm);
  const streams = Array.from({ length: STREAMS }, () => []);
  const code = reader.section(CODE);
  reader.at = code.body;
  const functions = reader.unsigned();
  const written = new Constants();
  let grown = 0;
  const bodies = [];
  for (let left = functions; left > 0; left--) {
    const end = reader.unsigned() + reader.at;
    bodies.push(body(reader, end, streams, written));
    grown += bodies.at(-1).size + 3;
  }
  const head = [...wasm.subarray(0, code.start), CODE, ...padded(grown + 3), ...padded(functions)];
  const tail = wasm.subarray(code.end);
  streams[BYTES] = [...head, ...bodies.flatMap(({ bytes }) => bytes), ...tail];
  const starts = [];
  const numbers = [];
  for (const stream of ORDER) {
    starts[stream] = numbers.length;
    numbers.push(...streams[stream]);
  }
  const behind = starts[BYTES] + streams[BYTES].length;
  const words = { from: behind - tail.length, to: behind };
  const size = head.length + grown + tail.length;
  return { numbers, words, starts, head: head.length, functions, size, constants: written.all };
}

/** One function: its operands go to their streams. Its locals and raw bytes, and its size once unpacked. */
function body(reader, end, streams, written) {
  const bytes = reader.locals();
  let size = bytes.length;
  const put = (stream, number) => {
    if (number > LARGEST && stream !== CONSTANTS) throw new Failure(`Operand ${number} is too large for a character.`);
    streams[stream === apart(reader.wasm[reader.at]) ? stream + APART : stream].push(number);
    size += stream === OPCODES ? 1 : 3;
  };
  const raw = (count) => {
    bytes.push(...reader.take(count));
    size += count;
  };
  while (reader.at < end) {
    const opcode = reader.wasm[reader.at++];
    const stream = kind(opcode);
    if (stream === CONSTANTS) {
      const [value, length] = reader.signed();
      const number = written.next(value);
      if (number !== undefined) {
        put(OPCODES, opcode);
        put(CONSTANTS, number);
      } else {
        put(OPCODES, opcode === I32_CONST ? RAW_I32 : RAW_I64);
        reader.at -= length;
        raw(length);
      }
      continue;
    }
    put(OPCODES, opcode);
    if (opcode >= LOAD && opcode <= STORE_LAST) {
      // The alignment, a hint that no engine needs: unpack writes 0.
      reader.unsigned();
      size++;
    }
    if (stream) put(stream, reader.unsigned());
    if (opcode === CALL_INDIRECT) put(LABELS, reader.unsigned());
    if (opcode === BR_TABLE) {
      for (let left = streams[LABELS].at(-1); left >= 0; left--) put(LABELS, reader.unsigned());
    }
    if (opcode === F64_CONST) raw(8);
    // What follows these is no opcode, and harmless when taken for one.
    for (let left = plain(opcode, reader); left > 0; left--) put(OPCODES, reader.wasm[reader.at++]);
  }
  return { bytes, size };
}

/** Constants as they are written: a word is said by its address and its length. */
class Constants {
  all = [];
  word = FIRST;
  wordBefore = false;

  /** Undefined if there is no character for it. */
  next(value) {
    this.all.push(value);
    if (value < SMALLEST || value > LARGEST || value === NEXT) return undefined;
    const number = value & 0xffff;
    if (this.wordBefore) this.word += number;
    this.wordBefore = value === this.word;
    return this.wordBefore ? NEXT : number;
  }
}

// After the prefix: truncations; memory.copy with two memories, fill with one; grow, size and fill of a table.
const PREFIXED = { 10: 3, 11: 2, 15: 2, 16: 2, 17: 2 };
// Reference types: null with its type, is_null.
const [REF_NULL, REF_IS_NULL] = [0xd0, 0xd1];

/** How many bytes after an opcode can stand among the opcodes, not being taken for the start or end of a block. */
function plain(opcode, reader) {
  const next = reader.wasm[reader.at];
  const unknown = () => new Failure(`The module uses opcode ${opcode} ${next}: look at transpose.`);
  if (opcode >= BLOCK && opcode <= IF) {
    if (next < MEMORY_GROW) throw unknown();
    return 1;
  }
  if (opcode === PREFIX) {
    const count = next < 8 ? 1 : PREFIXED[next];
    if (!count || reader.wasm.subarray(reader.at + 1, reader.at + count).some((index) => index > 1)) throw unknown();
    return count;
  }
  if (opcode === MEMORY_SIZE || opcode === MEMORY_GROW || opcode === REF_NULL) return 1;
  if (opcode === RAW_I32 || opcode === RAW_I64 || opcode === TYPED_SELECT) throw unknown();
  if (opcode === F32_CONST || (opcode > LAST_PLAIN && opcode !== REF_IS_NULL)) throw unknown();
  return 0;
}

/** A number as a LEB128 of three bytes, whatever its size: what `unpack` writes. */
const padded = (value) => [(value & 127) | 128, ((value >> 7) & 127) | 128, (value >> 14) & 127];
