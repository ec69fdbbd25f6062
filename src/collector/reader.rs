//! Reader: JSON from outside, field by field, with the name and the place of whatever is wrong.
//!
//! A value stays text until its reader asks for it as something. So nothing recurses (serde_json walks a
//! raw value with a loop; a megabyte of `[` costs no stack), numbers keep every digit, and each complaint can
//! name the field as `events[3].seq` with its byte offset.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::ingest::Refusal;

/// The largest whole number JavaScript holds exactly.
pub const MAX_WHOLE: u64 = (1 << 53) - 1;

/// Far above what any version sends; bounds the search for duplicates.
const MOST_FIELDS: usize = 256;

/// Where a value stands in the document, kept as steps and written out only for a complaint.
#[derive(Clone, Copy)]
enum Place<'p> {
    Root,
    Key(&'p Place<'p>, &'p str),
    Index(&'p Place<'p>, usize),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Place::Root => Ok(()),
            Place::Key(Place::Root, key) => write!(f, "{key}"),
            Place::Key(up, key) => write!(f, "{up}.{key}"),
            Place::Index(up, index) => write!(f, "{up}[{index}]"),
        }
    }
}

/// One value, unread.
#[derive(Clone, Copy)]
pub struct Field<'a, 'p> {
    body: &'a str,
    raw: &'a str,
    place: Place<'p>,
}

/// One object, its fields unread.
pub struct Object<'a, 'p> {
    whole: Field<'a, 'p>,
    fields: Vec<(Cow<'a, str>, &'a RawValue)>,
}

impl<'a, 'p> Object<'a, 'p> {
    /// The document itself.
    pub fn root(body: &'a str) -> Result<Object<'a, 'p>, Refusal> {
        Field { body, raw: body, place: Place::Root }.object()
    }

    /// The field, if it is there and has a value.
    pub fn get<'f>(&'f self, name: &'f str) -> Option<Field<'a, 'f>> {
        let (_, raw) = self.fields.iter().find(|(key, _)| key == name)?;
        let place = Place::Key(&self.whole.place, name);
        (raw.get() != "null").then_some(Field { body: self.whole.body, raw: raw.get(), place })
    }

    pub fn need<'f>(&'f self, name: &'f str) -> Result<Field<'a, 'f>, Refusal> {
        let place = Place::Key(&self.whole.place, name);
        self.get(name).ok_or_else(|| Field { place, ..self.whole }.wrong("is missing"))
    }

    pub fn text(&self, name: &str, longest: usize) -> Result<Option<String>, Refusal> {
        self.get(name).map(|field| field.text(longest)).transpose()
    }

    pub fn number(&self, name: &str, largest: u64) -> Result<Option<u64>, Refusal> {
        self.get(name).map(|field| field.number(largest)).transpose()
    }

    pub fn entries<'f>(&'f self) -> impl Iterator<Item = (&'f str, Field<'a, 'f>)> {
        let Field { body, .. } = self.whole;
        self.fields.iter().map(move |(key, raw)| {
            (key.as_ref(), Field { body, raw: raw.get(), place: Place::Key(&self.whole.place, key) })
        })
    }
}

