//! A world: several browsers with three tabs each, a network, one collector; and one agenda, from which time
//! jumps from entry to entry. All chance comes from the seed.

use std::collections::{BTreeMap, HashSet};

use crate::coverage::{Coverage, Fault};
use crate::device::{Browser, Document, TABS};
use crate::draw::Draw;
use crate::ledger::Ledger;
use crate::local::Local;
use crate::network::Weather;
use crate::oracle::{At, Person};
use crate::server::Server;
use crate::storage::{Disk, PATIENCE};

/// 2026-03-02, a Monday, 10:00:00 UTC.
const MORNING: u64 = 1_772_445_600_000;

#[derive(Debug)]
pub enum Due {
    Act {
        browser: usize,
    },
    Wake {
        document: usize,
        at: u64,
    },
    Title {
        document: usize,
    },
    /// The storage event carries what was written, which may have been overwritten by now.
    Storage {
        document: usize,
        hint: Option<String>,
    },
    Commit {
        browser: usize,
    },
    LocalCommit {
        browser: usize,
    },
    Patience {
        document: usize,
        number: u64,
    },
    Awake {
        browser: usize,
        stood: u64,
        slept: u64,
    },
    /// The device goes to sleep.
    Doze {
        browser: usize,
    },
    /// The network is back.
    Online {
        browser: usize,
    },
    /// The privacy signal is switched off.
    Unsignal {
        browser: usize,
    },
    /// There is room on the disk again.
    Room {
        browser: usize,
    },
    Arrive {
        document: usize,
        batch: u32,
        sent: u64,
        body: std::rc::Rc<str>,
        answer: Option<u64>,
    },
    Reply {
        document: usize,
        batch: u32,
        status: u32,
        body: String,
        retry_after: String,
    },
    Weather,
}

pub struct World {
    pub draw: Draw,
    pub now: u64,
    agenda: BTreeMap<(u64, u64), Due>,
    order: u64,
    pub browsers: Vec<Browser>,
    pub documents: Vec<Document>,
    pub server: Server,
    pub weather: Weather,
    /// The collector counts twice what comes twice.
    pub twice: bool,
    pub ledger: Ledger,
    pub coverage: Coverage,
    /// Told by the site so far.
    pub told: u64,
    /// Events that went with their rows when consent was revoked: load and seq.
    pub purged: HashSet<(String, u64)>,
    /// Events whose rows stood beside the hint when a kill set that back.
    pub torn: HashSet<(String, u64)>,
    /// What went wrong.
    pub problems: Vec<String>,
    /// Nothing goes wrong any more.
    pub healed: bool,
    /// A page is in the middle of a task.
    pub tasking: bool,
    /// Every input and output is printed.
    pub show: bool,
}

impl World {
    pub fn new(seed: u64, visitors: usize, acts: u32) -> World {
        let mut draw = Draw::new(seed);
        let twice = draw.chance(120);
        let mut world = World {
            draw,
            now: 1_000_000,
            agenda: BTreeMap::new(),
            order: 0,
            browsers: Vec::new(),
            documents: Vec::new(),
            server: Server::default(),
            weather: Weather::Fair,
            twice,
            ledger: Ledger::default(),
            coverage: Coverage::default(),
            told: 0,
            purged: HashSet::new(),
            torn: HashSet::new(),
            problems: Vec::new(),
            healed: false,
            tasking: false,
            show: false,
        };
        for browser in 0..visitors {
            let fragile = world.draw.chance(250);
            let consent = if world.draw.chance(150) { "\nconsent=required" } else { "" };
            let format = if twice { "\nformat=ndjson" } else { "" };
            let fresh = Browser {
                fragile,
                options: format!("site=shop\ncollector=1{consent}{format}"),
                tabs: [None; TABS],
                person: Person::default(),
                local: Local::default(),
                disk: Disk::default(),
                offline: false,
                signal: false,
                asleep_until: 0,
                blocked: false,
                stood: 0,
                slept: 0,
                kills: Vec::new(),
                dozes: Vec::new(),
                set: 0,
                ahead: 0,
                unsaid: None,
                acts,
                logged_out: 0,
                // Such a one merges no ids.
                apart: if twice { "a collector that counts twice" } else { "" },
            };
            world.browsers.push(fresh);
            let start = world.draw.below(120_000);
            world.plan(start, Due::Act { browser });
        }
        world.plan(0, Due::Weather);
        world
    }

