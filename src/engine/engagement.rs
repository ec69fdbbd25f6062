//! Engagement: how long someone was really with the page.
//!
//! Time counts only while three things hold at once: the page is visible, the window has focus, and there was
//! input within `idle_after` (or media plays). Each input of the engine settles the span since the one before
//! it in closed form, so no timer tick is ever counted and a throttled timer costs nothing. A span in which
//! the clocks disagreed (sleep, a clock step) is skipped and earns nothing.
//!
//! In    the span between two stamps, and what held during it
//! Out   `Credit`: visible and engaged milliseconds of that span
//!
//! Not here: what counts as activity and when a session ends (`visit`).
//!
//! Laws, each a test of the same name in `tests/engine/engagement.rs`:
//!   engaged_time_never_exceeds_elapsed_time
//!   a_hidden_page_earns_nothing
//!   scroll_depth_only_grows_within_a_page_view

/// What holds from the last settled instant on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Presence {
    pub visible: bool,
    pub focused: bool,
    pub playing: bool,
    /// Until when the last input counts, monotonic; 0 after a gap, until the person gives a sign again.
    attentive_until: u64,
    settled: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Credit {
    pub visible: u64,
    pub engaged: u64,
}

impl Presence {
    /// Settles the span up to `now`.
    pub fn settle(&mut self, now: u64) -> Credit {
        let from = self.settled;
        self.settled = now;
        let span = now.saturating_sub(from);
        if !self.visible {
            return Credit::default();
        }
        let attentive = if self.playing || mutant!("an interval without a cap") {
            span
        } else {
            self.attentive_until.min(now).saturating_sub(from)
        };
        Credit { visible: span, engaged: if self.focused { attentive } else { 0 } }
    }

    /// The span up to `now` is not to be trusted.
    pub fn skip(&mut self, now: u64) {
        self.settled = now;
        self.attentive_until = 0;
    }

    pub fn input(&mut self, now: u64, idle_after: u64) {
        self.attentive_until = now + idle_after;
    }

    /// Whether time is being earned at this instant.
    pub fn earning(&self) -> bool {
        self.visible && self.focused && (self.playing || self.settled < self.attentive_until)
    }
}
