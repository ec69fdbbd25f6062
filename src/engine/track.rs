//! What the site reports: events, identity, consent; and what that makes of the audience.

use alloc::string::String;

use super::config::{FNV, fnv};
use super::fold::Fact;
use super::identity::{CUSTOMER, GENERATION, ID, Life, ORDER, PURCHASES};
use super::output::{DENIED, GRANTED};
use super::time::Stamp;
use super::{Choice, Consent, Engine, Kind, Topic, redact};
use crate::wire::json::Object;
use crate::wire::limits;
use crate::wire::text::{Parts, Put, find, has, listed, owned, part};

/// Event names of one document and session that are counted apart; what comes after is counted together.
const NAMES_KEPT: usize = 100;

/// Hashes of orders are less: two of them make one number that may be stored.
const ORDERS: u64 = 1 << 26;

/// Events that say what was measured: from anybody else they would change the numbers.
const OURS: &str = "page_view,engagement,audience,reset,consent";

impl Engine {
    pub(super) fn on_track(&mut self, name: &str, props: &str, at: Stamp) {
        let plain = name.bytes().all(|byte| byte >= b' ' && byte != 127);
        if name.is_empty() || name.len() > limits::NAME_BYTES || !plain {
            return self.reject("name");
        }
        if self.view.is_none() {
            return self.reject("too_early");
        }
        if listed(OURS, name) {
            return self.reject("reserved");
        }
        let mut clean = String::new();
        redact::text(name, &mut clean);
        self.event(&clean, "", members(props), at);
    }

    /// Any event but page view and engagement: recorded, counted, and weighed for audience and stage.
    fn event(&mut self, name: &str, own: &str, props: &str, at: Stamp) {
        let active = listed("purchase,identify", name);
        if active {
            self.activity(at);
        }
        if !self.record(name, None, own, props, at) {
            // What the collector never hears of is not counted here either.
            return;
        }
        if let Some(session) = self.session.as_mut() {
            if name == "purchase" {
                // The page that thanks for it may be loaded again, and tells the same again.
                let (order, orders) = (order(props), &mut session.known.numbers[ORDER]);
                let again = order > 0 && (*orders % ORDERS == order || *orders / ORDERS == order);
                if !again {
                    *orders = *orders % ORDERS * ORDERS + order;
                    self.visitor.known.numbers[PURCHASES] += 1;
                }
            }
            let events = &session.fold.load(&self.load).events;
            let known = events.len() < NAMES_KEPT || events.iter().any(|tally| tally.name == name);
            let fact = Fact::Event {
                name: if known { name } else { "(other)" },
                at: self.timeline.wall(at.mono),
                active,
            };
            session.fold.apply(&self.load, fact);
        }
        self.weigh(name, at);
        if active || listed(&self.config.rules.conversions, name) {
            self.delivery.want_flush();
            self.storage.want_merge();
        }
        self.changed(Topic::Summary);
    }

    pub(super) fn on_identify(&mut self, customer: &str, traits: &str, at: Stamp) {
        // Judged as an id: a UUID is welcome, an e-mail address or a token is not.
        let mut own = String::new();
        Object::members(&mut own).text("customer_id", customer);
        let mut clean = String::new();
        redact::properties(&own, &mut clean);
        // It is stored in lines of fields.
        let blank = redact::byte_at(customer, 0) <= b' ' || customer.bytes().any(|byte| byte < b' ');
        let told = self.view.is_some();
        if blank || !told || customer.len() > limits::NAME_BYTES || has(&clean, redact::MARK) {
            if told {
                self.warn("identify() takes no e-mail or token: pass a customer number or a hash");
            }
            return self.reject("customer_id");
        }
        let known = &self.visitor.known.texts[CUSTOMER];
        if known != customer {
            if !known.is_empty() {
                // Somebody else has logged in on this device.
                self.on_reset(false, at);
            }
            // A change of identity starts a new batch; the events before keep the visitor, who now has a name.
            self.seal();
            self.visitor.known.texts[CUSTOMER].set(customer);
        }
        self.traits.set(traits);
        own.clear();
        let mut object = Object::members(&mut own);
        object.text("customer", customer);
        if !members(traits).is_empty() {
            let traits_out = object.key("traits");
            redact::properties(traits, traits_out);
        }
        self.event("identify", &own, "", at);
    }

