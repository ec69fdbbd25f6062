//! URLs as the page gives them, split by hand: the `url` crate alone is 80 kB, and the browser has already
//! normalised what it hands us.

use alloc::string::String;

use super::redact::{self, byte_at};
use crate::wire::json;
use crate::wire::text::{Parts, Put, cut, find, listed, owned, part};

/// What may follow `utm_`: no `utm_password`.
const CAMPAIGN: &str = "source,medium,campaign,term,content,id";

/// The parts of an absolute URL.
#[derive(Clone, Copy, Debug, Default)]
pub struct Url<'a> {
    scheme: &'a str,
    pub host: &'a str,
    pub path: &'a str,
    query: &'a str,
    fragment: &'a str,
}

impl<'a> Url<'a> {
    #[inline(never)]
    pub fn parse(url: &'a str) -> Url<'a> {
        let (rest, fragment) = cut(url, b'#');
        let (rest, query) = cut(rest, b'?');
        let (mut scheme, mut host, mut path) = ("", "", rest);
        if let Some(colon) = find(rest, "://") {
            scheme = part(rest, 0, colon + 3);
            let rest = part(rest, colon + 3, rest.len());
            host = cut(rest, b'/').0;
            path = part(rest, host.len(), rest.len());
            // What stands before an @ is a user name and a password.
            while !cut(host, b'@').1.is_empty() {
                host = cut(host, b'@').1;
            }
        }
        Url { scheme, host, path, query, fragment }
    }

    /// A query parameter, decoded and redacted; empty when there is none.
    pub fn param(&self, name: &str) -> String {
        let mut out = String::new();
        for pair in Parts(self.query, b'&') {
            let (key, value) = cut(pair, b'=');
            if key == name {
                redact::text(&decode(value), &mut out);
                break;
            }
        }
        out
    }

    /// Scheme and host only: all of a referrer from elsewhere that is anybody's business.
    pub fn origin(&self) -> String {
        let mut out = owned(self.scheme);
        out.put(self.host);
        out
    }

    /// What may leave the page: the path redacted, campaign and the named parameters, no fragment unless asked.
    pub fn clean(&self, keep: &str, hash: bool) -> String {
        let mut out = self.origin();
        redact::text(self.path, &mut out);
        let mut separator = b'?';
        for pair in Parts(self.query, b'&') {
            let (name, value) = cut(pair, b'=');
            if name.strip_prefix("utm_").is_some_and(|name| listed(CAMPAIGN, name)) || listed(keep, name) {
                out.put_byte(separator);
                separator = b'&';
                redact::text(name, &mut out);
                out.put_byte(b'=');
                redact::text(value, &mut out);
            }
        }
        // A route, `#/cart`, and not the `#access_token=` some log-ins leave behind.
        let route = cut(cut(self.fragment, b'?').0, b'=').0;
        if hash && !route.is_empty() {
            out.put_byte(b'#');
            redact::text(route, &mut out);
        }
        out
    }

    /// A referrer of this page: of one from elsewhere only where it is.
    pub fn clean_referrer(&self, referrer: &Url, keep: &str, hash: bool) -> String {
        if referrer.host == self.host { referrer.clean(keep, hash) } else { referrer.origin() }
    }
}

/// Whether going from one URL to the other is no navigation. Soft ones stay on the host.
pub fn same_page(one: &str, other: &str, hash: bool) -> bool {
    let ((one, old), (other, new)) = (cut(one, b'#'), cut(other, b'#'));
    cut(one, b'?') == cut(other, b'?') && (!hash || old == new)
}

/// Percent and plus decoding of what is ASCII, and full-width forms of it; the rest stays encoded, which names a
/// campaign as well.
pub fn decode(text: &str) -> String {
    let mut out = String::new();
    let (mut from, mut at) = (0, 0);
    while at < text.len() {
        let byte = |ahead| u32::from(byte_at(text, at + ahead));
        let digit = |ahead| char::from(byte_at(text, at + ahead)).to_digit(16);
        // What it stands for, and how many bytes it takes.
        let (plain, length) = match (byte_at(text, at), digit(1), digit(2)) {
            (b'%', Some(high @ 0..8), Some(low)) => (high * 16 + low, 3),
            (b'+', ..) => (32, 1),
            // U+FF01 to U+FF5E, in UTF-8.
            (0xEF, ..) => (((byte(1) & 63) << 6 | (byte(2) & 63)).wrapping_sub(0xEE0), 3),
            _ => (128, 1),
        };
        if plain < 128 {
            out.put(part(text, from, at));
            out.put_byte(plain as u8);
            from = at + length;
        }
        at += length;
    }
    out.put(part(text, from, text.len()));
    out
}

/// Names a batch: `load:3`.
pub fn key(load: &str, number: u32) -> String {
    let mut key = owned(load);
    key.put_byte(b':');
    json::number(&mut key, u64::from(number));
    key
}
