//! What outlives the page: when it is written, and who wins when two tabs remember different things.
//!
//! The hint (localStorage) is synchronous and may be lost; the record (IndexedDB) decides. Ids minted before
//! it has answered are provisional: the earliest record wins, and later batches carry `was` for the collector to
//! merge. A log-out counts more than age: the higher generation wins.

use alloc::boxed::Box;

use super::identity::{
    self, AUDIENCE, CUSTOMER, FIRST_SEEN, GENERATION, Life, REASON, SESSIONS, SINCE, STAGE,
};
use super::queue::{Batch, State};
use super::time::{MINUTE, SECOND, Stamp};
use super::{Consent, Engine, Kind, Topic};
use crate::wire::json;
use crate::wire::text::Put;

/// How stale the shared time of last activity may be: well under any session rule.
const SHARE_EVERY: u64 = 5 * SECOND;
/// A row is left alone this long by other tabs, so that only one sends it.
pub(super) const LEASE: u64 = MINUTE;
/// After hide its own answer may still come, and the next page of the visit need not send it again.
pub(super) const LEASE_HIDDEN: u64 = 10 * SECOND;
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
    /// Rows were let go of while they were being told: what is told of them may be older than what was written.
    stale: bool,
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

    /// Rows of our own are anybody's.
    pub fn let_go(&mut self) {
        self.want_merge();
        self.stale = self.merging;
    }

    /// Rows of others that were left where they are may be taken on now: those taken on before are done.
    pub fn look_again(&mut self) {
        self.claim_at = self.claim_at.map(|_| 0);
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
            // Only what tells of activity puts off the next that does.
            if core::mem::take(&mut self.storage.touched) {
                self.storage.shared_at = at.mono;
            }
            if let Some(session) = &self.session {
                let text = identity::write(&self.visitor, session, &self.load, HINT_BYTES);
                self.effects.put(Kind::Hint, 0, &text);
            }
        }
        if self.storage.merge && !self.storage.merging {
            self.storage.merge = false;
            self.storage.merging = true;
            self.effects.put(Kind::Merge, 0, "");
        }
    }

    /// What another tab, or an earlier page, left behind.
    pub(super) fn on_hint(&mut self, text: &str, at: Stamp) {
        if self.consent == Consent::Granted && !self.signal && !self.config.memory {
            self.meet(text, at);
        }
    }

    pub(super) fn on_record(&mut self, text: &str, at: Stamp) {
        if self.config.tab {
            return;
        }
        self.meet(text, at);
        if let Some(session) = self.session.as_ref().filter(|_| self.may_store()) {
            let text = identity::write(&self.visitor, session, &self.load, RECORD_BYTES);
            self.effects.put(Kind::Record, 0, &text);
        }
    }

    pub(super) fn on_merged(&mut self, ok: bool, _at: Stamp) {
        (self.storage.merging, self.storage.stale) = (false, false);
        self.storage.settled = true;
        let silent = core::mem::replace(&mut self.storage.broken, !ok);
        if ok && silent {
            // It was only slow: what was not written meanwhile is written now.
            self.storage.want_merge();
            self.keep_all();
        } else if !ok && !silent {
            self.warn("storage is blocked, full or slow: kept in memory only");
        }
        self.changed(Topic::Summary);
    }

    /// Two memories of the same browser become one.
    fn meet(&mut self, text: &str, at: Stamp) {
        let Some((visitor, session)) = identity::parse(text, at) else { return };
        let (ours, theirs) = (self.visitor.known.numbers[GENERATION], visitor.known.numbers[GENERATION]);
        if theirs < ours {
            // From before a log-out.
            return;
        }
        let fresh = self.visitor.known.id().is_empty() || theirs > ours;
        let is = |life: &Life| life.known.numbers[AUDIENCE] * 8 + life.known.numbers[STAGE];
        let was = is(&self.visitor);
        let changed = self.meet_session(session, fresh, at) | self.meet_visitor(visitor, fresh);
        if !changed && was == is(&self.visitor) {
            return;
        }
        self.changed(Topic::Audience);
        // A page with nothing more to tell still has to name the ids that lost.
        if changed && let Some(view) = self.view.as_mut() {
            view.reported.active ^= 1;
            self.report();
        }
        // A batch not handed over yet can still say whom it is about; not one from before a sleep, whose times begin
        // elsewhere.
        let (head, start) = (self.head(), self.timeline.start);
        let open =
            |batch: &&mut Box<Batch>| batch.state == State::Open && !batch.sent && batch.start == start;
        for batch in self.queue.batches.iter_mut().filter(open) {
            batch.head.set(&head);
            self.effects.put(Kind::Keep, 0, &batch.key);
        }
        self.storage.want_hint();
    }

    fn meet_visitor(&mut self, mut theirs: Box<Life>, fresh: bool) -> bool {
        if fresh {
            self.visitor = theirs;
            // They were said of somebody else.
            self.properties.clear();
            self.traits.clear();
            return true;
        }
        let ours = &mut self.visitor;
        let (age, their_age) = (ours.known.numbers[FIRST_SEEN], theirs.known.numbers[FIRST_SEEN]);
        let news = ours.unite(age, &mut theirs, their_age);
        // Nobody is downgraded by what another tab has not seen yet.
        if theirs.known.numbers[AUDIENCE] > ours.known.numbers[AUDIENCE] {
            ours.known.texts[REASON].set(&theirs.known.texts[REASON]);
            ours.known.numbers[SINCE] = theirs.known.numbers[SINCE];
        }
        if ours.known.texts[CUSTOMER].is_empty() {
            ours.known.texts[CUSTOMER].set(&theirs.known.texts[CUSTOMER]);
        }
        let pairs = ours.known.numbers.iter_mut().zip(&theirs.known.numbers);
        // Sessions, purchases, audience and stage only grow.
        pairs.skip(SESSIONS).for_each(|(ours, theirs)| *ours = (*ours).max(*theirs));
        news
    }

    fn meet_session(&mut self, mut theirs: Box<Life>, fresh: bool, at: Stamp) -> bool {
        let (idle, max) = (self.config.session_idle, self.config.session_max);
        let mut ended = true;
        if let Some(ours) = self.session.as_ref().filter(|_| !fresh) {
            let other = theirs.known.id() != ours.known.id();
            // What this document has ended stays so, whatever a clock set back makes of its age; unless it knew
            // no better than a hint that a crash had left behind.
            let ended_here = self.storage.settled && theirs.known.id() == self.ended;
            ended = other && ours.is_over(theirs.began, idle, max);
            // The last session is the one to remember, even if that is over too.
            let over = !ended && theirs.is_over(at, idle, max);
            // By the wall clocks first: the other stood still in sleep, so when that was by it is a guess.
            let before = theirs.active.wall < ours.began.wall && theirs.is_over(ours.began, idle, max);
            if other && (ended_here || over || before) {
                return false;
            }
        }
        let Some(ours) = self.session.as_mut().filter(|_| !ended) else {
            // Kept even if it is over: the next page view will see that, and open another. The view that is open
            // was part of ours and stays behind: with the next activity the page gets one in theirs.
            self.report();
            self.seal();
            if let Some(view) = self.view.as_mut() {
                view.left = true;
            }
            self.session = Some(theirs);
            return true;
        };
        let (age, their_age) = (ours.fold.started, theirs.fold.started);
        let news = ours.unite(age, &mut theirs, their_age);
        // The later activity is the session's, unless the clock it was read from is ahead of ours by more than
        // clocks are corrected by.
        if theirs.active.wall > ours.active.wall && theirs.active.wall <= at.wall + MINUTE {
            ours.active = theirs.active;
        }
        ours.fold.join(&theirs.fold);
        news
    }

    /// A row of the stored queue: ours already, too old, leased by somebody, or to be sent by us.
    pub(super) fn on_row(&mut self, key: &str, text: &str, at: Stamp) {
        let once = self.config.once;
        if ((!once || self.storage.stale) && key.starts_with(self.load.as_str()))
            || self.queue.batches.iter().any(|batch| batch.key == key)
        {
            return;
        }
        // A lease longer than any is from before the clock was set back: what may be sent twice need not wait for it.
        let lease = json::parse_number(text).saturating_sub(at.wall);
        let wait = Some(lease).filter(|wait| once || *wait <= LEASE).unwrap_or(0);
        let busy = self.queue.batches.iter().filter(|batch| !batch.own).count() >= CLAIMS;
        if wait > 0 || busy || !self.presence.visible || !self.may_send() {
            let due = at.mono + if wait > 0 { wait } else { LEASE };
            self.storage.claim_at = Some(self.storage.claim_at.map_or(due, |other| other.min(due)));
            return;
        }
        let Some(mut batch) = Batch::parse(key, text) else {
            return self.effects.put(Kind::Forget, 0, key);
        };
        let events = batch.events.len() as u32;
        if batch.is_expired(at.wall) {
            self.delivery.accepted += events;
            self.drop("expired", events);
            return self.effects.put(Kind::Forget, 0, key);
        }
        self.delivery.accepted += events;
        batch.kept = at;
        self.queue.adopt(batch);
        self.effects.put(Kind::Keep, 0, key);
    }

    /// The text of a queue row that `Output::Keep` named; nothing if it is settled by now.
    pub fn row(&self, key: &str) -> Option<alloc::string::String> {
        let batch = self.queue.batches.iter().find(|batch| batch.key == key)?;
        if batch.has_left() && self.config.once {
            return None;
        }
        // A batch that still grows is nobody else's yet.
        let hidden = !self.config.once
            && batch.state != State::Open
            && (!self.presence.visible || batch.state == State::Unconfirmed);
        Some(batch.row(self.now.wall + if hidden { LEASE_HIDDEN } else { LEASE }))
    }
}
