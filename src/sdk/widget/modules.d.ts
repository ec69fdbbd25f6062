/** What the build supplies: the widget's module and the glue wasm-bindgen wrote for it. */

declare module "passerby:widget-wasm" {
  const packed: import("../unpack").Packed;
  export default packed;
}

declare module "passerby:widget-glue" {
  export class Panel {
    private constructor();
    free(): void;
  }
  export function mount(host: HTMLElement, root: ShadowRoot, visit: object): Panel;
  export function show(panel: Panel, open: boolean): void;
  export function button(panel: Panel, shown: boolean): void;
  export function update(panel: Panel): void;
  /** Consumes the panel. */
  export function unmount(panel: Panel): void;

  export function __wbg_set_wasm(exports: WebAssembly.Exports): void;
  /** The functions the wasm imports, by the names it imports them under. */
  export const imports: WebAssembly.ModuleImports;
  /** Calls the module's `__wbindgen_start`. */
  export function start(): void;
}
