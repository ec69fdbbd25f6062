//! The visit so far, as plain data for whoever asks: `summary()` as JSON, as of the last input.

use alloc::string::String;
use alloc::vec::Vec;

use super::fold::Tally;
use super::queue::State;
use super::{Audience, Engine, Stage};
use crate::wire::json::{self, Object};

impl Engine {
    /// The shape is `Summary` in `src/sdk/types.ts`.
    pub fn summary(&self) -> String {
        let mut out = String::new();
        let mut summary = Object::new(&mut out);
        summary.flag("settled", self.storage.settled);
        summary.text("definition", &self.config.definition);
        self.session_summary(&mut summary);
        let v = &self.visitor;
        let mut audience = Object::new(summary.key("audience"));
        audience.text("is", v.audience.as_str());
        json::string(audience.key("reason"), &v.reason);
        audience.number("since", if v.since > 0 { v.since } else { v.first_seen });
        audience.text("stage", v.stage.as_str());
        audience.text("relationship", self.relationship());
        audience.end();
        self.event_counts(&mut summary);
        self.delivery_summary(&mut summary);
        if self.storage.settled && !v.id.is_empty() {
            let mut visitor = Object::new(summary.key("visitor"));
            visitor.text("id", &v.id);
            visitor.number("sessions", v.sessions);
            visitor.number("firstSeen", v.first_seen);
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
        session.text("id", &s.id);
        session.number("started", s.fold.started);
        session.number("durationMs", totals.duration);
        session.number("engagedMs", totals.engaged_time);
        session.number("pageDepth", u64::from(totals.page_depth));
        session.flag("bounced", totals.bounced);
        session.flag("engaged", totals.engaged);
        for (key, text) in [("entry", &s.entry), ("channel", &s.touch.channel), ("source", &s.touch.source)] {
            json::string(session.key(key), text);
        }
        json::list(session.key("pages"), s.fold.pages(), |out, view| {
            let mut page = Object::new(out);
            json::string(page.key("url"), &view.url);
            json::string(page.key("title"), &view.title);
            page.number("durationMs", view.duration());
            page.number("engagedMs", view.engaged);
            page.number("scrollDepth", u64::from(view.scroll));
            page.end();
        });
        session.end();
    }

    fn event_counts(&self, summary: &mut Object) {
        let mut sums: Vec<Tally> = Vec::new();
        for tally in self.session.iter().flat_map(|session| &session.fold.loads).flat_map(|load| &load.events) {
            match sums.iter_mut().find(|sum| sum.name == tally.name) {
                Some(sum) => sum.count += tally.count,
                None => sums.push(tally.clone()),
            }
        }
        let mut events = Object::new(summary.key("events"));
        for sum in &sums {
            events.number(&sum.name, u64::from(sum.count));
        }
        events.end();
    }

    fn delivery_summary(&self, summary: &mut Object) {
        let of = |unconfirmed: bool| {
            let batches = self.queue.batches.iter().filter(|batch| (batch.state == State::Unconfirmed) == unconfirmed);
            batches.map(|batch| batch.events.len() as u64).sum()
        };
        let mut delivery = Object::new(summary.key("delivery"));
        delivery.number("sent", u64::from(self.delivery.sent));
        delivery.number("acknowledged", u64::from(self.delivery.acknowledged));
        delivery.number("unconfirmed", of(true));
        delivery.number("queued", of(false));
        let mut dropped = Object::new(delivery.key("dropped"));
        for (reason, events) in &self.delivery.dropped {
            dropped.number(reason, u64::from(*events));
        }
        dropped.end();
        delivery.end();
    }

    pub(super) fn relationship(&self) -> &'static str {
        let v = &self.visitor;
        if v.stage == Stage::Advocate {
            "advocacy"
        } else if v.purchases >= 2 || (v.audience == Audience::Customer && v.sessions >= 5) {
            "loyalty"
        } else if v.sessions > 1 {
            "building"
        } else {
            "first_experience"
        }
    }

    /// `user`, `potential` or `customer`.
    pub fn audience(&self) -> &'static str {
        self.visitor.audience.as_str()
    }

    pub fn stage(&self) -> &'static str {
        self.visitor.stage.as_str()
    }
}
