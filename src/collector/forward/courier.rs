//! One destination's way through the arrivals.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use super::cursor::{Cursor, Cursors};
use super::destination::{Destination, Reply};
use crate::collector::store::{Arrived, Fault};
use crate::collector::text;
use crate::wire::formats::Outcome;

const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(300);
const REFUSED_WAIT: Duration = Duration::from_secs(30);
const LONGEST_REFUSED_WAIT: Duration = Duration::from_secs(3_600);
/// What somebody else asks us to wait is heeded up to here.
const LONGEST_ASKED: Duration = Duration::from_secs(3_600);

/// Requests on their way at a time to who counts once what arrives twice.
const TOGETHER: usize = 8;

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// There is more of this arrival.
    On,
    /// All of it is done with.
    Done,
    /// Not before so long; why.
    Wait(Duration, String),
}

#[derive(Debug)]
pub struct Courier {
    pub destination: Destination,
    cursors: Cursors,
    pub cursor: Cursor,
    /// Events in a request: halved when one is too large or has something in it that they never take.
    most: usize,
    /// Events of this arrival that they have refused.
    without: BTreeSet<u64>,
    failures: u32,
    /// The last request was taken: only then is more than one risked.
    taken: bool,
}

impl Courier {
    /// Goes on from where it was; `newest` is where a new one begins.
    pub fn new(destination: Destination, cursors: Cursors, newest: i64) -> Result<Courier, Fault> {
        let known = cursors.read(&destination.name)?;
        let mut cursor = known.unwrap_or(Cursor { arrival: newest, ..Cursor::default() });
        if !destination.format.deduplicates {
            // It ended with a request on its way: sent again, it might be counted twice.
            cursor.events += cursor.flying;
            cursor.unconfirmed += cursor.flying;
        }
        cursor.flying = 0;
        let most = destination.format.events;
        let without = BTreeSet::new();
        let courier = Courier { destination, cursors, cursor, most, without, failures: 0, taken: false };
        courier.save()?;
        Ok(courier)
    }

    /// How many arrivals `together` would send.
    pub fn ahead(&self) -> usize {
        let calm = self.taken && self.cursor.events == 0 && self.without.is_empty();
        if calm && self.destination.format.deduplicates { TOGETHER } else { 1 }
    }

    /// Whole arrivals, one request each, all at once. Their answers are obeyed in order up to the first that is not
    /// done with its arrival: what comes after that one is sent again, as it is after this process was killed.
    pub fn together(&mut self, all: &[Arrived]) -> Result<Step, Fault> {
        let whole = |one: &&Arrived| (1..=self.most).contains(&one.events.len());
        let all: Vec<&Arrived> = all.iter().take_while(whole).collect();
        let destination = &self.destination;
        let replies: Vec<Option<Reply>> = thread::scope(|scope| {
            let send = |one: &&Arrived| {
                let batch = one.batch(&one.events.iter().collect::<Vec<_>>(), text::now());
                scope.spawn(move || destination.send(&batch))
            };
            let sent: Vec<_> = all.iter().map(send).collect();
            sent.into_iter().map(|thread| thread.join().ok()).collect()
        });
        for (one, reply) in all.into_iter().zip(replies) {
            let Some(reply) = reply else { break };
            let events: Vec<_> = one.events.iter().collect();
            let step = self.obey(reply, &events, &events)?;
            if step != Step::On || self.cursor.events < events.len() as u64 {
                return Ok(step);
            }
            self.step(one)?;
        }
        Ok(Step::On)
    }

    /// One request at most.
    pub fn step(&mut self, arrived: &Arrived) -> Result<Step, Fault> {
        let from = usize::try_from(self.cursor.events).unwrap_or(usize::MAX);
        let left = arrived.events.get(from..).unwrap_or_default();
        let part: Vec<&(u64, String)> = left.iter().take(self.most).collect();
        let events: Vec<_> = part.iter().copied().filter(|event| !self.without.contains(&event.0)).collect();
        if part.is_empty() {
            self.cursor.arrival = arrived.id;
            self.cursor.events = 0;
            self.without.clear();
            self.save()?;
            return Ok(Step::Done);
        }
        if events.is_empty() {
            return self.advance(part.len(), 0);
        }
        if !self.destination.format.deduplicates {
            self.cursor.flying = part.len() as u64;
            self.save()?;
        }
        let reply = self.destination.send(&arrived.batch(&events, text::now()));
        self.obey(reply, &part, &events)
    }

    fn obey(
        &mut self,
        reply: Reply,
        part: &[&(u64, String)],
        events: &[&(u64, String)],
    ) -> Result<Step, Fault> {
        self.cursor.flying = 0;
        self.taken = matches!(reply.outcome, Some(Outcome::Acknowledged { .. }));
        match reply.outcome {
            Some(Outcome::Acknowledged { refused }) => {
                let refused = refused.len().min(events.len());
                self.cursor.forwarded += (events.len() - refused) as u64;
                self.most = (self.most * 2).min(self.destination.format.events);
                self.advance(part.len(), refused)
            }
            Some(Outcome::Without(at)) => {
                let before = self.without.len();
                self.without.extend(at.iter().filter_map(|at| events.get(*at)).map(|event| event.0));
                match self.without.len() - before {
                    // It named none of ours.
                    0 => self.halve(part.len()),
                    refused => self.count(refused).map(|()| Step::On),
                }
            }
            Some(Outcome::Drop | Outcome::Split) => self.halve(part.len()),
            Some(Outcome::Retry) => {
                self.save()?;
                Ok(self.wait(&reply))
            }
            None => {
                self.cursor.unconfirmed += events.len() as u64;
                self.advance(part.len(), 0)?;
                Ok(self.wait(&reply))
            }
        }
    }

    /// Which event it is shows when it is alone; then that one is refused.
    fn halve(&mut self, events: usize) -> Result<Step, Fault> {
        if events == 1 {
            self.most = self.destination.format.events;
            return self.advance(1, 1);
        }
        self.most = events.div_ceil(2);
        self.save()?;
        Ok(Step::On)
    }

    fn advance(&mut self, events: usize, refused: usize) -> Result<Step, Fault> {
        self.failures = 0;
        self.cursor.events += events as u64;
        self.count(refused)?;
        Ok(Step::On)
    }

    fn count(&mut self, refused: usize) -> Result<(), Fault> {
        self.cursor.refused += refused as u64;
        self.save()
    }

    fn save(&self) -> Result<(), Fault> {
        self.cursors.write(&self.destination.name, &self.cursor)
    }

    /// Doubled with each failure, up to a ceiling.
    fn wait(&mut self, reply: &Reply) -> Step {
        let (first, longest) = match reply.refused {
            true => (REFUSED_WAIT, LONGEST_REFUSED_WAIT),
            false => (FIRST_WAIT, LONGEST_WAIT),
        };
        let grown = first.saturating_mul(1 << self.failures.min(16)).min(longest);
        self.failures += 1;
        let asked = Duration::from_secs(reply.wait).min(LONGEST_ASKED);
        Step::Wait(grown.max(asked), reply.said.clone())
    }
}
