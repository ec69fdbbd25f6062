//! Just enough JSON, written without serde. Reading is the collector's business.

use alloc::string::String;

use super::text::{Put, part};

/// Writes an object; text without a value is left out.
pub struct Object<'a> {
    out: &'a mut String,
    separator: u8,
}

impl<'a> Object<'a> {
    pub fn new(out: &'a mut String) -> Object<'a> {
        Object { out, separator: b'{' }
    }

    /// Members only, for an object written elsewhere.
    pub fn members(out: &'a mut String) -> Object<'a> {
        Object { out, separator: 0 }
    }

    /// The key of a value the caller writes next.
    #[inline(never)]
    pub fn key(&mut self, key: &str) -> &mut String {
        if self.separator > 0 {
            self.out.put_byte(self.separator);
        }
        self.separator = b',';
        string(self.out, key);
        self.out.put_byte(b':');
        self.out
    }

    #[inline(never)]
    pub fn text(&mut self, key: &str, value: &str) {
        if !value.is_empty() {
            string(self.key(key), value);
        }
    }

    #[inline(never)]
    pub fn number(&mut self, key: &str, value: u64) {
        number(self.key(key), value);
    }

    pub fn flag(&mut self, key: &str, value: bool) {
        self.raw(key, if value { "true" } else { "false" });
    }

    /// `value` is JSON already.
    #[inline(never)]
    pub fn raw(&mut self, key: &str, value: &str) {
        self.key(key).put(value);
    }

    #[inline(never)]
    pub fn end(self) {
        if self.separator == b'{' {
            self.out.put_byte(b'{');
        }
        self.out.put_byte(b'}');
    }
}

/// Where the next item of the list or object at the end of `out` goes.
#[inline(never)]
pub fn item(out: &mut String) -> &mut String {
    if !matches!(out.as_bytes().last(), Some(b'[' | b'{')) {
        out.put_byte(b',');
    }
    out
}

#[inline(never)]
pub fn string(out: &mut String, text: &str) {
    out.put_byte(b'"');
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        // Control characters say nothing in a URL, a title or a name.
        let control = byte < b' ';
        if control || matches!(byte, b'"' | b'\\') {
            out.put(part(text, from, at));
            out.put_byte(if control { b' ' } else { b'\\' });
            from = at + usize::from(control);
        }
    }
    out.put(part(text, from, text.len()));
    out.put_byte(b'"');
}

#[inline(never)]
pub fn number(out: &mut String, value: u64) {
    if value >= 10 {
        number(out, value / 10);
    }
    out.put_byte(b'0' + (value % 10) as u8);
}

/// Decimal digits at the start of `text`; at most 2^53, so that a few of what comes from outside can be added up.
#[inline(never)]
pub fn parse_number(text: &str) -> u64 {
    let digits = text.bytes().take_while(u8::is_ascii_digit);
    digits.fold(0, |sum: u64, digit| (sum * 10 + u64::from(digit - b'0')).min(1 << 53))
}
