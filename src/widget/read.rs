//! The plain objects the SDK hands out, as the `view`'s structs.
//!
//! serde reads them into one tree of plain values, and the fields are picked from that: derived readers
//! for each struct cost three times as much, and would refuse a whole summary for one odd field.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use wasm_bindgen::JsValue;

use crate::view::summary::{
    Audience, Counts, Delivery, Explanation, Page, Session, Summary, Visitor as Person,
};

pub fn summary(value: JsValue) -> Option<Summary> {
    let root: Plain = serde_wasm_bindgen::from_value(value).ok()?;
    matches!(root, Plain::Map(_)).then(|| Summary {
        settled: root.flag("settled"),
        definition: root.text("definition"),
        session: root.object("session").map(session),
        audience: root.object("audience").map(audience).unwrap_or_default(),
        events: root.counts("events"),
        delivery: root.object("delivery").map(delivery).unwrap_or_default(),
        visitor: root.object("visitor").map(person),
    })
}

pub fn explanations(value: JsValue) -> Vec<Explanation> {
    let root: Plain = serde_wasm_bindgen::from_value(value).unwrap_or(Plain::Nothing);
    root.items().iter().map(explanation).collect()
}

fn session(of: &Plain) -> Session {
    Session {
        id: of.text("id"),
        started: of.number("started"),
        duration_ms: of.number("durationMs"),
        engaged_ms: of.number("engagedMs"),
        page_depth: of.number("pageDepth"),
        bounced: of.flag("bounced"),
        engaged: of.flag("engaged"),
        entry: of.text("entry"),
        channel: of.text("channel"),
        source: of.text("source"),
        pages: of.get("pages").map(|pages| pages.items().iter().map(page).collect()).unwrap_or_default(),
    }
}

fn page(of: &Plain) -> Page {
    Page {
        url: of.text("url"),
        title: of.text("title"),
        duration_ms: of.number("durationMs"),
        engaged_ms: of.number("engagedMs"),
        scroll_depth: of.number("scrollDepth"),
    }
}

fn audience(of: &Plain) -> Audience {
    Audience {
        is: of.text("is"),
        reason: of.text("reason"),
        since: of.number("since"),
        stage: of.text("stage"),
        relationship: of.text("relationship"),
    }
}

fn delivery(of: &Plain) -> Delivery {
    Delivery {
        sent: of.number("sent"),
        acknowledged: of.number("acknowledged"),
        unconfirmed: of.number("unconfirmed"),
        queued: of.number("queued"),
        dropped: of.counts("dropped"),
    }
}

fn person(of: &Plain) -> Person {
    Person {
        id: of.text("id"),
        sessions: of.number("sessions"),
        purchases: of.number("purchases"),
        first_seen: of.number("firstSeen"),
    }
}

fn explanation(of: &Plain) -> Explanation {
    Explanation {
        about: of.text("about"),
        is: of.text("is"),
        rule: of.text("rule"),
        because: of.text("because"),
    }
}

/// What plain data is made of.
enum Plain {
    Nothing,
    Flag(bool),
    Number(f64),
    Text(String),
    List(Vec<Plain>),
    Map(Vec<(String, Plain)>),
}

impl Plain {
    fn get(&self, key: &str) -> Option<&Plain> {
        let Plain::Map(entries) = self else { return None };
        entries.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    fn object(&self, key: &str) -> Option<&Plain> {
        self.get(key).filter(|value| matches!(value, Plain::Map(_)))
    }

    fn items(&self) -> &[Plain] {
        if let Plain::List(items) = self { items } else { &[] }
    }

    fn text(&self, key: &str) -> String {
        if let Some(Plain::Text(text)) = self.get(key) { text.clone() } else { String::new() }
    }

    fn flag(&self, key: &str) -> bool {
        matches!(self.get(key), Some(Plain::Flag(true)))
    }

    fn number(&self, key: &str) -> u64 {
        self.get(key).map(Plain::whole).unwrap_or_default()
    }

    /// Saturating: neither a fraction, a negative number nor an infinite one can do harm.
    fn whole(&self) -> u64 {
        if let Plain::Number(number) = self { *number as u64 } else { 0 }
    }

    fn counts(&self, key: &str) -> Counts {
        let Some(Plain::Map(entries)) = self.get(key) else { return Counts::default() };
        Counts(entries.iter().map(|(name, count)| (name.clone(), count.whole())).collect())
    }
}

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Plain, D::Error> {
        deserializer.deserialize_any(Read)
    }
}

struct Read;

impl<'de> Visitor<'de> for Read {
    type Value = Plain;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("plain data")
    }

    fn visit_unit<E>(self) -> Result<Plain, E> {
        Ok(Plain::Nothing)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Plain, E> {
        Ok(Plain::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Plain, E> {
        Ok(Plain::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Plain, E> {
        Ok(Plain::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Plain, E> {
        Ok(Plain::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Plain, E> {
        Ok(Plain::Text(text.into()))
    }

    fn visit_string<E>(self, text: String) -> Result<Plain, E> {
        Ok(Plain::Text(text))
    }

    fn visit_byte_buf<E>(self, _: Vec<u8>) -> Result<Plain, E> {
        Ok(Plain::Nothing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Plain, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Plain::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Plain, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Plain::Map(map))
    }
}
