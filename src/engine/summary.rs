//! The visit so far, as plain data for whoever asks: `summary()` as JSON, as of the last input.

use alloc::string::String;

use super::fold::Load;
use super::identity::{CHANNEL, ENTRY, FIRST_SEEN, PURCHASES, REASON, SESSIONS, SINCE};
use super::queue::State;
use super::{Audience, Engine, Stage, redact};
use crate::wire::json::{self, Object};
use crate::wire::text::Put;

impl Engine {
    /// The shape is `Summary` in `src/sdk/types.ts`.
    #[inline(never)]
    pub fn summary(&self) -> String {
        let mut out = String::new();
        let mut summary = Object::new(&mut out);
        summary.flag("settled", self.storage.settled);
        summary.text("definition", &self.config.definition);
        self.session_summary(&mut summary);
        let v = &self.visitor.known;
        let mut audience = Object::new(summary.key("audience"));
        audience.text("is", v.audience().as_str());
        json::string(audience.key("reason"), &v.texts[REASON]);
        audience.number("since", v.numbers[SINCE].max(v.numbers[FIRST_SEEN]));
        audience.text("stage", v.stage().as_str());
        audience.text("relationship", self.relationship());
        if self.traits.len() > 2 {
            redact::properties(&self.traits, audience.key("traits"));
        }
        audience.end();
        self.event_counts(&mut summary);
        self.delivery_summary(&mut summary);
        if self.storage.settled && !v.id().is_empty() {
            let mut visitor = Object::new(summary.key("visitor"));
            visitor.text("id", v.id());
            visitor.number("sessions", v.numbers[SESSIONS]);
            visitor.number("purchases", v.numbers[PURCHASES]);
            visitor.number("firstSeen", v.numbers[FIRST_SEEN]);
            visitor.raw("history", "[]");
            visitor.end();
        }
        summary.end();
        out
    }

    fn session_summary(&self, summary: &mut Object) {
        let (Some(s), Some(_)) = (&self.session, &self.view) else { return };
        let totals = s.fold.totals(&self.config.rules);
        let mut session = Object::new(summary.key("session"));
        session.text("id", s.known.id());
        session.number("started", s.fold.started);
        session.number("durationMs", totals.duration);
        session.number("engagedMs", totals.engaged_time);
        session.number("pageDepth", u64::from(totals.page_depth));
        session.flag("bounced", totals.bounced);
        session.flag("engaged", totals.engaged);
        json::string(session.key("entry"), &s.known.texts[ENTRY]);
        json::string(session.key("channel"), &s.known.texts[CHANNEL]);
        json::string(session.key("source"), &s.known.texts[CHANNEL + 1]);
        let pages = session.key("pages");
        pages.put_byte(b'[');
        for view in s.fold.pages() {
            let mut page = Object::new(json::item(pages));
            json::string(page.key("url"), &view.url);
            json::string(page.key("title"), &view.title);
            page.number("durationMs", view.duration());
            page.number("engagedMs", view.engaged);
            page.number("scrollDepth", u64::from(view.scroll));
            page.end();
        }
        pages.put_byte(b']');
        session.end();
    }

    fn event_counts(&self, summary: &mut Object) {
        // A load of its own, into which those of all documents are added up.
        let mut sums = Load::default();
        if let Some(session) = &self.session {
            for load in &session.fold.loads {
                for tally in &load.events {
                    sums.tally(&tally.name).count += tally.count;
                }
            }
        }
        let mut events = Object::new(summary.key("events"));
        for sum in &sums.events {
            events.number(&sum.name, u64::from(sum.count));
        }
        events.end();
    }

    fn delivery_summary(&self, summary: &mut Object) {
        let (mut unconfirmed, mut queued) = (0, 0);
        for batch in &self.queue.batches {
            *if batch.state == State::Unconfirmed { &mut unconfirmed } else { &mut queued } +=
                batch.events.len() as u64;
        }
        let mut delivery = Object::new(summary.key("delivery"));
        delivery.number("sent", u64::from(self.delivery.sent));
        delivery.number("acknowledged", u64::from(self.delivery.acknowledged));
        delivery.number("unconfirmed", unconfirmed);
        delivery.number("queued", queued);
        let mut dropped = Object::new(delivery.key("dropped"));
        for (reason, events) in &self.delivery.dropped {
            dropped.number(reason, u64::from(*events));
        }
        dropped.end();
        delivery.end();
    }

    /// `user`, `potential` or `customer`.
    pub fn audience(&self) -> &'static str {
        self.visitor.known.audience().as_str()
    }

    pub fn stage(&self) -> &'static str {
        self.visitor.known.stage().as_str()
    }

    fn relationship(&self) -> &'static str {
        let v = &self.visitor.known;
        if v.stage() == Stage::Advocate {
            "advocacy"
        } else if v.numbers[PURCHASES] >= 2
            || (v.audience() == Audience::Customer && v.numbers[SESSIONS] >= 5)
        {
            "loyalty"
        } else if v.numbers[SESSIONS] > 1 {
            "building"
        } else {
            "first_experience"
        }
    }
}
