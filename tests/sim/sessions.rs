//! After a world: the sessions the collector has folded are held against the oracle's.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use passerby::engine::Audience;
use serde_json::Value;

use crate::coverage::Fault;
use crate::device::Document;
use crate::oracle::{self, Consent, SILENT};
use crate::server::Stored;
use crate::verdict::UNREPORTED;
use crate::world::World;

/// How long after an input somebody is taken to be reading.
const ATTENTION: u64 = 30_000;

impl World {
    /// What an event means, whose session it is, and what that comes to.
    pub fn judge_sessions(&mut self) {
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
                let died = page.killed.is_some_and(|killed| made + UNREPORTED >= killed);
                if (died || page.dropped > stored.event.seq) && other == *ours {
                    // It began before it had heard from storage, and died before it could say what it had heard; or
                    // what it said was dropped.
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
        self.tear(found, &mut sums);
        sums
    }

    /// What would have shown the audience has not arrived.
    fn tear(&self, found: &[Found], sums: &mut BTreeMap<(usize, usize), Sum>) {
        let arrived: BTreeSet<u64> =
            found.iter().filter_map(|(.., stored)| number(stored.event.props.as_deref()?)).collect();
        for (browser, holder) in self.browsers.iter().enumerate() {
            for told in holder.person.told.iter().filter(|(number, _)| !arrived.contains(*number)) {
                if let Some(sum) = sums.get_mut(&(browser, told.1.session)) {
                    sum.torn |= oracle::Audience::shown(told.1.name) > oracle::Audience::User;
                }
            }
        }
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
                    sum.most += view.engaged + self.next_frame(document, *number);
                }
            }
        }
    }

    /// A soft navigation's arrival is known a frame later: the view before it had that frame, and where what was told
    /// of either is dropped, or lost with the page, nothing makes up for it.
    fn next_frame(&self, page: &Document, number: Option<u32>) -> u64 {
        let torn = page.dropped > 0 || page.killed.is_some();
        let next = self.view(page, number.map(|number| number + 1)).filter(|_| torn);
        next.map_or(0, |view| view.frame)
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
    /// A page of it was killed, had no storage, had not heard of it, or lost what would have shown the audience.
    torn: bool,
    /// A page of it died before it could say that its session was this one.
    split: bool,
    /// What was shown in a page that had not heard of the next session.
    shown: oracle::Audience,
}

impl Sum {
    fn add(&mut self, page: &Document, stored: &Stored, world: &World) {
        let torn = page.killed.is_some() || !page.storage;
        self.torn |= torn || page.dropped > 0;
        let event = &stored.event;
        self.conversions +=
            u32::from(matches!(event.name.as_str(), "purchase" | "sign_up" | "generate_lead"));
        if event.name != "page_view" {
            return;
        }
        self.views += 1;
        let Some(view) = world.view(page, event.view) else { return };
        self.most += view.engaged + world.next_frame(page, event.view);
        self.least += match torn {
            // What was told of it may have been dropped.
            _ if page.dropped > event.seq => 0,
            true if !page.storage => 0,
            // A device that goes to sleep may credit one more span of attention, and tell it when it wakes.
            true if page.struck.has(Fault::SleepTicking) => {
                let played = world.browsers[page.browser].person.documents[page.page].played;
                view.engaged.saturating_sub(UNREPORTED + if played { SILENT } else { ATTENTION })
            }
            true => view.engaged.saturating_sub(UNREPORTED),
            false => view.engaged.saturating_sub(view.frame),
        };
    }
}

/// The number the site gave the event.
fn number(props: &str) -> Option<u64> {
    let props: Value = serde_json::from_str(props).ok()?;
    props["n"].as_u64().or_else(|| props["traits"]["n"].as_u64())
}
