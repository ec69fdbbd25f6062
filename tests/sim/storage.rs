//! What a browser keeps, and when it is safe: IndexedDB survives the end of a page and of the browser once a
//! transaction is complete, and runs one transaction that writes at a time.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use passerby::engine::Input;

use crate::beside::{self, events};
use crate::coverage::Fault;
use crate::device::{Browser, Life};
use crate::world::{Due, World};

/// How long the host waits for an answer of the database.
pub const PATIENCE: u64 = 1_000;

/// Tabs without a common memory cannot share a session.
const APART: &str = "a storage that fails";

/// Key and text, or nothing where the row goes.
pub type Rows = Vec<(String, Option<String>)>;

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
    /// Shared, for each transaction is told all of them.
    pub rows: BTreeMap<Rc<str>, Rc<str>>,
    /// Waiting for their turn: number, document, what.
    queue: VecDeque<(u64, usize, Operation)>,
    /// What the running transaction will have written; and the key it is being told, if it is.
    running: Option<(usize, Rows, Option<Rc<str>>)>,
    started: bool,
    next: u64,
    pub full: bool,
    pub silent_until: u64,
}

impl Disk {
    /// Nothing of what this page was to write happens: what that was, in its order.
    pub fn take(&mut self, document: usize) -> Rows {
        let mut taken = Vec::new();
        if let Some((owner, writes, _)) = &mut self.running
            && *owner == document
        {
            taken.append(writes);
        }
        for (_, owner, operation) in &mut self.queue {
            if *owner == document
                && let Operation::Rows(rows) = operation
            {
                taken.append(rows);
            }
        }
        taken
    }
}

impl World {
    pub fn put(&mut self, document: usize, key: &str, write: Write) {
        self.documents[document].writes.insert(key.into(), write);
    }

    /// The writes of a task, as they are at its end; `only` the record and this row.
    fn take_writes(&mut self, document: usize, only: Option<&str>) -> Rows {
        let page = &mut self.documents[document];
        let mut writes = std::mem::take(&mut page.writes);
        if let Some(only) = only {
            page.writes = std::mem::take(&mut writes);
            writes.extend([only, ""].into_iter().filter_map(|key| page.writes.remove_entry(key)));
        }
        let text = |(key, write): (String, Write)| match write {
            Write::AsItIs => page.engine.row(&key).map(|row| (key, Some(row))),
            Write::Text(text) => Some((key, Some(text))),
            Write::Delete => Some((key, None)),
        };
        writes.into_iter().filter_map(text).collect()
    }

    pub fn flush(&mut self, document: usize) {
        if let Some(told) = self.told(document) {
            // Goes along with the transaction that is being told. Other rows may wait to be written after it, by a
            // transaction that has begun and has an older text of them: theirs is the one that comes after that.
            let writes = self.take_writes(document, Some(&told));
            let browser = self.documents[document].browser;
            if let Some((_, along, _)) = &mut self.browsers[browser].disk.running {
                along.extend(writes);
            }
        }
        let writes = self.take_writes(document, None);
        if !writes.is_empty() {
            self.operate(document, Operation::Rows(writes));
        }
    }

    /// The key that this document is being told right now.
    fn told(&self, document: usize) -> Option<Rc<str>> {
        let disk = &self.browsers[self.documents[document].browser].disk;
        disk.running.as_ref().filter(|(owner, ..)| *owner == document).and_then(|(_, _, told)| told.clone())
    }

    fn tell(&mut self, browser: usize, key: Option<Rc<str>>) {
        if let Some((_, _, told)) = &mut self.browsers[browser].disk.running {
            *told = key;
        }
    }

    pub fn operate(&mut self, document: usize, operation: Operation) {
        let browser = self.documents[document].browser;
        if !self.documents[document].storage && !matches!(operation, Operation::Purge) {
            return self.deny(document, matches!(operation, Operation::Merge));
        }
        if self.browsers[browser].blocked {
            return self.fail(document);
        }
        if self.browsers[browser].disk.silent_until > self.now {
            self.strike(document, Fault::StorageHung);
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
                        self.purged.extend(events(&key, &row));
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
        let Browser { disk, local, .. } = &mut self.browsers[browser];
        for (key, text) in writes {
            if local.now.beside.get(&key).is_some_and(|beside| beside == beside::text(text.as_ref())) {
                local.now.beside.remove(&key);
            }
            match text {
                Some(text) if key.is_empty() => disk.record = text,
                Some(text) => drop(disk.rows.insert(key.into(), text.into())),
                None => drop(disk.rows.remove(key.as_str())),
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
        let beside = self.beside(browser);
        let mut rows = self.browsers[browser].disk.rows.clone();
        rows.extend(
            beside.iter().filter_map(|(key, text)| Some((key.as_str().into(), text.as_deref()?.into()))),
        );
        self.browsers[browser].disk.running = Some((document, beside, Some("".into())));
        let record = self.browsers[browser].disk.record.clone();
        self.feed(document, Input::Record { text: &record });
        for (key, text) in rows {
            self.tell(browser, Some(key.clone()));
            self.feed(document, Input::Row { key: &key, text: &text });
        }
        if full {
            self.browsers[browser].disk.running = None;
            return self.fail(document);
        }
        self.tell(browser, Some("".into()));
        self.feed(document, Input::Merged { ok: true });
        self.tell(browser, None);
    }

    /// The host gives the database up, once.
    pub fn fail(&mut self, document: usize) {
        let page = &mut self.documents[document];
        if std::mem::take(&mut page.storage) {
            self.browsers[page.browser].apart = APART;
            let lasting = self.browsers[page.browser].blocked;
            let fault = if lasting { Fault::StorageBlocked } else { Fault::StorageFull };
            self.strike(document, fault);
            self.deny(document, true);
        }
    }

    /// Nothing is written any more; who asks is told, a page that is away when it returns.
    fn deny(&mut self, document: usize, told: bool) {
        let page = &mut self.documents[document];
        page.writes.clear();
        match page.life {
            Life::Open if told => self.feed(document, Input::Merged { ok: false }),
            life => page.merge_waiting |= told && life == Life::Frozen,
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
        let browser = self.documents[document].browser;
        if !self.browsers[browser].blocked {
            let beside = std::mem::take(&mut self.browsers[browser].local.now.beside);
            self.purged.extend(beside.iter().flat_map(|(key, text)| events(key, text)));
        }
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

    /// The browser has gone: what was complete remains.
    pub fn crash(&mut self, browser: usize) {
        let disk = &mut self.browsers[browser].disk;
        disk.queue.clear();
        disk.running = None;
        self.recall(browser);
    }
}
