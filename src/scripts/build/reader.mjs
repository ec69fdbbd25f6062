// Reads a wasm module number by number.

import { Failure } from "../lib/say.mjs";

const CUSTOM = 0;

export class Reader {
  constructor(wasm) {
    this.wasm = wasm;
    this.at = 0;
  }

  /** A section of which there is one, or a custom one by its name. `start` is where it stands, `body` its contents. */
  section(wanted) {
    this.at = 8;
    while (this.at < this.wasm.length) {
      const start = this.at;
      const id = this.wasm[this.at++];
      const end = this.unsigned() + this.at;
      const name = id === CUSTOM ? this.text() : id;
      if (name === wanted) return { start, body: this.at, end };
      this.at = end;
    }
    throw new Failure(`The module has no section ${wanted}.`);
  }

  take(count) {
    this.at += count;
    return this.wasm.subarray(this.at - count, this.at);
  }

  text() {
    return String.fromCharCode(...this.take(this.unsigned()));
  }

  unsigned() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.wasm[this.at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }

  /** A signed LEB128, as near as a double comes, and its length. */
  signed() {
    const start = this.at;
    const value = this.unsigned();
    const length = this.at - start;
    return [this.wasm[this.at - 1] & 64 ? value - 2 ** (7 * length) : value, length];
  }

  locals() {
    const start = this.at;
    for (let groups = this.unsigned(); groups > 0; groups--) {
      this.unsigned();
      this.at++;
    }
    return [...this.wasm.subarray(start, this.at)];
  }
}
