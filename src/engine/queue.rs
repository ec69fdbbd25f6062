//! Batches from their first event to acknowledgement or drop.
//!
//! A batch is one (load, visitor, session, timeline) and is also one row of the stored queue, so that what a
//! crash leaves behind is sent again as it was: same batch, same (load, seq). Rows of documents that are gone
//! are claimed under a lease and become batches here.
//!
//! Not here: when to send and what an answer means (`delivery`).

use alloc::string::String;
use alloc::vec::Vec;

use super::identity::Fields;
use super::url;
use crate::wire::text::{Put, cut, owned};
use crate::wire::{json, limits};

/// Why an event was not delivered; travels in a later batch.
pub type Drops = Vec<(&'static str, u32)>;

pub fn count_drop(drops: &mut Drops, reason: &'static str, events: u32) {
    match drops.iter_mut().find(|drop| drop.0 == reason) {
        Some(drop) => drop.1 += events,
        None => drops.push((reason, events)),
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Still taking events.
    #[default]
    Open,
    /// Complete, waiting for its turn.
    Ready,
    /// Handed to the network.
    Flying,
    /// Handed to the network where no answer may come.
    Unconfirmed,
}

#[derive(Debug, Default)]
pub struct Batch {
    /// Names the batch between engine and host.
    pub number: u32,
    /// `load:n`: names the batch on the wire and its row.
    pub key: String,
    /// The context all its events share, as JSON members without braces.
    pub head: String,
    /// Whose document it is from, with a clock we can still read.
    pub own: bool,
    /// Wall time at which its timeline began, and this page's monotonic time then.
    pub start: u64,
    pub origin: u64,
    pub created: u64,
    pub opened: u64,
    /// `seq` and JSON text.
    pub events: Vec<(u32, String)>,
    pub bytes: usize,
    /// `"dropped"` as JSON, or empty.
    pub dropped: String,
    pub state: State,
    /// Handed to the network at least once.
    pub sent: bool,
    pub attempts: u32,
}

#[derive(Debug, Default)]
pub struct Queue {
    pub batches: Vec<Batch>,
    next: u32,
}

impl Queue {
    /// A new batch of this document, at the end.
    pub fn open(&mut self, load: &str, head: String) -> Batch {
        self.next += 1;
        let bytes = head.len();
        Batch {
            number: self.next,
            key: url::key(load, self.next),
            head,
            own: true,
            bytes,
            ..Batch::default()
        }
    }

    pub fn find(&mut self, number: u32) -> Option<&mut Batch> {
        self.batches.iter_mut().find(|batch| batch.number == number)
    }

    /// Takes it out; an empty one where there is none.
    pub fn remove(&mut self, number: u32) -> Batch {
        let mut removed = Batch::default();
        self.batches.retain_mut(|batch| {
            let stays = batch.number != number;
            if !stays {
                removed = core::mem::take(batch);
            }
            stays
        });
        removed
    }

    pub fn events(&self) -> usize {
        self.batches.iter().map(|batch| batch.events.len()).sum()
    }

    pub fn bytes(&self) -> usize {
        self.batches.iter().map(|batch| batch.bytes).sum()
    }

    /// A stored row of another document as a batch of ours.
    pub fn adopt(&mut self, key: &str, row: Row) -> u32 {
        self.next += 1;
        self.batches.push(Batch {
            number: self.next,
            key: owned(key),
            head: owned(row.head),
            start: row.start,
            created: row.created,
            bytes: row.events.iter().map(|event| event.1.len()).sum(),
            events: row.events,
            dropped: owned(row.dropped),
            state: State::Ready,
            ..Batch::default()
        });
        self.next
    }

    /// Halves a batch the collector found too large: the second half becomes a batch of its own.
    pub fn split(&mut self, number: u32, load: &str) -> u32 {
        let Some(batch) = self.find(number) else { return 0 };
        let all = core::mem::take(&mut batch.events);
        let half = all.len().div_ceil(2);
        let (head, own, start, origin, created) =
            (batch.head.clone(), batch.own, batch.start, batch.origin, batch.created);
        let mut rest = self.open(load, head);
        (rest.own, rest.start, rest.origin, rest.created, rest.state) =
            (own, start, origin, created, State::Ready);
        // Its events have been counted as sent.
        rest.sent = true;
        if let Some(batch) = self.find(number) {
            batch.bytes = batch.head.len();
            for (at, (seq, event)) in all.into_iter().enumerate() {
                if at < half { batch.push(seq, event) } else { rest.push(seq, event) }
            }
        }
        let number = rest.number;
        self.batches.push(rest);
        number
    }
}

impl Batch {
    pub fn push(&mut self, seq: u32, event: String) {
        self.bytes += event.len() + 1;
        self.events.push((seq, event));
    }

    /// Room for one more event of this size, with its brackets and the members added at send.
    pub fn has_room(&self, event: usize) -> bool {
        self.events.len() < limits::BATCH_EVENTS && self.bytes + event + 512 < limits::BATCH_BYTES * 3 / 4
    }

    /// What is posted: native v1, or one self-contained line an event.
    pub fn body(&self, mono: u64, wall: u64, ndjson: bool) -> String {
        let mut out = String::new();
        // Another document's monotonic clock cannot be read any more; its timeline's wall start can.
        let clock = if self.own { mono.saturating_sub(self.origin) } else { wall.saturating_sub(self.start) };
        let context = |out: &mut String| {
            let mut object = json::Object::new(out);
            object.number("passerby", 1);
            object.text("batch", &self.key);
            object.number("sent", wall);
            object.number("clock", clock);
            out.put_byte(b',');
            out.put(&self.head);
        };
        if ndjson {
            for (_, event) in &self.events {
                context(&mut out);
                out.put(",\"event\":");
                out.put(event);
                out.put("}\n");
            }
            return out;
        }
        context(&mut out);
        out.put(",\"events\":[");
        for (_, event) in &self.events {
            json::item(&mut out).put(event);
        }
        out.put_byte(b']');
        if !self.dropped.is_empty() {
            out.put(",\"dropped\":");
            out.put(&self.dropped);
        }
        out.put_byte(b'}');
        out
    }

    /// The row as stored: lease, creation and timeline, context, drops, then an event a line. JSON written
    /// here holds no line break.
    pub fn row(&self, lease: u64) -> String {
        let mut out = String::new();
        for number in [lease, self.created, self.start] {
            json::number(&mut out, number);
            out.put_byte(b'\t');
        }
        for text in [&self.head, &self.dropped] {
            out.put_byte(b'\n');
            out.put(text);
        }
        for (_, event) in &self.events {
            out.put_byte(b'\n');
            out.put(event);
        }
        out
    }
}

/// A row read back.
#[derive(Debug)]
pub struct Row<'a> {
    pub lease: u64,
    created: u64,
    start: u64,
    head: &'a str,
    dropped: &'a str,
    pub events: Vec<(u32, String)>,
}

impl<'a> Row<'a> {
    pub fn parse(text: &'a str) -> Option<Row<'a>> {
        let (first, rest) = cut(text, b'\n');
        let (head, rest) = cut(rest, b'\n');
        let (dropped, mut rest) = cut(rest, b'\n');
        let mut numbers = Fields(first);
        let (lease, created, start) = (numbers.number(), numbers.number(), numbers.number());
        let mut row = Row { lease, created, start, head, dropped, events: Vec::new() };
        while !rest.is_empty() {
            let (line, after) = cut(rest, b'\n');
            rest = after;
            let seq = json::parse_number(line.strip_prefix("{\"seq\":")?) as u32;
            row.events.push((seq, owned(line)));
        }
        (!head.is_empty()).then_some(row)
    }

    pub fn is_expired(&self, wall: u64) -> bool {
        wall.saturating_sub(self.created) > limits::QUEUE_AGE_MS
    }
}
