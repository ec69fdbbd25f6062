/** The engine's module: compiled once, instantiated for each visit. */

import bytes, { key, size } from "passerby:core-wasm";

let compiled: WebAssembly.Module | undefined;

function compile(): WebAssembly.Module {
  const buffer = new Uint8Array(size);
  for (let at = 0; at < size; at++) buffer[at] = bytes.charCodeAt(at) ^ key;
  // The script begins with a byte order mark, so this takes a proxy or a bundler that rewrote it.
  if (bytes.length != size) throw Error("this script was not served or bundled as UTF-8");
  return new WebAssembly.Module(buffer);
}

/** Throws where WebAssembly is forbidden. */
export const instance = (imports: WebAssembly.Imports): WebAssembly.Instance =>
  new WebAssembly.Instance((compiled ||= compile()), imports);
