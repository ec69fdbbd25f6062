//! A browser in a box: several documents with an engine each, one localStorage and IndexedDB, one wall clock,
//! and a collector. Time is a number: it jumps from timer to timer, and nothing sleeps.

use std::collections::BTreeMap;

use passerby::engine::{Cause, Choice, Engine, Input, Output, Stamp, Topic};

use crate::collector::Collector;

// The collector's tests live in this world too, and find it by path.
#[path = "world/clockwork.rs"]
mod clockwork;
#[path = "world/hook.rs"]
mod hook;
#[path = "world/tape.rs"]
mod tape;

/// 2026-03-02, a Monday, 10:00:00 UTC.
pub const MORNING: u64 = 1_772_445_600_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    Open,
    /// In the back/forward cache.
    Frozen,
    Gone,
}

pub struct Tab {
    pub name: String,
    pub engine: Engine,
    pub life: Life,
    pub url: String,
    pub visible: bool,
    pub playing: bool,
    /// The device's monotonic clock when the document began.
    origin: u64,
    pub wake: Option<u64>,
    /// Rows to be written at the end of the task, or to go.
    keeps: BTreeMap<String, bool>,
    /// The title the next frame will read.
    untitled: Option<(u64, String)>,
    /// Events it refused at the door: never accepted, though counted as dropped.
    refused: u64,
    audience: String,
}

/// Something that happens later.
#[derive(Debug)]
enum Later {
    Answer {
        batch: u32,
        status: u32,
        body: String,
    },
    Merge,
    /// The storage event in another tab.
    Hint {
        text: String,
    },
}

/// What a person watching would see.
#[derive(Debug)]
pub enum Seen {
    Send { body: String, hiding: bool },
    Warn(String),
    Choice(&'static str),
    Audience(String),
    Purge,
}

pub struct World {
    pub options: String,
    /// Monotonic time of the device.
    pub mono: u64,
    pub wall: u64,
    pub tabs: Vec<Tab>,
    pub hint: String,
    pub hint_before: String,
    pub record: String,
    pub rows: BTreeMap<String, String>,
    pub choice: Option<Choice>,
    pub signal: bool,
    pub collector: Collector,
    /// Milliseconds until an answer, or a storage transaction.
    pub latency: u64,
    pub slowness: u64,
    /// Milliseconds until a tab hears what another has written.
    pub hearing: u64,
    pub broken: bool,
    pub seen: Vec<(u64, usize, Seen)>,
    /// Every output, for laws about all of them.
    pub outputs: Vec<Output>,
    /// What went into the engines and came out, for whoever asks before the first tab opens.
    pub tape: Option<tape::Tape>,
    later: Vec<(u64, usize, Later)>,
    seed: u32,
}

/// How a document begins.
#[derive(Clone, Copy, Debug, Default)]
pub struct Open<'a> {
    pub url: &'a str,
    pub title: &'a str,
    pub referrer: &'a str,
    pub hidden: bool,
    /// Loaded ahead of time and not activated: no page yet.
    pub prerender: bool,
}

impl World {
    pub fn new(seed: u32) -> World {
        World {
            options: "site=shop\ncollector=1".into(),
            mono: 1_000_000,
            wall: MORNING,
            tabs: Vec::new(),
            hint: String::new(),
            hint_before: String::new(),
            record: String::new(),
            rows: BTreeMap::new(),
            choice: None,
            signal: false,
            collector: Collector::default(),
            latency: 0,
            slowness: 0,
            hearing: 0,
            broken: false,
            seen: Vec::new(),
            outputs: Vec::new(),
            tape: None,
            later: Vec::new(),
            seed,
        }
    }

    pub fn open(&mut self, name: &str, page: Open) -> usize {
        let tab = self.engine(name, page.url, !page.hidden, self.mono);
        if !page.prerender {
            self.feed(tab, Input::Visible { on: !page.hidden });
            self.feed(tab, Input::Focused { on: !page.hidden });
            self.page(tab, Cause::Load, page.title, page.referrer);
        }
        tab
    }

    /// The engine fails; another takes its place, as the SDK has it.
    pub fn trap(&mut self, tab: usize, title: &str) {
        self.tabs[tab].life = Life::Gone;
        let Tab { name, url, visible, origin, .. } = &self.tabs[tab];
        let (name, url, visible, origin) = (name.clone(), url.clone(), *visible, *origin);
        let tab = self.engine(&name, &url, visible, origin);
        self.feed(tab, Input::Visible { on: visible });
        self.feed(tab, Input::Focused { on: visible });
        self.page(tab, Cause::Replaced, title, "");
    }

    /// An engine that knows who this is, and no page yet.
    fn engine(&mut self, name: &str, url: &str, visible: bool, origin: u64) -> usize {
        let tab = self.tabs.len();
        let at = Stamp { mono: self.mono - origin, wall: self.wall };
        let bits = [self.seed, tab as u32, 7, 9];
        if let Some(tape) = &mut self.tape {
            tape.begin(tab, &self.options, bits, at);
        }
        self.tabs.push(Tab {
            name: name.into(),
            engine: Engine::new(&self.options, bits, at),
            life: Life::Open,
            url: url.into(),
            visible,
            playing: false,
            origin,
            wake: None,
            keeps: BTreeMap::new(),
            untitled: None,
            refused: 0,
            audience: "user/discover".into(),
        });
        self.tabs[tab].engine.before_send = hook::before_send;
        let agent = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0";
        self.feed(tab, Input::Device { user_agent: agent, touch_points: 0, language: "en-GB" });
        self.feed(tab, Input::Signal { on: self.signal });
        if let Some(choice) = self.choice {
            self.feed(tab, Input::Consent { choice });
        }
        self.feed_hint(tab);
        tab
    }

