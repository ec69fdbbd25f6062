//! What befalls a device: no network, no room, a storage that hangs, clocks that jump, sleep, a crowd of tabs.

use passerby::engine::Input;

use crate::coverage::Fault;
use crate::device::{Life, TABS};
use crate::world::{Due, World};

/// A disk may say nothing for so long.
pub const SILENCE: u64 = 4_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Offline,
    Full,
    Hung,
    Blocked,
    Forward,
    Back,
    Sleep,
    Race,
    Burst,
    Signal,
}

const FATES: [(u64, Fate); 10] = [
    (20, Fate::Offline),
    (4, Fate::Full),
    (4, Fate::Hung),
    (3, Fate::Blocked),
    (10, Fate::Forward),
    (10, Fate::Back),
    (15, Fate::Sleep),
    (10, Fate::Race),
    (1, Fate::Burst),
    (1, Fate::Signal),
];

impl World {
    pub fn befall(&mut self, browser: usize) {
        let fragile = self.browsers[browser].fragile;
        match self.draw.weighed(&FATES) {
            Fate::Full | Fate::Hung | Fate::Blocked | Fate::Burst if !fragile => {}
            Fate::Offline => {
                self.browsers[browser].offline = true;
                let long = self.draw.pick(&[5_000, 120_000, 7_200_000]);
                let long = self.draw.below(long);
                self.plan(long, Due::Online { browser });
            }
            Fate::Full => {
                self.strike_all(browser, Fault::StorageFull);
                self.browsers[browser].disk.full = true;
                let long = self.draw.below(600_000);
                self.plan(long, Due::Room { browser });
            }
            Fate::Hung => {
                self.strike_all(browser, Fault::StorageHung);
                self.browsers[browser].disk.silent_until = self.now + self.draw.below(SILENCE);
            }
            Fate::Blocked => self.block(browser),
            Fate::Forward => {
                self.strike_all(browser, Fault::ClockForward);
                let by = self.draw.pick(&[1_500, 60_000, 900_000, 86_400_000]);
                self.browsers[browser].set += self.draw.below(by) as i64;
                self.browsers[browser].ahead = self.now;
            }
            Fate::Back => {
                self.strike_all(browser, Fault::ClockBack);
                let by = if fragile { 7_200_000 } else { 60_000 };
                let by = self.draw.below(by);
                self.browsers[browser].set -= by as i64;
                for document in self.alive(browser) {
                    self.documents[document].misled |=
                        self.documents[document].heard < self.browsers[browser].ahead;
                }
                if by > 60_000 {
                    // Two tabs cannot put in order what happened in an hour that was lived twice.
                    self.browsers[browser].apart = "a clock set back by more than a minute";
                }
            }
            // What has just happened is told to the other tabs first.
            Fate::Sleep => self.plan(15, Due::Doze { browser }),
            Fate::Race => self.race(browser),
            Fate::Burst => self.burst(browser),
            // Pages hear of it when they next ask; nothing leaves from now on.
            Fate::Signal => {
                self.strike_all(browser, Fault::Signal);
                self.browsers[browser].signal = true;
                let long = self.draw.below(600_000);
                self.plan(long, Due::Unsignal { browser });
            }
        }
    }

    /// Storage is forbidden from now on: every page keeps what it has to itself.
    fn block(&mut self, browser: usize) {
        self.browsers[browser].blocked = true;
        for document in self.alive(browser) {
            if self.documents[document].life == Life::Open {
                self.fail(document);
            }
        }
    }

    /// Nothing runs for a while; the monotonic clock may stand still.
    pub fn doze(&mut self, browser: usize) {
        if self.browsers[browser].asleep_until > 0 {
            return;
        }
        let at = self.clocks(browser).awake;
        self.browsers[browser].dozes.push(at);
        let long = self.draw.pick(&[10_000, 600_000, 20_000_000]);
        let long = self.draw.below(long);
        let ticking = self.draw.chance(500);
        self.strike_all(browser, if ticking { Fault::SleepTicking } else { Fault::Sleep });
        self.browsers[browser].asleep_until = self.now + long;
        self.plan(long, Due::Awake { browser, stood: if ticking { 0 } else { long }, slept: long });
    }

    pub fn awake(&mut self, browser: usize, stood: u64, slept: u64) {
        self.browsers[browser].asleep_until = 0;
        self.browsers[browser].stood += stood;
        self.browsers[browser].slept += slept;
        self.browsers[browser].ahead = self.now;
    }

    /// Every tab there is room for opens in the same instant.
    fn race(&mut self, browser: usize) {
        let mut opened = Vec::new();
        while self.browsers[browser].tabs.contains(&None) {
            opened.extend(self.open(browser, opened.len() + 1 == TABS, false));
        }
        if opened.len() > 1 {
            opened.into_iter().for_each(|document| self.strike(document, Fault::Racing));
        }
    }

    /// More than a tab's memory may hold.
    fn burst(&mut self, browser: usize) {
        let Some(front) = self.front(browser) else { return };
        self.strike(front, Fault::Burst);
        self.task(front, |world| (0..2_100).for_each(|_| world.track(front, "looked", "")));
        self.feed(front, Input::Flush);
    }
}
