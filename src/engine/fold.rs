//! One session, folded from its events: the numbers page and collector must agree on.
//!
//! The page folds as things happen, the collector folds what arrived; both call [`Session::apply`].
//! Every fact is keyed by (load, view) or counted once per (load, seq) by the caller, totals only grow,
//! and what remains is a maximum, a minimum or a sum. So order does not matter, and two tabs' folds
//! [`Session::join`] into one.
//!
//! Laws, each a test of the same name in `tests/engine/fold.rs`:
//!   order_does_not_matter
//!   a_repeated_engagement_changes_nothing
//!   join_equals_applying_both

use alloc::string::String;
use alloc::vec::Vec;

use super::audience::Audience;
use super::time::SECOND;
use crate::wire::text::{Put, listed, owned};

/// What a session's verdicts depend on; part of the definition.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// Events that count as a conversion, with commas.
    pub conversions: String,
    /// Engaged milliseconds that make an engaged session (GA4: 10 s).
    pub engaged_after: u64,
    /// Bounce = not engaged, instead of exactly one page view and no conversion.
    pub bounce_not_engaged: bool,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            conversions: owned("purchase,generate_lead,sign_up"),
            engaged_after: 10 * SECOND,
            bounce_not_engaged: false,
        }
    }
}

/// A fact about one session, with wall times as the page's timeline gives them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fact<'a> {
    /// A page view; `visible` ones are activity.
    View { view: u32, at: u64, url: &'a str, title: &'a str, visible: bool },
    /// The totals of a page view so far. `of` is the load that it began in, if an engine failed and another went on.
    Engagement { of: &'a str, view: u32, engaged: u64, visible: u64, scroll: u32, active: u64 },
    /// Any other event; `active` ones (`purchase`, `identify`) are activity.
    Event { name: &'a str, at: u64, active: bool },
    /// The audience the visitor belongs to from here on.
    Audience { is: Audience },
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Session {
    pub started: u64,
    pub last_activity: u64,
    pub audience: Audience,
    pub loads: Vec<Load>,
}

/// What one engine instance (one document) added to the session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Load {
    pub id: String,
    pub views: Vec<View>,
    pub events: Vec<Tally>,
    /// Views up to this number have been summed up to bound the memory of a page that navigates for ever.
    pub before: u32,
    /// How many of them belong to this session, and their engaged time.
    pub depth: u32,
    pub engaged: u64,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    pub number: u32,
    /// False while only its engagement has arrived.
    pub seen: bool,
    pub started: u64,
    pub url: String,
    pub title: String,
    pub engaged: u64,
    pub visible: u64,
    pub scroll: u32,
    pub last_activity: u64,
}

impl View {
    /// Last activity − start, in wall milliseconds.
    pub fn duration(&self) -> u64 {
        self.last_activity.saturating_sub(self.started)
    }

    fn join(&mut self, other: &View) {
        if other.seen {
            self.begin(other.started, &other.url, &other.title);
        }
        self.grow(other.engaged, other.visible, other.scroll, other.last_activity);
    }

    #[inline(never)]
    pub(super) fn begin(&mut self, at: u64, url: &str, title: &str) {
        if !self.seen {
            self.seen = true;
            self.started = at;
            self.url.set(url);
            self.title.set(title);
        }
    }

    #[inline(never)]
    pub(super) fn grow(&mut self, engaged: u64, visible: u64, scroll: u32, active: u64) {
        self.engaged = self.engaged.max(engaged);
        self.visible = self.visible.max(visible);
        self.scroll = self.scroll.max(scroll);
        self.last_activity = self.last_activity.max(active);
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    pub name: String,
    pub count: u32,
}

/// The verdicts and sums of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Totals {
    pub page_depth: u32,
    pub duration: u64,
    pub engaged_time: u64,
    pub conversions: u32,
    pub bounced: bool,
    pub engaged: bool,
}

impl Session {
    pub fn apply(&mut self, load: &str, fact: Fact) {
        match fact {
            Fact::View { view, at, url, title, visible } => {
                let active = if visible { at } else { 0 };
                let view = self.load(load).view(view);
                view.begin(at, url, title);
                view.grow(0, 0, 0, active);
                self.activity(active);
            }
            Fact::Engagement { of, view, engaged, visible, scroll, active } => {
                let load = self.load(if of.is_empty() { load } else { of });
                load.view(view).grow(engaged, visible, scroll, active);
                self.activity(active);
            }
            Fact::Event { name, at, active } => {
                self.load(load).tally(name).count += 1;
                self.activity(if active { at } else { 0 });
            }
            Fact::Audience { is } => self.audience = self.audience.max(is),
        }
    }

    /// Another tab's share of the same session.
    pub fn join(&mut self, other: &Session) {
        self.started = self.started.min(other.started);
        self.activity(other.last_activity);
        self.audience = self.audience.max(other.audience);
        for theirs in &other.loads {
            let ours = self.load(&theirs.id);
            if theirs.before > ours.before {
                (ours.before, ours.depth, ours.engaged) = (theirs.before, theirs.depth, theirs.engaged);
                while let Some(at) = ours.views.iter().position(|view| view.number <= theirs.before) {
                    ours.views.remove(at);
                }
            }
            let before = ours.before;
            for view in theirs.views.iter().filter(|view| view.number > before) {
                ours.view(view.number).join(view);
            }
            for tally in &theirs.events {
                let mine = ours.tally(&tally.name);
                mine.count = mine.count.max(tally.count);
            }
        }
    }

    pub fn totals(&self, rules: &Rules) -> Totals {
        let mut sum =
            Totals { duration: self.last_activity.saturating_sub(self.started), ..Totals::default() };
        for load in &self.loads {
            sum.page_depth += load.depth;
            sum.engaged_time += load.engaged;
            for view in &load.views {
                sum.page_depth += u32::from(view.seen);
                sum.engaged_time += view.engaged;
            }
            for tally in &load.events {
                if listed(&rules.conversions, &tally.name) {
                    sum.conversions += tally.count;
                }
            }
        }
        sum.engaged = sum.engaged_time >= rules.engaged_after || sum.page_depth >= 2 || sum.conversions > 0;
        sum.bounced =
            if rules.bounce_not_engaged { !sum.engaged } else { sum.page_depth == 1 && sum.conversions == 0 };
        sum
    }

    /// How often an event of this name has happened.
    pub fn count(&self, name: &str) -> u64 {
        let mut sum = 0;
        for load in &self.loads {
            for tally in &load.events {
                if tally.name == name {
                    sum += u64::from(tally.count);
                }
            }
        }
        sum
    }

    /// The page views in the order they began.
    pub fn pages(&self) -> Vec<&View> {
        let mut pages: Vec<&View> = Vec::new();
        for load in &self.loads {
            for view in load.views.iter().filter(|view| view.seen) {
                // Insertion keeps the code of a full sort out of the hot module.
                let after =
                    pages.iter().rposition(|page| page.started <= view.started).map_or(0, |at| at + 1);
                pages.insert(after, view);
            }
        }
        pages
    }

    fn activity(&mut self, at: u64) {
        self.last_activity = self.last_activity.max(at);
    }

    pub fn load(&mut self, id: &str) -> &mut Load {
        let at = self.loads.iter().position(|load| load.id == id);
        let load = entry(&mut self.loads, at);
        load.id.set(id);
        load
    }
}

impl Load {
    /// Sums up the oldest views, so that no more than `limit` are kept one by one.
    pub fn trim(&mut self, limit: usize) {
        while self.views.len() > limit {
            let oldest = self.views.remove(0);
            self.before = self.before.max(oldest.number);
            self.depth += u32::from(oldest.seen);
            self.engaged += oldest.engaged;
        }
    }

    pub fn view(&mut self, number: u32) -> &mut View {
        let at = self.views.iter().position(|view| view.number == number);
        let view = entry(&mut self.views, at);
        view.number = number;
        view
    }

    pub fn tally(&mut self, name: &str) -> &mut Tally {
        let at = self.events.iter().position(|tally| tally.name == name);
        let tally = entry(&mut self.events, at);
        tally.name.set(name);
        tally
    }
}

/// The item at `at`, or a new last one, which the caller names.
fn entry<T: Default>(items: &mut Vec<T>, at: Option<usize>) -> &mut T {
    let at = at.unwrap_or_else(|| {
        items.push(T::default());
        items.len() - 1
    });
    // In range: `at` is a position just found or just made.
    &mut items[at]
}
