//! What a browser keeps, and when it is safe. localStorage is there at once, for all tabs, and survives the end
//! of a page; the end of the browser it survives only as of its last commit: five seconds after the first
//! change, then once a minute. IndexedDB survives all of it once a transaction is complete, and runs one
//! transaction that writes at a time.

use std::collections::{BTreeMap, VecDeque};

use passerby::engine::{Choice, Input};

use crate::coverage::Fault;
use crate::device::Life;
use crate::world::{Due, World};

const FIRST_COMMIT: u64 = 5_000;
const NEXT_COMMIT: u64 = 60_000;
/// A session is not held against the oracle's if a kill made it forget more than this.
const FORGOTTEN: u64 = 300_000;
/// How long the host waits for an answer of the database.
pub const PATIENCE: u64 = 1_000;

/// Tabs without a common memory cannot share a session.
const APART: &str = "a storage that fails";

#[derive(Clone, Debug, Default)]
struct Items {
    hint: String,
    choice: Option<Choice>,
}

#[derive(Debug, Default)]
pub struct Local {
    now: Items,
    safe: Items,
    committed: u64,
    /// When the last activity was that the commit knew of.
    active: u64,
    committing: bool,
}

/// Key and text, or nothing where the row goes.
type Rows = Vec<(String, Option<String>)>;

/// What is to be written to a row.
#[derive(Clone, Debug)]
pub enum Write {
    /// What the engine says of it at the last moment.
    AsItIs,
    Text(String),
    Delete,
}

#[derive(Debug)]
pub enum Operation {
    Merge,
    Rows(Rows),
    Purge,
}

#[derive(Debug, Default)]
pub struct Disk {
    pub record: String,
    pub rows: BTreeMap<String, String>,
    /// Waiting for their turn: number, document, what.
    queue: VecDeque<(u64, usize, Operation)>,
    /// What the running transaction will have written.
    running: Option<(usize, Rows, bool)>,
    started: bool,
    next: u64,
    pub full: bool,
    pub silent_until: u64,
}

impl World {
    pub fn put(&mut self, document: usize, key: &str, write: Write) {
        self.documents[document].writes.insert(key.into(), write);
    }

    /// The writes of a task, as they are at its end.
    fn take_writes(&mut self, document: usize) -> Rows {
        let page = &mut self.documents[document];
        let writes = std::mem::take(&mut page.writes);
        let text = |(key, write): (String, Write)| match write {
            Write::AsItIs => page.engine.row(&key).map(|row| (key, Some(row))),
            Write::Text(text) => Some((key, Some(text))),
            Write::Delete => Some((key, None)),
        };
        writes.into_iter().filter_map(text).collect()
    }

    pub fn flush(&mut self, document: usize) {
        if self.merging(document) {
            // Goes along with the transaction that is being told.
            let writes = self.take_writes(document);
            let browser = self.documents[document].browser;
            if let Some((_, along, _)) = &mut self.browsers[browser].disk.running {
                along.extend(writes);
            }
            return;
        }
        let writes = self.take_writes(document);
        if !writes.is_empty() {
            self.operate(document, Operation::Rows(writes));
        }
    }

    /// Whether this document's transaction is being told right now.
    fn merging(&self, document: usize) -> bool {
        let disk = &self.browsers[self.documents[document].browser].disk;
        disk.running.as_ref().is_some_and(|(owner, _, telling)| *owner == document && *telling)
    }

    pub fn operate(&mut self, document: usize, operation: Operation) {
        let browser = self.documents[document].browser;
        if !self.documents[document].storage && !matches!(operation, Operation::Purge) {
            return self.fail(document);
        }
        if self.browsers[browser].blocked {
            return self.fail(document);
        }
        let disk = &mut self.browsers[browser].disk;
        disk.next += 1;
        let number = disk.next;
        if matches!(operation, Operation::Merge) {
            self.plan(PATIENCE, Due::Patience { document, number });
        }
        let disk = &mut self.browsers[browser].disk;
        disk.queue.push_back((number, document, operation));
        self.next_operation(browser);
    }

