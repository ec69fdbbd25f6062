/** Starts the widget's module on first use; the only place that knows how it is embedded. */

import { __wbg_set_wasm, imports, start } from "passerby:widget-glue";
import packed from "passerby:widget-wasm";
import { unpack } from "../unpack";

let started = false;

/** Throws where the page's policy forbids WebAssembly. */
export function instantiate(): void {
  if (started) return;
  const module = new WebAssembly.Module(unpack(packed));
  // All imports come from the one glue module, whatever name the tools gave it.
  const from = WebAssembly.Module.imports(module).map(({ module: name }) => [name, imports]);
  __wbg_set_wasm(new WebAssembly.Instance(module, Object.fromEntries(from)).exports);
  start();
  started = true;
}
