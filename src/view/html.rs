//! The tree as escaped HTML, for a page that a server writes.

use alloc::string::String;

use super::node::Node;

pub fn html(node: &Node) -> String {
    let mut out = String::new();
    write(node, &mut out);
    out
}

fn write(node: &Node, out: &mut String) {
    let element = match node {
        Node::Text(text) => return escape(text, out),
        Node::Element(element) => element,
    };
    let tag = element.tag.name();
    out.push('<');
    out.push_str(tag);
    if !element.class.is_empty() {
        attribute("class", element.class, out);
    }
    for (name, value) in &element.attributes {
        attribute(name.name(), value, out);
    }
    out.push('>');
    for child in &element.children {
        write(child, out);
    }
    // No tag of ours is void, so each is closed.
    out.push_str("</");
    out.push_str(tag);
    out.push('>');
}

fn attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape(value, out);
    out.push('"');
}

fn escape(text: &str, out: &mut String) {
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(char),
        }
    }
}
