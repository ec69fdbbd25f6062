/** The engine's module: compiled once, instantiated for each visit. */

import packed from "passerby:core-wasm";
import { unpack } from "./unpack";

let compiled: WebAssembly.Module | undefined;

/** Throws where WebAssembly is forbidden. */
export const instance = (imports: WebAssembly.Imports): WebAssembly.Instance =>
  new WebAssembly.Instance((compiled ||= new WebAssembly.Module(unpack(packed))), imports);
