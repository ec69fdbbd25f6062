//! Writing events down: what happened becomes JSON with a `seq` and joins the batch it belongs to.

use alloc::string::String;

use super::delivery::FLUSH_AGE;
use super::identity::{CHANNEL, CUSTOMER, ENTRY, FIRST_SEEN, Known, SESSIONS};
use super::page::Page;
use super::queue::{Batch, State, count_drop};
use super::time::Stamp;
use super::track::property;
use super::{Consent, Engine, Kind, redact};
use crate::wire::json::{self, Object};
use crate::wire::limits;
use crate::wire::text::{Parts, Put, owned, part};

impl Engine {
    /// `own` are the engine's properties and `given` the site's, members of a JSON object. The site's were made JSON
    /// by the snapshot and are redacted here. False: refused, and told nobody.
    pub(super) fn record(
        &mut self,
        name: &str,
        page: Option<&mut Page>,
        own: &str,
        given: &str,
        at: Stamp,
    ) -> bool {
        #[cfg(feature = "formats")]
        let mut here = self.here();
        #[cfg(feature = "formats")]
        let page = page.or(here.as_mut());
        let mut page = page;
        let mut props = owned("{");
        // The event's own win.
        for member in &self.properties {
            if !Parts(given, b'\n').any(|line| property(line) == property(member)) {
                redact::properties(member, json::item(&mut props));
            }
        }
        if !given.is_empty() {
            redact::properties(given, json::item(&mut props));
        }
        if !own.is_empty() {
            json::item(&mut props).put(own);
        }
        props.put_byte(b'}');
        let denied = self.consent == Consent::Denied;
        let leaves = self.config.collector && !denied;
        let mut event = self.written(name, page.as_deref(), &props, at);
        if leaves && self.config.before_send {
            if !self.review(&event, page.as_deref_mut(), &mut props) {
                return false;
            }
            event = self.written(name, page.as_deref(), &props, at);
        }
        if let (Some(page), Some(session)) = (page, self.session.as_mut()) {
            let entry = &mut session.known.texts[ENTRY];
            if entry.is_empty() {
                entry.set(&page.url);
            }
        }
        if !leaves {
            if denied && self.config.collector {
                count_drop(&mut self.drops, "consent", 1);
            }
            return true;
        }
        if event.len() > limits::EVENT_BYTES {
            self.reject("too_large");
            return false;
        }
        self.seq += 1;
        self.enqueue(self.seq, event, at);
        true
    }

    fn written(&self, name: &str, page: Option<&Page>, props: &str, at: Stamp) -> String {
        let mut event = String::new();
        let mut object = Object::new(&mut event);
        object.number("seq", u64::from(self.seq + 1));
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
        if props.len() > 2 {
            object.raw("props", props);
        }
        object.end();
        event
    }

    /// Counts an event that was refused, and why; `explain()` tells.
    pub(super) fn reject(&mut self, reason: &'static str) {
        self.drop(reason, 1);
    }

    /// Counts events that will not be delivered: for this page, and for the collector in a later batch.
    #[inline(never)]
    pub(super) fn drop(&mut self, reason: &'static str, events: u32) {
        count_drop(&mut self.delivery.dropped, reason, events);
        count_drop(&mut self.drops, reason, events);
    }

    fn enqueue(&mut self, seq: u32, event: String, at: Stamp) {
        let start = self.timeline.start;
        // Once its lease may have run out, another tab may be sending the row: what joined it now would go with
        // that tab's acknowledgement.
        let alone = !self.may_store();
        let fits = |batch: &Batch| {
            #[cfg(feature = "formats")]
            if !self.config.foreign.has_room(batch.events.len()) {
                return false;
            }
            batch.state == State::Open
                && batch.own
                && batch.start == start
                && (alone || batch.opened + FLUSH_AGE >= at.mono)
                && batch.has_room(event.len())
        };
        if !self.queue.batches.last().is_some_and(|batch| fits(batch)) {
            self.open_batch(at);
        }
        let Some(batch) = self.queue.batches.last_mut() else { return };
        batch.push(seq, event);
        let number = batch.number;
        if !mutant!("an event without a row") {
            self.keep(number);
        }
        self.delivery.accepted += 1;
        self.bound();
    }

    fn open_batch(&mut self, at: Stamp) {
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
        let mut batch = self.queue.open(&self.load, head);
        (batch.start, batch.origin, batch.created, batch.opened) = (start, origin, at.wall, at.mono);
        batch.dropped = dropped;
        self.queue.batches.push(batch);
    }

    /// No more events for the batch that is open: the context it was opened with has changed.
    pub(super) fn seal(&mut self) {
        for batch in self.queue.batches.iter_mut().filter(|batch| batch.state == State::Open) {
            batch.state = State::Ready;
        }
    }

    /// What all events of a batch share, as members of the batch. Audience and stage are those at its first event.
    pub(super) fn head(&self) -> String {
        let mut out = String::new();
        let mut head = Object::new(&mut out);
        head.text("site", &self.config.site);
        head.number("start", self.timeline.start);
        head.text("definition", &self.config.definition);
        let v = &self.visitor.known;
        let mut visitor = Object::new(head.key("visitor"));
        visitor.text("id", v.id());
        visitor.text("audience", v.audience().as_str());
        visitor.text("stage", v.stage().as_str());
        visitor.number("sessions", v.numbers[SESSIONS]);
        visitor.number("first_seen", v.numbers[FIRST_SEEN]);
        visitor.text("customer", &v.texts[CUSTOMER]);
        write_was(&mut visitor, &self.visitor.was);
        visitor.end();
        if let Some(s) = &self.session {
            let mut session = Object::new(head.key("session"));
            session.text("id", s.known.id());
            session.number("started", s.fold.started);
            session.text("entry", &s.known.texts[ENTRY]);
            write_touch(&mut session, &s.known);
            if v.numbers[SESSIONS] > 1 {
                let mut touch = Object::new(session.key("first_touch"));
                write_touch(&mut touch, v);
                touch.end();
            }
            write_was(&mut session, &s.was);
            session.end();
        }
        head.text("device", self.device);
        head.text("language", &self.language);
        head.text("bot", self.bot());
        head.text("load", &self.load);
        // Without the first brace: what is kept are the members.
        owned(part(&out, 1, out.len()))
    }

    /// All rows under a new lease; but what may not be sent twice has none any more once it has left.
    pub(super) fn keep_all(&mut self) {
        if self.may_store() {
            let once = self.config.once;
            for batch in self.queue.batches.iter_mut().filter(|batch| !once || !batch.has_left()) {
                batch.kept = self.now;
                self.effects.put(Kind::Keep, 0, &batch.key);
            }
        }
    }

    pub(super) fn keep(&mut self, number: u32) {
        if !self.may_store() {
            return;
        }
        let now = self.now;
        if let Some(batch) = self.queue.find(number) {
            batch.kept = now;
            self.effects.put(Kind::Keep, 0, &batch.key);
        }
    }
}

fn write_touch(object: &mut Object, known: &Known) {
    object.text("channel", &known.texts[CHANNEL]);
    object.text("source", &known.texts[CHANNEL + 1]);
    object.text("medium", &known.texts[CHANNEL + 2]);
    object.text("campaign", &known.texts[CHANNEL + 3]);
}

fn write_was(object: &mut Object, was: &[String]) {
    if was.is_empty() {
        return;
    }
    let list = object.key("was");
    list.put_byte(b'[');
    for id in was {
        json::string(json::item(list), id);
    }
    list.put_byte(b']');
}
