//! The collector, from the bytes of a beacon to the rows of a report, and as the program people run.

mod commands;
mod ingest;
mod kept;
mod laws;
mod server;
mod store;
mod support;
mod writer;
