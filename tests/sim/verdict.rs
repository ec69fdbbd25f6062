//! After a world: the books are held against the oracle's.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use passerby::engine::Audience;
use serde_json::Value;

use crate::coverage::{Fault, Outcome};
use crate::device::{Document, Life};
use crate::fate::SILENCE;
use crate::oracle::{self, Consent};
use crate::server::Stored;
use crate::world::World;

const MINUTE: u64 = 60_000;
/// Before its write is complete an event does not survive a kill: the stated window.
const WINDOW: u64 = 1_000;
/// What a page is read for is told once a minute.
const UNREPORTED: u64 = MINUTE + WINDOW;
/// How long after an input somebody is taken to be reading.
const ATTENTION: u64 = 30_000;

impl World {
    /// Every law, for every browser.
    pub fn judge(&mut self) {
        let stored = self.by_document();
        let mut problems = std::mem::take(&mut self.problems);
        for browser in 0..self.browsers.len() {
            let mine: Vec<usize> = (0..self.documents.len())
                .filter(|document| self.documents[*document].browser == browser)
                .collect();
            let mut missing = Vec::new();
            for document in &mine {
                missing.extend(
                    self.count(*document, &stored[*document]).into_iter().map(|event| (*document, event)),
                );
            }
            let dropped: u64 = mine.iter().map(|document| dropped(&self.documents[*document])).sum();
            if missing.len() as u64 > dropped {
                let count = missing.len();
                missing.truncate(9);
                problems.push(format!(
                    "browser {browser}: {count} events neither stored, nor lost as stated; {dropped} dropped; \
                     missing (document, (seq, when)): {missing:?}",
                ));
            }
            let rows = self.browsers[browser].disk.rows.len();
            if rows > 0 {
                problems.push(format!("browser {browser}: {rows} rows left behind"));
            }
        }
        self.problems = problems;
        self.judge_sessions();
    }

    /// The events stored of each document, by seq.
    fn by_document(&self) -> Vec<HashMap<u64, u64>> {
        let loads: HashMap<&str, usize> =
            self.documents.iter().enumerate().map(|(at, document)| (document.load.as_str(), at)).collect();
        let mut stored = vec![HashMap::new(); self.documents.len()];
        for ((load, seq), event) in &self.server.events {
            if let Some(at) = loads.get(load.as_str()) {
                stored[*at].insert(*seq, event.copies);
            }
        }
        stored
    }

    /// How the events of one document ended; those missing without an excuse.
    fn count(&mut self, document: usize, stored: &HashMap<u64, u64>) -> Vec<(u64, u64)> {
        let page = &self.documents[document];
        let again = stored.values().filter(|copies| **copies > 1).count();
        let (mut lost, mut refused, mut missing) = (0, 0, Vec::new());
        for (at, made) in page.made.iter().enumerate() {
            if stored.contains_key(&(at as u64 + 1)) {
                continue;
            }
            let window = if page.struck.has(Fault::StorageHung) { WINDOW + SILENCE } else { WINDOW };
            let kills = page.killed.iter().chain(&self.browsers[page.browser].kills);
            let killed = kills.clone().any(|killed| (*made..=made + window).contains(killed));
            let unkept = page.life == Life::Gone && !page.storage;
            let unasked = self.browsers[page.browser].person.documents[page.page].consent == Consent::Asked;
            if self.purged.contains(&(page.load.clone(), at as u64 + 1)) {
                refused += 1;
                continue;
            }
            if killed || unkept || unasked {
                lost += 1;
            } else {
                missing.push((at as u64 + 1, *made));
            }
        }
        self.documents[document].dropped = missing.last().map_or(0, |(seq, _)| *seq);
        let page = &self.documents[document];
        let struck = page.struck;
        let counts = [
            (Outcome::Stored, stored.len()),
            (Outcome::Again, again),
            (Outcome::Dropped, missing.len() + refused),
            (Outcome::Lost, lost),
        ];
        self.coverage.events += page.made.len() as u64;
        counts.into_iter().for_each(|(outcome, events)| self.coverage.count(struck, outcome, events as u64));
        if stored.len() > self.documents[document].made.len() {
            self.problems.push(format!("document {document}: more stored than was ever accepted"));
        }
        missing
    }

