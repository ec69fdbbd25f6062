//! Numbers as a person reads them. Number and unit never part at a line's end.
//!
//! Without `core::fmt`, here and in all of the view: the build takes that machinery out of the widget
//! (`src/widget/shave.mjs`), where `format!` would then write nothing. A test reads these files.

use alloc::string::String;

const NO_BREAK: char = '\u{a0}';

/// "1 min 24 s", "1.9 s": two units or figures at most, rounded down, so that a running clock never says too much.
pub fn duration(ms: u64) -> String {
    let seconds = ms / 1_000;
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    let tenths = ms / 100 % 10;
    if ms > 0 && seconds == 0 {
        return with_unit("under 1", "s");
    }
    let (large, small) = match () {
        () if days > 0 => ((days, "d"), (hours % 24, "h")),
        () if hours > 0 => ((hours, "h"), (minutes % 60, "min")),
        () if minutes > 0 => ((minutes, "min"), (seconds % 60, "s")),
        () if seconds < 10 && tenths > 0 => {
            return with_unit(&join(&[&digits(seconds), ".", &digits(tenths)]), "s");
        }
        () => return with_unit(&digits(seconds), "s"),
    };
    let mut out = with_unit(&count(large.0), large.1);
    if small.0 > 0 {
        out.push(' ');
        out.push_str(&with_unit(&digits(small.0), small.1));
    }
    out
}

/// "12,345".
pub fn count(number: u64) -> String {
    let digits = digits(number);
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// "62 %"; a share of more than the whole is the whole.
pub fn percent(share: u64) -> String {
    with_unit(&digits(share.min(100)), "%")
}

/// "1 page", "3 pages".
pub fn counted(number: u64, one: &str, many: &str) -> String {
    with_unit(&count(number), if number == 1 { one } else { many })
}

/// "3 min ago"; coarse, so that it changes rarely.
pub fn ago(now: u64, at: u64) -> String {
    let minutes = now.saturating_sub(at) / 60_000;
    let (number, unit) = match minutes {
        0 => return "just now".into(),
        1..60 => (minutes, "min"),
        60..1_440 => (minutes / 60, "h"),
        _ => (minutes / 1_440, "d"),
    };
    let mut out = with_unit(&count(number), unit);
    out.push_str(" ago");
    out
}

/// The parts as one string.
pub fn join(parts: &[&str]) -> String {
    let mut out = String::new();
    for part in parts {
        out.push_str(part);
    }
    out
}

/// The plain decimal digits.
pub fn digits(number: u64) -> String {
    let mut out = if number < 10 { String::new() } else { digits(number / 10) };
    out.push(char::from(b'0' + (number % 10) as u8));
    out
}

fn with_unit(number: &str, unit: &str) -> String {
    let mut out = String::from(number);
    out.push(NO_BREAK);
    out.push_str(unit);
    out
}
