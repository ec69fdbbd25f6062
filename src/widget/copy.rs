//! "Copy as JSON": what the panel shows, for a ticket or a script.

use js_sys::{JSON, Object, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type Written;

    #[wasm_bindgen(method)]
    fn then(this: &Written, done: &JsValue, failed: &JsValue) -> JsValue;

    /// Throws where a page is not served securely: there is no clipboard then.
    #[wasm_bindgen(catch, js_namespace = ["navigator", "clipboard"], js_name = writeText)]
    fn write_text(text: &str) -> Result<Written, JsValue>;
}

/// Summary and explanations as JSON that may be pasted anywhere, a `<script>` element included.
pub fn json(summary: &JsValue, explanations: &JsValue) -> Result<String, JsValue> {
    let both = Object::new();
    Reflect::set(&both, &"summary".into(), summary)?;
    Reflect::set(&both, &"explanations".into(), explanations)?;
    let text = String::from(JSON::stringify_with_replacer_and_space(&both, &JsValue::NULL, &2.into())?);
    let mut out = String::new();
    for char in text.chars() {
        match char {
            '<' => out.push_str("\\u003c"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            _ => out.push(char),
        }
    }
    Ok(out)
}

/// Puts `text` on the clipboard and then calls `done` with whether that was allowed.
pub fn copy(text: &str, done: impl Fn(bool) + Clone + 'static) {
    let Ok(written) = write_text(text) else {
        return done(false);
    };
    let failed = done.clone();
    written.then(
        &Closure::once_into_js(move |_: JsValue| done(true)),
        &Closure::once_into_js(move |_: JsValue| failed(false)),
    );
}
