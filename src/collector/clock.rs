//! Clocks: a device's may be set to any year. What it says is taken as it is, unless it cannot be: then the batch is
//! dated by the collector's clock, and what even so lies outside is rejected, event by event, for the page to count.

use super::ingest::{Batch, Millis, Rejected};

/// 2020-01-01: before Passerby. Devices that lost their clock say 1970, or the year they were made in.
const OLDEST: Millis = 1_577_836_800_000;
/// Time zones set wrongly, and then some.
const AHEAD: Millis = 24 * 60 * 60 * 1000;

impl Batch {
    /// `arrived`: it came just now, so the time at which it was sent is known by our clock too.
    pub fn date(&mut self, now: Millis, arrived: bool) {
        let possible = |at: &Millis| (OLDEST..=now.saturating_add(AHEAD)).contains(at);
        if arrived && !possible(&self.sent) {
            self.shift(i128::from(now) - i128::from(self.sent));
        }
        let start = self.start;
        let session = possible(&self.session.started) && possible(&self.sent);
        let (events, outside): (Vec<_>, Vec<_>) = std::mem::take(&mut self.events)
            .into_iter()
            .partition(|event| session && possible(&start.saturating_add(event.t)));
        self.events = events;
        let reason = "time_out_of_range";
        self.rejected.extend(outside.iter().map(|event| Rejected { seq: event.seq, reason }));
        self.visitor.first_seen = self.visitor.first_seen.filter(possible);
        // What is read from a log is kept as if it had come when it was sent, and not until the year 9999.
        self.sent = self.sent.min(now.saturating_add(AHEAD));
    }

    fn shift(&mut self, by: i128) {
        let times = [&mut self.sent, &mut self.start, &mut self.session.started];
        for at in times.into_iter().chain(&mut self.first_at).chain(&mut self.visitor.first_seen) {
            *at = Millis::try_from(i128::from(*at) + by).unwrap_or(0);
        }
    }
}
