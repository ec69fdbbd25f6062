//! The engine, driven as a browser would drive it, without one.

mod agreement;
mod collector;
mod delivery;
mod golden;
mod script;
mod transcript;
mod visits;
mod world;
