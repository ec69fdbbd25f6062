//! After a world: the books are held against the oracle's.

use std::collections::HashMap;

use serde_json::Value;

use crate::coverage::{Fault, Outcome};
use crate::device::{Document, Life};
use crate::fate::SILENCE;
use crate::oracle::Consent;
use crate::world::World;

const MINUTE: u64 = 60_000;
/// Before its write is complete an event does not survive a kill: the stated window.
const WINDOW: u64 = 1_000;
/// What a page is read for is told once a minute.
pub const UNREPORTED: u64 = MINUTE + WINDOW;

/// When a kill undoes what a document has just had written.
pub struct Window<'a> {
    kills: Vec<&'a u64>,
    dozes: &'a [u64],
    long: u64,
}

impl Window<'_> {
    /// Whether what was written then may be undone.
    pub fn is_killed(&self, written: u64) -> bool {
        self.kills.iter().any(|killed| (written..=written + self.long).contains(killed))
    }

    /// Whether the device fell asleep in the middle of it: another tab may be the first to go on.
    pub fn is_asleep(&self, written: u64) -> bool {
        self.dozes.iter().any(|doze| doze.abs_diff(written) <= self.long)
    }
}

impl World {
    pub fn window(&self, document: usize) -> Window<'_> {
        let page = &self.documents[document];
        let long = if page.struck.has(Fault::StorageHung) { WINDOW + SILENCE } else { WINDOW };
        let browser = &self.browsers[page.browser];
        Window { kills: page.killed.iter().chain(&browser.kills).collect(), dozes: &browser.dozes, long }
    }

    /// Every law, for every browser.
    pub fn judge(&mut self) {
        let stored = self.by_document();
        let mut problems = std::mem::take(&mut self.problems);
        for browser in 0..self.browsers.len() {
            let mine: Vec<usize> = (0..self.documents.len())
                .filter(|document| self.documents[*document].browser == browser)
                .collect();
            let mut missing = Vec::new();
            for document in &mine {
                missing.extend(
                    self.count(*document, &stored[*document]).into_iter().map(|event| (*document, event)),
                );
            }
            let dropped: u64 = mine.iter().map(|document| dropped(&self.documents[*document])).sum();
            if missing.len() as u64 > dropped {
                let count = missing.len();
                missing.truncate(9);
                problems.push(format!(
                    "browser {browser}: {count} events neither stored, nor lost as stated; {dropped} dropped; \
                     missing (document, (seq, when)): {missing:?}",
                ));
            }
            let rows = self.browsers[browser].disk.rows.len() + self.browsers[browser].local.now.beside.len();
            if rows > 0 {
                problems.push(format!("browser {browser}: {rows} rows left behind"));
            }
        }
        self.problems = problems;
        self.judge_sessions();
    }

    /// The events stored of each document, by seq.
    fn by_document(&self) -> Vec<HashMap<u64, u64>> {
        let loads: HashMap<&str, usize> =
            self.documents.iter().enumerate().map(|(at, document)| (document.load.as_str(), at)).collect();
        let mut stored = vec![HashMap::new(); self.documents.len()];
        for ((load, seq), event) in &self.server.events {
            if let Some(at) = loads.get(load.as_str()) {
                stored[*at].insert(*seq, event.copies);
            }
        }
        stored
    }

    /// How the events of one document ended; those missing without an excuse.
    fn count(&mut self, document: usize, stored: &HashMap<u64, u64>) -> Vec<(u64, u64)> {
        let page = &self.documents[document];
        let again = stored.values().filter(|copies| **copies > 1).count();
        let (mut lost, mut refused, mut dropped, mut missing) = (0, 0, 0, Vec::new());
        let window = self.window(document);
        for (at, made) in page.made.iter().enumerate() {
            if stored.contains_key(&(at as u64 + 1)) {
                continue;
            }
            let seq = at as u64 + 1;
            let killed = window.is_killed(*made);
            let unkept = page.life == Life::Gone && !page.storage;
            let unasked = self.browsers[page.browser].person.documents[page.page].consent == Consent::Asked;
            let key = (page.load.clone(), seq);
            let over = killed || unkept || unasked;
            if !over {
                dropped = seq;
            }
            if self.purged.contains(&key) || (self.twice && self.server.rejected.contains(&key)) {
                refused += 1;
                continue;
            }
            if over || self.torn.contains(&key) || self.is_lost(&page.load, seq) {
                lost += 1;
            } else {
                missing.push((seq, *made));
            }
        }
        self.documents[document].dropped = dropped;
        let page = &self.documents[document];
        let struck = page.struck;
        let counts = [
            (Outcome::Stored, stored.len()),
            (Outcome::Again, again),
            (Outcome::Dropped, missing.len() + refused),
            (Outcome::Lost, lost),
        ];
        self.coverage.events += page.made.len() as u64;
        counts.into_iter().for_each(|(outcome, events)| self.coverage.count(struck, outcome, events as u64));
        if stored.len() > self.documents[document].made.len() {
            self.problems.push(format!("document {document}: more stored than was ever accepted"));
        }
        missing
    }
}

/// Events this document had accepted and then dropped.
fn dropped(page: &Document) -> u64 {
    let summary: Value = serde_json::from_str(&page.engine.summary()).expect("the summary is JSON");
    let dropped = summary["delivery"]["dropped"].as_object().expect("dropped");
    let counted = |(reason, _): &(&String, &Value)| {
        ["rejected", "expired", "overflow", "consent", "too_large"].contains(&reason.as_str())
    };
    dropped.iter().filter(counted).map(|(_, count)| count.as_u64().unwrap_or(0)).sum()
}
