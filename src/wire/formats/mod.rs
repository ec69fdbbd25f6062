//! Other systems' formats. Each is a pure function from a batch v1 to one request, and says what an answer means.
//!
//! Every event becomes exactly one item, in order, so that an answer that names items by position names events.
//! Ids are derived from (load, seq): a repeated event carries the same one.
//!
//! | file      | is                                                                          |
//! |-----------|-----------------------------------------------------------------------------|
//! | `visit`   | batch v1 as the encoders read it                                            |
//! | `answer`  | what answers mean, as far as the systems agree                              |
//! | `props`   | properties that several of them share                                       |
//! | the rest  | one system each                                                             |

mod amplitude;
mod answer;
#[cfg(not(target_arch = "wasm32"))]
mod clickhouse;
mod cloudevents;
#[cfg(not(target_arch = "wasm32"))]
mod ga4;
mod matomo;
mod mixpanel;
mod otlp;
mod plausible;
mod posthog;
mod props;
mod segment;
mod snowplow;
mod umami;
mod visit;

use alloc::string::String;
use alloc::vec::Vec;

use super::text::{Put, cut, find, part};
pub use visit::Visit;

/// What an answer means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// They have it, all but these events (positions in the request), which they refuse for good.
    Acknowledged { refused: Vec<usize> },
    /// They took none, because of these: the others are welcome without them.
    Without(Vec<usize>),
    /// There is something in it that they never will take.
    Drop,
    /// Too large: halve it.
    Split,
    /// Not now.
    Retry,
}

/// A system that takes events.
#[derive(Debug)]
pub struct Format {
    pub name: &'static str,
    /// Where it listens when the address names only a host, and the query it needs; `{key}` and `{secret}`
    /// stand for what the destination was given.
    path: &'static str,
    /// The media type its answer to a page depends on.
    pub content_type: &'static str,
    /// A browser asks first whether it may send (CORS preflight), for the media type is not a simple one.
    pub preflight: bool,
    /// An event that arrives twice is counted once.
    pub deduplicates: bool,
    /// May be used in a page: it needs no secret there.
    pub in_page: bool,
    /// What has no key is dropped there without a word: it is not sent.
    pub keyed: bool,
    /// Events in one request.
    pub events: usize,
    encode: fn(&Visit, &Target) -> String,
    outcome: fn(u32, &str) -> Outcome,
}

/// Where to, and as whom.
#[derive(Clone, Copy, Debug, Default)]
pub struct Target<'a> {
    pub url: &'a str,
    /// Write key, api key, site id, website id, app id, table: as the system calls it.
    pub key: &'a str,
    /// Never in a page.
    pub secret: &'a str,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub url: String,
    pub content_type: &'static str,
    pub body: String,
}

const TEXT: &str = "text/plain";
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// Those that need a secret are no use to a page, which therefore does not carry them. `npm run size -- --formats`
/// leaves out one after the other, to see what each costs.
pub static FORMATS: &[&Format] = &[
    #[cfg(not(without = "segment"))]
    &segment::FORMAT,
    #[cfg(not(without = "rudderstack"))]
    &segment::RUDDERSTACK,
    #[cfg(not(without = "posthog"))]
    &posthog::FORMAT,
    #[cfg(not(without = "snowplow"))]
    &snowplow::FORMAT,
    #[cfg(not(without = "matomo"))]
    &matomo::FORMAT,
    #[cfg(not(without = "plausible"))]
    &plausible::FORMAT,
    #[cfg(not(without = "umami"))]
    &umami::FORMAT,
    #[cfg(not(without = "umami-single"))]
    &umami::SINGLE,
    #[cfg(not(without = "amplitude"))]
    &amplitude::FORMAT,
    #[cfg(not(without = "mixpanel"))]
    &mixpanel::FORMAT,
    #[cfg(not(without = "cloudevents"))]
    &cloudevents::FORMAT,
    #[cfg(not(without = "otlp"))]
    &otlp::FORMAT,
    #[cfg(not(target_arch = "wasm32"))]
    &ga4::FORMAT,
    #[cfg(not(target_arch = "wasm32"))]
    &clickhouse::FORMAT,
];

pub fn find_format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.name == name)
}

/// A sign-in page, a captive portal: no answer of any of these systems, whatever its status.
pub fn is_page(body: &str) -> bool {
    body.trim_ascii_start().starts_with('<')
}

impl Format {
    /// Its address has a place for one.
    pub fn has_secret(&self) -> bool {
        self.path.contains("{secret}")
    }

    /// `batch` is a batch v1.
    pub fn request(&self, batch: &str, target: &Target) -> Request {
        let visit = Visit::parse(batch);
        Request {
            url: self.address(target),
            content_type: self.content_type,
            body: (self.encode)(&visit, target),
        }
    }

    pub fn outcome(&self, status: u32, body: &str) -> Outcome {
        // Whose proxy finds a request too large says so with a page as well, and that is to be believed.
        if is_page(body) && status != 413 { Outcome::Retry } else { (self.outcome)(status, body) }
    }

    /// An address with a path of its own (a proxy, a custom route) keeps it.
    fn address(&self, target: &Target) -> String {
        let (path, query) = cut(self.path, b'?');
        let (given, asked) = cut(target.url, b'?');
        let host = find(given, "://").map_or(0, |at| at + 3);
        let rest = part(given, host, given.len());
        let bare = matches!(cut(rest, b'/').1, "") || path.is_empty();
        let mut url = String::from(given);
        if bare {
            url = String::from(given.trim_end_matches('/'));
            url.put(path);
        }
        let mut separator = b'?';
        for query in [query, asked].into_iter().filter(|query| !query.is_empty()) {
            url.put_byte(separator);
            fill(query, target, &mut url);
            separator = b'&';
        }
        url
    }
}

fn fill(template: &str, target: &Target, out: &mut String) {
    let mut rest = template;
    while !rest.is_empty() {
        let (before, after) = cut(rest, b'{');
        out.put(before);
        let (name, after) = cut(after, b'}');
        match name {
            "key" => percent(target.key, out),
            "secret" => percent(target.secret, out),
            _ => out.put(name),
        }
        rest = after;
    }
}

/// For a query: letters, digits and what RFC 3986 leaves alone stay.
fn percent(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.put_byte(byte);
            continue;
        }
        out.put_byte(b'%');
        for nibble in [byte >> 4, byte & 15] {
            out.put_byte(if nibble < 10 { b'0' + nibble } else { b'A' + nibble - 10 });
        }
    }
}