    fn judge_sessions(&mut self) {
        let owners: HashMap<&str, usize> =
            self.documents.iter().enumerate().map(|(at, document)| (document.load.as_str(), at)).collect();
        let mut problems = Vec::new();
        let mut found = Vec::new();
        for ((load, seq), stored) in &self.server.events {
            let Some(document) = owners.get(load.as_str()) else {
                problems.push(format!("an event of nobody: {load} {seq}"));
                continue;
            };
            let page = &self.documents[*document];
            let apart = !self.browsers[page.browser].apart.is_empty();
            match self.meaning(page, stored) {
                Some(Ok(session)) if !apart => {
                    found.push(((page.browser, session), self.server.session_of(stored), *document, stored));
                }
                Some(Err(problem)) if !apart || stored.event.name != "page_view" => {
                    problems.push(format!("document {document}, seq {seq}: {problem}"));
                }
                _ => {}
            }
        }
        let sums = self.match_sessions(&found, &mut problems);
        self.coverage.compared += sums.len() as u64;
        problems.truncate(4);
        if problems.is_empty() {
            problems = self.compare(&sums);
        }
        self.problems.extend(problems);
    }

    /// One session of the oracle, one of the collector, and the other way round.
    fn match_sessions(&self, found: &[Found], problems: &mut Vec<String>) -> BTreeMap<(usize, usize), Sum> {
        let mut votes: BTreeMap<(usize, usize), BTreeMap<&str, usize>> = BTreeMap::new();
        for (ours, here, document, stored) in found {
            let sure = !self.unsure(&self.documents[*document], stored);
            *votes.entry(*ours).or_default().entry(here).or_default() += usize::from(sure);
        }
        let mut sums: BTreeMap<(usize, usize), Sum> = BTreeMap::new();
        for (ours, ids) in votes {
            let id = ids.iter().max_by_key(|(_, votes)| **votes).map_or("", |(id, _)| id);
            sums.insert(ours, Sum { id: id.to_string(), ..Sum::default() });
        }
        let owners: HashMap<String, (usize, usize)> =
            sums.iter().map(|(ours, sum)| (sum.id.clone(), *ours)).collect();
        for (ours, here, document, stored) in found {
            let (page, sum) = (&self.documents[*document], sums.get_mut(ours).expect("counted"));
            let other = *owners.get(here).unwrap_or(ours);
            if other != *ours || sum.id != *here {
                let made = page.made[stored.event.seq as usize - 1];
                if page.killed.is_some_and(|killed| made + UNREPORTED >= killed) && other == *ours {
                    // It began before it had heard from storage, and died before it could say what it had heard.
                    sum.split = true;
                    continue;
                }
                if self.unsure(page, stored) {
                    let shown = oracle::Audience::shown(&stored.event.name);
                    sum.torn |= shown > oracle::Audience::User;
                    let other = sums.get_mut(&other).expect("counted");
                    other.shown = other.shown.max(shown);
                    other.add(page, stored, self);
                    continue;
                }
                problems.push(format!(
                    "document {document}, seq {} ({}): session {ours:?} of the oracle is {} at the collector, but \
                     this one has {here}, which is {other:?}",
                    stored.event.seq, stored.event.name, sum.id
                ));
            }
            sum.add(page, stored, self);
        }
        self.add_unseen(&mut sums);
        sums
    }

