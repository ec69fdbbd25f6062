//! Who this is and which session it is in; and the text of both that is stored.
//!
//! One text serves the synchronous hint (localStorage) and the record (IndexedDB, which decides): lines of
//! tab-separated fields. Every string in it went through `redact`, which leaves no tab and no line break.

use alloc::string::String;
use alloc::vec::Vec;

use super::audience::{Audience, Stage};
use super::channel::Touch;
use super::fold;
use super::time::Stamp;
use crate::wire::json;

const VERSION: &str = "1";

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Visitor {
    pub id: String,
    /// Grows with each `reset()`: a log-out in one tab wins over what the others remember.
    pub generation: u64,
    pub first_seen: u64,
    /// Sessions of this visitor, the present one included.
    pub sessions: u64,
    pub purchases: u64,
    pub customer: String,
    pub audience: Audience,
    /// The event that decided the audience; empty while nothing has.
    pub reason: String,
    pub since: u64,
    pub stage: Stage,
    pub first_touch: Touch,
    /// Provisional ids of this visitor, for the collector to merge. Not stored.
    pub was: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Session {
    pub id: String,
    /// When activity was last seen, by this page's clocks: what expiry is measured from.
    pub active: Stamp,
    /// When it began, by this page's clocks.
    pub began: Stamp,
    pub entry: String,
    pub touch: Touch,
    pub fold: fold::Session,
    pub was: Vec<String>,
}

impl Session {
    pub fn is_over(&self, at: Stamp, idle: u64, max: u64) -> bool {
        elapsed(self.active, at) >= idle || elapsed(self.began, at) >= max
    }
}

/// The larger of the two advances; a wall clock that went back advanced by nothing.
fn elapsed(from: Stamp, to: Stamp) -> u64 {
    to.mono.saturating_sub(from.mono).max(to.wall.saturating_sub(from.wall))
}

pub fn write(visitor: &Visitor, session: &Session, own: &str, limit: usize) -> String {
    let mut out = String::from(VERSION);
    let v = visitor;
    let numbers = [v.generation, v.first_seen, v.sessions, v.purchases, v.since, v.audience as u64, v.stage as u64];
    line(&mut out, 'V', &numbers, &[&v.id, &v.customer, &v.reason]);
    touch(&mut out, &v.first_touch);
    let s = session;
    line(&mut out, 'S', &[s.fold.started, s.active.wall, s.fold.last_activity, s.fold.audience as u64], &[&s.id, &s.entry]);
    touch(&mut out, &s.touch);
    // This document's share first, for it is what the next one does not know yet; then as much as fits.
    for mine in [true, false] {
        for load in s.fold.loads.iter().rev().filter(|load| (load.id == own) == mine) {
            let before = out.len();
            write_load(&mut out, load);
            if out.len() > limit {
                out.truncate(before);
            }
        }
    }
    out
}

fn write_load(out: &mut String, load: &fold::Load) {
    line(out, 'L', &[u64::from(load.before), u64::from(load.depth), load.engaged], &[&load.id]);
    for view in load.views.iter().filter(|view| view.seen) {
        let numbers =
            [u64::from(view.number), view.started, view.engaged, view.visible, u64::from(view.scroll), view.last_activity];
        line(out, 'P', &numbers, &[&view.url, &view.title]);
    }
    for tally in &load.events {
        line(out, 'E', &[u64::from(tally.count)], &[&tally.name]);
    }
}

fn touch(out: &mut String, touch: &Touch) {
    line(out, 'T', &[], &[&touch.channel, &touch.source, &touch.medium, &touch.campaign]);
}

fn line(out: &mut String, kind: char, numbers: &[u64], texts: &[&str]) {
    out.push('\n');
    out.push(kind);
    for value in numbers {
        out.push('\t');
        json::number(out, *value);
    }
    for text in texts {
        out.push('\t');
        out.push_str(text);
    }
}

/// What was stored, or `None` if it is not ours, damaged, or of another version: then we start clean.
pub fn parse(text: &str, at: Stamp) -> Option<(Visitor, Session)> {
    let mut lines = text.split('\n');
    if lines.next() != Some(VERSION) {
        return None;
    }
    let (mut visitor, mut session) = (Visitor::default(), Session::default());
    for line in lines {
        let mut fields = Fields(line);
        match fields.text() {
            "V" => {
                visitor.generation = fields.number();
                visitor.first_seen = fields.number();
                visitor.sessions = fields.number();
                visitor.purchases = fields.number();
                visitor.since = fields.number();
                visitor.audience = Audience::from(fields.number());
                visitor.stage = Stage::from(fields.number());
                visitor.id = fields.id()?;
                visitor.customer = fields.text().into();
                visitor.reason = fields.text().into();
            }
            "S" => {
                session.fold.started = fields.number();
                session.began = past(session.fold.started, at);
                session.active = past(fields.number(), at);
                session.fold.last_activity = fields.number();
                session.fold.audience = Audience::from(fields.number());
                session.id = fields.id()?;
                session.entry = fields.text().into();
            }
            "T" => {
                let touch = Touch {
                    channel: fields.text().into(),
                    source: fields.text().into(),
                    medium: fields.text().into(),
                    campaign: fields.text().into(),
                };
                *if session.id.is_empty() { &mut visitor.first_touch } else { &mut session.touch } = touch;
            }
            _ => parse_share(&mut session.fold, line)?,
        }
    }
    (!visitor.id.is_empty() && !session.id.is_empty()).then_some((visitor, session))
}

fn parse_share(fold: &mut fold::Session, line: &str) -> Option<()> {
    let mut fields = Fields(line);
    let kind = fields.text();
    if kind == "L" {
        let mut load = fold::Load {
            before: fields.number() as u32,
            depth: fields.number() as u32,
            engaged: fields.number(),
            ..fold::Load::default()
        };
        load.id = fields.id()?;
        fold.loads.push(load);
        return Some(());
    }
    let load = fold.loads.last_mut()?;
    match kind {
        "P" => {
            let mut view = fold::View { number: fields.number() as u32, seen: true, ..fold::View::default() };
            view.started = fields.number();
            view.engaged = fields.number();
            view.visible = fields.number();
            view.scroll = fields.number() as u32;
            view.last_activity = fields.number();
            view.url = fields.text().into();
            view.title = fields.text().into();
            load.views.push(view);
        }
        "E" => load.events.push(fold::Tally { count: fields.number() as u32, name: fields.text().into() }),
        _ => return None,
    }
    Some(())
}

/// A stored wall time as a stamp of this page.
fn past(wall: u64, at: Stamp) -> Stamp {
    Stamp { mono: at.mono.saturating_sub(at.wall.saturating_sub(wall)), wall }
}

pub struct Fields<'a>(pub &'a str);

impl<'a> Fields<'a> {
    pub fn text(&mut self) -> &'a str {
        let (field, rest) = self.0.split_once('\t').unwrap_or((self.0, ""));
        self.0 = rest;
        field
    }

    pub fn number(&mut self) -> u64 {
        json::parse_number(self.text())
    }

    fn id(&mut self) -> Option<String> {
        let id = self.text();
        (id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| id.into())
    }
}
