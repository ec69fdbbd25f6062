/** The engine for pages that forbid WebAssembly: the same Rust, compiled on to JavaScript. Half as fast or less. */

export { start } from "./engine";
