//! What an event makes of the visitor: audience by the declared rules, and stage.

use alloc::string::String;

use super::fold::Fact;
use super::identity::{AUDIENCE, FIRST_SEEN, PURCHASES, REASON, SESSIONS, SINCE, STAGE};
use super::time::{DAY, SECOND, Stamp};
use super::track::members;
use super::{Audience, Engine, Stage, Topic, rules};
use crate::wire::json::Object;
use crate::wire::text::{Parts, Put};

impl Engine {
    /// Looks at the rules now that this event has happened.
    pub(super) fn weigh(&mut self, name: &str, at: Stamp) {
        let moment = Moment { engine: self, event: name };
        let config = &self.config;
        let (mut shows, mut rule) = (Audience::Customer, rules::first(&config.customer_when, &moment));
        if rule.is_empty() {
            (shows, rule) = (Audience::Potential, rules::first(&config.potential_when, &moment));
        }
        if rule.is_empty() {
            shows = Audience::User;
        }
        let v = &mut self.visitor.known;
        let audience = if mutant!("an audience that falls") { shows } else { v.audience().max(shows) };
        let stage = v.stage().max(Stage::after(name, audience));
        if (audience, stage) == (v.audience(), v.stage()) {
            return;
        }
        if audience != v.audience() {
            v.texts[REASON].set(rule);
            // As the collector will compute it of the event that tells: the wall clock alone may be a millisecond off.
            v.numbers[SINCE] = self.timeline.wall(at.mono);
        }
        v.numbers[AUDIENCE] = audience as u64;
        v.numbers[STAGE] = stage as u64;
        let mut own = String::new();
        let mut object = Object::members(&mut own);
        object.text("audience", audience.as_str());
        object.text("reason", &v.texts[REASON]);
        object.text("stage", stage.as_str());
        self.record("audience", None, &own, "", at);
        if let Some(session) = self.session.as_mut() {
            session.fold.apply(&self.load, Fact::Audience { is: audience });
        }
        self.storage.want_merge();
        self.changed(Topic::Audience);
    }
}

/// What rules look at when this event has just happened.
struct Moment<'a> {
    engine: &'a Engine,
    event: &'a str,
}

impl rules::Facts for Moment<'_> {
    fn event(&self) -> &str {
        self.event
    }

    fn path(&self) -> &str {
        self.engine.view.as_ref().map_or("", |view| view.path())
    }

    fn number(&self, name: &str) -> u64 {
        let Some(session) = &self.engine.session else { return 0 };
        let v = &self.engine.visitor.known.numbers;
        let totals = session.fold.totals(&self.engine.config.rules);
        let days = |since: u64| self.engine.now.wall.saturating_sub(since) / DAY;
        match name {
            "sessions" => v[SESSIONS],
            "purchases" => v[PURCHASES],
            "days" => days(v[FIRST_SEEN]),
            "audience_days" => days(v[SINCE].max(v[FIRST_SEEN])),
            "page_view" => u64::from(totals.page_depth),
            "engaged_seconds" => totals.engaged_time / SECOND,
            _ => session.fold.count(name),
        }
    }

    fn says(&self, condition: &str) -> bool {
        Parts(members(&self.engine.traits), b'\n').any(|line| {
            // A rule holds no comma, so the one after the member may go with the quotes.
            let said = line.bytes().filter(|byte| !matches!(byte, b'"' | b','));
            said.eq(condition.bytes().map(|byte| if byte == b'=' { b':' } else { byte }))
        })
    }
}
