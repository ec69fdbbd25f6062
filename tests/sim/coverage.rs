//! Which faults struck, and how the events of the documents they struck ended.

use comfy_table::{Table, presets};

macro_rules! faults {
    ($($name:ident $words:literal),* $(,)?) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fault { $($name),* }

        pub const FAULTS: &[(Fault, &str)] = &[$((Fault::$name, $words)),*];
    };
}

faults! {
    RequestLost "request lost",
    ReplyLost "reply lost",
    Delayed "request or reply late",
    Doubled "request doubled by the browser",
    Reordered "an old request arrives after newer ones",
    TimedOut "no answer in time",
    ServerError "5xx",
    TooMany "429",
    TooLarge "413",
    Refused "401, 403, 404",
    Portal "200 from somebody else",
    Poison "an event the collector rejects",
    Named "400 or 422 that names events",
    NeverLeft "refused by the browser before it left",
    Twice "a collector that counts twice",
    Twin "sent by the browser itself after a kill",
    KilledBefore "collector killed before the append",
    KilledAfter "collector killed between append and reply",
    Offline "offline",
    Closed "tab closed",
    WritesDropped "last writes of a closed tab dropped",
    Cached "page kept by the back/forward cache",
    RendererKill "renderer killed",
    BrowserKill "browser killed",
    StorageFull "storage full",
    StorageBlocked "storage blocked",
    StorageHung "storage silent for over a second",
    ClockForward "clock set forward",
    ClockBack "clock set back",
    Sleep "sleep, monotonic clock stopped",
    SleepTicking "sleep, monotonic clock ticking",
    Throttled "timers throttled in the background",
    Racing "tabs opened in one instant",
    Denied "consent revoked",
    Granted "consent given",
    Signal "GPC or DNT",
    Prerender "prerendered before it is seen",
    Burst "a burst beyond the memory's bound",
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Stored,
    /// Stored, and came again.
    Again,
    Dropped,
    /// Lost where that is stated: before its write was complete, or without storage.
    Lost,
}

pub const OUTCOMES: [(Outcome, &str); 4] = [
    (Outcome::Stored, "stored"),
    (Outcome::Again, "came again"),
    (Outcome::Dropped, "dropped, counted"),
    (Outcome::Lost, "lost as stated"),
];

/// Which faults struck.
#[derive(Clone, Copy, Debug, Default)]
pub struct Struck(u64);

impl Struck {
    pub fn by(&mut self, fault: Fault) {
        self.0 |= 1 << fault as u64;
    }

    pub fn has(self, fault: Fault) -> bool {
        self.0 >> fault as u64 & 1 == 1
    }
}

/// Events by fault and outcome.
#[derive(Clone, Debug)]
pub struct Coverage {
    counts: [[u64; OUTCOMES.len()]; FAULTS.len()],
    pub events: u64,
    pub inputs: u64,
    /// Sessions whose numbers were compared with the oracle's.
    pub compared: u64,
}

impl Default for Coverage {
    fn default() -> Coverage {
        Coverage { counts: [[0; OUTCOMES.len()]; FAULTS.len()], events: 0, inputs: 0, compared: 0 }
    }
}

impl Coverage {
    pub fn count(&mut self, struck: Struck, outcome: Outcome, events: u64) {
        for (fault, _) in FAULTS.iter().filter(|(fault, _)| struck.has(*fault)) {
            self.counts[*fault as usize][outcome as usize] += events;
        }
    }

    pub fn add(&mut self, other: &Coverage) {
        for (ours, theirs) in self.counts.iter_mut().flatten().zip(other.counts.iter().flatten()) {
            *ours += theirs;
        }
        self.events += other.events;
        self.inputs += other.inputs;
        self.compared += other.compared;
    }

    /// Faults that never met with an outcome.
    pub fn holes(&self) -> Vec<String> {
        let cells = FAULTS.iter().flat_map(|fault| OUTCOMES.iter().map(move |outcome| (fault, outcome)));
        let empty = cells.filter(|(fault, outcome)| self.counts[fault.0 as usize][outcome.0 as usize] == 0);
        empty.map(|(fault, outcome)| format!("{} × {}", fault.1, outcome.1)).collect()
    }

    pub fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_preset(presets::ASCII_MARKDOWN);
        let head = std::iter::once("fault").chain(OUTCOMES.iter().map(|(_, words)| *words));
        table.set_header(head);
        for (fault, words) in FAULTS {
            let counts = self.counts[*fault as usize].iter().map(u64::to_string);
            table.add_row(std::iter::once((*words).to_string()).chain(counts));
        }
        table
    }
}
