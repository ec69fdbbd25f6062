//! The log: one line for each batch, for a person who watches. Never a body, never a query.

use std::io::Write;

use super::ingest::{Batch, Receipt};
use super::text;

/// What is told of a batch, taken before it goes to the store.
pub struct Line {
    who: String,
    events: String,
    bytes: usize,
}

impl Line {
    pub fn of(batch: &Batch, bytes: usize) -> Line {
        let mut counts: Vec<(&str, u32)> = Vec::new();
        for event in &batch.events {
            match counts.iter_mut().find(|(name, _)| *name == event.name) {
                Some((_, count)) => *count += 1,
                None => counts.push((&event.name, 1)),
            }
        }
        let most = 6;
        let mut events: Vec<String> = counts
            .iter()
            .take(most)
            .map(|(name, count)| match count {
                1 => text::short(name, 32),
                _ => format!("{} ×{count}", text::short(name, 32)),
            })
            .collect();
        if counts.len() > most {
            events.push(format!("{} more", counts.len() - most));
        }
        let audience = text::short(batch.visitor.audience.as_deref().unwrap_or("user"), 9);
        let who = format!("{audience:<9} {}", text::short(&batch.session.id, 9));
        Line { who, events: events.join(", "), bytes }
    }

    pub fn with(&self, receipt: &Receipt) -> String {
        let time = text::utc(text::now());
        let mut line = format!(
            "{}  {}  {}  {}  {} accepted",
            time.get(11..).unwrap_or_default(),
            self.who,
            self.events,
            text::bytes(self.bytes),
            receipt.accepted
        );
        if receipt.duplicate > 0 {
            line.push_str(&format!(", {} known before", receipt.duplicate));
        }
        for rejected in &receipt.rejected {
            line.push_str(&format!(", event {} rejected: {}", rejected.seq, rejected.reason));
        }
        line
    }
}

/// A line on standard output. Whoever closed it does not want it; the collector goes on.
pub fn print(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// A line on standard error.
pub fn complain(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", text::printable(line));
}
