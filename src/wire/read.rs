//! Just enough reading of JSON to carry its values over: a value is the text it was written as.
//!
//! For batches that were written here or that the collector has checked. Other text yields wrong or empty parts,
//! never a panic. Numbers stay what they were, digit for digit.

use alloc::string::String;

use super::text::{cut, part};

/// Names and values of an object, or values of a list (their names are empty).
#[derive(Clone, Debug)]
pub struct Values<'a> {
    rest: &'a str,
    named: bool,
}

/// The values in `json`: members of an object, items of a list; none of anything else.
pub fn values(json: &str) -> Values<'_> {
    let json = json.trim_ascii();
    let named = json.starts_with('{');
    let inside =
        if named || json.starts_with('[') { part(json, 1, json.len().saturating_sub(1)) } else { "" };
    Values { rest: inside.trim_ascii_start(), named }
}

impl<'a> Iterator for Values<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        if self.rest.is_empty() {
            return None;
        }
        let mut name = "";
        if self.named {
            name = self.take();
            self.step(b':');
        }
        let value = self.take();
        self.step(b',');
        Some((bare(name), value))
    }
}

impl<'a> Values<'a> {
    /// The value at the start, taken off.
    fn take(&mut self) -> &'a str {
        // Never nothing while something is left: what is read must end.
        let length = length(self.rest).max(usize::from(!self.rest.is_empty()));
        let value = part(self.rest, 0, length);
        self.rest = part(self.rest, length, self.rest.len()).trim_ascii_start();
        value
    }

    fn step(&mut self, over: u8) {
        if self.rest.as_bytes().first() == Some(&over) {
            self.rest = part(self.rest, 1, self.rest.len()).trim_ascii_start();
        }
    }
}

/// Bytes of the value at the start of `json`.
fn length(json: &str) -> usize {
    let (mut depth, mut quoted, mut escaped) = (0_u32, false, false);
    for (at, byte) in json.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => {
                quoted = !quoted;
                if !quoted && depth == 0 {
                    return at + 1;
                }
            }
            _ if quoted => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth > 1 => depth -= 1,
            b'}' | b']' => return at + usize::from(depth == 1),
            b',' | b':' | b' ' | b'\n' | b'\r' | b'\t' if depth == 0 => return at,
            _ => {}
        }
    }
    json.len()
}

/// The value of this name, or nothing.
pub fn get<'a>(object: &'a str, name: &str) -> &'a str {
    values(object).find(|(key, _)| *key == name).map_or("", |(_, value)| value)
}

/// A string without its quotes, escapes as they are; anything else unchanged.
pub fn bare(json: &str) -> &str {
    json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(json)
}

/// What a value says: a string without quotes and escapes, anything else as written.
pub fn plain(json: &str) -> String {
    let mut out = String::new();
    let mut rest = bare(json);
    if rest.len() == json.len() {
        out.push_str(json);
        return out;
    }
    while !rest.is_empty() {
        let (before, after) = cut(rest, b'\\');
        out.push_str(before);
        rest = after;
        if let Some(escape) = rest.chars().next() {
            rest = part(rest, escape.len_utf8(), rest.len());
            match escape {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'r' => out.push('\r'),
                'b' | 'f' => out.push(' '),
                'u' => rest = unicode(rest, &mut out),
                other => out.push(other),
            }
        }
    }
    out
}

/// `\u` and four digits, twice for what lies beyond sixteen bits.
fn unicode<'a>(rest: &'a str, out: &mut String) -> &'a str {
    let unit = |text: &str| u32::from_str_radix(part(text, 0, 4), 16).unwrap_or(0xFFFD);
    let (first, after) = (unit(rest), part(rest, 4, rest.len()));
    let low = after.strip_prefix("\\u").map(|rest| (unit(rest), part(rest, 4, rest.len())));
    match (first, low) {
        (0xD800..0xDC00, Some((second @ 0xDC00..0xE000, after))) => {
            let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            out.push(char::from_u32(code).unwrap_or('\u{FFFD}'));
            after
        }
        _ => {
            out.push(char::from_u32(first).unwrap_or('\u{FFFD}'));
            after
        }
    }
}

/// A number, or a string that holds nothing but one, as JSON's number; nothing of anything else.
pub fn number(json: &str) -> &str {
    let text = bare(json);
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, rest) = cut(digits, b'.');
    let decimal = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // JSON knows neither 007 nor 1. nor .5, and exponents do not occur in prices.
    let leading = whole.len() > 1 && whole.starts_with('0');
    let fraction = if whole.len() == digits.len() { true } else { decimal(rest) };
    if decimal(whole) && !leading && fraction { text } else { "" }
}

#[cfg(test)]
mod tests {
    use super::{get, number, plain, values};

    #[test]
    fn members_and_items_are_found_with_and_without_space() {
        let json = r#" { "a" : 1 , "b":[ {"c":"}]"}, 2 ],"d\"":"x\\","e":{} } "#;
        let found: Vec<_> = values(json).collect();
        assert_eq!(found, [("a", "1"), ("b", "[ {\"c\":\"}]\"}, 2 ]"), ("d\\\"", "\"x\\\\\""), ("e", "{}")]);
        let items: Vec<_> = values(get(json, "b")).map(|(_, value)| value).collect();
        assert_eq!(items, ["{\"c\":\"}]\"}", "2"]);
        assert_eq!(get(json, "nothing"), "");
        assert_eq!(
            values("7").count() + values("").count() + values("{}").count() + values("[ ]").count(),
            0
        );
    }

    #[test]
    fn text_that_is_no_json_ends_all_the_same() {
        for text in ["{", "[", "{\"", "[}", "[]]", "{:::}", "[,,,]", "{\"a\"}", "[\"\\", "[1}2]", "é{é}"] {
            assert!(values(text).count() <= text.len(), "{text}");
        }
    }

    #[test]
    fn escapes_become_characters() {
        assert_eq!(plain(r#""a\"\\\/\n\u00e9\ud83d\ude00\ud83dx""#), "a\"\\/\n\u{e9}\u{1F600}\u{FFFD}x");
        assert_eq!(plain("12.50"), "12.50");
        assert_eq!(plain("\"\\"), "\"\\");
    }

    #[test]
    fn numbers_may_stand_in_strings() {
        let found =
            ["12", "\"12.50\"", "-3", "0.5", "\"\"", "\"1e3\"", "007", "5.", "true", "\"1.2.3\""].map(number);
        assert_eq!(found, ["12", "12.50", "-3", "0.5", "", "", "", "", "", ""]);
    }
}
