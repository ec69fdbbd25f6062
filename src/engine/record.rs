//! Writing events down: what happened becomes JSON with a `seq` and joins the batch it belongs to.

use alloc::string::String;

use super::queue::{Batch, State, count_drop};
use super::time::Stamp;
use super::{Consent, Engine, Output, redact};
use crate::wire::json::{self, Object, Pair};
use crate::wire::limits;

/// What a page view says of its page.
#[derive(Debug)]
pub struct Page {
    pub url: String,
    pub title: String,
    pub referrer: String,
}

impl Engine {
    /// `own` are the engine's properties, an object or empty; `given` the site's, hostile.
    pub(super) fn record(&mut self, name: &str, page: Option<&Page>, own: &str, given: &str, at: Stamp) {
        if !self.config.collector {
            return;
        }
        if self.consent == Consent::Denied {
            return count_drop(&mut self.drops, "consent", 1);
        }
        let Some(props) = self.properties(own, given) else {
            return self.reject("not_json");
        };
        let seq = self.seq + 1;
        let mut event = String::new();
        let mut object = Object::new(&mut event);
        object.number("seq", u64::from(seq));
        object.number("t", self.timeline.t(at.mono));
        object.text("name", name);
        object.number("view", u64::from(self.view.as_ref().map_or(0, |view| view.number)));
        if let Some(page) = page {
            let mut inner = Object::new(object.key("page"));
            inner.text("url", &page.url);
            inner.text("title", &page.title);
            inner.text("referrer", &page.referrer);
            inner.end();
        }
        if !props.is_empty() {
            write_pairs(object.key("props"), &props);
        }
        object.end();
        if event.len() > limits::EVENT_BYTES {
            return self.reject("too_large");
        }
        self.seq = seq;
        self.enqueue(seq, event, at);
    }

    /// Counts an event that was refused, and why; `explain()` tells.
    pub(super) fn reject(&mut self, reason: &'static str) {
        count_drop(&mut self.drops, reason, 1);
        self.delivery.drop(reason, 1);
    }

    /// The engine's, the site's for every event and the site's for this one, later ones replacing earlier.
    fn properties(&self, own: &str, given: &str) -> Option<alloc::vec::Vec<Pair>> {
        let mut all = alloc::vec::Vec::new();
        if !given.is_empty() || own.is_empty() {
            all.clone_from(&self.properties);
        }
        for (text, trusted) in [(given, false), (own, true)] {
            if text.is_empty() {
                continue;
            }
            let edit = |key: &str, raw: &str, out: &mut String| match trusted {
                true => out.push_str(raw),
                false => redact::property(key, raw, out),
            };
            for pair in json::pairs(text, edit)? {
                all.retain(|other: &Pair| other.0 != pair.0);
                all.push(pair);
            }
        }
        all.truncate(limits::PROPERTIES);
        Some(all)
    }

    fn enqueue(&mut self, seq: u32, event: String, at: Stamp) {
        let start = self.timeline.start;
        let fits = |batch: &&mut Batch| {
            batch.state == State::Open && batch.own && batch.start == start && batch.has_room(event.len())
        };
        let open = self.queue.batches.last_mut().filter(fits).map(|batch| batch.number);
        let number = open.unwrap_or_else(|| self.open_batch(at));
        let Some(batch) = self.queue.find(number) else { return };
        batch.push(seq, event);
        self.keep(number);
        self.delivery.accepted += 1;
        self.bound();
    }

    fn open_batch(&mut self, at: Stamp) -> u32 {
        self.seal();
        let head = self.head();
        let mut dropped = String::new();
        let drops = core::mem::take(&mut self.drops);
        if !drops.is_empty() {
            let mut object = Object::new(&mut dropped);
            for (reason, events) in drops {
                object.number(reason, u64::from(events));
            }
            object.end();
        }
        let (start, origin) = (self.timeline.start, self.timeline.origin);
        let batch = self.queue.open(&self.load, head);
        (batch.start, batch.origin, batch.created, batch.opened) = (start, origin, at.wall, at.mono);
        batch.dropped = dropped;
        batch.number
    }

    /// No more events for the batch that is open: the context it was opened with has changed.
    pub(super) fn seal(&mut self) {
        for batch in self.queue.batches.iter_mut().filter(|batch| batch.state == State::Open) {
            batch.state = State::Ready;
        }
    }

    /// What all events of a batch share. Audience and stage are those at its first event.
    pub(super) fn head(&self) -> String {
        let mut out = String::new();
        let mut head = Object::new(&mut out);
        head.text("site", &self.config.site);
        head.number("start", self.timeline.start);
        head.text("definition", &self.config.definition);
        let v = &self.visitor;
        let mut visitor = Object::new(head.key("visitor"));
        visitor.text("id", &v.id);
        visitor.text("audience", v.audience.as_str());
        visitor.text("stage", v.stage.as_str());
        visitor.number("sessions", v.sessions);
        visitor.number("first_seen", v.first_seen);
        visitor.text("customer", &v.customer);
        if !v.was.is_empty() {
            json::list(visitor.key("was"), &v.was, |out, id| json::string(out, id));
        }
        visitor.end();
        if let Some(s) = &self.session {
            let mut session = Object::new(head.key("session"));
            session.text("id", &s.id);
            session.number("started", s.fold.started);
            session.text("entry", &s.entry);
            session.text("channel", &s.touch.channel);
            session.text("source", &s.touch.source);
            session.text("medium", &s.touch.medium);
            session.text("campaign", &s.touch.campaign);
            let first = &v.first_touch;
            if v.sessions > 1 && !first.channel.is_empty() {
                let mut touch = Object::new(session.key("first_touch"));
                touch.text("channel", &first.channel);
                touch.text("source", &first.source);
                touch.text("medium", &first.medium);
                touch.text("campaign", &first.campaign);
                touch.end();
            }
            if !s.was.is_empty() {
                json::list(session.key("was"), &s.was, |out, id| json::string(out, id));
            }
            session.end();
        }
        head.text("device", self.device);
        head.text("language", &self.language);
        head.text("load", &self.load);
        // Without the first brace: what is kept are the members.
        out.split_off(1)
    }

    pub(super) fn keep(&mut self, number: u32) {
        if !self.may_store() {
            return;
        }
        if let Some(batch) = self.queue.find(number) {
            let key = batch.key.clone();
            self.outputs.push(Output::Keep { key });
        }
    }
}

fn write_pairs(out: &mut String, pairs: &[Pair]) {
    let mut separator = '{';
    for (key, value) in pairs {
        out.push(separator);
        separator = ',';
        out.push('"');
        out.push_str(key);
        out.push_str("\":");
        out.push_str(value);
    }
    out.push('}');
}
