//! A world: several browsers with three tabs each, a network, one collector; and one agenda, from which time
//! jumps from entry to entry. All chance comes from the seed.

use std::collections::{BTreeMap, HashSet};

use passerby::engine::{Choice, Input, Output, Stamp};

use crate::coverage::{Coverage, Fault};
use crate::device::{Browser, Document, Life, TABS};
use crate::draw::Draw;
use crate::ledger::Ledger;
use crate::local::Local;
use crate::network::Weather;
use crate::oracle::{At, Consent, Person};
use crate::server::Server;
use crate::storage::{Disk, Operation, PATIENCE, Write};

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
    /// What went wrong.
    pub problems: Vec<String>,
    /// Nothing goes wrong any more.
    pub healed: bool,
    /// A page is in the middle of a task.
    tasking: bool,
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
                set: 0,
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

    /// One fact to one document, and everything it asks for.
    pub fn feed(&mut self, document: usize, input: Input) {
        let at = self.clocks(self.documents[document].browser);
        let page = &mut self.documents[document];
        self.browsers[page.browser].person.stamp(page.page, at);
        self.coverage.inputs += 1;
        let outputs = page.engine.handle(Stamp { mono: at.mono - page.origin, wall: at.wall }, input);
        page.made.resize(page.engine.recorded() as usize, at.awake);
        if self.show {
            eprintln!("{} browser {} document {document}: {input:?}", self.now, page.browser);
            outputs.iter().for_each(|output| eprintln!("    > {output:?}"));
        }
        let merge = outputs.contains(&Output::Merge);
        outputs.into_iter().for_each(|output| self.perform(document, output));
        self.documents[document].merge_wanted |= merge;
        if !self.tasking {
            self.end_task(document);
        }
    }

    /// What the page does in one go is written in one go.
    pub fn task(&mut self, document: usize, act: impl FnOnce(&mut World)) {
        self.tasking = true;
        act(self);
        self.tasking = false;
        self.end_task(document);
    }

    fn end_task(&mut self, document: usize) {
        self.flush(document);
        if std::mem::take(&mut self.documents[document].merge_wanted) {
            self.operate(document, Operation::Merge);
        }
    }

    fn perform(&mut self, document: usize, output: Output) {
        match output {
            Output::Send { batch, body, .. } => self.post(document, batch, &body),
            Output::Hint { text } => self.write_hint(document, text),
            Output::Choice { text } => {
                let choice = if text == "granted" { Choice::Granted } else { Choice::Denied };
                self.write_choice(document, choice);
            }
            Output::Record { text } => self.put(document, "", Write::Text(text)),
            Output::Keep { key } => {
                self.name(document, key.split(':').next().unwrap_or_default());
                self.put(document, &key, Write::AsItIs);
            }
            Output::Forget { key } => self.put(document, &key, Write::Delete),
            Output::Purge => self.purge(document),
            Output::Wake { at } => {
                self.documents[document].wake = Some(at);
                self.set_alarm(document);
            }
            // `feed` opens the transaction when all is written.
            Output::Merge | Output::Changed { .. } | Output::Warn { .. } => {}
        }
    }

    /// Browsers let timers of pages in the background wait for up to a minute.
    pub fn set_alarm(&mut self, document: usize) {
        let page = &self.documents[document];
        let Some(at) = page.wake.filter(|_| page.life == Life::Open) else { return };
        let hidden = !page.visible;
        let left = at.saturating_sub(self.clocks(page.browser).mono - page.origin);
        let late = match hidden && !self.healed && self.draw.chance(300) {
            true => {
                self.strike(document, Fault::Throttled);
                self.draw.below(60_000)
            }
            false => self.draw.below(4),
        };
        self.plan(left + late, Due::Wake { document, at });
    }

    fn wake(&mut self, document: usize, at: u64) {
        let page = &self.documents[document];
        if page.life != Life::Open || page.wake != Some(at) {
            return;
        }
        if self.clocks(page.browser).mono - page.origin < at {
            // The clock stood still meanwhile.
            return self.set_alarm(document);
        }
        self.documents[document].wake = None;
        self.signals(document);
        self.feed(document, Input::Wake);
    }

    /// The title of a soft navigation, a frame later or at the last moment.
    pub fn title(&mut self, document: usize) {
        if self.documents[document].untitled && self.documents[document].life == Life::Open {
            self.documents[document].untitled = false;
            self.feed(document, Input::Titled { title: "Title" });
            self.oracle(document, |person, page, at| person.titled(page, at));
        }
    }

    pub fn signals(&mut self, document: usize) {
        let browser = self.documents[document].browser;
        let on = self.browsers[browser].signal;
        self.documents[document].signal = on;
        if on {
            self.strike(document, Fault::Signal);
            self.browsers[browser].apart = "a privacy signal";
            self.oracle(document, |person, page, _| person.documents[page].consent = Consent::Denied);
        }
        self.feed(document, Input::Signal { on });
    }
}
