//! The summary in the page: the `view`'s tree inside a shadow root.
//!
//! Its own module, fetched when somebody opens it; a visitor who never does pays nothing. TypeScript
//! (`src/sdk/widget/widget.ts`) owns the custom element's class, for wasm-bindgen cannot extend one;
//! all that can be seen or heard is made here.
//!
//! Clean under `style-src 'none'` and Trusted Types: a constructed style sheet, text as text, no
//! `innerHTML`, no `style` attribute.

mod copy;
mod dom;
mod frame;
mod panel;
mod read;

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, ShadowRoot};

pub use panel::Panel;

#[wasm_bindgen]
extern "C" {
    /// What the widget needs of the SDK's `Visit`.
    pub type Visit;

    #[wasm_bindgen(method, catch)]
    fn summary(this: &Visit) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn explain(this: &Visit) -> Result<JsValue, JsValue>;

    /// Answers with the function that ends the subscription.
    #[wasm_bindgen(method, catch)]
    fn on(this: &Visit, topic: &str, changed: &Function) -> Result<Function, JsValue>;
}

/// Draws the closed widget into `root`, the shadow root of `host`. It lives until [`unmount`].
#[wasm_bindgen]
pub fn mount(host: HtmlElement, root: ShadowRoot, visit: Visit) -> Result<Panel, JsValue> {
    Panel::new(host, root, visit)
}

/// Shows or hides the panel.
#[wasm_bindgen]
pub fn show(panel: &Panel, open: bool) {
    panel.show(open);
}

/// Shows or hides the small button that opens the panel.
#[wasm_bindgen]
pub fn button(panel: &Panel, shown: bool) {
    panel.button(shown);
}

/// Reads the visit again and writes what has changed.
#[wasm_bindgen]
pub fn update(panel: &Panel) {
    panel.update();
}

/// Ends timers and subscriptions; the element may be mounted again.
#[wasm_bindgen]
pub fn unmount(panel: Panel) {
    panel.end();
}
