/** Stands in for `module.ts` where WebAssembly is forbidden. */

export { default as instance } from "passerby:core-asm";
