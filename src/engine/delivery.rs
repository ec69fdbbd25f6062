//! When a batch is sent, and what its answer means.
//!
//! The first page view of a document and every conversion leave at once, in the task that made them; then
//! 15 s, 20 events, 16 KB or hide. One batch is on its way at a time, except at hide, where each is handed over
//! as there is no later. Only an answer that names the batch is an acknowledgement: a captive portal says 200 too.

use alloc::string::String;

use super::identity::elapsed;
use super::queue::{Batch, Drops, State};
use super::storage::{LEASE, LEASE_HIDDEN};
use super::time::{SECOND, Stamp};
use super::{Consent, Engine, Kind, Topic, retry};
use crate::wire::text::{cut, find, part};
use crate::wire::{json, limits};

pub const FLUSH_AGE: u64 = 15 * SECOND;
const FLUSH_EVENTS: usize = 20;
const FLUSH_BYTES: usize = 16 * 1024;
/// All keepalive bodies of a document together may be 64 KiB in flight; another vendor may want some.
const HIDE_BYTES: usize = 60 * 1024;

/// The browser refused before anything left.
const NEVER_LEFT: u32 = 1;

/// Where the events accepted so far have gone. Every accepted event is queued, unconfirmed, acknowledged or
/// dropped; the first two are counted in the queue itself.
#[derive(Debug, Default)]
pub struct Delivery {
    pub accepted: u32,
    pub sent: u32,
    pub acknowledged: u32,
    pub dropped: Drops,
    /// What the last refusal was, for `explain()`: status, and whether an answer named the batch.
    pub trouble: Option<u32>,
    /// Failures since the last acknowledgement: they are the collector's or the network's, seldom a batch's, so
    /// all batches wait together, and a hundred of them ask no oftener than one.
    attempts: u32,
    /// Nothing is sent again before this monotonic time.
    due: u64,
    flush: bool,
}

impl Delivery {
    pub fn want_flush(&mut self) {
        self.flush = true;
    }
}

impl Engine {
    pub(super) fn may_send(&self) -> bool {
        let agreed = self.consent == Consent::Granted
            || (mutant!("sent before consent") && self.consent == Consent::Pending);
        self.config.collector && agreed && !self.signal
    }

    pub(super) fn on_flush(&mut self, at: Stamp) {
        self.report();
        self.delivery.want_flush();
        // Asked for by a person or a page that wants to know: waiting for a retry is over.
        self.delivery.due = at.mono;
    }

    /// Perhaps the last moment of this document. Idempotent: what was sent is not sent again.
    pub(super) fn on_hide(&mut self, at: Stamp) {
        self.settle_navigation();
        self.report();
        self.pump(at, true);
        // Under a short lease: if this document ends here, the next one need not wait.
        self.keep_all();
        self.storage.want_hint();
    }

    /// The wire takes what is complete and due.
    pub(super) fn pump(&mut self, at: Stamp, hiding: bool) {
        let flush = core::mem::take(&mut self.delivery.flush) || hiding;
        if !self.may_send() {
            return;
        }
        let closed = self.delivery.due > at.mono;
        // In an outage nobody would hear at hide that it is refused again, and who counts twice is asked once only:
        // it stays in storage.
        let aside = self.delivery.attempts > 0 && self.config.once && self.may_store();
        let mut budget = if aside { 0 } else { HIDE_BYTES };
        // The one tried least goes first, so that one nobody wants holds up no other.
        let (mut fewest, mut flying) = (u32::MAX, false);
        for batch in &self.queue.batches {
            match batch.state {
                State::Ready => fewest = fewest.min(batch.attempts),
                State::Flying => flying = true,
                // It may become ready below.
                State::Open | State::Unconfirmed => {}
            }
        }
        for batch in &mut self.queue.batches {
            if batch.state == State::Open && (flush || is_ripe(batch, at.mono)) {
                batch.state = State::Ready;
            }
            if batch.state != State::Ready
                || (closed && (batch.sent || !flush))
                || (!hiding && (flying || batch.attempts > fewest))
                || (hiding && batch.bytes > budget)
            {
                continue;
            }
            budget -= batch.bytes.min(budget);
            flying = true;
            batch.state = if hiding { State::Unconfirmed } else { State::Flying };
            if !batch.sent {
                batch.sent = true;
                self.delivery.sent += batch.events.len() as u32;
            }
            if self.config.once || mutant!("a row deleted at send") {
                self.effects.put(Kind::Forget, 0, &batch.key);
            }
            let body = batch.body(at, self.config.ndjson, false);
            #[cfg(feature = "formats")]
            let body = self.config.foreign.request(body);
            let kind = if hiding { Kind::SendHiding } else { Kind::Send };
            self.effects.put(kind, u64::from(batch.number), &body);
        }
    }

    /// What the browser may send by itself, should this page end without a last word: the batch that still grows.
    /// It may come after the same events from the queue, so only to whom twice is once, in a format that says it.
    pub fn frozen(&self) -> String {
        #[cfg(feature = "formats")]
        if self.config.foreign.format.is_some() {
            return String::new();
        }
        let may = self.may_send() && !self.config.once;
        let open = self.queue.batches.last().filter(|batch| may && batch.state == State::Open);
        open.map_or(String::new(), |batch| batch.body(self.now, false, true))
    }

    /// What other tabs may soon take for left behind is theirs as much as ours: whoever claims the row sends it.
    pub(super) fn let_go(&mut self, at: Stamp) {
        if !self.config.once || !self.may_store() {
            return;
        }
        let lapsed = |batch: &Batch| !batch.has_left() && elapsed(batch.kept, at) >= LEASE - LEASE_HIDDEN;
        while let Some(batch) = self.queue.batches.iter().find(|batch| lapsed(batch)) {
            let batch = self.queue.remove(batch.number);
            self.delivery.accepted -= batch.events.len() as u32;
            self.storage.let_go();
        }
    }

