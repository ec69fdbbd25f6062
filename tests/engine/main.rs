//! The engine, driven as a browser would drive it, without one.

mod agreement;
mod collector;
mod golden;
mod script;
mod transcript;
mod world;
