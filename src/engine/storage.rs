//! What outlives the page: when it is written, and who wins when two tabs remember different things.
//!
//! The hint (localStorage) is synchronous and may be lost; the record (IndexedDB) decides. Ids minted before
//! it has answered are provisional: the earliest record wins, and later batches carry `was` for the collector to
//! merge. A log-out counts more than age: the higher generation wins.

use alloc::vec::Vec;

use super::identity::{self, Session, Visitor};
use super::queue::{Row, State};
use super::time::{MINUTE, SECOND, Stamp};
use super::{Consent, Engine, Output, Topic};

/// How stale the shared time of last activity may be: well under any session rule.
const SHARE_EVERY: u64 = 5 * SECOND;
/// A row is left alone this long by other tabs, so that only one sends it.
const LEASE: u64 = MINUTE;
/// After hide its own answer may still come, and the next page of the visit need not send it again.
const LEASE_HIDDEN: u64 = 10 * SECOND;
/// Bytes of the hint: it is read synchronously by every page.
const HINT_BYTES: usize = 4 * 1024;
const RECORD_BYTES: usize = 256 * 1024;
/// Rows of other documents taken on at a time.
const CLAIMS: usize = 20;

#[derive(Debug, Default)]
pub struct Storage {
    pub settled: bool,
    broken: bool,
    merging: bool,
    merge: bool,
    hint: bool,
    /// Activity since the hint was written, and when that was.
    touched: bool,
    shared_at: u64,
    /// When the earliest foreign lease seen runs out.
    claim_at: Option<u64>,
}

impl Storage {
    pub fn want_merge(&mut self) {
        self.merge = true;
        self.hint = true;
    }

    pub fn want_hint(&mut self) {
        self.hint = true;
    }

    pub fn touch(&mut self, mono: u64) {
        if !self.touched {
            self.shared_at = self.shared_at.max(mono.saturating_sub(SHARE_EVERY));
        }
        self.touched = true;
    }

    pub fn next_due(&self) -> u64 {
        let share = if self.touched { self.shared_at + SHARE_EVERY } else { u64::MAX };
        share.min(self.claim_at.unwrap_or(u64::MAX))
    }
}

impl Engine {
    pub(super) fn may_store(&self) -> bool {
        self.consent == Consent::Granted && !self.signal && !self.config.memory && !self.storage.broken
    }

    /// Writes what is due, at the end of each input.
    pub(super) fn save(&mut self, at: Stamp) {
        if self.view.is_none() {
            return;
        }
        if !self.may_store() {
            self.storage = Storage { settled: true, broken: self.storage.broken, ..Storage::default() };
            return;
        }
        if self.storage.claim_at.is_some_and(|due| due <= at.mono) {
            self.storage.claim_at = None;
            self.storage.merge |= self.presence.visible;
        }
        if self.storage.hint || (self.storage.touched && self.storage.shared_at + SHARE_EVERY <= at.mono) {
            self.storage.hint = false;
            self.storage.touched = false;
            self.storage.shared_at = at.mono;
            if let Some(session) = &self.session {
                let text = identity::write(&self.visitor, session, &self.load, HINT_BYTES);
                self.outputs.push(Output::Hint { text });
            }
        }
        if self.storage.merge && !self.storage.merging {
            self.storage.merge = false;
            self.storage.merging = true;
            self.outputs.push(Output::Merge);
        }
    }

    /// What another tab, or an earlier page, left behind.
    pub(super) fn on_hint(&mut self, text: &str, at: Stamp) {
        if self.consent == Consent::Granted && !self.signal && !self.config.memory {
            self.meet(text, at);
        }
    }

    pub(super) fn on_record(&mut self, text: &str, at: Stamp) {
        self.meet(text, at);
        if let Some(session) = self.session.as_ref().filter(|_| self.may_store()) {
            let text = identity::write(&self.visitor, session, &self.load, RECORD_BYTES);
            self.outputs.push(Output::Record { text });
        }
    }

    pub(super) fn on_merged(&mut self, ok: bool, _at: Stamp) {
        self.storage.merging = false;
        self.storage.settled = true;
        if !ok && !self.storage.broken {
            self.storage.broken = true;
            self.outputs.push(Output::Warn {
                text: "passerby: storage is blocked, full or damaged here; this visit is kept in memory only.",
            });
        }
        self.outputs.push(Output::Changed { topic: Topic::Summary });
    }

