//! Passerby: who looks in, who comes in, who buys.
//!
//! ```text
//!             the page                                              the collector
//!   DOM fact ─► host ─► boundary ─► engine ─► boundary ─► host ─► beacon ─► ingest ─► store
//!              (TypeScript)   Input      Output     (TypeScript)              fold ▲
//!                                └──────── the same code folds sessions ───────────┘
//! ```
//!
//! | module      | what it is                                                        | may use        |
//! |-------------|-------------------------------------------------------------------|----------------|
//! | `engine`    | the pure state machine: one `Input` in, every `Output` out         | `wire`         |
//! | `wire`      | batch v1 and its limits, written without serde                     | nothing        |
//! | `boundary`  | the engine's exports to JavaScript (wasm32, feature `core`)        | `engine`, `wire`|
//! | `score`     | engagement score and segments of a summary; pure                  | `engine`, `wire`|
//! | `view`      | a summary as a tree of nodes; pure                                 | `score`        |
//! | `widget`    | that tree in the DOM (wasm32, feature `widget`)                    | `score`, `view`|
//! | `collector` | ingest, store, HTTP, command line (native, feature `collector`)    | all but the DOM|
//!
//! What is absent, and why it stays so. The engine reads no clock, no randomness, no storage and no
//! DOM: time, entropy and stored state are inputs, so a day passes in a test in a microsecond. It
//! cannot fail: bad input is a counted drop with a reason. Browser crates exist only for wasm32 and
//! server crates only natively, so plain `cargo test` proves the wall by compiling.

#![cfg_attr(feature = "shipped", no_std)]

extern crate alloc;

#[macro_use]
pub mod mutants;

pub mod engine;
pub mod score;
pub mod view;
pub mod wire;

#[cfg(all(target_arch = "wasm32", any(feature = "shipped", feature = "widget")))]
mod allocator;
#[cfg(all(target_arch = "wasm32", feature = "core"))]
pub mod boundary;
#[cfg(all(not(target_arch = "wasm32"), feature = "collector"))]
pub mod collector;
#[cfg(all(target_arch = "wasm32", feature = "widget"))]
pub mod widget;
