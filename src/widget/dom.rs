//! A tree of nodes in the DOM. The last tree is kept beside it, and only differences are written: a
//! second's tick leaves scroll, focus and selection where they are.

use wasm_bindgen::prelude::*;
use web_sys::{Document, Element as DomElement, Node as DomNode};

use crate::view::{Attribute, Element, Node};

/// A new DOM node for `node`.
pub fn create(document: &Document, node: &Node) -> Result<DomNode, JsValue> {
    let element = match node {
        Node::Text(text) => return Ok(document.create_text_node(text).into()),
        Node::Element(element) => element,
    };
    let made = document.create_element(element.tag.name())?;
    if !element.class.is_empty() {
        made.set_class_name(element.class);
    }
    for (name, value) in &element.attributes {
        made.set_attribute(name.name(), value)?;
    }
    for child in &element.children {
        made.append_child(&create(document, child)?)?;
    }
    Ok(made.into())
}

/// Makes `there`, which shows `old`, show `new`.
pub fn patch(document: &Document, there: &DomNode, old: &Node, new: &Node) -> Result<(), JsValue> {
    match (old, new) {
        (Node::Text(old), Node::Text(new)) => {
            if old != new {
                there.set_text_content(Some(new));
            }
            Ok(())
        }
        (Node::Element(old), Node::Element(new)) if old.tag == new.tag => {
            let element: &DomElement = there.unchecked_ref();
            if old.class != new.class {
                element.set_class_name(new.class);
            }
            attributes(element, &old.attributes, &new.attributes)?;
            children(document, there, old, new)
        }
        _ => {
            let parent = there.parent_node().ok_or("the node was taken out of the page")?;
            parent.replace_child(&create(document, new)?, there).map(drop)
        }
    }
}

type Attributes = [(Attribute, String)];

fn attributes(element: &DomElement, old: &Attributes, new: &Attributes) -> Result<(), JsValue> {
    for (name, _) in old {
        if !new.iter().any(|(kept, _)| kept == name) {
            element.remove_attribute(name.name())?;
        }
    }
    for pair in new {
        if !old.contains(pair) {
            element.set_attribute(pair.0.name(), &pair.1)?;
        }
    }
    Ok(())
}

fn children(document: &Document, there: &DomNode, old: &Element, new: &Element) -> Result<(), JsValue> {
    let mut next = there.first_child();
    for (at, child) in new.children.iter().enumerate() {
        match (next.take(), old.children.get(at)) {
            (Some(node), Some(before)) => {
                next = node.next_sibling();
                patch(document, &node, before, child)?;
            }
            _ => drop(there.append_child(&create(document, child)?)?),
        }
    }
    while let Some(node) = next.take() {
        next = node.next_sibling();
        there.remove_child(&node)?;
    }
    Ok(())
}
