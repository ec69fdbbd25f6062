//! What a host does for a page: tells the engine facts, and performs what it asks for.

use passerby::engine::{Choice, Input, Output, Stamp};

use crate::beside::events;
use crate::coverage::Fault;
use crate::device::Life;
use crate::oracle::Consent;
use crate::storage::{Operation, Write};
use crate::world::{Due, World};

/// A tab that wakes more often in a row and does nothing costs somebody's battery.
const IDLE: u32 = 5;

impl World {
    /// One fact to one document, and everything it asks for.
    pub fn feed(&mut self, document: usize, input: Input) {
        let at = self.clocks(self.documents[document].browser);
        let page = &mut self.documents[document];
        self.browsers[page.browser].person.stamp(page.page, at);
        self.coverage.inputs += 1;
        page.heard = self.now;
        let misled = std::mem::take(&mut page.misled) && self.twice;
        let outputs = page.engine.handle(Stamp { mono: at.mono - page.origin, wall: at.wall }, input);
        if self.show {
            eprintln!("{} browser {} document {document}: {input:?}", self.now, page.browser);
            outputs.iter().for_each(|output| eprintln!("    > {output:?}"));
        }
        let woken = matches!(input, Input::Wake | Input::Signal { .. });
        let recorded = page.engine.recorded() as usize > page.made.len();
        if !woken || recorded || outputs.iter().any(|output| !matches!(output, Output::Wake { .. })) {
            page.idle = 0;
        }
        page.made.resize(page.engine.recorded() as usize, at.awake);
        for output in outputs.iter().filter(|_| misled) {
            let Output::Keep { key } = output else { continue };
            // Another page may have sent it meanwhile.
            let row = page.engine.row(key).unwrap_or_default();
            self.torn.extend(events(key, &row));
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

    pub fn wake(&mut self, document: usize, at: u64) {
        let page = &self.documents[document];
        if page.life != Life::Open || page.wake != Some(at) {
            return;
        }
        if self.clocks(page.browser).mono - page.origin < at {
            // The clock stood still meanwhile.
            return self.set_alarm(document);
        }
        let page = &mut self.documents[document];
        page.wake = None;
        page.idle += u32::from(std::mem::replace(&mut page.woke, self.now) < self.now);
        self.signals(document);
        self.feed(document, Input::Wake);
        let page = &self.documents[document];
        let playing = self.browsers[page.browser].person.documents[page.page].playing;
        if page.idle > IDLE && !playing {
            self.problems.push(format!("document {document} wakes again and again, and has nothing to do"));
        }
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
