/** What the build puts in: the wasm module and its glue, and the limits of `src/wire/limits.rs`. */

declare module "passerby:core-wasm" {
  /** Each byte of the module as one code point. */
  const text: string;
  export default text;
  export const size: number;
}

declare module "passerby:core-glue" {
  /** One instance, with glue of its own. */
  export default function glue(
    perform: (code: number, amount: number, first: string, second: string) => void,
    instantiate: (imports: WebAssembly.Imports) => WebAssembly.Instance,
  ): {
    create(options: string, e0: number, e1: number, e2: number, e3: number, mono: number, wall: number): void;
    handle(code: number, mono: number, wall: number, x: number, y: number, a: string, b: string, c: string): void;
    read(code: number, key: string): string;
  };
}

declare module "passerby:widget-wasm" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

/** wasm-bindgen's own glue for the widget, unchanged; the module imports it as `./widget_bg.js`. */
declare module "passerby:widget-glue" {
  export function __wbg_set_wasm(exports: WebAssembly.Exports): void;
}

declare const LIMIT_EVENT_BYTES: number;
declare const LIMIT_PROPERTIES: number;
declare const LIMIT_DEPTH: number;
declare const LIMIT_STRING_BYTES: number;
