//! Text by hand: appending, cutting and searching, out of line.
//!
//! The standard library's `str` searches bring 4 kB of wasm (two-way search, Unicode white space, boundary
//! panics), and every inlined append some fifty bytes. All our separators are ASCII, so a cut beside one is
//! between characters.

use alloc::string::String;

pub trait Put {
    fn put(&mut self, text: &str);
    /// An ASCII character.
    fn put_byte(&mut self, byte: u8);
    /// Becomes this text.
    fn set(&mut self, text: &str);
}

impl Put for String {
    #[inline(never)]
    fn put(&mut self, text: &str) {
        self.push_str(text);
    }

    #[inline(never)]
    fn put_byte(&mut self, byte: u8) {
        // Which says to the compiler that it is one byte.
        self.push((byte & 127) as char);
    }

    #[inline(never)]
    fn set(&mut self, text: &str) {
        self.clear();
        self.push_str(text);
    }
}

/// `text.into()`, out of line.
#[inline(never)]
pub fn owned(text: &str) -> String {
    String::from(text)
}

/// `text.get(from..to)`, empty where there is no such part.
#[inline(never)]
pub fn part(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or("")
}

/// Before and after the first `separator`; all and nothing where there is none.
#[inline(never)]
pub fn cut(text: &str, separator: u8) -> (&str, &str) {
    let at = text.bytes().position(|byte| byte == separator).unwrap_or(text.len());
    (part(text, 0, at), part(text, at + 1, text.len()))
}

/// Where `needle` begins in `text`.
#[inline(never)]
pub fn find(text: &str, needle: &str) -> Option<usize> {
    let begins =
        |at: &usize| text.as_bytes().get(*at..).is_some_and(|rest| rest.starts_with(needle.as_bytes()));
    (0..text.len()).find(begins)
}

pub fn has(text: &str, needle: &str) -> bool {
    find(text, needle).is_some()
}

/// Whether `name` is one of a list with commas, `purchase,identify`.
#[inline(never)]
pub fn listed(list: &str, name: &str) -> bool {
    Parts(list, b',').any(|item| item == name)
}

/// The parts between separators; no last empty one.
pub struct Parts<'a>(pub &'a str, pub u8);

impl<'a> Iterator for Parts<'a> {
    type Item = &'a str;

    #[inline]
    fn next(&mut self) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        let (part, rest) = cut(self.0, self.1);
        self.0 = rest;
        Some(part)
    }
}
