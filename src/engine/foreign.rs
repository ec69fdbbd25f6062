//! Other systems' formats, where this build carries them: what goes out is translated last, and what comes back first,
//! so that the rest of the engine knows batch v1 and its answers only.

use alloc::string::String;

use super::page::Page;
use super::{Engine, Kind};
use crate::wire::formats::{self, Format, Outcome, Target};
use crate::wire::json::{self, Object};
use crate::wire::text::Put;

/// What `explain()` and the console say of a format that is none, or not for pages.
const UNKNOWN: &str = "this format is unknown, or for a collector only; nothing is sent";
/// And of one whose system would drop everything without a word.
const KEYLESS: &str = "this format needs a key; nothing is sent";

/// As whom, and where to.
#[derive(Clone, Debug, Default)]
pub struct Foreign {
    pub format: Option<&'static Format>,
    /// A name that is none, or of a format whose secret may not be in a page.
    unknown: bool,
    key: String,
    url: String,
}

impl PartialEq for Foreign {
    fn eq(&self, other: &Foreign) -> bool {
        let name = |foreign: &Foreign| foreign.format.map(|format| format.name);
        (name(self), &self.key, &self.url) == (name(other), &other.key, &other.url)
    }
}

impl Foreign {
    pub fn set(&mut self, key: &str, value: &str) {
        match key {
            "format" => {
                self.format = formats::find_format(value).filter(|format| format.in_page);
                self.unknown = self.format.is_none() && !matches!(value, "native" | "ndjson");
            }
            "key" => self.key.set(value),
            "url" => self.url.set(value),
            _ => {}
        }
    }

    /// Why nothing may be sent; empty if it may.
    pub fn mistake(&self) -> &'static str {
        match self.format {
            _ if self.unknown => UNKNOWN,
            Some(format) if format.keyed && self.key.is_empty() => KEYLESS,
            _ => "",
        }
    }

    /// A batch v1 as `{"url":..,"body":..,"headers":{..}}`, which is what the host sends of it.
    pub fn request(&self, batch: String) -> String {
        let Some(format) = self.format else { return batch };
        let target = Target { url: &self.url, key: &self.key, ..Target::default() };
        let request = format.request(&batch, &target);
        let mut out = String::new();
        let mut object = Object::new(&mut out);
        object.text("url", &request.url);
        object.text("body", &request.body);
        let mut headers = Object::new(object.key("headers"));
        headers.text("content-type", request.content_type);
        headers.end();
        object.end();
        out
    }

    pub fn has_room(&self, events: usize) -> bool {
        self.format.is_none_or(|format| events < format.events)
    }
}

impl Engine {
    /// Their answer in the words of ours.
    pub(super) fn judge(&mut self, number: u32, status: u32, body: &str) -> (u32, String) {
        let mut text = String::from(body);
        let Some(format) = self.config.foreign.format else { return (status, text) };
        let Some(batch) = self.queue.find(number) else { return (status, text) };
        text.clear();
        let status = match format.outcome(status, body) {
            Outcome::Acknowledged { refused } => {
                let mut object = Object::new(&mut text);
                object.text("batch", &batch.key);
                refused.iter().for_each(|at| object.number("seq", batch.seq(*at)));
                object.end();
                200
            }
            Outcome::Without(refused) => {
                let mut object = Object::new(&mut text);
                refused.iter().for_each(|at| object.number("seq", batch.seq(*at)));
                object.end();
                422
            }
            // Which of them it is shows when it is alone.
            Outcome::Drop if batch.events.len() > 1 => 413,
            Outcome::Drop => {
                Object::new(&mut text).number("seq", batch.seq(0));
                422
            }
            Outcome::Split => 413,
            // To the rest of the engine 2xx would be an answer, if an odd one: whoever counts twice would not get
            // these events again, though nobody has them.
            // And a 400 is the key's fault or the address's here, which take longer to mend than an outage.
            Outcome::Retry if matches!(status, 200..300 | 400) => 401,
            Outcome::Retry => status,
        };
        (status, text)
    }

    /// Once: every event of this page may be refused, and one line says it.
    pub(super) fn tell_refused(&mut self, events: u32) {
        let told = self.delivery.dropped.iter().any(|(reason, _)| *reason == "rejected");
        if self.config.foreign.format.is_none() || told {
            return;
        }
        let mut text = String::from("the collector refused ");
        json::number(&mut text, u64::from(events));
        text.put(" events; explain() counts them");
        self.effects.put(Kind::Warn, 0, &text);
    }

    /// Where it happened: other systems do not know our page views, so each event says it.
    pub(super) fn here(&self) -> Option<Page> {
        self.config.foreign.format?;
        self.view.as_ref().map(|view| view.page(&self.config))
    }

    /// Nor do they fold: what the session adds up to so far goes with each report of engagement, and what has been
    /// earned since the last one for those that add up themselves.
    pub(super) fn tell_totals(&self, object: &mut Object, earned: u64) {
        if let (Some(_), Some(session)) = (self.config.foreign.format, &self.session) {
            let totals = session.fold.totals(&self.config.rules);
            object.number("earned_ms", earned);
            object.number("session_engaged_ms", totals.engaged_time);
            object.number("page_depth", u64::from(totals.page_depth));
            object.flag("bounced", totals.bounced);
        }
    }
}