    /// Page views that were dropped; what they were read for may have arrived.
    fn add_unseen(&self, sums: &mut BTreeMap<(usize, usize), Sum>) {
        for document in &self.documents {
            let number = |stored: &Stored| stored.event.view;
            let mine =
                self.server.events.range((document.load.clone(), 0)..=(document.load.clone(), u64::MAX));
            let (seen, told): (Vec<_>, Vec<_>) = mine
                .map(|(_, stored)| stored)
                .filter(|stored| ["page_view", "engagement"].contains(&stored.event.name.as_str()))
                .partition(|stored| stored.event.name == "page_view");
            let seen: BTreeSet<_> = seen.into_iter().map(number).collect();
            let told: BTreeSet<_> = told.into_iter().map(number).collect();
            for number in told.difference(&seen) {
                if let Some(view) = self.view(document, *number)
                    && let Some(sum) = sums.get_mut(&(document.browser, view.session))
                {
                    sum.most += view.engaged;
                }
            }
        }
    }

    /// The oracle's page view of this number.
    fn view(&self, page: &Document, number: Option<u32>) -> Option<&oracle::View> {
        let views = &self.browsers[page.browser].person.documents[page.page].views;
        views.get(number.unwrap_or(0).wrapping_sub(1) as usize)
    }

    /// Whether the page could know which session this belongs to.
    fn unsure(&self, page: &Document, stored: &Stored) -> bool {
        let number = stored.event.props.as_deref().and_then(number);
        let told = number.and_then(|number| self.browsers[page.browser].person.told.get(&number));
        told.is_some_and(|told| told.unsure)
    }

    /// Which session of the oracle an event belongs to; nothing for bookkeeping.
    fn meaning(&self, page: &Document, stored: &Stored) -> Option<Result<usize, String>> {
        let person = &self.browsers[page.browser].person;
        let event = &stored.event;
        if event.name == "page_view" {
            let told = match self.view(page, event.view) {
                Some(view) if Some(&view.url) == event.url.as_ref() => Ok(view.session),
                view => {
                    Err(format!("page view {:?} of {:?}; the oracle saw {view:?}", event.view, event.url))
                }
            };
            return Some(told);
        }
        let number = number(event.props.as_deref()?)?;
        let told = match person.told.get(&number) {
            Some(told) if told.allowed == Consent::Denied => {
                Err(format!("{} was said after a refusal", told.name))
            }
            Some(told) if told.name != event.name => Err(format!("{} became {}", told.name, event.name)),
            Some(told) if told.document != page.page => Err(format!("{} was said elsewhere", told.name)),
            Some(told) => Ok(told.session),
            None => Err(format!("nobody said {} {number}", event.name)),
        };
        Some(told)
    }

    fn compare(&self, sums: &BTreeMap<(usize, usize), Sum>) -> Vec<String> {
        let folded: HashMap<String, _> =
            self.server.sessions().into_iter().map(|folded| (folded.id.clone(), folded)).collect();
        let mut problems = Vec::new();
        for ((browser, session), sum) in sums {
            let ours = &self.browsers[*browser].person.sessions[*session];
            let Some(theirs) = folded.get(&sum.id).filter(|_| !sum.split) else { continue };
            let totals = &theirs.totals;
            let bounced = sum.views == 1 && sum.conversions == 0;
            let engaged = sum.least..=sum.most;
            let [before, after] = ours.audience;
            let audiences = if sum.torn { before } else { after }..=after.max(sum.shown);
            let audience = match theirs.audience {
                Audience::User => oracle::Audience::User,
                Audience::Potential => oracle::Audience::Potential,
                Audience::Customer => oracle::Audience::Customer,
            };
            if totals.page_depth != sum.views
                || totals.bounced != bounced
                || !engaged.contains(&totals.engaged_time)
                || !audiences.contains(&audience)
            {
                problems.push(format!(
                    "browser {browser}, session {session} ({}): collector {totals:?} {audience:?}; oracle views {}, \
                     bounced {bounced}, engaged {engaged:?}, audience {audiences:?}{}",
                    sum.id,
                    sum.views,
                    self.views_apart(*browser, *session)
                ));
            }
        }
        problems
    }
}

