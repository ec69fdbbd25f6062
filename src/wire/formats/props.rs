//! Properties that several systems share.

use alloc::string::String;

use super::super::json::{self, Object};
use super::super::read::{bare, get, number, values};
use super::super::text::{Put, part};
use super::visit::{Event, Visit};

/// A member whose value is JSON already; left out where there is none.
pub fn put(object: &mut Object, name: &str, value: &str) {
    if !value.is_empty() && value != "\"\"" {
        object.raw(name, value);
    }
}

/// The site's own properties, all but those that `but` names.
pub fn own(object: &mut Object, event: &Event, but: &[&str]) {
    for (name, value) in values(event.props).filter(|(name, _)| !but.contains(name)) {
        raw_key(object, name).put(value);
    }
}

/// A key that is escaped already.
pub fn raw_key<'a>(object: &'a mut Object, name: &str) -> &'a mut String {
    let out = object.key("");
    // Into the quotes of the empty key: `"":` becomes `"name":`.
    out.truncate(out.len() - 2);
    out.put(name);
    out.put("\":");
    out
}

/// What we know of the visit, for systems that count sessions in their own way.
pub fn visit(object: &mut Object, visit: &Visit, event: &Event) {
    put(object, "session_id", visit.session);
    about(object, visit, event);
}

/// The same without the session, where the system has a place for it. What the event says itself stands: its
/// `audience` is the one after it, the batch's the one before.
pub fn about(object: &mut Object, visit: &Visit, event: &Event) {
    let known =
        [("audience", visit.audience), ("stage", visit.stage), ("device", visit.device), ("bot", visit.bot)];
    let touch = ["channel", "source", "medium", "campaign"].map(|name| (name, visit.touch(name)));
    for (name, value) in known.into_iter().chain(touch) {
        if event.prop(name).is_empty() {
            put(object, name, value);
        }
    }
}

/// GA4's `purchase` in the words of Segment's e-commerce events, which PostHog and RudderStack use too.
pub fn order(object: &mut Object, event: &Event) {
    put(object, "order_id", event.prop("transaction_id"));
    for name in ["revenue", "total"] {
        put(object, name, number(event.prop("value")));
    }
    for name in ["tax", "shipping"] {
        put(object, name, number(event.prop(name)));
    }
    for name in ["currency", "coupon"] {
        put(object, name, event.prop(name));
    }
    if event.items().next().is_some() {
        let list = object.key("products");
        list.put_byte(b'[');
        for item in event.items() {
            let mut product = Object::new(json::item(list));
            put(&mut product, "product_id", get(item, "item_id"));
            put(&mut product, "name", get(item, "item_name"));
            put(&mut product, "category", get(item, "item_category"));
            put(&mut product, "brand", get(item, "item_brand"));
            put(&mut product, "price", number(get(item, "price")));
            put(&mut product, "quantity", number(get(item, "quantity")));
            product.end();
        }
        list.put_byte(b']');
    }
    own(object, event, &ORDER);
}

/// What `order` says in other words.
const ORDER: [&str; 7] = ["transaction_id", "value", "tax", "shipping", "currency", "coupon", "items"];

/// `query` with its question mark, as JSON; nothing where there is none.
pub fn search(query: &str) -> String {
    let mut out = String::new();
    if !query.is_empty() {
        out.put("\"?");
        out.put(query);
        out.put_byte(b'"');
    }
    out
}

/// A part of a JSON string as a JSON string.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    out.put(text);
    out.put_byte(b'"');
    out
}

/// At most so many characters of a string, as JSON, cut between characters and never within an escape.
pub fn clipped(json: &str, most: usize) -> String {
    let text = bare(json);
    let (mut end, mut escape) = (0, 0);
    for (count, (at, character)) in text.char_indices().enumerate() {
        if count >= most && escape == 0 {
            return quoted(part(text, 0, end));
        }
        escape = match (escape, character) {
            (0, '\\') => 1,
            (1, 'u') => 5,
            (0, _) => 0,
            (left, _) => left - 1,
        };
        if escape == 0 {
            end = at + character.len_utf8();
        }
    }
    String::from(json)
}