    /// So many milliseconds from now.
    pub fn plan(&mut self, after: u64, due: Due) {
        self.order += 1;
        self.agenda.insert((self.now + after, self.order), due);
    }

    /// Everything that is due until then happens, in order.
    pub fn run_until(&mut self, end: u64) {
        while let Some(entry) = self.agenda.first_entry().filter(|entry| entry.key().0 <= end) {
            let ((at, _), due) = entry.remove_entry();
            self.now = self.now.max(at);
            self.happen(due);
            if !self.problems.is_empty() {
                return;
            }
        }
        self.now = self.now.max(end);
    }

    /// Until everybody has done all they wanted.
    pub fn run(&mut self) {
        while self.problems.is_empty() && self.browsers.iter().any(|browser| browser.acts > 0) {
            self.run_until(self.now + 3_600_000);
        }
    }

    fn happen(&mut self, due: Due) {
        let browser = match &due {
            Due::Act { browser } | Due::Commit { browser } | Due::LocalCommit { browser } => Some(*browser),
            Due::Wake { document, .. }
            | Due::Title { document }
            | Due::Storage { document, .. }
            | Due::Patience { document, .. }
            | Due::Reply { document, .. } => Some(self.documents[*document].browser),
            _ => None,
        };
        if let Some(until) = browser.map(|browser| self.browsers[browser].asleep_until)
            && until >= self.now
        {
            // Timers that stood still as long go on, and the database answers first.
            let patience = if matches!(due, Due::Patience { .. }) { PATIENCE } else { 0 };
            return self.plan(until - self.now + patience, due);
        }
        match due {
            Due::Act { browser } => self.act(browser),
            Due::Wake { document, at } => self.wake(document, at),
            Due::Title { document } => self.title(document),
            Due::Storage { document, hint } => self.heard(document, hint),
            Due::Commit { browser } => self.commit(browser),
            Due::LocalCommit { browser } => self.local_commit(browser),
            Due::Patience { document, number } => self.patience(document, number),
            Due::Awake { browser, stood, slept } => self.awake(browser, stood, slept),
            Due::Doze { browser } => self.doze(browser),
            Due::Online { browser } => self.browsers[browser].offline = false,
            Due::Unsignal { browser } => self.browsers[browser].signal = false,
            Due::Room { browser } => self.browsers[browser].disk.full = false,
            Due::Arrive { document, batch, sent, body, answer } => {
                self.arrive(document, batch, sent, &body, answer);
            }
            Due::Reply { document, batch, status, body, retry_after } => {
                self.reply(document, batch, status, body, retry_after);
            }
            Due::Weather => self.change_weather(),
        }
    }

    /// The clocks of a device.
    pub fn clocks(&self, browser: usize) -> At {
        let browser = &self.browsers[browser];
        let wall = (MORNING + self.now).saturating_add_signed(browser.set);
        At { mono: self.now - browser.stood, wall, awake: self.now - browser.slept }
    }

    pub fn strike(&mut self, document: usize, fault: Fault) {
        self.documents[document].struck.by(fault);
    }

    /// Every document of this browser that is not gone.
    pub fn alive(&self, browser: usize) -> Vec<usize> {
        self.browsers[browser].tabs.iter().copied().flatten().collect()
    }

    pub fn strike_all(&mut self, browser: usize, fault: Fault) {
        self.alive(browser).into_iter().for_each(|document| self.strike(document, fault));
    }
}
