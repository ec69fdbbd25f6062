//! The engagement score and the segments of a visitor, from a summary: the page's own, or the collector's of the same
//! session. Both are measured by this code, so they agree.
//!
//! The score is the sum of five parts of 20 points each, and never shown without them:
//!
//! | part         | full at                                | measured on                          |
//! |--------------|-----------------------------------------|--------------------------------------|
//! | recency      | today; none after 30 days               | days since the last activity         |
//! | frequency    | 10 sessions in 30 days                  | sessions ÷ time since the first visit |
//! | depth        | 5 pages                                 | the latest session                   |
//! | engaged time | 5 minutes                               | the latest session                   |
//! | interactions | 10 events of the visitor's own          | the latest session                   |
//!
//! Page views are depth, and what befalls a page is nobody's act: web vitals, errors, impressions, missing pages.
//!
//! Segments are named rules (`engine::rules`): `loyal readers: sessions>=3&page_view>=3; buyers: purchase>=1`.

#[cfg(all(target_arch = "wasm32", feature = "score"))]
mod boundary;

use alloc::string::String;
use alloc::vec::Vec;

use crate::engine::rules::{Facts, first};
use crate::wire::json::parse_number;
use crate::wire::read::{get, plain, values};
use crate::wire::text::{Parts, Put, cut, find, owned, part};

const DAY: u64 = 24 * 3_600_000;
/// Points of each part.
pub const FULL: u64 = 20;
pub const PARTS: [&str; 5] = ["recency", "frequency", "depth", "engaged_time", "interactions"];

/// Events that happen without the visitor doing anything: nine pages without a click made full points of them.
const NOBODY_DOES: [&str; 4] = ["web_vital", "script_error", "impression", "not_found"];

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// In the order of [`PARTS`].
    pub parts: [u64; 5],
    /// Names of the segments the visitor is in.
    pub segments: Vec<String>,
}

impl Score {
    pub fn total(&self) -> u64 {
        self.parts.iter().sum()
    }
}

/// What is measured; times in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Habits {
    pub since_last: u64,
    pub since_first: u64,
    pub sessions: u64,
    pub pages: u64,
    pub engaged: u64,
    pub interactions: u64,
}

/// The points of each part.
pub fn points(habits: &Habits) -> [u64; 5] {
    let days = (habits.since_first / DAY).max(30);
    let part = |measured: u64, full: u64| measured.min(full).saturating_mul(FULL) / full;
    [
        FULL - part(habits.since_last, 30 * DAY),
        part(habits.sessions.min(1 << 32) * 30, 10 * days),
        part(habits.pages, 5),
        part(habits.engaged, 300_000),
        part(habits.interactions, 10),
    ]
}

/// Measures a summary, which is JSON as `summary()` gives it, as of this moment.
pub fn measure(summary: &str, now: u64, segments: &str) -> Score {
    let known = Known { summary, now };
    let mut score = Score { parts: points(&known.habits()), segments: Vec::new() };
    for segment in Parts(segments, b';') {
        let (name, rule) = cut(segment, b':');
        let (name, rule) = (name.trim_ascii(), closed_up(rule));
        if !name.is_empty() && !first(&rule, &known).is_empty() {
            score.segments.push(owned(name));
        }
    }
    score
}

/// A rule as people write it, `page_view >= 3 & plan = pro`, without the spaces beside its signs.
fn closed_up(rule: &str) -> String {
    let mut out = String::new();
    for letter in rule.trim_ascii().chars() {
        let sign = |letter: char| matches!(letter, ',' | '&' | '<' | '>' | '=');
        if sign(letter) {
            out.truncate(out.trim_ascii_end().len());
        }
        if letter != ' ' || !out.ends_with(sign) {
            out.push(letter);
        }
    }
    out
}

/// A summary, as conditions ask it.
struct Known<'a> {
    summary: &'a str,
    now: u64,
}

impl<'a> Known<'a> {
    fn of(&self, part: &str, name: &str) -> &'a str {
        get(get(self.summary, part), name)
    }

    fn habits(&self) -> Habits {
        let started = parse_number(self.of("session", "started"));
        let last = started + parse_number(self.of("session", "durationMs"));
        let seen = parse_number(self.of("visitor", "firstSeen"));
        let seen = if seen > 0 { seen } else { started };
        let events = values(get(self.summary, "events"));
        let done = events.filter(|(name, _)| !NOBODY_DOES.contains(name));
        Habits {
            since_last: self.now.saturating_sub(last),
            since_first: self.now.saturating_sub(seen),
            sessions: parse_number(self.of("visitor", "sessions")).max(1),
            pages: parse_number(self.of("session", "pageDepth")),
            engaged: parse_number(self.of("session", "engagedMs")),
            interactions: done.fold(0_u64, |sum, (_, count)| sum.saturating_add(parse_number(count))),
        }
    }
}

impl Facts for Known<'_> {
    /// Nothing happens while one looks back: a segment says `purchase>=1`.
    fn event(&self) -> &str {
        ""
    }

    /// Of the page they came in by.
    fn path(&self) -> &str {
        let entry = self.of("session", "entry");
        let entry = part(entry, 1, entry.len().saturating_sub(1));
        let host = find(entry, "://").map_or(0, |at| at + 3);
        let path = part(entry, host, entry.len());
        let path = part(path, cut(path, b'/').0.len(), path.len());
        cut(cut(path, b'?').0, b'#').0
    }

    fn number(&self, name: &str) -> u64 {
        let habits = self.habits();
        match name {
            "sessions" => habits.sessions,
            // Each order once; before storage has said who this is, one at least of those that this session tells.
            "purchases" => match self.of("visitor", name) {
                "" => parse_number(self.of("events", "purchase")).min(1),
                orders => parse_number(orders),
            },
            "days" => habits.since_first / DAY,
            "audience_days" => self.now.saturating_sub(parse_number(self.of("audience", "since"))) / DAY,
            "idle_days" => habits.since_last / DAY,
            "page_view" => habits.pages,
            "engaged_seconds" => habits.engaged / 1000,
            "score" => points(&habits).iter().sum(),
            _ => parse_number(self.of("events", name)),
        }
    }

    /// `audience=customer`, `stage=own`, `relationship=loyalty`, `channel=email`, `source=news`; or a trait that
    /// has none of these names.
    fn says(&self, condition: &str) -> bool {
        let (name, value) = cut(condition, b'=');
        let said = match name {
            "audience" => self.of("audience", "is"),
            "stage" | "relationship" => self.of("audience", name),
            "channel" | "source" => self.of("session", name),
            _ => get(self.of("audience", "traits"), name),
        };
        !said.is_empty() && plain(said) == value
    }
}

/// As JSON: `{"score", "parts": {...}, "segments": [...]}`.
pub fn json(score: &Score) -> String {
    use crate::wire::json::{Object, item, string};
    let mut out = String::new();
    let mut object = Object::new(&mut out);
    object.number("score", score.total());
    let mut parts = Object::new(object.key("parts"));
    for (name, points) in PARTS.iter().zip(score.parts) {
        parts.number(name, points);
    }
    parts.end();
    let list = object.key("segments");
    list.put_byte(b'[');
    for segment in &score.segments {
        string(item(list), segment);
    }
    list.put_byte(b']');
    object.end();
    out
}
