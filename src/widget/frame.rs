//! What stands around the summary: the small button, the panel, its head and its status line.

use alloc::vec;

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{CssStyleSheet, Document, HtmlElement, Node as DomNode, ShadowRoot};

use super::dom;
use crate::view::{self, Attribute, Node, Tag, node};

const CSS: &str = include_str!("widget.css");

/// The parts that change later.
pub struct Frame {
    pub launcher: HtmlElement,
    pub panel: HtmlElement,
    /// Holds the summary and nothing else.
    pub body: DomNode,
    /// Read out politely: it is there, and empty, before it speaks.
    pub status: DomNode,
}

impl Frame {
    pub fn draw(document: &Document, root: &ShadowRoot) -> Result<Frame, JsValue> {
        let sheet = CssStyleSheet::new()?;
        sheet.replace_sync(&view::format::join(&[view::CSS, CSS]))?;
        root.set_adopted_style_sheets(&Array::of1(&sheet));
        let launcher: HtmlElement = dom::create(document, &launcher())?.unchecked_into();
        let panel: HtmlElement = dom::create(document, &panel())?.unchecked_into();
        let body = panel.last_child().ok_or("the panel has a body")?;
        let status = body.previous_sibling().ok_or("the panel has a status line")?;
        // A page restored with its shadow roots, or an element mounted twice, starts afresh.
        root.set_text_content(None);
        root.append_child(&launcher)?;
        root.append_child(&panel)?;
        Ok(Frame { launcher, panel, body, status })
    }
}

/// A popover where there are any: the top layer is above every z-index of the page.
fn launcher() -> Node {
    control("launcher", "toggle", "Passerby")
        .with(Attribute::Label, "Passerby: show this visit")
        .with(Attribute::Popover, "manual")
        .with(Attribute::Part, "button")
}

fn panel() -> Node {
    let title = node::leaf(Tag::H2, "heading", "Passerby");
    // The words are English and read from the left whatever the page is; only the panel's place follows it.
    let status =
        node::element(Tag::P, "status", vec![]).with(Attribute::Role, "status").with(Attribute::Dir, "ltr");
    let head = node::element(
        Tag::Div,
        "head",
        vec![
            title,
            control("control", "copy", "Copy as JSON"),
            control("control close", "close", "×").with(Attribute::Label, "Close"),
        ],
    );
    // Focusable, so that it scrolls by keyboard in every browser.
    let body = node::element(Tag::Div, "body", vec![])
        .with(Attribute::TabIndex, "0")
        .with(Attribute::Role, "group")
        .with(Attribute::Dir, "ltr")
        .with(Attribute::Label, "Summary of this visit");
    node::element(Tag::Section, "panel", vec![head, status, body])
        .with(Attribute::Popover, "manual")
        .with(Attribute::Role, "dialog")
        .with(Attribute::Label, "Passerby: this visit")
        .with(Attribute::TabIndex, "-1")
        .with(Attribute::Lang, "en")
        .with(Attribute::Part, "panel")
}

fn control(class: &'static str, action: &str, text: &str) -> Node {
    node::leaf(Tag::Button, class, text).with(Attribute::Type, "button").with(Attribute::Value, action)
}
