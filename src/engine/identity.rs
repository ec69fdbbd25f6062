//! Who this is and which session it is in; and the text of both that is stored.
//!
//! One text serves the synchronous hint (localStorage) and the record (IndexedDB, which decides): lines of
//! tab-separated fields. Every string in it went through `redact`, which leaves no tab and no line break.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::fold::Load;
use super::time::{DAY, Stamp};
use super::{Audience, Stage, fold};
use crate::wire::json;
use crate::wire::text::{Parts, Put, cut, owned};

const VERSION: &str = "1";
/// 13 months, after which the visitor is a new one.
const KEPT: u64 = 396 * DAY;

/// What is known of a visitor or of a session, as rows of numbers and texts: one code writes, reads and
/// compares both, which halves what the hot module pays for it.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub numbers: [u64; 7],
    pub texts: [String; 7],
}

// Numbers of a visitor.
/// Grows with each `reset()`: a log-out in one tab wins over what the others remember.
pub const GENERATION: usize = 0;
pub const FIRST_SEEN: usize = 1;
/// Sessions of this visitor, the present one included.
pub const SESSIONS: usize = 3;
pub const PURCHASES: usize = 4;
/// Wall time at which the audience was decided.
pub const SINCE: usize = 2;
pub const AUDIENCE: usize = 5;
pub const STAGE: usize = 6;
// Numbers of a session: wall times of its start, its last activity as folded, and its last activity by the
// clock as it is now, which expiry is measured from.
pub const STARTED: usize = 0;
pub const LAST_ACTIVITY: usize = 1;
pub const ACTIVE: usize = 2;
pub const SESSION_AUDIENCE: usize = 3;
/// Hashes of the last two purchases, to know them by when their pages are loaded again.
pub const ORDER: usize = 4;
// Texts of both: the id, then the touch.
pub const ID: usize = 0;
pub const CHANNEL: usize = 1;
// Texts of a visitor.
pub const CUSTOMER: usize = 5;
/// The event that decided the audience.
pub const REASON: usize = 6;
// Texts of a session.
pub const ENTRY: usize = 5;

impl Known {
    pub fn id(&self) -> &str {
        &self.texts[ID]
    }

    #[inline(never)]
    pub fn set_touch(&mut self, touch: &[String; 4]) {
        let [channel, source, medium, campaign] = touch;
        self.texts[CHANNEL].set(channel);
        self.texts[CHANNEL + 1].set(source);
        self.texts[CHANNEL + 2].set(medium);
        self.texts[CHANNEL + 3].set(campaign);
    }

    pub fn audience(&self) -> Audience {
        Audience::from(self.numbers[AUDIENCE])
    }

    pub fn stage(&self) -> Stage {
        Stage::from(self.numbers[STAGE])
    }

    #[inline(never)]
    fn write(&self, kind: u8, numbers: &[u64; 7], out: &mut String) {
        let mut separator = kind;
        for number in numbers {
            out.put_byte(separator);
            separator = b'\t';
            json::number(out, *number);
        }
        for text in &self.texts {
            out.put_byte(b'\t');
            out.put(text);
        }
        out.put_byte(b'\n');
    }

    #[inline(never)]
    fn read(&mut self, line: &str) {
        let mut fields = Fields(line);
        for number in &mut self.numbers {
            *number = fields.number();
        }
        for text in &mut self.texts {
            text.set(fields.text());
        }
    }
}

/// A visitor or a session: one type, so that one code makes, reads and unites both. Boxed, for it is handed around.
#[derive(Debug, Default)]
pub struct Life {
    pub known: Known,
    /// The provisional ids it had, for the collector to merge. Not stored.
    pub was: Vec<String>,
    // What follows is a session's only.
    /// When activity was last seen, and when it began, by this page's clocks.
    pub active: Stamp,
    pub began: Stamp,
    pub fold: fold::Session,
}

impl Life {
    #[inline(never)]
    pub fn new() -> Box<Life> {
        // A constant is copied, where a default is written field by field.
        const NEW: Life = Life {
            known: Known { numbers: [0; 7], texts: [const { String::new() }; 7] },
            was: Vec::new(),
            active: Stamp { mono: 0, wall: 0 },
            began: Stamp { mono: 0, wall: 0 },
            fold: fold::Session { started: 0, last_activity: 0, audience: Audience::User, loads: Vec::new() },
        };
        Box::new(NEW)
    }

    pub fn id(&self) -> &str {
        self.known.id()
    }

    /// Two that racing tabs have begun become one: the earliest wins, and the smaller id between equals. Whether there
    /// is an id to tell: once, for another tab may remember it for long, and the collector takes so many.
    #[inline(never)]
    pub fn unite(self: &mut Box<Life>, age: u64, theirs: &mut Box<Life>, their_age: u64) -> bool {
        if theirs.id() == self.id() {
            return false;
        }
        if their_age < age || (their_age == age && theirs.id() < self.id()) {
            core::mem::swap(self, theirs);
            core::mem::swap(&mut self.was, &mut theirs.was);
        }
        let news = !self.was.iter().any(|id| id == theirs.id());
        if news && !mutant!("a provisional id not told") {
            self.was.push(owned(theirs.id()));
        }
        news
    }

