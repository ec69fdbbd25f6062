//! The far end: the collector's own reading of a beacon, its own facts and fold; and behind them, in place of
//! SQLite, a model of what its store promises: what was appended stays, each (load, seq) once.

use std::collections::{BTreeMap, HashMap, HashSet};

use passerby::collector::facts::{self, Row};
use passerby::collector::ingest::{self, Batch, Event, Receipt, Refusal, Rejected};
use passerby::engine::Audience;
use passerby::engine::fold::{Fact, Rules, Session, Totals};
use serde_json::Value;

#[derive(Debug)]
pub struct Stored {
    pub session: String,
    start: u64,
    pub event: Event,
    /// How often it came.
    pub copies: u64,
}

#[derive(Debug, Default)]
pub struct Server {
    pub events: BTreeMap<(String, u64), Stored>,
    pub rejected: HashSet<(String, u64)>,
    pub drops: BTreeMap<String, u64>,
    /// Every batch as it was first seen, for the real store to be held against.
    pub arrivals: Vec<Batch>,
    contexts: Vec<Context>,
    seen: HashSet<String>,
    sessions: Aliases,
}

#[derive(Debug)]
struct Context {
    load: String,
    session: String,
    started: u64,
    audience: Option<String>,
}

/// Provisional ids, and what each turned out to be.
#[derive(Debug, Default)]
struct Aliases(HashMap<String, String>);

impl Aliases {
    fn resolve(&self, id: &str) -> String {
        self.0.get(id).map_or(id, String::as_str).to_owned()
    }

    fn merge(&mut self, id: &str, was: &[String]) {
        let root = self.resolve(id);
        for alias in was {
            let old = self.resolve(alias);
            if old != root {
                self.0.values_mut().filter(|id| **id == old).for_each(|id| id.clone_from(&root));
                self.0.insert(old, root.clone());
            }
        }
    }
}

/// A session as reports would show it.
#[derive(Debug)]
pub struct Folded {
    pub id: String,
    pub audience: Audience,
    pub totals: Totals,
}

impl Server {
    /// One beacon: stored, or refused as the real one refuses.
    pub fn post(&mut self, body: &[u8]) -> Result<Receipt, Refusal> {
        let batch = ingest::read(body, &ingest::Keep::default())?;
        self.sessions.merge(&batch.session.id, &batch.session.was);
        let mut receipt =
            Receipt { batch: batch.id.clone(), rejected: batch.rejected.clone(), ..Receipt::default() };
        self.rejected.extend(batch.rejected.iter().map(|Rejected { seq, .. }| (batch.load.clone(), *seq)));
        if self.seen.insert(batch.id.clone()) {
            for (reason, count) in &batch.dropped {
                *self.drops.entry(reason.clone()).or_default() += count;
            }
        }
        self.contexts.push(Context {
            load: batch.load.clone(),
            session: batch.session.id.clone(),
            started: batch.session.started,
            audience: batch.visitor.audience.clone(),
        });
        for event in &batch.events {
            let key = (batch.load.clone(), event.seq);
            if let Some(stored) = self.events.get_mut(&key) {
                stored.copies += 1;
                receipt.duplicate += 1;
                continue;
            }
            receipt.accepted += 1;
            let (session, start) = (batch.session.id.clone(), batch.start);
            self.events.insert(key, Stored { session, start, event: event.clone(), copies: 1 });
        }
        self.arrivals.push(batch);
        Ok(receipt)
    }

    /// One event a line, to a collector that is not one of ours: it stores what it can read, and names nothing.
    pub fn post_lines(&mut self, body: &str) -> Result<Receipt, Refusal> {
        for line in body.lines() {
            let mut line: Value = serde_json::from_str(line).expect("JSON");
            line["events"] = Value::Array(vec![line["event"].take()]);
            self.post(line.to_string().as_bytes())?;
        }
        Ok(Receipt::default())
    }

    pub fn session_of(&self, stored: &Stored) -> String {
        self.sessions.resolve(&stored.session)
    }

    /// Every session that holds an event, folded with the collector's own code.
    pub fn sessions(&self) -> Vec<Folded> {
        let mut folds: BTreeMap<String, Session> = BTreeMap::new();
        for stored in self.events.values() {
            folds.entry(self.session_of(stored)).or_default().started = u64::MAX;
        }
        for context in &self.contexts {
            let Some(fold) = folds.get_mut(&self.sessions.resolve(&context.session)) else {
                continue;
            };
            fold.started = fold.started.min(context.started);
            if let Some(audience) = &context.audience {
                fold.apply(&context.load, Fact::Audience { is: Audience::parse(audience) });
            }
        }
        for ((load, _), stored) in &self.events {
            let Some(fold) = folds.get_mut(&self.session_of(stored)) else { continue };
            if let Ok(fact) = facts::read(&Row::new(&stored.event, stored.start)) {
                fold.apply(load, fact);
            }
        }
        let rules = Rules::default();
        let folded = |(id, fold): (String, Session)| Folded {
            id,
            audience: fold.audience,
            totals: fold.totals(&rules),
        };
        folds.into_iter().map(folded).collect()
    }
}
