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
    /// By the device's waking time.
    at: u64,
    refused: bool,
}

impl Ledger {
    /// The page has heard how it ended.
    pub fn answered(&mut self, document: usize, batch: u32, status: u32) {
        if matches!(status, 1 | 300..=499 | 503) {
            for event in self.batches.get(&(document, batch)).into_iter().flatten() {
                if let Some(last) = self.tries.get_mut(event) {
                    last.refused = true;
                }
            }
        }
    }

    /// It may have been taken, and nobody knows: or by somebody who is not the collector.
    pub fn is_ambiguous(&self, load: &str, seq: u64) -> bool {
        self.tries.get(&(load.to_owned(), seq)).is_some_and(|last| !last.refused)
    }
}

impl World {
    /// A body goes out.
    pub fn enter(&mut self, document: usize, batch: u32, body: &str) {
        let at = self.clocks(self.documents[document].browser).awake;
        let events: Vec<Event> = body.lines().map(event).collect();
        for event in &events {
            let fresh = Try { document, at, refused: false };
            let Some(before) = self.ledger.tries.insert(event.clone(), fresh) else { continue };
            let before_page = &self.documents[before.document];
            // Its row went with a write that a kill, or a storage that fails, has undone.
            let undone = self.window(before.document).is_killed(before.at) || !before_page.storage;
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
