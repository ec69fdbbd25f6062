//! The collector, from the bytes of a beacon to the rows of a report, and as the program people run.

mod agreement;
mod bots;
mod carts;
mod channel;
mod collector;
mod commands;
mod commerce;
mod elsewhere;
mod forward;
mod given;
mod ingest;
mod kept;
mod laws;
mod lines;
mod orders;
mod refusals;
mod removed;
mod server;
mod store;
mod support;
mod visitors;
/// The engine's own simulated browser; its tests use more of it than these.
#[allow(dead_code)]
#[path = "../engine/world.rs"]
mod world;
mod writer;
