//! The tree: few tags, few attributes, text. What is not in these lists cannot be shown.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    A,
    Button,
    Code,
    Dd,
    Div,
    Dl,
    Dt,
    H2,
    H3,
    Li,
    Meter,
    Ol,
    P,
    Section,
    Span,
    Strong,
    Ul,
}

impl Tag {
    pub const fn name(self) -> &'static str {
        match self {
            Tag::A => "a",
            Tag::Button => "button",
            Tag::Code => "code",
            Tag::Dd => "dd",
            Tag::Div => "div",
            Tag::Dl => "dl",
            Tag::Dt => "dt",
            Tag::H2 => "h2",
            Tag::H3 => "h3",
            Tag::Li => "li",
            Tag::Meter => "meter",
            Tag::Ol => "ol",
            Tag::P => "p",
            Tag::Section => "section",
            Tag::Span => "span",
            Tag::Strong => "strong",
            Tag::Ul => "ul",
        }
    }
}

/// No `style`, no `on…`, no `src`. `Href` is only ever made by [`super::clean::link`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attribute {
    Current,
    Dir,
    Hidden,
    Href,
    Label,
    Lang,
    Max,
    Part,
    Popover,
    Rel,
    Role,
    TabIndex,
    Type,
    Value,
}

impl Attribute {
    pub const fn name(self) -> &'static str {
        match self {
            Attribute::Current => "aria-current",
            Attribute::Dir => "dir",
            Attribute::Hidden => "aria-hidden",
            Attribute::Href => "href",
            Attribute::Label => "aria-label",
            Attribute::Lang => "lang",
            Attribute::Max => "max",
            Attribute::Part => "part",
            Attribute::Popover => "popover",
            Attribute::Rel => "rel",
            Attribute::Role => "role",
            Attribute::TabIndex => "tabindex",
            Attribute::Type => "type",
            Attribute::Value => "value",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    Text(String),
    Element(Element),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    pub tag: Tag,
    pub class: &'static str,
    pub attributes: Vec<(Attribute, String)>,
    pub children: Vec<Node>,
}

impl Node {
    /// Kept out of line, like all that builds the tree: a call is smaller than what it does.
    #[inline(never)]
    pub fn text(text: &str) -> Node {
        Node::Text(text.into())
    }

    /// This element with one more attribute; text stays as it is.
    #[inline(never)]
    pub fn with(mut self, attribute: Attribute, value: &str) -> Node {
        if let Node::Element(element) = &mut self {
            element.attributes.push((attribute, value.into()));
        }
        self
    }
}

#[inline(never)]
pub fn element(tag: Tag, class: &'static str, children: Vec<Node>) -> Node {
    Node::Element(Element { tag, class, attributes: Vec::new(), children })
}

/// An element that holds only text.
#[inline(never)]
pub fn leaf(tag: Tag, class: &'static str, text: &str) -> Node {
    element(tag, class, vec![Node::text(text)])
}