    pub fn page(&mut self, tab: usize, cause: Cause, title: &str, referrer: &str) {
        let url = self.tabs[tab].url.clone();
        self.feed(tab, Input::Page { cause, url: &url, title, referrer });
    }

    pub fn feed_hint(&mut self, tab: usize) {
        let hint = self.hint.clone();
        self.feed(tab, Input::Hint { text: &hint });
    }

    /// Back in front of somebody: what other tabs wrote comes first.
    pub fn show(&mut self, tab: usize) {
        self.feed_hint(tab);
        self.tabs[tab].visible = true;
        self.feed(tab, Input::Visible { on: true });
        self.feed(tab, Input::Focused { on: true });
    }

    pub fn hide(&mut self, tab: usize) {
        self.title_now(tab);
        self.tabs[tab].visible = false;
        self.feed(tab, Input::Visible { on: false });
        self.feed(tab, Input::Focused { on: false });
    }

    pub fn close(&mut self, tab: usize) {
        self.hide(tab);
        self.feed(tab, Input::Hide);
        self.tabs[tab].life = Life::Gone;
    }

    /// What is due while the page is away waits for it.
    pub fn freeze(&mut self, tab: usize) {
        self.hide(tab);
        self.feed(tab, Input::Hide);
        self.tabs[tab].life = Life::Frozen;
    }

    pub fn restore(&mut self, tab: usize, title: &str) {
        self.tabs[tab].life = Life::Open;
        self.show(tab);
        self.page(tab, Cause::Restore, title, "");
    }

    pub fn stamp(&self, tab: usize) -> Stamp {
        Stamp { mono: self.mono - self.tabs[tab].origin, wall: self.wall }
    }

    /// One fact to one document, and everything it asks for.
    pub fn purge(&mut self) {
        self.hint.clear();
        self.record.clear();
        self.rows.clear();
    }

    pub fn feed(&mut self, tab: usize, input: Input) {
        let before = self.dropped(tab);
        let at = self.stamp(tab);
        let outputs = self.tabs[tab].engine.handle(at, input);
        if let Some(tape) = &mut self.tape {
            tape.call(tab, at, &input, &outputs);
        }
        let door = !matches!(input, Input::Sent { .. } | Input::Consent { .. } | Input::Signal { .. });
        let refusals = ["name", "too_early", "reserved", "customer_id", "before_send"];
        for (reason, count) in self.dropped(tab) {
            if refusals.contains(&reason.as_str()) || (door && reason == "too_large") {
                self.tabs[tab].refused += count - before.get(&reason).unwrap_or(&0);
            }
        }
        self.outputs.extend(outputs.iter().cloned());
        outputs.into_iter().for_each(|output| self.perform(tab, output));
        for (key, goes) in std::mem::take(&mut self.tabs[tab].keeps) {
            if goes {
                self.rows.remove(&key);
                continue;
            }
            let row = self.tabs[tab].engine.row(&key);
            if let Some(tape) = &mut self.tape {
                tape.row(tab, at, &key, row.as_deref());
            }
            if let Some(row) = row.filter(|_| !self.broken) {
                self.rows.insert(key, row);
            }
        }
        self.check_accounts(tab);
    }

    fn perform(&mut self, tab: usize, output: Output) {
        let goes = matches!(output, Output::Forget { .. });
        let seen = match output {
            Output::Send { batch, body, hiding } => {
                let reply = self.collector.post(&body);
                let answer = Later::Answer { batch, status: reply.status, body: reply.body };
                self.later.push((self.mono + self.latency, tab, answer));
                Seen::Send { body, hiding }
            }
            Output::Hint { text } => {
                if !self.broken {
                    self.hint.clone_from(&text);
                    let others = (0..self.tabs.len()).filter(|other| *other != tab);
                    let open = others.filter(|other| self.tabs[*other].life == Life::Open);
                    let when = self.mono + self.hearing;
                    self.later.extend(open.map(|other| (when, other, Later::Hint { text: text.clone() })));
                }
                return;
            }
            Output::Merge => return self.later.push((self.mono + self.slowness, tab, Later::Merge)),
            Output::Record { text } => return self.record = text,
            Output::Keep { key } | Output::Forget { key } => {
                self.tabs[tab].keeps.insert(key, goes);
                return;
            }
            Output::Choice { text } => {
                self.choice = Some(if text == "granted" { Choice::Granted } else { Choice::Denied });
                Seen::Choice(text)
            }
            Output::Purge => {
                self.purge();
                Seen::Purge
            }
            Output::Wake { at } => {
                return self.tabs[tab].wake = Some((self.tabs[tab].origin + at).max(self.mono + 1));
            }
            Output::Changed { topic: Topic::Audience | Topic::Session | Topic::Summary } => {
                let summary = self.summary(tab);
                let word = |key: &str| summary["audience"][key].as_str().unwrap_or_default().to_string();
                let now = format!("{}/{}", word("is"), word("stage"));
                if now == self.tabs[tab].audience {
                    return;
                }
                self.tabs[tab].audience.clone_from(&now);
                Seen::Audience(now)
            }
            Output::Changed { .. } => return,
            Output::Warn { text } => Seen::Warn(text),
        };
        self.seen.push((self.mono, tab, seen));
    }

    /// One transaction over record and queue.
    fn merge(&mut self, tab: usize) {
        if !self.broken {
            let record = self.record.clone();
            self.feed(tab, Input::Record { text: &record });
            for (key, text) in self.rows.clone() {
                self.feed(tab, Input::Row { key: &key, text: &text });
            }
        }
        self.feed(tab, Input::Merged { ok: !self.broken });
    }
}