    /// Begins what waits, if nothing runs.
    fn next_operation(&mut self, browser: usize) {
        let disk = &mut self.browsers[browser].disk;
        if disk.started || disk.queue.is_empty() {
            return;
        }
        disk.started = true;
        let silent = disk.silent_until.saturating_sub(self.now);
        let slow = if self.healed { 1 } else { self.draw.weighed(&[(9, 3), (3, 12), (1, 60)]) };
        let takes = silent + self.draw.below(slow) + 1;
        self.plan(takes, Due::Commit { browser });
    }

    /// The turn of the next one has come, or the running one is complete.
    pub fn commit(&mut self, browser: usize) {
        if let Some((_, writes, _)) = self.browsers[browser].disk.running.take() {
            self.apply(browser, writes);
        } else if let Some((_, document, operation)) = self.browsers[browser].disk.queue.pop_front() {
            match operation {
                Operation::Rows(writes) if self.browsers[browser].disk.full => {
                    drop(writes);
                    self.fail(document);
                }
                Operation::Rows(writes) => self.apply(browser, writes),
                Operation::Purge => {
                    self.browsers[browser].disk.record.clear();
                    for (key, row) in std::mem::take(&mut self.browsers[browser].disk.rows) {
                        let load = key.split(':').next().unwrap_or_default();
                        let seqs =
                            row.lines().filter_map(|line| line.strip_prefix("{\"seq\":")?.split(',').next());
                        let seqs = seqs.filter_map(|seq| seq.parse().ok());
                        self.purged.extend(seqs.map(|seq| (load.to_owned(), seq)));
                    }
                }
                Operation::Merge => self.merge(document),
            }
        }
        let disk = &mut self.browsers[browser].disk;
        disk.started = false;
        if disk.running.is_some() {
            disk.started = true;
            let takes = 1 + self.draw.below(if self.healed { 1 } else { 8 });
            return self.plan(takes, Due::Commit { browser });
        }
        self.next_operation(browser);
    }

    fn apply(&mut self, browser: usize, writes: Rows) {
        let disk = &mut self.browsers[browser].disk;
        for (key, text) in writes {
            match text {
                Some(text) if key.is_empty() => disk.record = text,
                Some(text) => drop(disk.rows.insert(key, text)),
                None => drop(disk.rows.remove(&key)),
            }
        }
    }

    /// Tells record and rows; what the engine writes meanwhile belongs to the same transaction.
    fn merge(&mut self, document: usize) {
        let (browser, life) = (self.documents[document].browser, self.documents[document].life);
        if life == Life::Frozen {
            self.documents[document].merge_waiting = true;
        }
        if life != Life::Open || !self.documents[document].storage {
            return;
        }
        let full = self.browsers[browser].disk.full;
        self.browsers[browser].disk.running = Some((document, Vec::new(), true));
        let record = self.browsers[browser].disk.record.clone();
        self.feed(document, Input::Record { text: &record });
        for (key, text) in self.browsers[browser].disk.rows.clone() {
            self.feed(document, Input::Row { key: &key, text: &text });
        }
        if full {
            self.browsers[browser].disk.running = None;
            return self.fail(document);
        }
        self.feed(document, Input::Merged { ok: true });
        if let Some((_, _, telling)) = &mut self.browsers[browser].disk.running {
            *telling = false;
        }
    }

    /// The host gives the database up, once.
    pub fn fail(&mut self, document: usize) {
        let page = &mut self.documents[document];
        page.writes.clear();
        if std::mem::take(&mut page.storage) {
            self.browsers[page.browser].apart = APART;
            let lasting = self.browsers[page.browser].blocked;
            let fault = if lasting { Fault::StorageBlocked } else { Fault::StorageFull };
            self.strike(document, fault);
            if self.documents[document].life == Life::Open {
                self.feed(document, Input::Merged { ok: false });
            }
        }
    }

    pub fn patience(&mut self, document: usize, number: u64) {
        let disk = &mut self.browsers[self.documents[document].browser].disk;
        let before = disk.queue.len();
        disk.queue.retain(|(waiting, ..)| *waiting != number);
        let page = &mut self.documents[document];
        if before > disk.queue.len() && page.storage && page.life == Life::Open {
            page.storage = false;
            self.browsers[page.browser].apart = APART;
            self.strike(document, Fault::StorageHung);
            self.feed(document, Input::Merged { ok: false });
        }
    }

