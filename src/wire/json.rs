//! Just enough JSON: writing without serde, and one bounded walk over text from outside.
//!
//! The walk ([`pairs`]) is the only reader in the hot module. It never recurses, so depth costs no stack,
//! and what it hands on is compact and well-formed whatever came in.

use alloc::string::String;
use alloc::vec::Vec;

use super::limits;

/// Writes an object; fields without a value are left out.
pub struct Object<'a> {
    out: &'a mut String,
    separator: char,
}

impl<'a> Object<'a> {
    pub fn new(out: &'a mut String) -> Object<'a> {
        Object { out, separator: '{' }
    }

    /// The key of a value the caller writes next.
    pub fn key(&mut self, key: &str) -> &mut String {
        self.out.push(self.separator);
        self.separator = ',';
        string(self.out, key);
        self.out.push(':');
        self.out
    }

    pub fn text(&mut self, key: &str, value: &str) {
        if !value.is_empty() {
            string(self.key(key), value);
        }
    }

    pub fn number(&mut self, key: &str, value: u64) {
        number(self.key(key), value);
    }

    pub fn flag(&mut self, key: &str, value: bool) {
        self.raw(key, if value { "true" } else { "false" });
    }

    /// `value` is JSON already.
    pub fn raw(&mut self, key: &str, value: &str) {
        self.key(key).push_str(value);
    }

    pub fn end(self) {
        if self.separator == '{' {
            self.out.push('{');
        }
        self.out.push('}');
    }
}

/// A list whose items `each` writes.
pub fn list<T>(out: &mut String, items: impl IntoIterator<Item = T>, mut each: impl FnMut(&mut String, T)) {
    out.push('[');
    let mut first = true;
    for item in items {
        if !first {
            out.push(',');
        }
        first = false;
        each(out, item);
    }
    out.push(']');
}

pub fn string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            // Control characters say nothing in a URL, a title or a name.
            '\0'..' ' => out.push(' '),
            _ => out.push(character),
        }
    }
    out.push('"');
}

pub fn number(out: &mut String, value: u64) {
    if value >= 10 {
        number(out, value / 10);
    }
    out.push((b'0' + (value % 10) as u8) as char);
}

/// Decimal digits at the start of `text`.
pub fn parse_number(text: &str) -> u64 {
    let digits = text.bytes().take_while(u8::is_ascii_digit);
    digits.fold(0, |sum: u64, digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
}

/// A key and its value, both JSON text without the key's quotes.
pub type Pair = (String, String);

/// The properties of an object, each value compact JSON; a later key replaces an earlier one. `None`: not an
/// object, or not JSON. `edit` sees each string (key, raw text between the quotes) and writes its replacement.
pub fn pairs(text: &str, edit: impl Fn(&str, &str, &mut String)) -> Option<Vec<Pair>> {
    let mut walk = Walk { text, at: 0 };
    let mut pairs: Vec<Pair> = Vec::new();
    walk.expect(b'{')?;
    if walk.next_is(b'}') {
        return walk.at_end().then_some(pairs);
    }
    loop {
        let key = walk.string()?;
        walk.expect(b':')?;
        let mut value = String::new();
        walk.value(key, &edit, &mut value)?;
        pairs.retain(|pair| pair.0 != key);
        if pairs.len() < limits::PROPERTIES && key.len() <= limits::NAME_BYTES {
            pairs.push((key.into(), value));
        }
        if walk.next_is(b'}') {
            return walk.at_end().then_some(pairs);
        }
        walk.expect(b',')?;
    }
}

struct Walk<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Walk<'a> {
    fn peek(&mut self) -> u8 {
        loop {
            let byte = self.text.as_bytes().get(self.at).copied().unwrap_or(0);
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return byte;
            }
            self.at += 1;
        }
    }

    fn next_is(&mut self, byte: u8) -> bool {
        let is = self.peek() == byte;
        self.at += usize::from(is);
        is
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.next_is(byte).then_some(())
    }

    fn at_end(&mut self) -> bool {
        self.peek() == 0 && self.at >= self.text.len()
    }

    /// The raw text between two quotes.
    fn string(&mut self) -> Option<&'a str> {
        self.expect(b'"')?;
        let start = self.at;
        loop {
            match self.text.as_bytes().get(self.at)? {
                b'"' => break,
                b'\\' => self.escape()?,
                0..32 => return None,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        self.text.get(start..self.at - 1)
    }

    fn escape(&mut self) -> Option<()> {
        let rest = self.text.as_bytes().get(self.at + 1..)?;
        let digits = match rest.first()? {
            b'u' => 4,
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 0,
            _ => return None,
        };
        let hex = rest.get(1..1 + digits)?;
        self.at += 2 + digits;
        hex.iter().all(u8::is_ascii_hexdigit).then_some(())
    }

    /// A number, true, false or null.
    fn atom(&mut self) -> Option<&'a str> {
        self.peek();
        let rest = self.text.get(self.at..)?;
        let end = rest.bytes().position(|byte| !matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'E' | b'+' | b'-' | b'.'));
        let atom = rest.get(..end.unwrap_or(rest.len()))?;
        self.at += atom.len();
        (matches!(atom, "true" | "false" | "null") || is_number(atom.as_bytes())).then_some(atom)
    }

    /// One value, whatever its depth, without recursion: `open` has a bit for each enclosing bracket.
    fn value(&mut self, key: &str, edit: &impl Fn(&str, &str, &mut String), out: &mut String) -> Option<()> {
        let mut open: u32 = 1;
        let mut key = key;
        loop {
            match self.peek() {
                bracket @ (b'{' | b'[') => {
                    self.at += 1;
                    if open >> limits::DEPTH != 0 {
                        return None;
                    }
                    out.push(bracket as char);
                    let object = bracket == b'{';
                    open = open << 1 | u32::from(object);
                    if !self.next_is(if object { b'}' } else { b']' }) {
                        if object {
                            key = self.key(out)?;
                        }
                        continue;
                    }
                    out.push(if object { '}' } else { ']' });
                    open >>= 1;
                }
                b'"' => {
                    let text = self.string()?;
                    out.push('"');
                    edit(key, text, out);
                    out.push('"');
                }
                _ => out.push_str(self.atom()?),
            }
            // After a value: close what closes, then either another one follows or all is said.
            loop {
                if open == 1 {
                    return Some(());
                }
                let object = open & 1 == 1;
                if self.next_is(b',') {
                    out.push(',');
                    if object {
                        key = self.key(out)?;
                    }
                    break;
                }
                self.expect(if object { b'}' } else { b']' })?;
                out.push(if object { '}' } else { ']' });
                open >>= 1;
            }
        }
    }

    fn key(&mut self, out: &mut String) -> Option<&'a str> {
        let key = self.string()?;
        self.expect(b':')?;
        out.push('"');
        out.push_str(key);
        out.push_str("\":");
        Some(key)
    }
}

/// JSON's number grammar: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`.
fn is_number(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut rest = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest.first() == Some(&b'0')) {
        return false;
    }
    rest = rest.get(whole..).unwrap_or(&[]);
    if let Some(fraction) = rest.strip_prefix(b".") {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = fraction.get(count..).unwrap_or(&[]);
    }
    if let Some((b'e' | b'E', exponent)) = rest.split_first() {
        let exponent = exponent.strip_prefix(b"+").or(exponent.strip_prefix(b"-")).unwrap_or(exponent);
        return !exponent.is_empty() && digits(exponent) == exponent.len();
    }
    rest.is_empty()
}
