//! What there is in a world: browsers, and the documents in their tabs.

use std::collections::BTreeMap;

use passerby::engine::{Choice, Engine, Stamp};

use crate::coverage::Struck;
use crate::local::Local;
use crate::oracle::{Consent, Person};
use crate::storage::{Disk, Write};
use crate::world::World;

pub const TABS: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// Loaded ahead of time; nobody has seen it.
    Prerendered,
    Open,
    /// In the back/forward cache.
    Frozen,
    Gone,
}

pub struct Document {
    pub browser: usize,
    /// The oracle's number of it.
    pub page: usize,
    pub engine: Engine,
    /// Its engine's id, once it has been heard.
    pub load: String,
    pub life: Life,
    pub url: String,
    pub visible: bool,
    /// The device's monotonic clock when it began.
    pub origin: u64,
    pub wake: Option<u64>,
    /// How often it woke since it last had something to do, and when it did last.
    pub idle: u32,
    pub woke: u64,
    pub untitled: bool,
    pub writes: BTreeMap<String, Write>,
    /// Its host still uses the database.
    pub storage: bool,
    /// A transaction to be opened when the task has ended.
    pub merge_wanted: bool,
    /// A transaction that waits for the page to come back.
    pub merge_waiting: bool,
    pub knows: Option<Choice>,
    /// The privacy signal, as last read.
    pub signal: bool,
    /// Answers that came while it was away.
    pub held: Vec<(u32, u32, String, String)>,
    /// When, by the device's waking time, each of its events was accepted.
    pub made: Vec<u64>,
    /// The last of its events that is not stored, though the page did not end with it.
    pub dropped: u64,
    /// When it last heard of anything; and whether the clock, which was put forward since, was put back before it did
    /// again: it cannot know that its leases ran out in between.
    pub heard: u64,
    pub misled: bool,
    pub struck: Struck,
    pub killed: Option<u64>,
}

pub struct Browser {
    pub options: String,
    pub tabs: [Option<usize>; TABS],
    pub person: Person,
    pub local: Local,
    pub disk: Disk,
    pub offline: bool,
    pub signal: bool,
    pub asleep_until: u64,
    /// Its storage may fail, and its clock be set back by hours: its tabs cannot always agree on a session.
    pub fragile: bool,
    /// Storage throws on the very mention.
    pub blocked: bool,
    /// Milliseconds its monotonic clock stood still, and those its wall clock was set by.
    pub stood: u64,
    pub set: i64,
    /// When the wall clock last ran ahead of the monotonic one.
    pub ahead: u64,
    /// Milliseconds it has slept; and when, by its waking time, the browser was killed and fell asleep.
    pub slept: u64,
    pub kills: Vec<u64>,
    pub dozes: Vec<u64>,
    /// What the visitor had said, if a kill has taken it.
    pub unsaid: Option<Choice>,
    pub acts: u32,
    /// When somebody last logged out.
    pub logged_out: u64,
    /// Why the sessions of this browser are not held against the oracle's; empty while they are.
    pub apart: &'static str,
}

impl World {
    /// A document begins.
    pub fn begin(&mut self, browser: usize, url: &str) -> usize {
        let at = self.clocks(browser);
        let entropy = [self.draw.bits(), self.draw.bits(), self.draw.bits(), self.draw.bits()];
        let holder = &mut self.browsers[browser];
        let required = holder.options.contains("consent=required");
        let page = holder.person.open(at, if required { Consent::Asked } else { Consent::Given });
        self.documents.push(Document {
            browser,
            page,
            engine: Engine::new(&holder.options, entropy, Stamp { mono: 0, wall: at.wall }),
            load: String::new(),
            life: Life::Open,
            url: url.into(),
            visible: false,
            origin: at.mono,
            wake: None,
            idle: 0,
            woke: 0,
            untitled: false,
            writes: BTreeMap::new(),
            storage: true,
            merge_wanted: false,
            merge_waiting: false,
            knows: None,
            signal: false,
            held: Vec::new(),
            made: Vec::new(),
            dropped: 0,
            heard: 0,
            misled: false,
            struck: Struck::default(),
            killed: None,
        });
        self.documents.len() - 1
    }
}