    /// Two memories of the same browser become one.
    fn meet(&mut self, text: &str, at: Stamp) {
        let Some((visitor, session)) = identity::parse(text, at) else { return };
        if visitor.generation < self.visitor.generation {
            // From before a log-out.
            return;
        }
        let before = (self.visitor.id.clone(), self.session.as_ref().map(|session| session.id.clone()));
        let fresh = self.visitor.id.is_empty() || visitor.generation > self.visitor.generation;
        self.meet_session(session, fresh, at);
        self.meet_visitor(visitor, fresh);
        if before == (self.visitor.id.clone(), self.session.as_ref().map(|session| session.id.clone())) {
            return;
        }
        // Batches not handed over yet can still say whom they are about.
        self.storage.want_hint();
        let head = self.head();
        let (start, load) = (self.timeline.start, &self.load);
        let kept: Vec<u32> = (self.queue.batches.iter_mut())
            .filter(|batch| !fresh && batch.own && !batch.sent && batch.start == start && batch.key.starts_with(load.as_str()))
            .filter(|batch| batch.state == State::Open)
            .map(|batch| {
                batch.head.clone_from(&head);
                batch.number
            })
            .collect();
        kept.into_iter().for_each(|number| self.keep(number));
        self.outputs.push(Output::Changed { topic: Topic::Audience });
    }

    fn meet_visitor(&mut self, theirs: Visitor, fresh: bool) {
        if fresh {
            self.seal();
            self.visitor = theirs;
            return;
        }
        let ours = &mut self.visitor;
        ours.purchases = ours.purchases.max(theirs.purchases);
        if theirs.audience > ours.audience {
            (ours.audience, ours.since) = (theirs.audience, theirs.since);
            ours.reason.clone_from(&theirs.reason);
        }
        ours.stage = ours.stage.max(theirs.stage);
        if ours.customer.is_empty() {
            ours.customer.clone_from(&theirs.customer);
        }
        if theirs.id == ours.id {
            ours.sessions = ours.sessions.max(theirs.sessions);
            return;
        }
        // Two visitors minted by racing tabs: the earliest wins, and the smaller id between equals.
        if (theirs.first_seen, &theirs.id) < (ours.first_seen, &ours.id) {
            let mine = core::mem::replace(&mut ours.id, theirs.id);
            (ours.first_seen, ours.first_touch) = (theirs.first_seen, theirs.first_touch);
            ours.sessions = theirs.sessions.max(1);
            ours.was.push(mine);
        } else {
            ours.was.push(theirs.id);
        }
    }

    fn meet_session(&mut self, theirs: Session, fresh: bool, at: Stamp) {
        let (idle, max) = (self.config.session_idle, self.config.session_max);
        let Some(ours) = self.session.as_mut() else {
            // Kept even if it is over: the next page view will see that, and open another.
            self.session = Some(theirs);
            return;
        };
        if theirs.id == ours.id {
            return join(ours, &theirs, at);
        }
        if theirs.is_over(ours.began, idle, max) || theirs.is_over(at, idle, max) {
            return;
        }
        if fresh {
            self.session = Some(theirs);
            return;
        }
        if (theirs.fold.started, &theirs.id) < (ours.fold.started, &ours.id) {
            let mine = core::mem::replace(ours, theirs);
            ours.was.push(mine.id.clone());
            join(ours, &mine, at);
        } else if !ours.was.contains(&theirs.id) {
            ours.was.push(theirs.id.clone());
            join(ours, &theirs, at);
        }
    }

    /// A row of the stored queue: ours already, too old, leased by somebody, or to be sent by us.
    pub(super) fn on_row(&mut self, key: &str, text: &str, at: Stamp) {
        if key.starts_with(self.load.as_str()) || self.queue.batches.iter().any(|batch| batch.key == key) {
            return;
        }
        let Some(row) = Row::parse(text) else {
            return self.outputs.push(Output::Forget { key: key.into() });
        };
        if row.is_expired(at.wall) {
            let events = row.events.len() as u32;
            super::queue::count_drop(&mut self.drops, "expired", events);
            self.delivery.drop("expired", events);
            return self.outputs.push(Output::Forget { key: key.into() });
        }
        let wait = row.lease.saturating_sub(at.wall).min(LEASE);
        let busy = self.queue.batches.iter().filter(|batch| !batch.own).count() >= CLAIMS;
        if wait > 0 || busy || !self.presence.visible || !self.may_send() {
            let due = at.mono + wait.max(SECOND);
            self.storage.claim_at = Some(self.storage.claim_at.map_or(due, |other| other.min(due)));
            return;
        }
        self.delivery.accepted += row.events.len() as u32;
        let number = self.queue.adopt(key, row);
        let Some(batch) = self.queue.find(number) else { return };
        let text = batch.row(at.wall + LEASE);
        self.outputs.push(Output::Claim { key: key.into(), text });
    }

    /// The text of a queue row that `Output::Keep` named; nothing if it is settled by now.
    pub fn row(&self, key: &str) -> Option<alloc::string::String> {
        let batch = self.queue.batches.iter().find(|batch| batch.key == key)?;
        let hidden = !self.presence.visible || batch.state == State::Unconfirmed;
        Some(batch.row(self.now.wall + if hidden { LEASE_HIDDEN } else { LEASE }))
    }
}

/// The later activity is the session's, unless the clock it was read from is ahead of ours.
fn join(ours: &mut Session, theirs: &Session, at: Stamp) {
    if theirs.active.wall > ours.active.wall && theirs.active.wall <= at.wall {
        ours.active = theirs.active;
    }
    ours.fold.join(&theirs.fold);
}
