//! The two clocks, never mixed: monotonic milliseconds inside a page, wall time across pages.

/// The instant of an input, by both clocks, in whole milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// `performance.now()`: only ever compared with stamps of the same page.
    pub mono: u64,
    /// `Date.now()`: milliseconds since 1970, as far as the device knows.
    pub wall: u64,
}

pub const SECOND: u64 = 1_000;
pub const MINUTE: u64 = 60 * SECOND;
pub const HOUR: u64 = 60 * MINUTE;
pub const DAY: u64 = 24 * HOUR;
