//! What the site reports: events, identity, consent; and what that makes of the audience.

use alloc::string::String;

use super::fold::Fact;
use super::time::Stamp;
use super::{Audience, Choice, Consent, Engine, Output, Stage, Topic, redact};
use crate::wire::json::{self, Object};
use crate::wire::limits;

/// Event names of one document and session that are counted apart; what comes after is counted together.
const NAMES_KEPT: usize = 100;

impl Engine {
    pub(super) fn on_track(&mut self, name: &str, props: &str, at: Stamp) {
        let name = name.trim();
        if name.is_empty() || name.len() > limits::NAME_BYTES || name.chars().any(char::is_control) {
            return self.reject("name");
        }
        if self.view.is_none() {
            return self.reject("too_early");
        }
        self.event(name, "", props, at);
    }

    /// Any event but page view and engagement: recorded, counted, and weighed for audience and stage.
    fn event(&mut self, name: &str, own: &str, props: &str, at: Stamp) {
        let active = matches!(name, "purchase" | "identify");
        if active {
            self.activity(at);
        }
        self.visitor.purchases += u64::from(name == "purchase");
        self.record(name, None, own, props, at);
        let wall = self.timeline.wall(at.mono);
        if let Some(session) = self.session.as_mut() {
            let events = &session.fold.load(&self.load).events;
            let known = events.len() < NAMES_KEPT || events.iter().any(|tally| tally.name == name);
            let name = if known { name } else { "(other)" };
            session.fold.apply(&self.load, Fact::Event { name, at: wall, active });
        }
        self.weigh(name, at);
        if active || self.config.rules.conversions.iter().any(|listed| listed == name) {
            self.delivery.want_flush();
            self.storage.want_merge();
        }
        self.outputs.push(Output::Changed { topic: Topic::Summary });
    }

    fn weigh(&mut self, name: &str, at: Stamp) {
        let audience = self.visitor.audience.max(Audience::after(name, &self.config));
        let stage = self.visitor.stage.max(Stage::after(name, audience));
        if (audience, stage) == (self.visitor.audience, self.visitor.stage) {
            return;
        }
        if audience != self.visitor.audience {
            self.visitor.reason.clear();
            redact::text(name, &mut self.visitor.reason);
            self.visitor.since = at.wall;
        }
        (self.visitor.audience, self.visitor.stage) = (audience, stage);
        let mut own = String::new();
        let mut object = Object::new(&mut own);
        object.text("audience", audience.as_str());
        object.text("reason", &self.visitor.reason);
        object.text("stage", stage.as_str());
        object.end();
        self.record("audience", None, &own, "", at);
        if let Some(session) = self.session.as_mut() {
            session.fold.apply(&self.load, Fact::Audience { is: audience });
        }
        self.storage.want_merge();
        self.outputs.push(Output::Changed { topic: Topic::Audience });
    }

    pub(super) fn on_identify(&mut self, customer: &str, traits: &str, at: Stamp) {
        let mut id = String::new();
        redact::text(customer.trim(), &mut id);
        if id.is_empty() || id.len() > limits::NAME_BYTES || self.view.is_none() {
            return self.reject("customer_id");
        }
        if id.contains(redact::MARK) {
            self.outputs.push(Output::Warn {
                text: "passerby: identify() was given what looks like an e-mail address, token or card number, and \
                       ignored it. Pass your own customer number; an e-mail stays personal data even when hashed.",
            });
            return self.reject("customer_id");
        }
        if !self.visitor.customer.is_empty() && self.visitor.customer != id {
            // Somebody else has logged in on this device.
            self.on_reset(at);
        }
        if self.visitor.customer != id {
            // A change of identity starts a new batch; the events before keep the visitor, who now has a name.
            self.seal();
            self.visitor.customer = id;
        }
        let mut own = String::new();
        let mut object = Object::new(&mut own);
        object.text("customer", &self.visitor.customer);
        if json::pairs(traits, |_, _, _| {}).is_some_and(|traits| !traits.is_empty()) {
            // Traits are the site's words about a person: redacted like any property.
            let mut clean = String::new();
            let pairs = json::pairs(traits, redact::property).unwrap_or_default();
            let mut inner = Object::new(&mut clean);
            pairs.iter().for_each(|(key, value)| inner.raw(key, value));
            inner.end();
            object.raw("traits", &clean);
        }
        object.end();
        self.event("identify", &own, "", at);
    }

    pub(super) fn on_set(&mut self, props: &str) {
        let Some(pairs) = json::pairs(props, redact::property) else {
            return self.reject("not_json");
        };
        for pair in pairs {
            self.properties.retain(|other| other.0 != pair.0);
            self.properties.push(pair);
        }
        self.properties.truncate(limits::PROPERTIES);
    }

    /// Log-out: what follows belongs to a new anonymous visitor in a new session.
    pub(super) fn on_reset(&mut self, at: Stamp) {
        if self.view.is_none() {
            return;
        }
        self.report();
        self.record("reset", None, "", "", at);
        let generation = self.visitor.generation + 1;
        self.visitor = super::identity::Visitor { generation, ..Default::default() };
        self.properties.clear();
        self.cut(at);
        self.storage.want_merge();
        self.outputs.push(Output::Changed { topic: Topic::Audience });
    }

    pub(super) fn on_signal(&mut self, on: bool) {
        if on && !self.signal {
            self.deny();
        }
        self.signal = on;
    }

    /// Before the first page view it is the stored choice; later the visitor has just made it.
    pub(super) fn on_consent(&mut self, choice: Choice, at: Stamp) {
        let spoken = self.view.is_some();
        if spoken {
            let text = if choice == Choice::Granted { "granted" } else { "denied" };
            self.outputs.push(Output::Choice { text });
        }
        if choice == Choice::Denied || self.signal {
            return self.deny();
        }
        let before = self.consent;
        self.consent = Consent::Granted;
        if spoken && before != Consent::Granted {
            let props = "{\"choice\":\"granted\"}";
            self.event("consent", props, "", at);
            let waiting: alloc::vec::Vec<u32> = self.queue.batches.iter().map(|batch| batch.number).collect();
            waiting.into_iter().for_each(|number| self.keep(number));
            self.storage.want_merge();
            self.delivery.want_flush();
        }
    }

    /// Nothing stored, nothing sent: what was waiting is dropped, the summary of this page goes on.
    fn deny(&mut self) {
        self.consent = Consent::Denied;
        let waiting = self.queue.events() as u32;
        self.queue.batches.clear();
        if waiting > 0 {
            self.delivery.drop("consent", waiting);
        }
        self.outputs.push(Output::Purge);
    }
}
