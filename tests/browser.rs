//! Boundary and widget in a real browser, by wasm-bindgen-test (`npm test -- wasm`).
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[path = "browser/boundary.rs"]
mod boundary;
#[path = "browser/widget.rs"]
mod widget;

/// The stage would be worthless if the runner quietly fell back to Node.
#[wasm_bindgen_test]
fn tests_run_in_a_document() {
    let document = js_sys::Reflect::get(&js_sys::global(), &"document".into());
    assert!(document.is_ok_and(|document| document.is_object()));
}
