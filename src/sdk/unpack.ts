/** Puts a module together again that `src/scripts/build/transpose.mjs` took apart. */

/** What the build knows of it, by position: names would go with every script. */
export type Packed = [
  text: string,
  length: number,
  /** Every number but those behind the code is XORed with it before it becomes a character. */
  key: number,
  starts: number[],
  head: number,
  functions: number,
  size: number,
  kinds: string,
];

/** Opcodes that are more than themselves and an operand. Two that do not exist stand for large constants. */
const enum Op {
  Block = 2, Loop, If, RawI32 = 6, RawI64, End = 11, Table = 14, CallIndirect = 17, Load = 0x28, Store = 0x36,
  StoreLast = 0x3e, Raw = 0x41 - RawI32, F64 = 0x44, Add = 0x6a, Prefix = 0xfc,
}

/** Instead of the address at which the word before ended; and where the first begins: behind the stack. */
const enum Word { Next = 100, First = 0x8000 }

const enum Stream {
  Bytes, Opcodes, Locals, Offsets, Constants,
  /** How far from these three those stand whose next opcode sets them apart. */
  Apart,
}

/** Which stream's numbers an opcode sets apart when it follows them. */
const apart = (follows: number) =>
  follows == Op.Add ? Stream.Constants
    : follows < Op.Load || follows > Op.StoreLast ? 0
    : follows < Op.Store ? Stream.Locals : Stream.Offsets;

/** A word is said by its address and its length: where it ends, most often the next begins. */
function constants() {
  let word: number = Word.First;
  let wordBefore = false;
  return (number: number) => {
    if (wordBefore) word += number;
    wordBefore = number == Word.Next;
    return wordBefore ? word : number;
  };
}

export function unpack([text, length, key, starts, head, functions, size, kinds]: Packed): Uint8Array<ArrayBuffer> {
  // The script begins with a byte order mark, so this takes a proxy or a bundler that rewrote it.
  if (text.length != length) throw "not served as UTF-8";
  const out = new Uint8Array(size);
  const next = [...starts];
  let end = 0;
  const constant = constants();
  const peek = (stream: number) => text.charCodeAt(next[stream]!) ^ key;
  const take = (stream: number) => text.charCodeAt(next[stream]!++) ^ key;
  const byte = (stream: number) => (out[end++] = take(stream));
  // LEB128 in three bytes, which serves signed and unsigned numbers alike.
  const leb = (at: number, value: number) => {
    out[at] = value | 128;
    out[at + 1] = (value >> 7) | 128;
    out[at + 2] = (value >> 14) & 127;
  };
  const operand = (stream: number) => {
    const number = take(stream == apart(peek(Stream.Opcodes)) ? stream + Stream.Apart : stream);
    const value = stream == Stream.Constants ? constant(number) : number;
    leb(end, value < 0xe000 ? value : value - 0x10000);
    end += 3;
    return value;
  };

  while (head--) byte(Stream.Bytes);
  while (functions--) {
    const start = (end += 3);
    // Locals: how many groups, then number (one byte or more) and type of each.
    for (let groups = byte(Stream.Bytes); groups--; byte(Stream.Bytes)) while (byte(Stream.Bytes) > 127);
    for (let depth = 0; depth >= 0; ) {
      const opcode = byte(Stream.Opcodes);
      const kind = kinds.charCodeAt(opcode) & 7;
      // Alignment: none is promised, which is but a hint.
      if (kind == Stream.Offsets) end++;
      const value = kind && operand(kind);
      switch (opcode) {
        case Op.Block:
        case Op.Loop:
        case Op.If:
          depth++;
          break;
        case Op.End:
          depth--;
          break;
        case Op.Table:
          for (let more = value; more-- >= 0; ) operand(kind);
          break;
        case Op.CallIndirect:
          operand(kind);
          break;
        case Op.RawI32:
        case Op.RawI64:
          out[end - 1] = opcode + Op.Raw;
          while (byte(Stream.Bytes) > 127);
          break;
        case Op.F64:
          for (let more = 8; more--; ) byte(Stream.Bytes);
          break;
        case Op.Prefix:
          byte(Stream.Opcodes);
      }
    }
    leb(start - 3, end - start);
  }
  // Words, which compress better beside the script's own words.
  while (end < size) out[end++] = text.charCodeAt(next[Stream.Bytes]!++);
  return out;
}
