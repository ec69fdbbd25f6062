//! Time passes in the box, and the books are kept.

use std::collections::BTreeMap;

use passerby::engine::{Cause, Input};
use serde_json::Value;

use super::{Later, Life, World};

/// How long a browser takes to the next frame.
const FRAME: u64 = 16;

/// Time.
impl World {
    /// Everything that is due until then happens, in order.
    pub fn run(&mut self, millis: u64) {
        let end = self.mono + millis;
        for step in 0.. {
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

    /// The URL has changed; the title is read a frame later. A step without a cause is an event of that name.
    pub fn navigate(&mut self, tab: usize, steps: &[(Option<Cause>, String)], title: &str) {
        self.title_now(tab);
        for (cause, text) in steps {
            if let Some(cause) = *cause {
                self.tabs[tab].url.clone_from(text);
                self.feed(tab, Input::Navigated { cause, url: text });
            } else {
                self.feed(tab, Input::Track { name: text, props: "" });
            }
        }
        self.tabs[tab].untitled = Some((self.mono + FRAME, title.into()));
    }

    pub(super) fn title_now(&mut self, tab: usize) {
        if let Some((_, title)) = self.tabs[tab].untitled.take() {
            self.feed(tab, Input::Titled { title: &title });
        }
    }
}

/// Looking.
impl World {
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

    pub(super) fn dropped(&self, tab: usize) -> BTreeMap<String, u64> {
        let delivery = self.delivery(tab);
        let dropped = delivery["dropped"].as_object().expect("dropped");
        dropped.iter().map(|(reason, count)| (reason.clone(), count.as_u64().unwrap_or(0))).collect()
    }

    /// Every accepted event is exactly one of acknowledged, unconfirmed, queued and dropped.
    pub(super) fn check_accounts(&self, tab: usize) {
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