    /// Later ones of the same name take the place of earlier ones.
    pub(super) fn on_set(&mut self, props: &str) {
        for line in Parts(members(props), b'\n') {
            let member = line.strip_suffix(',').unwrap_or(line);
            if let Some(at) = self.properties.iter().position(|known| property(known) == property(member)) {
                self.properties.remove(at);
            }
            let bytes: usize = self.properties.iter().map(String::len).sum();
            if bytes + member.len() > limits::STRING_BYTES {
                return self.reject("too_large");
            }
            self.properties.push(owned(member));
        }
    }

    /// Log-out: what follows belongs to a new anonymous visitor in a new session.
    pub(super) fn on_reset(&mut self, erase: bool, at: Stamp) {
        if self.view.is_none() {
            return;
        }
        self.report();
        self.record("reset", None, "", "", at);
        if erase {
            self.drop_all();
        }
        let generation = self.visitor.known.numbers[GENERATION] + 1;
        self.visitor = Life::new();
        self.visitor.known.numbers[GENERATION] = generation;
        self.properties.clear();
        self.traits.clear();
        self.session = None;
        self.cut(at);
        self.storage.want_merge();
        self.changed(Topic::Audience);
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
        let granted = choice == Choice::Granted;
        if spoken {
            self.effects.put(Kind::Choice, 0, if granted { GRANTED } else { DENIED });
        }
        if !granted || self.signal {
            return self.deny();
        }
        let before = core::mem::replace(&mut self.consent, Consent::Granted);
        if spoken && before != Consent::Granted {
            if before == Consent::Denied {
                // Nothing of the time in between leaves, nor what would join it to the time before.
                self.visitor.known.texts[ID].clear();
                self.session = None;
                if let Some(view) = self.view.as_mut() {
                    view.left = true;
                }
                self.cut(at);
            }
            self.event("consent", "\"choice\":\"granted\"", "", at);
            self.keep_all();
            self.storage.want_merge();
            self.delivery.want_flush();
        }
    }

    /// Nothing stored, nothing sent: what was waiting is dropped, the summary of this page goes on.
    fn deny(&mut self) {
        self.consent = Consent::Denied;
        self.drop_all();
        self.effects.put(Kind::Purge, 0, "");
    }

    fn drop_all(&mut self) {
        let waiting = self.queue.events() as u32;
        self.queue.batches.clear();
        if waiting > 0 {
            self.drop("consent", waiting);
        }
    }
}

/// What stands between an object's braces, a member a line. The text is the snapshot's, which writes nothing but
/// objects.
pub(super) fn members(object: &str) -> &str {
    part(object, 1, object.len().saturating_sub(1))
}

/// A hash of a purchase's id, be it text or number; 0 where it has none, or one that nobody hears of.
fn order(props: &str) -> u64 {
    for line in Parts(props, b'\n') {
        let mut clean = String::new();
        redact::properties(line, &mut clean);
        if property(line) == "\"transaction_id" && !has(&clean, redact::MARK) && !has(&clean, "\"\"") {
            let plain = line.bytes().filter(|byte| !matches!(byte, b'"' | b','));
            return u64::from(plain.fold(FNV, |hash, byte| fnv(hash, &[byte]))) % ORDERS;
        }
    }
    0
}

/// A member's name in its quotes. One that itself holds `":` is cut there, which can only make it the same as another.
pub(super) fn property(member: &str) -> &str {
    part(member, 0, find(member, "\":").unwrap_or(0))
}

impl Engine {
    pub(super) fn changed(&mut self, topic: Topic) {
        self.effects.put(Kind::Changed, 0, topic.as_str());
    }

    pub(super) fn warn(&mut self, text: &'static str) {
        self.effects.put(Kind::Warn, 0, text);
    }
}
