//! A browser in a box: several documents with an engine each, one localStorage and IndexedDB, one wall clock,
//! and a collector. Time is a number: it jumps from timer to timer, and nothing sleeps.

use std::collections::BTreeMap;

use passerby::engine::{Cause, Choice, Engine, Input, Output, Stamp, Topic};
use serde_json::Value;

use crate::collector::Collector;

/// 2026-03-02, a Monday, 10:00:00 UTC.
pub const MORNING: u64 = 1_772_445_600_000;
/// How long a browser takes to the next frame.
const FRAME: u64 = 16;

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
    wake: Option<u64>,
    keeps: Vec<String>,
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
    Warn(&'static str),
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
    pub record: String,
    pub rows: BTreeMap<String, String>,
    pub choice: Option<Choice>,
    pub signal: bool,
    pub collector: Collector,
    /// Milliseconds until an answer, or a storage transaction.
    pub latency: u64,
    pub slowness: u64,
    pub broken: bool,
    pub seen: Vec<(u64, usize, Seen)>,
    /// Every output, for laws about all of them.
    pub outputs: Vec<Output>,
    later: Vec<(u64, usize, Later)>,
    seed: u32,
    pub steps: u64,
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
            record: String::new(),
            rows: BTreeMap::new(),
            choice: None,
            signal: false,
            collector: Collector::default(),
            latency: 0,
            slowness: 0,
            broken: false,
            seen: Vec::new(),
            outputs: Vec::new(),
            later: Vec::new(),
            seed,
            steps: 0,
        }
    }

    pub fn open(&mut self, name: &str, page: Open) -> usize {
        let tab = self.tabs.len();
        let at = Stamp { mono: 0, wall: self.wall };
        self.tabs.push(Tab {
            name: name.into(),
            engine: Engine::new(&self.options, [self.seed, tab as u32, 7, 9], at),
            life: Life::Open,
            url: page.url.into(),
            visible: !page.hidden,
            playing: false,
            origin: self.mono,
            wake: None,
            keeps: Vec::new(),
            untitled: None,
            refused: 0,
            audience: "user/discover".into(),
        });
        let agent = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0";
        self.feed(tab, Input::Device { user_agent: agent, touch_points: 0, language: "en-GB" });
        self.feed(tab, Input::Signal { on: self.signal });
        if let Some(choice) = self.choice {
            self.feed(tab, Input::Consent { choice });
        }
        self.feed_hint(tab);
        if !page.prerender {
            self.feed(tab, Input::Visible { on: !page.hidden });
            self.feed(tab, Input::Focused { on: !page.hidden });
            self.page(tab, Cause::Load, page.title, page.referrer);
        }
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

    /// The URL has changed; the title is read a frame later.
    pub fn navigate(&mut self, tab: usize, steps: &[(Cause, String)], title: &str) {
        self.title_now(tab);
        for (cause, url) in steps {
            self.tabs[tab].url.clone_from(url);
            self.feed(tab, Input::Navigated { cause: *cause, url });
        }
        self.tabs[tab].untitled = Some((self.mono + FRAME, title.into()));
    }

    fn title_now(&mut self, tab: usize) {
        if let Some((_, title)) = self.tabs[tab].untitled.take() {
            self.feed(tab, Input::Titled { title: &title });
        }
    }

    pub fn stamp(&self, tab: usize) -> Stamp {
        Stamp { mono: self.mono - self.tabs[tab].origin, wall: self.wall }
    }

    /// One fact to one document, and everything it asks for.
    pub fn feed(&mut self, tab: usize, input: Input) {
        let before = self.dropped(tab);
        let at = self.stamp(tab);
        let outputs = self.tabs[tab].engine.handle(at, input);
        let door = !matches!(input, Input::Sent { .. } | Input::Consent { .. } | Input::Signal { .. });
        let refusals = ["name", "too_early", "not_json", "customer_id"];
        for (reason, count) in self.dropped(tab) {
            if refusals.contains(&reason.as_str()) || (door && reason == "too_large") {
                self.tabs[tab].refused += count - before.get(&reason).unwrap_or(&0);
            }
        }
        self.outputs.extend(outputs.iter().cloned());
        outputs.into_iter().for_each(|output| self.perform(tab, output));
        for key in std::mem::take(&mut self.tabs[tab].keeps) {
            if let Some(row) = self.tabs[tab].engine.row(&key).filter(|_| !self.broken) {
                self.rows.insert(key, row);
            }
        }
        self.check_accounts(tab);
    }

    fn perform(&mut self, tab: usize, output: Output) {
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
                    self.later
                        .extend(open.map(|other| (self.mono, other, Later::Hint { text: text.clone() })));
                }
                return;
            }
            Output::Merge => return self.later.push((self.mono + self.slowness, tab, Later::Merge)),
            Output::Record { text } => return self.record = text,
            Output::Keep { key } => return self.tabs[tab].keeps.push(key),
            Output::Claim { key, text } => return drop(self.rows.insert(key, text)),
            Output::Forget { key } => return drop(self.rows.remove(&key)),
            Output::Choice { text } => {
                self.choice = Some(if text == "granted" { Choice::Granted } else { Choice::Denied });
                Seen::Choice(text)
            }
            Output::Purge => {
                self.hint.clear();
                self.record.clear();
                self.rows.clear();
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

/// Time.
impl World {
    /// Everything that is due until then happens, in order.
    pub fn run(&mut self, millis: u64) {
        let end = self.mono + millis;
        for step in 0.. {
            self.steps += 1;
            assert!(
                step < 5_000,
                "the world does not come to rest: {:?}",
                &self.outputs[self.outputs.len() - 12..]
            );
            let open = |tab: usize| self.tabs[tab].life == Life::Open;
            let later = self.later.iter().enumerate().filter(|(_, (_, tab, _))| open(*tab));
            let later = later.min_by_key(|(at, (due, ..))| (*due, *at)).map(|(at, (due, ..))| (*due, at));
            let tabs = self.tabs.iter().enumerate().filter(|(_, tab)| tab.life == Life::Open);
            let frame = tabs.clone().filter_map(|(at, tab)| Some((tab.untitled.as_ref()?.0, at))).min();
            let wake = tabs.filter_map(|(at, tab)| Some((tab.wake?, at))).min();
            let soonest = [later, frame, wake].into_iter().flatten().map(|(due, _)| due).min();
            let Some(due) = soonest.filter(|due| *due <= end) else { break };
            self.pass(due.saturating_sub(self.mono));
            if later.is_some_and(|(at, _)| at == due) {
                let (_, tab, what) = self.later.remove(later.expect("found").1);
                self.happen(tab, what);
            } else if frame.is_some_and(|(at, _)| at == due) {
                self.title_now(frame.expect("found").1);
            } else if let Some((_, tab)) = wake {
                self.tabs[tab].wake = None;
                self.feed(tab, Input::Wake);
            }
        }
        self.pass(end.saturating_sub(self.mono));
    }

    fn happen(&mut self, tab: usize, what: Later) {
        match what {
            Later::Merge => self.merge(tab),
            Later::Hint { text } => self.feed(tab, Input::Hint { text: &text }),
            Later::Answer { batch, status, body } => {
                let retry_after = self.collector.retry_after.clone();
                self.feed(tab, Input::Sent { batch, status, body: &body, retry_after: &retry_after });
            }
        }
    }

    /// Both clocks go on and nothing happens.
    pub fn pass(&mut self, millis: u64) {
        self.mono += millis;
        self.wall += millis;
    }

    pub fn named(&self, name: &str) -> usize {
        self.tabs.iter().rposition(|tab| tab.name == name).unwrap_or_else(|| panic!("no tab {name}"))
    }

    pub fn summary(&self, tab: usize) -> Value {
        let text = self.tabs[tab].engine.summary();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("summary is not JSON: {error}\n{text}"))
    }

    /// Only the part of the summary that is asked for at every input.
    fn delivery(&self, tab: usize) -> Value {
        let text = self.tabs[tab].engine.summary();
        let part = text.rsplit_once("\"delivery\":").expect("delivery").1;
        let end = part.find("}}").expect("an end") + 2;
        serde_json::from_str(&part[..end]).expect("delivery is JSON")
    }

    fn dropped(&self, tab: usize) -> BTreeMap<String, u64> {
        let delivery = self.delivery(tab);
        let dropped = delivery["dropped"].as_object().expect("dropped");
        dropped.iter().map(|(reason, count)| (reason.clone(), count.as_u64().unwrap_or(0))).collect()
    }

    /// Every accepted event is exactly one of acknowledged, unconfirmed, queued and dropped.
    fn check_accounts(&self, tab: usize) {
        let delivery = self.delivery(tab);
        let count = |name: &str| delivery[name].as_u64().expect("a count");
        let dropped: u64 = self.dropped(tab).values().sum::<u64>() - self.tabs[tab].refused;
        let kept = count("acknowledged") + count("unconfirmed") + count("queued");
        let accepted = u64::from(self.tabs[tab].engine.accepted());
        assert_eq!(
            accepted,
            kept + dropped,
            "accepted = acknowledged + unconfirmed + queued + dropped: {delivery}"
        );
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if std::env::var_os("STEPS").is_some() {
            eprintln!("steps {} outputs {} tabs {}", self.steps, self.outputs.len(), self.tabs.len());
        }
    }
}
