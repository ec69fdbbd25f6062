//! The site's own `beforeSend`: it may change what an event says, or drop it, before the event has a `seq`.
//!
//! The one thing asked for in the middle of an input, because what happens next depends on the answer: an event that is
//! dropped was never there. It is a function from text to text, given once; the engine stays without a clock, a DOM
//! or a network. Whatever it answers is redacted and bounded like any other input.

use alloc::string::String;

use super::page::Page;
use super::url::Url;
use super::{Engine, redact};
use crate::wire::text::cut;

impl Engine {
    /// Tells the event as it would be, and takes over the answer: properties, url, referrer, title, with
    /// NULs between. False, and counted: no properties, so it is dropped.
    pub(super) fn review(&mut self, event: &str, page: Option<&mut Page>, props: &mut String) -> bool {
        let answer = (self.before_send)(event);
        let (given, rest) = cut(&answer, 0);
        if given.is_empty() {
            self.reject("before_send");
            return false;
        }
        props.clear();
        redact::properties(given, props);
        if let Some(page) = page {
            let (url, rest) = cut(rest, 0);
            let (referrer, title) = cut(rest, 0);
            let mut clean = String::new();
            redact::text(title, &mut clean);
            *page = Page::of(&Url::parse(url), &Url::parse(referrer), clean, &self.config);
        }
        true
    }
}
