//! What was handed to the network for a collector that counts twice: no event goes out again unless the answer
//! said for certain that it was not taken.

use std::collections::HashMap;

use crate::world::World;

/// Load and seq.
type Event = (String, u64);

#[derive(Debug, Default)]
pub struct Ledger {
    tries: HashMap<Event, Try>,
    batches: HashMap<(usize, u32), Vec<Event>>,
}

#[derive(Clone, Copy, Debug)]
struct Try {
    document: usize,
    batch: u32,
    /// When it was made or refused, by the device's waking time.
    at: u64,
    refused: bool,
    /// The device fell asleep while its row was written, and two pages hold it since.
    shared: bool,
}

impl World {
    /// It may have been taken, and nobody knows, or by somebody who is not the collector; or it was refused, and its
    /// row was being written once more when a kill came, or could not be.
    pub fn is_lost(&self, load: &str, seq: u64) -> bool {
        let last = self.ledger.tries.get(&(load.to_owned(), seq));
        last.is_some_and(|last| {
            let unkept = !self.documents[last.document].storage;
            !last.refused || unkept || self.window(last.document).is_killed(last.at)
        })
    }

    /// The page has heard how it ended.
    pub fn answered(&mut self, document: usize, batch: u32, status: u32) {
        let at = self.clocks(self.documents[document].browser).awake;
        if !matches!(status, 1 | 300..=499 | 503) {
            return;
        }
        for event in self.ledger.batches.get(&(document, batch)).into_iter().flatten() {
            // Of this try; another page may have made the last.
            let mine = |last: &&mut Try| (last.document, last.batch) == (document, batch);
            if let Some(last) = self.ledger.tries.get_mut(event).filter(mine) {
                (last.refused, last.at) = (true, at);
            }
        }
    }

    /// A body goes out.
    pub fn enter(&mut self, document: usize, batch: u32, body: &str) {
        let at = self.clocks(self.documents[document].browser).awake;
        let events: Vec<Event> = body.lines().map(event).collect();
        for event in &events {
            let mut fresh = Try { document, batch, at, refused: false, shared: false };
            let Some(before) = self.ledger.tries.get(event).copied() else {
                self.ledger.tries.insert(event.clone(), fresh);
                continue;
            };
            // Its row went with a write that a kill, a sleep or a storage that fails has undone; or a page that has
            // lost its storage cannot know that another has taken on its row.
            let cut_off = [before.document, document].iter().any(|page| !self.documents[*page].storage);
            let window = self.window(before.document);
            fresh.shared = before.shared || window.is_asleep(before.at);
            let undone = window.is_killed(before.at) || fresh.shared || cut_off || self.torn.contains(event);
            self.ledger.tries.insert(event.clone(), fresh);
            if !before.refused && !undone {
                self.problems.push(format!("document {document} sends {event:?} again, as {before:?} did"));
            }
        }
        self.ledger.batches.insert((document, batch), events);
    }
}

/// The event of a line.
fn event(line: &str) -> Event {
    let after = |word: &str| line.split_once(word).map_or("", |(_, rest)| rest);
    let load = after("\"load\":\"").split('"').next().unwrap_or_default();
    let seq = after("\"event\":{\"seq\":").split(',').next().unwrap_or_default();
    (load.into(), seq.parse().expect("a seq"))
}
