/** The widget's module, started on first use; the only place that knows how it is embedded. */

import * as glue from "passerby:widget-glue";
import bytes from "passerby:widget-wasm";

let started = false;

/** Throws where the page's policy forbids WebAssembly. */
export function instantiate(): typeof glue {
  if (!started) {
    const module = new WebAssembly.Module(bytes);
    // Every import comes from the one module wasm-bindgen wrote, whatever name it gave it.
    const imports: WebAssembly.Imports = {};
    for (const { module: name } of WebAssembly.Module.imports(module)) imports[name] = { ...glue };
    const { exports } = new WebAssembly.Instance(module, imports);
    glue.__wbg_set_wasm(exports);
    (exports.__wbindgen_start as () => void)();
    started = true;
  }
  return glue;
}
