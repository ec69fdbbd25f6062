//! Faults put in on purpose, one at a time, to see whether the simulation finds them: `npm run sim -- --mutants` needs
//! the feature `mutants`. In any other build `mutant!` is the constant `false`.

#[cfg(feature = "mutants")]
use core::sync::atomic::{AtomicUsize, Ordering};

#[cfg(feature = "mutants")]
pub const NAMES: [&str; 12] = [
    "an id forgotten on retry",
    "a row deleted at send",
    "an event without a row",
    "an interval without a cap",
    "a sleep that is credited",
    "any 200 an acknowledgement",
    "a provisional id not told",
    "a session that never idles out",
    "a refusal that is not counted",
    "sent before consent",
    "an audience that falls",
    "a split that forgets an event",
];

#[cfg(feature = "mutants")]
static CHOSEN: AtomicUsize = AtomicUsize::new(NAMES.len());

/// From now on, for every engine of the process.
#[cfg(feature = "mutants")]
pub fn choose(number: usize) {
    CHOSEN.store(number, Ordering::Relaxed);
}

#[cfg(feature = "mutants")]
pub fn is_chosen(name: &str) -> bool {
    NAMES.get(CHOSEN.load(Ordering::Relaxed)) == Some(&name)
}

#[cfg(feature = "mutants")]
macro_rules! mutant {
    ($name:literal) => {
        $crate::mutants::is_chosen($name)
    };
}

#[cfg(not(feature = "mutants"))]
macro_rules! mutant {
    ($name:literal) => {
        false
    };
}
