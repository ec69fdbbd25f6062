//! Batches from their first event to acknowledgement or drop.
//!
//! A batch is one (load, visitor, session, timeline) and is also one row of the stored queue, so that what a
//! crash leaves behind is sent again as it was: same batch, same (load, seq). Rows of documents that are gone
//! are claimed under a lease and become batches here.
//!
//! Not here: when to send and what an answer means (`delivery`).

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::identity::Fields;
use super::time::Stamp;
use super::url;
use crate::wire::text::{Parts, Put, cut, owned};
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
    /// When its row was last written: other tabs leave it alone for a lease from then.
    pub kept: Stamp,
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
    #[expect(
        clippy::vec_box,
        reason = "taken out and put back as one pointer: 100 B less in the hot module"
    )]
    pub batches: Vec<Box<Batch>>,
    next: u32,
}

impl Queue {
    /// A new batch of this document, at the end.
    pub fn open(&mut self, load: &str, head: String) -> Box<Batch> {
        self.next += 1;
        let mut batch = Batch::new();
        batch.number = self.next;
        batch.key = url::key(load, self.next);
        batch.bytes = head.len();
        batch.head = head;
        batch.own = true;
        batch
    }

    pub fn find(&mut self, number: u32) -> Option<&mut Batch> {
        self.batches.iter_mut().find(|batch| batch.number == number).map(AsMut::as_mut)
    }

    /// Takes it out; an empty one where there is none.
    pub fn remove(&mut self, number: u32) -> Box<Batch> {
        match self.batches.iter().position(|batch| batch.number == number) {
            Some(at) => self.batches.remove(at),
            None => Batch::new(),
        }
    }

    pub fn events(&self) -> usize {
        self.batches.iter().map(|batch| batch.events.len()).sum()
    }

    pub fn bytes(&self) -> usize {
        self.batches.iter().map(|batch| batch.bytes).sum()
    }

    /// The number given last.
    pub fn last(&self) -> u32 {
        self.next
    }

    /// Takes on a batch of another document.
    pub fn adopt(&mut self, mut batch: Box<Batch>) {
        self.next += 1;
        batch.number = self.next;
        self.batches.push(batch);
    }

    /// Halves a batch the collector found too large: the later events become a batch of their own.
    pub fn split(&mut self, number: u32, load: &str) {
        let mut batch = self.remove(number);
        let mut part = self.open(load, owned(&batch.head));
        (part.own, part.start, part.origin) = (batch.own, batch.start, batch.origin);
        (part.created, part.state, part.sent) = (batch.created, State::Ready, true);
        batch.state = State::Ready;
        let half = batch.events.len().div_ceil(2);
        while batch.events.len() > half {
            let (seq, event) = batch.events.remove(half);
            batch.bytes -= event.len() + 1;
            part.push(seq, event);
        }
        if mutant!("a split that forgets an event") {
            part.events.pop();
        }
        self.batches.push(batch);
        self.batches.push(part);
    }
}

impl Batch {
    #[inline(never)]
    fn new() -> Box<Batch> {
        Box::default()
    }

    pub fn push(&mut self, seq: u32, event: String) {
        self.bytes += event.len() + 1;
        self.events.push((seq, event));
    }

    /// The `seq` of the event at this position; 0, which is nobody's, beyond the last.
    #[cfg(feature = "formats")]
    pub fn seq(&self, at: usize) -> u64 {
        self.events.get(at).map_or(0, |event| u64::from(event.0))
    }

    /// Handed to the network.
    pub fn has_left(&self) -> bool {
        !matches!(self.state, State::Open | State::Ready)
    }

    /// Room for one more event of this size, with its brackets and the members added at send.
    pub fn has_room(&self, event: usize) -> bool {
        self.events.len() < limits::BATCH_EVENTS && self.bytes + event + 512 < limits::BATCH_BYTES * 3 / 4
    }

    /// What is posted: native v1, or one self-contained line an event.
    /// `frozen`: it may leave much later, so that no clock can be read from when it comes.
    pub fn body(&self, at: Stamp, ndjson: bool, frozen: bool) -> String {
        let mut out = String::new();
        // Another document's monotonic clock cannot be read any more; its timeline's wall start can.
        let clock =
            if self.own { at.mono.saturating_sub(self.origin) } else { at.wall.saturating_sub(self.start) };
        let context = |out: &mut String| {
            let mut object = json::Object::new(out);
            object.number("passerby", 1);
            object.text("batch", &self.key);
            object.number("sent", at.wall);
            object.number("clock", clock);
            if frozen {
                object.flag("frozen", true);
            }
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
        for number in &[lease, self.created, self.start] {
            json::number(&mut out, *number);
            out.put_byte(b'\t');
        }
        for text in &[&self.head, &self.dropped] {
            out.put_byte(b'\n');
            out.put(text);
        }
        for (_, event) in &self.events {
            out.put_byte(b'\n');
            out.put(event);
        }
        out
    }

    /// A row read back. `None`: it is none of ours.
    pub fn parse(key: &str, text: &str) -> Option<Box<Batch>> {
        let (first, rest) = cut(text, b'\n');
        let (head, rest) = cut(rest, b'\n');
        let (dropped, rest) = cut(rest, b'\n');
        let mut numbers = Fields(first);
        numbers.text();
        let mut batch = Batch::new();
        batch.key = owned(key);
        batch.head = owned(head);
        batch.dropped = owned(dropped);
        batch.created = numbers.number();
        batch.start = numbers.number();
        batch.state = State::Ready;
        for line in Parts(rest, b'\n') {
            let seq = json::parse_number(line.strip_prefix("{\"seq\":")?) as u32;
            batch.push(seq, owned(line));
        }
        (!head.is_empty()).then_some(batch)
    }

    pub fn is_expired(&self, wall: u64) -> bool {
        wall.saturating_sub(self.created) > limits::QUEUE_AGE_MS
    }
}
