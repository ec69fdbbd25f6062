/** What the build puts in: the wasm module and its glue, and the limits of `src/wire/limits.rs`. */

declare module "passerby:core-wasm" {
  const packed: import("./unpack").Packed;
  export default packed;
}

declare module "passerby:core-asm" {
  /** The same module as JavaScript. */
  export default function instance(imports: WebAssembly.Imports): WebAssembly.Instance;
}

declare module "passerby:core-glue" {
  /** One instance, with glue of its own. */
  export default function glue(
    perform: (code: number, amount: number, text: string) => void,
    instantiate: (imports: WebAssembly.Imports) => WebAssembly.Instance,
    encoder: TextEncoder,
    /** The first time `In.Create`. Performs `Out.Text` before it returns, if something was to be read and is there. */
  ): (code: number, mono: number, wall: number, number: number, texts: string) => void;
}

declare module "passerby:score-wasm" {
  const packed: import("./unpack").Packed;
  export default packed;
}

declare module "passerby:score-glue" {
  export default function glue(
    perform: (text: string) => void,
    instantiate: (imports: WebAssembly.Imports) => WebAssembly.Instance,
    encoder: TextEncoder,
  ): (now: number, texts: string) => void;
}

declare const LIMIT_EVENT_BYTES: number;
declare const LIMIT_PROPERTIES: number;
declare const LIMIT_DEPTH: number;
declare const LIMIT_STRING_BYTES: number;
/** Whether the engine in this script speaks other systems' formats. */
declare const FORMATS: boolean;
