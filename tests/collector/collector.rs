//! The real ingest and store at the other end of the engine's simulated browser (`tests/engine/world.rs`).

use passerby::collector::ingest::{self, Keep};
use passerby::collector::session;
use passerby::collector::store::{Arrival, Listed, Store, Through};
use passerby::collector::visitors::{Person, people};
use serde_json::Value;

pub struct Collector {
    store: Store,
    /// Everything is stored and no answer comes back.
    pub lossy: bool,
    pub duplicates: u64,
    pub retry_after: String,
}

pub struct Reply {
    pub status: u32,
    pub body: String,
}

impl Default for Collector {
    fn default() -> Collector {
        let store = Store::memory().unwrap();
        Collector { store, lossy: false, duplicates: 0, retry_after: String::new() }
    }
}

impl Collector {
    pub fn post(&mut self, body: &str) -> Reply {
        let batch = ingest::read(body.as_bytes(), &Keep::default())
            .unwrap_or_else(|refusal| panic!("{refusal:?}\n{body}"));
        assert_eq!(batch.rejected, [], "{body}");
        let receipt = self.store.ingest(&[Arrival { batch: &batch, received: None }]).unwrap().remove(0);
        self.duplicates += receipt.duplicate;
        match self.lossy {
            true => Reply { status: 0, body: String::new() },
            false => Reply { status: 200, body: receipt.json().to_string() },
        }
    }

    /// The session as `summary --session ID --json` tells it.
    pub fn summary(&self, id: &str) -> Value {
        let Listed::One { site, id } = self.store.find(id).unwrap() else { panic!("no session {id}") };
        let folded = self.store.session(&site, &id, &Through::Everything).unwrap().unwrap();
        session::json(&self.store, &site, &id, &folded, 0).unwrap()
    }

    /// The visitors, measured as of this moment.
    pub fn people(&self, now: u64, segments: &str) -> Vec<Person> {
        let sessions = self.store.sessions(&Through::Everything).unwrap();
        people(&self.store, &sessions, sessions.len(), now, segments).unwrap()
    }

    pub fn sessions(&self) -> usize {
        self.store.sessions(&Through::Everything).unwrap().len()
    }
}
