//! The two clocks: timelines, and what becomes of time in which nobody was awake.

use super::time::{SECOND, Stamp};
use super::{Engine, visit};

/// Clocks that part by more than this slept or were set.
const DRIFT: u64 = 2 * SECOND;

/// A stretch of monotonic time with one wall offset: event times count from its start.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Timeline {
    /// Wall time of its start.
    pub start: u64,
    /// Monotonic time of its start.
    pub origin: u64,
}

impl Timeline {
    pub fn t(self, mono: u64) -> u64 {
        mono.saturating_sub(self.origin)
    }

    pub fn wall(self, mono: u64) -> u64 {
        self.start + self.t(mono)
    }
}

impl Engine {
    /// Settles the time since the last input. Clocks that parted end the timeline: what was earned until
    /// then is reported under the old one, and the gap itself is never credited. On Windows both clocks go on
    /// in sleep, but no page is woken: while media plays, that gap would count as watched.
    pub(super) fn clock(&mut self, at: Stamp) -> Stamp {
        let mut at = Stamp { mono: at.mono.max(self.now.mono), wall: at.wall };
        // No sleep does that: the page stands still what others call `Date.now`. The other clock goes on for it.
        let still = at.wall.abs_diff(core::mem::replace(&mut self.said, at.wall)) < 2;
        if still {
            at.wall = self.now.wall + (at.mono - self.now.mono);
        }
        // Before anything joins them.
        self.let_go(at);
        let gap = at.mono - self.now.mono > 2 * visit::REPORT_EVERY;
        let apart = at.wall.abs_diff(self.timeline.wall(at.mono)) > DRIFT;
        if ((gap && self.presence.playing) || apart) && !mutant!("a sleep that is credited") {
            self.settle_navigation();
            self.report();
            self.timeline = Timeline { start: at.wall, origin: at.mono };
            self.presence.skip(at.mono);
            self.now = at;
            // From now on, not from then.
            self.keep_all();
            self.watch(at);
        } else {
            self.now = at;
            self.accrue(at);
        }
        at
    }
}