    pub fn is_over(&self, at: Stamp, idle: u64, max: u64) -> bool {
        (elapsed(self.active, at) >= idle && !mutant!("a session that never idles out"))
            || elapsed(self.began, at) >= max
    }
}

/// The larger of the two advances; a wall clock that went back advanced by nothing.
pub fn elapsed(from: Stamp, to: Stamp) -> u64 {
    to.mono.saturating_sub(from.mono).max(to.wall.saturating_sub(from.wall))
}

pub fn write(visitor: &Life, session: &Life, own: &str, limit: usize) -> String {
    let mut out = owned(VERSION);
    out.put_byte(b'\n');
    visitor.known.write(b'V', &visitor.known.numbers, &mut out);
    let mut numbers = session.known.numbers;
    numbers[STARTED] = session.fold.started;
    numbers[LAST_ACTIVITY] = session.fold.last_activity;
    numbers[ACTIVE] = session.active.wall;
    numbers[SESSION_AUDIENCE] = session.fold.audience as u64;
    session.known.write(b'S', &numbers, &mut out);
    // This document's share first, for it is what the next one does not know yet; then as much as fits.
    for others in 0..2 {
        for load in session.fold.loads.iter().rev().filter(|load| (load.id == own) == (others == 0)) {
            let share = write_load(load);
            if out.len() + share.len() <= limit {
                out.put(&share);
            }
        }
    }
    out
}

fn write_load(load: &Load) -> String {
    let mut out = String::new();
    line(&mut out, b'L', &[u64::from(load.before), u64::from(load.depth), load.engaged], &load.id, "");
    for view in load.views.iter().filter(|view| view.seen) {
        let numbers = [
            u64::from(view.number),
            u64::from(view.scroll),
            view.started,
            view.engaged,
            view.visible,
            view.last_activity,
        ];
        line(&mut out, b'P', &numbers, &view.url, &view.title);
    }
    for tally in &load.events {
        line(&mut out, b'E', &[u64::from(tally.count)], &tally.name, "");
    }
    out
}

#[inline(never)]
fn line(out: &mut String, kind: u8, numbers: &[u64], first: &str, second: &str) {
    out.put_byte(kind);
    for number in numbers {
        json::number(out, *number);
        out.put_byte(b'\t');
    }
    out.put(first);
    out.put_byte(b'\t');
    out.put(second);
    out.put_byte(b'\n');
}

/// What was stored, or `None` if it is not ours, damaged, or of another version: then we start clean.
pub fn parse(text: &str, at: Stamp) -> Option<(Box<Life>, Box<Life>)> {
    let (mut visitor, mut session) = (Life::new(), Life::new());
    let (version, rest) = cut(text, b'\n');
    for line in Parts(if version == VERSION { rest } else { "" }, b'\n') {
        // The first byte tells the kind of line.
        let body = line.get(1..)?;
        match line.as_bytes().first()? {
            b'V' => visitor.known.read(body),
            b'S' => session.known.read(body),
            kind => parse_share(&mut session.fold, *kind, body)?,
        }
    }
    let known = &session.known;
    session.fold.started = known.numbers[STARTED];
    session.fold.last_activity = known.numbers[LAST_ACTIVITY];
    session.fold.audience = Audience::from(known.numbers[SESSION_AUDIENCE]);
    session.began = past(session.fold.started, at);
    session.active = past(known.numbers[ACTIVE], at);
    // A record as old as that goes as a whole: an id is not renewed for ever.
    let young = at.wall.saturating_sub(visitor.known.numbers[FIRST_SEEN]) < KEPT;
    (young && is_id(visitor.known.id()) && is_id(known.id())).then_some((visitor, session))
}

fn parse_share(fold: &mut fold::Session, kind: u8, line: &str) -> Option<()> {
    let (mut fields, mut numbers) = (Fields(line), [0; 6]);
    let written = match kind {
        b'L' => 3,
        b'P' => 6,
        _ => 1,
    };
    for number in numbers.iter_mut().take(written) {
        *number = fields.number();
    }
    // The first two are counts, whatever the line.
    let [one, two, third, engaged, visible, active] = numbers;
    let (one, two) = (count(one), count(two));
    let text = fields.text();
    if kind == b'L' {
        let load = fold.load(text);
        (load.before, load.depth, load.engaged) = (one, two, third);
        return Some(());
    }
    let load = fold.loads.last_mut()?;
    if kind == b'P' {
        let view = load.view(one);
        view.begin(third, text, fields.text());
        view.grow(engaged, visible, two, active);
    } else {
        load.tally(text).count = one;
    }
    Some(())
}

fn count(number: u64) -> u32 {
    number.min(1 << 20) as u32
}

/// A stored wall time as a stamp of this page.
fn past(wall: u64, at: Stamp) -> Stamp {
    Stamp { mono: at.mono.saturating_sub(at.wall.saturating_sub(wall)), wall }
}

fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

pub struct Fields<'a>(pub &'a str);

impl<'a> Fields<'a> {
    pub fn text(&mut self) -> &'a str {
        let (field, rest) = cut(self.0, b'\t');
        self.0 = rest;
        field
    }

    pub fn number(&mut self) -> u64 {
        json::parse_number(self.text())
    }
}
