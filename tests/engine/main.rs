//! The engine, driven as a browser would drive it, without one.

mod agreement;
mod collector;
mod delivery;
mod engagement;
mod fold;
mod golden;
mod hostile;
mod json;
mod left;
mod modes;
mod queue;
mod readme;
mod redact;
mod score;
mod script;
mod secrets;
mod transcript;
mod visits;
mod world;