/// Where a failed world begins to be understood.
impl World {
    /// The page views whose engaged time the collector was told otherwise.
    fn views_apart(&self, browser: usize, session: usize) -> String {
        let mut told: HashMap<(&str, u64), u64> = HashMap::new();
        for ((load, _), stored) in &self.server.events {
            let props =
                stored.event.props.as_deref().and_then(|props| serde_json::from_str::<Value>(props).ok());
            let engaged = props.and_then(|props| props["engaged_ms"].as_u64()).unwrap_or_default();
            let view = told.entry((load, u64::from(stored.event.view.unwrap_or_default()))).or_default();
            *view = engaged.max(*view);
        }
        let mut out = String::new();
        let mine = |(_, document): &(usize, &Document)| document.browser == browser;
        for (at, document) in self.documents.iter().enumerate().filter(mine) {
            let views = &self.browsers[browser].person.documents[document.page].views;
            for (number, view) in views.iter().enumerate().filter(|(_, view)| view.session == session) {
                let told =
                    told.get(&(document.load.as_str(), number as u64 + 1)).copied().unwrap_or_default();
                if told != view.engaged {
                    let killed = document.killed;
                    out += &format!(
                        "\n    document {at}, view {}: told {told}, oracle {}, killed {killed:?}, storage {}",
                        number + 1,
                        view.engaged,
                        document.storage
                    );
                }
            }
        }
        out
    }
}

/// A session of the oracle's, by browser and number; the collector's id for it; the document; the event.
type Found<'a> = ((usize, usize), String, usize, &'a Stored);

/// What the oracle makes of the events of one session that arrived.
#[derive(Debug, Default)]
struct Sum {
    id: String,
    views: u32,
    conversions: u32,
    /// Bounds of the engaged time: what a page was read for just before a kill may not have been told.
    least: u64,
    most: u64,
    /// A page of it was killed, had no storage, or had not heard of it.
    torn: bool,
    /// A page of it died before it could say that its session was this one.
    split: bool,
    /// What was shown in a page that had not heard of the next session.
    shown: oracle::Audience,
}

impl Sum {
    fn add(&mut self, page: &Document, stored: &Stored, world: &World) {
        let torn = page.killed.is_some() || !page.storage;
        self.torn |= torn;
        let event = &stored.event;
        self.conversions +=
            u32::from(matches!(event.name.as_str(), "purchase" | "sign_up" | "generate_lead"));
        if event.name != "page_view" {
            return;
        }
        self.views += 1;
        let Some(view) = world.view(page, event.view) else { return };
        self.most += view.engaged;
        self.least += match torn {
            true if !page.storage => 0,
            // A device that goes to sleep may credit one more span of attention, and tell it when it wakes.
            true if page.struck.has(Fault::SleepTicking) => {
                view.engaged.saturating_sub(UNREPORTED + ATTENTION)
            }
            true => view.engaged.saturating_sub(UNREPORTED),
            // What was told of it may have been dropped.
            false if page.dropped > event.seq => 0,
            false => view.engaged.saturating_sub(view.frame),
        };
    }
}

/// The number the site gave the event.
fn number(props: &str) -> Option<u64> {
    let props: Value = serde_json::from_str(props).ok()?;
    props["n"].as_u64().or_else(|| props["traits"]["n"].as_u64())
}

/// Events this document had accepted and then dropped.
fn dropped(page: &Document) -> u64 {
    let summary: Value = serde_json::from_str(&page.engine.summary()).expect("the summary is JSON");
    let dropped = summary["delivery"]["dropped"].as_object().expect("dropped");
    let counted = |(reason, _): &(&String, &Value)| {
        ["rejected", "expired", "overflow", "consent", "too_large"].contains(&reason.as_str())
    };
    dropped.iter().filter(counted).map(|(_, count)| count.as_u64().unwrap_or(0)).sum()
}
