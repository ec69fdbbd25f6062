//! Props: an event's properties stay the text the page sent; this walks and reads that text.
//!
//! The walk is a loop over bytes, so nesting costs a counter and not stack. Reading takes single
//! properties by name; where a name stands twice the last one wins, as in JavaScript.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::reader::Key;
use crate::engine::redact;
use crate::wire::limits;

/// Which limit the (valid) JSON object breaks, if any.
pub fn fault(json: &str) -> Option<&'static str> {
    let bytes = json.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let (end, length) = string(bytes, at + 1);
                if length > limits::STRING_BYTES {
                    return Some("string_too_long");
                }
                at = end;
            }
            _ => {}
        }
        // The object itself is not counted: the limit is on the nesting of a property's value.
        if depth > limits::DEPTH + 1 {
            return Some("too_deep");
        }
        at += 1;
    }
    // Names, not members: the page writes a property twice when a later value replaces an earlier one.
    (Props::read(Some(json)).0.len() > limits::PROPERTIES).then_some("too_many_properties")
}

/// The object without secrets, by the page's own code; none if it is empty.
pub fn redacted(json: &str) -> Result<Option<String>, &'static str> {
    let Ok(plain) = serde_json::from_str::<&RawValue>(json).map(|_| plain(json)) else {
        return Err("props_unreadable");
    };
    let Some(members) = plain.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
        return Err("props_unreadable");
    };
    if members.is_empty() {
        return Ok(None);
    }
    let mut clean = String::with_capacity(json.len());
    clean.push('{');
    redact::properties(members, &mut clean);
    clean.push('}');
    match serde_json::from_str::<&RawValue>(&clean) {
        Ok(_) => Ok(Some(clean)),
        Err(_) => Err("props_unreadable"),
    }
}

/// Whether it is no id of a customer but an e-mail address or a token, judged as the page judges it.
pub fn is_secret_as_id(customer: &str) -> bool {
    let mut clean = String::new();
    redact::properties(&format!("\"customer_id\":{}", serde_json::Value::from(customer)), &mut clean);
    clean.contains(redact::MARK)
}

/// The same JSON as `JSON.stringify` would write it, which is what the page redacts: no white space around the
/// values, no character escaped that need not be. Other senders write `\/`, `\u0040` and line breaks.
fn plain(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut quoted = false;
    let mut rest = json.chars();
    while let Some(letter) = rest.next() {
        match letter {
            '"' => quoted = !quoted,
            ' ' | '\t' | '\n' | '\r' if !quoted => continue,
            '\\' => match rest.clone().next() {
                Some('/') => continue,
                Some('u') => {
                    let code = rest.as_str().get(1..5).and_then(|code| u32::from_str_radix(code, 16).ok());
                    let letter = code.and_then(char::from_u32);
                    if let Some(letter) =
                        letter.filter(|letter| *letter >= ' ' && !matches!(letter, '"' | '\\'))
                    {
                        out.push(letter);
                        rest = rest.as_str().get(5..).unwrap_or_default().chars();
                        continue;
                    }
                }
                // The escaped character goes with its backslash.
                Some(escaped) => {
                    rest.next();
                    out.extend([letter, escaped]);
                    continue;
                }
                None => {}
            },
            _ => {}
        }
        out.push(letter);
    }
    out
}

/// Where the string that begins at `at` ends, and how many bytes it has once unescaped.
fn string(bytes: &[u8], mut at: usize) -> (usize, usize) {
    let mut length = 0;
    loop {
        match bytes.get(at) {
            None | Some(b'"') => return (at, length),
            Some(b'\\') if bytes.get(at + 1) == Some(&b'u') => {
                // Three bytes of UTF-8 at most; a half of a surrogate pair is two of its four.
                let digits = bytes.get(at + 2..at + 6).and_then(|digits| std::str::from_utf8(digits).ok());
                length += match digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(0) {
                    0..0x80 => 1,
                    0x80..0x800 | 0xd800..0xe000 => 2,
                    _ => 3,
                };
                at += 6;
            }
            Some(b'\\') => (at, length) = (at + 2, length + 1),
            Some(_) => (at, length) = (at + 1, length + 1),
        }
    }
}

/// Top-level properties by name, unread.
#[derive(Default)]
pub struct Props<'a>(HashMap<Cow<'a, str>, &'a RawValue>);

impl<'a> Props<'a> {
    /// Properties of an event; none if it has none.
    pub fn read(json: Option<&'a str>) -> Props<'a> {
        // Stored text was checked when it came in.
        json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    }

    pub fn raw(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).map(|raw| raw.get()).filter(|raw| *raw != "null")
    }

    pub fn text(&self, name: &str) -> Option<String> {
        self.raw(name).and_then(|raw| serde_json::from_str(raw).ok())
    }

    /// A whole number: `Ok(None)` if absent, `Err` if it is anything else.
    pub fn whole(&self, name: &str) -> Result<Option<i64>, ()> {
        self.raw(name).map(|raw| raw.parse().map_err(|_| ())).transpose()
    }

    /// The text of a number, sent as a number or as a string.
    pub fn decimal(&self, name: &str) -> Option<String> {
        let raw = self.raw(name)?;
        if raw.starts_with('"') { self.text(name) } else { Some(raw.to_owned()) }
    }
}

impl<'de> Deserialize<'de> for Props<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reads;
        impl<'de> Visitor<'de> for Reads {
            type Value = Props<'de>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Props<'de>, A::Error> {
                let mut props = HashMap::new();
                while let Some((Key(key), raw)) = map.next_entry()? {
                    props.insert(key, raw);
                }
                Ok(Props(props))
            }
        }
        deserializer.deserialize_map(Reads)
    }
}