impl<'a, 'p> Field<'a, 'p> {
    /// The value as sent.
    pub fn raw(&self) -> &'a str {
        self.raw
    }

    pub fn number(&self, largest: u64) -> Result<u64, Refusal> {
        let whole = self.raw.parse().ok().filter(|number| *number <= largest && !self.raw.starts_with('+'));
        whole.ok_or_else(|| self.wrong(&format!("must be a whole number from 0 to {largest}")))
    }

    pub fn flag(&self) -> Result<bool, Refusal> {
        self.raw.parse().map_err(|_| self.wrong("must be true or false"))
    }

    /// A string of at most `longest` bytes. Control characters, which no page shows, become spaces.
    pub fn text(&self, longest: usize) -> Result<String, Refusal> {
        let mut text = self.string()?;
        if text.len() > longest {
            return Err(self.wrong(&format!("must not be longer than {longest} bytes")));
        }
        if text.chars().any(char::is_control) {
            text = text.replace(char::is_control, " ");
        }
        Ok(text)
    }

    pub fn string(&self) -> Result<String, Refusal> {
        serde_json::from_str(self.raw).map_err(|_| self.wrong("must be a string"))
    }

    /// 128 bits as 32 lowercase hexadecimal digits.
    pub fn id(&self) -> Result<String, Refusal> {
        let id: Option<String> = serde_json::from_str(self.raw).ok();
        id.filter(|id| is_id(id)).ok_or_else(|| self.wrong("must be 32 lowercase hexadecimal digits"))
    }

    pub fn object(self) -> Result<Object<'a, 'p>, Refusal> {
        let doing = RefCell::new(None);
        let parsed = {
            let mut json = serde_json::Deserializer::from_str(self.raw);
            let fields = json.deserialize_map(Fields(&doing));
            fields.and_then(|fields| json.end().map(|()| fields))
        };
        let fields = parsed.map_err(|error| {
            if error.is_data() && doing.borrow().is_none() {
                return self.wrong("must be an object");
            }
            let inner = doing.take().unwrap_or_default();
            let place = if inner.is_empty() { self.place } else { Place::Key(&self.place, &inner) };
            let mut refusal = Field { place, ..self }.wrong(&complaint(&error));
            refusal.position = Some(self.offset() + offset(self.raw, error.line(), error.column()));
            refusal
        })?;
        Ok(Object { whole: self, fields })
    }

    /// The items of an array, of at most `most` (more is a 413: the page can send fewer).
    pub fn items(&self, most: usize) -> Result<Vec<&'a RawValue>, Refusal> {
        let items: Vec<&'a RawValue> =
            serde_json::from_str(self.raw).map_err(|_| self.wrong("must be an array"))?;
        if items.len() > most {
            return Err(Refusal {
                status: 413,
                reason: "too_large",
                ..self.wrong(&format!("must not hold more than {most}"))
            });
        }
        Ok(items)
    }

    /// Item `index` of this array.
    pub fn item<'f>(&'f self, index: usize, raw: &'a RawValue) -> Field<'a, 'f> {
        Field { body: self.body, raw: raw.get(), place: Place::Index(&self.place, index) }
    }

    /// The complaint that this field is not as it must be.
    pub fn wrong(&self, what: &str) -> Refusal {
        let field = self.place.to_string();
        let error = match field.as_str() {
            "" => format!("The batch {what}."),
            field => format!("`{}` {what}.", super::text::printable(field)),
        };
        Refusal {
            field: Some(field).filter(|field| !field.is_empty()),
            position: Some(self.offset()),
            ..Refusal::new(400, "malformed", error)
        }
    }

    fn offset(&self) -> usize {
        // Raw values are slices of the body.
        (self.raw.as_ptr() as usize).saturating_sub(self.body.as_ptr() as usize)
    }
}

/// serde_json's words without its own account of the place, which counts lines.
fn complaint(error: &serde_json::Error) -> String {
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    if error.is_data() { words.to_owned() } else { format!("is not valid JSON ({words})") }
}

fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (before + column.saturating_sub(1)).min(text.len())
}

/// Reads an object's keys and raw values; remembers the key it is at, for complaints.
struct Fields<'d>(&'d RefCell<Option<String>>);

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields: Self::Value = Vec::with_capacity(8);
        *self.0.borrow_mut() = Some(String::new());
        while let Some(Key(key)) = map.next_key()? {
            *self.0.borrow_mut() = Some(key.to_string());
            if fields.iter().any(|(seen, _)| *seen == key) {
                return Err(A::Error::custom("stands there twice"));
            }
            if fields.len() == MOST_FIELDS {
                return Err(A::Error::custom("is one field too many"));
            }
            fields.push((key, map.next_value()?));
            *self.0.borrow_mut() = Some(String::new());
        }
        Ok(fields)
    }
}

/// A key, borrowed unless it has escapes.
pub struct Key<'a>(pub Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reads;
        impl<'de> Visitor<'de> for Reads {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(key)))
            }
            fn visit_str<E>(self, key: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }
        deserializer.deserialize_str(Reads)
    }
}

pub fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