    pub fn purge(&mut self, document: usize) {
        self.write_hint(document, String::new());
        self.documents[document].writes.clear();
        self.operate(document, Operation::Purge);
    }

    /// The page's process has gone: what it had begun to write may or may not have happened.
    pub fn abandon(&mut self, document: usize) {
        let keep = self.draw.chance(500);
        let disk = &mut self.browsers[self.documents[document].browser].disk;
        disk.queue.retain(|(_, owner, operation)| {
            *owner != document || (keep && !matches!(operation, Operation::Merge))
        });
        if let Some((owner, writes, _)) = &mut disk.running
            && *owner == document
            && !keep
        {
            writes.clear();
        }
    }

    fn last_activity(&self, browser: usize) -> u64 {
        self.now.saturating_sub(self.browsers[browser].person.quiet(self.clocks(browser)))
    }

    /// The browser has gone: what was safe remains.
    pub fn crash(&mut self, browser: usize) {
        let active = self.last_activity(browser);
        let holder = &mut self.browsers[browser];
        holder.disk.queue.clear();
        holder.disk.running = None;
        if holder.local.committed < holder.logged_out {
            // The next page begins as the visitor before, and has told so when the record says otherwise.
            holder.apart = "killed before the hint knew of a log-out";
        }
        if active.saturating_sub(holder.local.active) > FORGOTTEN {
            // A kill takes the last minute of localStorage with it, and so the activity that kept a session alive.
            holder.apart = "killed before the hint knew of the activity after a pause";
        }
        if holder.local.safe.choice.is_none() {
            holder.unsaid = holder.local.now.choice.or(holder.unsaid);
        }
        holder.local.now = holder.local.safe.clone();
    }
}

/// localStorage.
impl World {
    pub fn hint(&self, document: usize) -> String {
        let browser = &self.browsers[self.documents[document].browser];
        if browser.blocked { String::new() } else { browser.local.now.hint.clone() }
    }

    pub fn choice(&self, browser: usize) -> Option<Choice> {
        let browser = &self.browsers[browser];
        browser.local.now.choice.filter(|_| !browser.blocked)
    }

    pub fn write_hint(&mut self, document: usize, text: String) {
        let holder = &mut self.browsers[self.documents[document].browser];
        if !holder.blocked && !holder.disk.full && holder.local.now.hint != text {
            holder.local.now.hint.clone_from(&text);
            self.tell_others(document, Some(&text));
        }
    }

    pub fn write_choice(&mut self, document: usize, choice: Choice) {
        let page = &mut self.documents[document];
        page.knows = Some(choice);
        let holder = &mut self.browsers[page.browser];
        if !holder.blocked && holder.local.now.choice != Some(choice) {
            holder.local.now.choice = Some(choice);
            self.tell_others(document, None);
        }
    }

    fn tell_others(&mut self, document: usize, hint: Option<&str>) {
        let browser = self.documents[document].browser;
        let local = &mut self.browsers[browser].local;
        if !local.committing {
            local.committing = true;
            let after = FIRST_COMMIT.max((local.committed + NEXT_COMMIT).saturating_sub(self.now));
            self.plan(after, Due::LocalCommit { browser });
        }
        for other in self.alive(browser) {
            if other != document && self.documents[other].life == Life::Open {
                self.plan(2, Due::Storage { document: other, hint: hint.map(Into::into) });
            }
        }
    }

    pub fn local_commit(&mut self, browser: usize) {
        let active = self.last_activity(browser);
        let local = &mut self.browsers[browser].local;
        local.active = active;
        (local.safe, local.committed, local.committing) = (local.now.clone(), self.now, false);
    }

    /// What other tabs may have written.
    pub fn reread(&mut self, document: usize) {
        let hint = self.hint(document);
        self.heard(document, Some(hint));
    }

    /// What another tab has written.
    pub fn heard(&mut self, document: usize, hint: Option<String>) {
        if self.documents[document].life != Life::Open {
            return;
        }
        let choice = self.choice(self.documents[document].browser);
        if let Some(choice) = choice.filter(|_| choice != self.documents[document].knows) {
            self.documents[document].knows = Some(choice);
            self.consent(document, choice);
        }
        if let Some(hint) = hint {
            self.feed(document, Input::Hint { text: &hint });
        }
    }
}
