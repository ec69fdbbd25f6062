//! The engine: a pure state machine. One [`Input`] in, every [`Output`] out.

pub mod audience;
pub mod fold;
pub mod input;
pub mod output;
pub mod time;

use alloc::string::String;
use alloc::vec::Vec;

pub use input::{Cause, Choice, Input};
pub use output::{Output, Topic};
pub use time::Stamp;

/// All state of one document's tracker.
#[derive(Debug, Default)]
pub struct Engine {}

impl Engine {
    /// `options` is `key=value` lines; `entropy` is 128 random bits.
    pub fn new(_options: &str, _entropy: [u32; 4], _at: Stamp) -> Engine {
        Engine {}
    }

    #[must_use]
    pub fn handle(&mut self, _at: Stamp, _input: Input) -> Vec<Output> {
        Vec::new()
    }

    /// `summary()` as JSON text, as of the last input.
    pub fn summary(&self) -> String {
        String::from("{}")
    }

    /// `explain()` as JSON text.
    pub fn explain(&self) -> String {
        String::from("[]")
    }

    /// The text of a queue row that `Output::Keep` named.
    pub fn row(&self, _key: &str) -> Option<String> {
        None
    }
}
