//! URLs as the page gives them, split by hand: the `url` crate alone is 80 kB, and the browser has already
//! normalised what it hands us.

use alloc::string::String;
use alloc::vec::Vec;

use super::redact;
use crate::wire::json;

/// The parts of an absolute URL.
#[derive(Clone, Copy, Debug, Default)]
pub struct Url<'a> {
    /// `https://shop.example` — without user and password.
    scheme: &'a str,
    pub host: &'a str,
    path: &'a str,
    query: &'a str,
    fragment: &'a str,
}

impl<'a> Url<'a> {
    pub fn parse(url: &'a str) -> Url<'a> {
        let (rest, fragment) = cut(url, '#');
        let (rest, query) = cut(rest, '?');
        let Some(colon) = rest.find("://") else {
            return Url { path: rest, query, fragment, ..Url::default() };
        };
        let (scheme, rest) = rest.split_at(colon + 3);
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        // Whatever stands before the last @ is a user name and a password.
        let host = authority.rsplit('@').next().unwrap_or("");
        Url { scheme, host, path, query, fragment }
    }

    /// A query parameter, decoded and redacted; empty when there is none.
    pub fn param(&self, name: &str) -> String {
        let value = self.query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        let mut out = String::new();
        redact::text(&decode(value.unwrap_or("")), &mut out);
        out
    }

    /// Scheme and host only: all of a referrer from elsewhere that is anybody's business.
    pub fn origin(&self) -> String {
        let mut out = String::from(self.scheme);
        redact::text(self.host, &mut out);
        out
    }

    /// What may leave the page: the path redacted, `utm_*` and the named parameters, no fragment unless asked.
    pub fn clean(&self, keep: &[String], hash: bool) -> String {
        let mut out = self.origin();
        redact::text(self.path, &mut out);
        let mut separator = '?';
        for pair in self.query.split('&') {
            let (name, value) = cut(pair, '=');
            if name.starts_with("utm_") || keep.iter().any(|kept| kept == name) {
                out.push(separator);
                separator = '&';
                out.push_str(name);
                out.push('=');
                redact::text(value, &mut out);
            }
        }
        if hash && !self.fragment.is_empty() {
            out.push('#');
            // A route, `#/cart`, and not the `#access_token=` some log-ins leave behind.
            redact::text(cut(cut(self.fragment, '?').0, '=').0, &mut out);
        }
        out
    }

    /// Whether going from `self` to `other` is a navigation.
    pub fn same_page(&self, other: &Url, hash: bool) -> bool {
        self.host == other.host
            && self.path == other.path
            && self.query == other.query
            && (!hash || self.fragment == other.fragment)
    }
}

fn cut(text: &str, at: char) -> (&str, &str) {
    text.split_once(at).unwrap_or((text, ""))
}

/// Percent and plus decoding; what does not decode to UTF-8 stays as it is.
fn decode(text: &str) -> String {
    let mut bytes: Vec<u8> = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        let escaped = (byte == b'%').then(|| tail.get(..2)).flatten().and_then(|pair| core::str::from_utf8(pair).ok());
        match escaped.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(decoded) => {
                bytes.push(decoded);
                rest = tail.get(2..).unwrap_or(&[]);
            }
            None => bytes.push(if byte == b'+' { b' ' } else { byte }),
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.into())
}

/// The text before the first `/` after the host, for a record that keeps only where a session began.
pub fn host(url: &str) -> &str {
    Url::parse(url).host
}

/// Room for a number in a key such as `load:3`.
pub fn key(load: &str, number: u32) -> String {
    let mut key = String::from(load);
    key.push(':');
    json::number(&mut key, u64::from(number));
    key
}