    pub(super) fn next_send(&self) -> u64 {
        if !self.may_send() {
            return u64::MAX;
        }
        let (mut due, mut ready, mut flying) = (u64::MAX, false, false);
        for batch in &self.queue.batches {
            match batch.state {
                State::Open => due = due.min(if is_full(batch) { 0 } else { batch.opened + FLUSH_AGE }),
                State::Ready => ready = true,
                State::Flying => flying = true,
                State::Unconfirmed => {}
            }
        }
        if ready && !flying {
            due = due.min(self.delivery.due);
        }
        due.max(self.now.mono)
    }

    pub(super) fn on_sent(&mut self, number: u32, status: u32, body: &str, retry_after: &str, at: Stamp) {
        let Some(batch) = self.queue.find(number) else { return };
        let ok = (200..300).contains(&status);
        let acknowledged =
            ok && (self.config.any_2xx || names(body, &batch.key) || mutant!("any 200 an acknowledgement"));
        let told = acknowledged || matches!(status, 400 | 422);
        let refused = told && !self.config.any_2xx && self.refuse(number, body);
        let Some(batch) = self.queue.find(number) else { return };
        if acknowledged || batch.events.is_empty() {
            self.acknowledge(number);
        } else if refused {
            batch.state = State::Ready;
            self.keep(number);
        } else if status == 413 {
            self.too_large(number);
        } else if self.config.once && !matches!(status, NEVER_LEFT | 300..=499 | 503) {
            // Nobody knows whether they have it.
            self.discard(number, "unconfirmed");
            self.delivery.trouble = Some(status);
        } else {
            batch.state = State::Ready;
            batch.attempts += 1;
            if mutant!("an id forgotten on retry") {
                let mut other = String::new();
                self.random.id(&mut other);
                batch.head = batch.head.replace(self.load.as_str(), &other);
            }
            let wait = json::parse_number(retry_after);
            self.delivery.due =
                at.mono + retry::delay(self.delivery.attempts, status, wait, &mut self.random);
            // A wrong address or key, once; an outage is no mistake of the page's.
            if self.delivery.attempts == 0 && (200..429).contains(&status) {
                self.warn(super::explain::trouble(status));
            }
            self.delivery.attempts += 1;
            self.delivery.trouble = Some(status);
            if self.config.once {
                self.keep(number);
            }
        }
        self.changed(Topic::Delivery);
    }

    fn acknowledge(&mut self, number: u32) {
        let batch = self.queue.remove(number);
        (self.delivery.trouble, self.delivery.attempts, self.delivery.due) = (None, 0, 0);
        self.delivery.acknowledged += batch.events.len() as u32;
        if !batch.own && self.queue.batches.iter().all(|batch| batch.own) {
            self.storage.look_again();
        }
        self.effects.put(Kind::Forget, 0, &batch.key);
    }

    /// Drops and counts what an answer refuses, one `{"seq":..,"reason":..}` an event. Whether it named any; the
    /// others are welcome at once.
    fn refuse(&mut self, number: u32, body: &str) -> bool {
        let Some(batch) = self.queue.find(number) else { return false };
        let before = batch.events.len();
        let mut rest = body;
        while let Some(at) = find(rest, "\"seq\":") {
            rest = part(rest, at + 6, rest.len());
            let seq = json::parse_number(rest) as u32;
            if let Some(at) = batch.events.iter().position(|event| event.0 == seq) {
                batch.events.remove(at);
            }
        }
        let refused = (before - batch.events.len()) as u32;
        if refused > 0 && !mutant!("a refusal that is not counted") {
            #[cfg(feature = "formats")]
            self.tell_refused(refused);
            self.drop("rejected", refused);
        }
        refused > 0
    }

    /// Halved until it fits; a single event that does not is dropped and counted.
    fn too_large(&mut self, number: u32) {
        let Some(batch) = self.queue.find(number) else { return };
        if batch.events.len() < 2 {
            return self.discard(number, "too_large");
        }
        self.queue.split(number, &self.load);
        self.keep(number);
        self.keep(self.queue.last());
    }

    fn discard(&mut self, number: u32, reason: &'static str) {
        let batch = self.queue.remove(number);
        let events = batch.events.len() as u32;
        self.drop(reason, events);
        self.effects.put(Kind::Forget, 0, &batch.key);
    }

    /// A tab's memory is bounded: the oldest batch that is not on its way goes, counted.
    pub(super) fn bound(&mut self) {
        while self.queue.events() > limits::QUEUE_EVENTS || self.queue.bytes() > limits::QUEUE_BYTES {
            let Some(oldest) =
                self.queue.batches.iter().find(|batch| batch.state == State::Ready).map(|batch| batch.number)
            else {
                return;
            };
            self.discard(oldest, "overflow");
        }
    }
}

/// The collector's answer names the batch it stored.
fn names(body: &str, key: &str) -> bool {
    let named = find(body, "\"batch\":\"").map_or("", |at| part(body, at + 9, body.len()));
    cut(named, b'"').0 == key
}

fn is_full(batch: &Batch) -> bool {
    batch.events.len() >= FLUSH_EVENTS || batch.bytes >= FLUSH_BYTES
}

/// Full batches wait for the end of their task, so that a burst becomes few requests.
fn is_ripe(batch: &Batch, mono: u64) -> bool {
    mono >= batch.opened + FLUSH_AGE || (is_full(batch) && mono > batch.opened)
}
