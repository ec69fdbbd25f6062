//! The lazy part's door to JavaScript: a summary and the segments in, the score out.

/// The panic handler; there is no one engine to keep.
#[allow(dead_code)]
#[path = "../boundary/runtime.rs"]
mod runtime;

use wasm_bindgen::prelude::wasm_bindgen;

use super::{json, measure};
use crate::wire::text::cut;

#[wasm_bindgen]
extern "C" {
    /// As in the engine's boundary: the build gives each instance its own.
    #[wasm_bindgen(js_name = passerbyPerform)]
    fn perform(text: &str);
}

/// `texts`: the segments, a NUL, the summary.
#[wasm_bindgen]
pub fn handle(now: f64, texts: &str) {
    let (segments, summary) = cut(texts, 0);
    perform(&json(&measure(summary, now as u64, segments)));
}
