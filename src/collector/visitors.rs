//! Visitors: their engagement score and the segments they are in, measured on their latest session as the page would.
//!
//! A customer is one visitor, however many devices they have: since when and how often they came, what they bought and
//! how far they got is measured over all of them. What a session came to is that of the latest.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Value, json};

use super::facts::later_stage;
use super::ingest::Millis;
use super::names::{Name, Names};
use super::session;
use super::store::{Fault, Folded, RECENT, SessionRow, Store, Through};
use crate::engine::Audience;
use crate::score::{self, PARTS, Score};

/// One visitor, by customer id where it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    pub site: String,
    pub who: String,
    pub customer: Option<String>,
    /// The ids under which they came, the latest first.
    pub visitors: Vec<String>,
    pub audience: Audience,
    pub score: Score,
}

/// The visitors of the `newest` of these sessions, which come newest first. Bots and tests are none.
pub fn people(
    store: &Store,
    sessions: &[SessionRow],
    newest: usize,
    now: Millis,
    segments: &str,
) -> Result<Vec<Person>, Fault> {
    let names = Names::of(sessions);
    let is_person = |row: &&SessionRow| row.bot.is_none();
    let mut all: HashMap<Name, Vec<&SessionRow>> = HashMap::new();
    for row in sessions.iter().filter(is_person) {
        all.entry(names.who(row)).or_default().push(row);
    }
    let mut people = Vec::new();
    for row in sessions.iter().take(newest).filter(is_person) {
        let who = names.who(row);
        // Once, for the newest of their sessions.
        let Some(rows) = all.remove(&who) else { continue };
        let Some(summary) = together(store, &rows, now)? else { continue };
        let mut seen = HashSet::new();
        let visitors = rows.iter().map(|row| &row.visitor).filter(|visitor| seen.insert(*visitor));
        people.push(Person {
            site: who.0.to_owned(),
            who: who.1.to_owned(),
            customer: names.customer(row).map(str::to_owned),
            visitors: visitors.cloned().collect(),
            audience: furthest(&rows),
            score: score::measure(&summary.to_string(), now, segments),
        });
    }
    Ok(people)
}

fn furthest(rows: &[&SessionRow]) -> Audience {
    rows.iter().map(|row| row.audience).max().unwrap_or_default()
}

/// The first of somebody's sessions, in full, with what is known of them from all.
fn together(store: &Store, rows: &[&SessionRow], now: Millis) -> Result<Option<Value>, Fault> {
    let latest = rows[0];
    let Some(folded) = store.session(&latest.site, &latest.id, &Through::Everything)? else {
        return Ok(None);
    };
    let mut summary = session::json(store, &latest.site, &latest.id, &folded, now)?;
    let mut visitors: BTreeMap<&str, u64> = BTreeMap::new();
    for row in rows {
        *visitors.entry(&row.visitor).or_default() += 1;
    }
    let mut sessions = 0;
    for (visitor, stored) in &visitors {
        let counted = match *visitor == latest.visitor {
            true => folded.sessions,
            false => store.counted(&latest.site, visitor)?,
        };
        sessions += counted.unwrap_or(*stored);
    }
    let first_seen = rows.iter().filter_map(|row| row.first_seen).min();
    let purchases = orders(rows);
    summary["visitor"] = json!({ "sessions": sessions, "firstSeen": first_seen, "purchases": purchases });
    if visitors.len() > 1 {
        let is = furthest(rows);
        let (since, reason) = decided(store, rows, visitors.into_keys(), &summary["audience"])?;
        let stage = rows.iter().fold("discover", |stage, row| later_stage(stage, Some(&row.stage)));
        let since_then = latest.last_activity.saturating_sub(RECENT)..=latest.last_activity;
        let recent = rows.iter().filter(|row| since_then.contains(&row.started)).count() as u64;
        let customer = is == Audience::Customer;
        let audience = &mut summary["audience"];
        audience["is"] = is.as_str().into();
        audience["reason"] = reason.into();
        audience["since"] = since.into();
        audience["stage"] = stage.into();
        audience["relationship"] = session::relationship(stage, purchases, customer, recent, sessions).into();
    }
    Ok(Some(summary))
}

/// When one of the visitors first became what this customer is, and by which rule.
fn decided<'a>(
    store: &Store,
    rows: &[&SessionRow],
    visitors: impl Iterator<Item = &'a str>,
    latest: &Value,
) -> Result<(Millis, String), Fault> {
    let is = furthest(rows);
    let own = (latest["since"].as_u64().unwrap_or(0), latest["reason"].as_str().unwrap_or("").to_owned());
    let mut all = vec![own];
    if rows[0].audience != is || all[0].0 == 0 {
        all.clear();
    }
    if is == Audience::User {
        all.extend(rows.iter().map(|row| (row.first_seen.unwrap_or(row.started), String::new())));
    }
    for visitor in visitors {
        let verdict = store.decided(&rows[0].site, visitor, is)?;
        all.extend(verdict.map(|verdict| (verdict.at, verdict.reason)));
    }
    Ok(all.into_iter().min().unwrap_or_default())
}

/// What they bought, each order once.
fn orders(rows: &[&SessionRow]) -> u64 {
    let purchases = || rows.iter().flat_map(|row| &row.purchases);
    let named: HashSet<_> = purchases().filter_map(|purchase| purchase.order.as_deref()).collect();
    (named.len() + purchases().filter(|purchase| purchase.order.is_none()).count()) as u64
}

/// One session as the page measures its own summary.
pub fn measure(
    store: &Store,
    site: &str,
    id: &str,
    folded: &Folded,
    now: Millis,
    segments: &str,
) -> Result<Score, Fault> {
    let mut summary = session::json(store, site, id, folded, now)?;
    let (purchases, _) = store.visitor(site, &folded.visitor, folded.session.last_activity)?;
    let visitor =
        json!({ "sessions": folded.sessions, "firstSeen": folded.first_seen, "purchases": purchases });
    summary["visitor"] = visitor;
    Ok(score::measure(&summary.to_string(), now, segments))
}

/// `visitor` is by whom they are counted: the customer's id, or else the visitor's own.
pub fn people_json(people: &[Person]) -> Value {
    let one = |person: &Person| {
        let mut all = json!({
            "site": person.site, "visitor": person.who, "customer": person.customer,
            "visitors": person.visitors, "audience": person.audience.as_str(),
        });
        let measured = json(&person.score);
        for name in ["score", "parts", "segments"] {
            all[name] = measured[name].clone();
        }
        all
    };
    people.iter().map(one).collect()
}

/// In the shape of the page's `score()`.
pub fn json(score: &Score) -> Value {
    let parts: serde_json::Map<_, _> =
        PARTS.iter().zip(score.parts).map(|(name, points)| ((*name).to_owned(), points.into())).collect();
    json!({ "score": score.total(), "parts": parts, "segments": score.segments })
}
