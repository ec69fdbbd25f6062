//! Visitors: their engagement score and the segments they are in, measured on their latest session as the page would.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::ingest::Millis;
use super::names::Names;
use super::report;
use super::store::{Fault, Folded, SessionRow, Store, Through};
use crate::engine::Audience;
use crate::score::{self, PARTS, Score};

/// One visitor, by customer id where it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    pub site: String,
    pub who: String,
    pub audience: Audience,
    pub score: Score,
}

/// The visitors of these sessions, which come newest first.
pub fn people(
    store: &Store,
    sessions: &[SessionRow],
    now: Millis,
    segments: &str,
) -> Result<Vec<Person>, Fault> {
    let names = Names::of(sessions);
    let mut seen = HashSet::new();
    let mut people = Vec::new();
    for row in sessions {
        let (site, who) = names.who(row);
        if !seen.insert((site, who)) {
            continue;
        }
        let Some(folded) = store.session(&row.site, &row.id, &Through::Everything)? else { continue };
        people.push(Person {
            site: row.site.clone(),
            who: who.to_owned(),
            audience: row.audience,
            score: measure(store, &row.site, &row.id, &folded, now, segments)?,
        });
    }
    Ok(people)
}

/// As the page measures its own summary.
pub fn measure(
    store: &Store,
    site: &str,
    id: &str,
    folded: &Folded,
    now: Millis,
    segments: &str,
) -> Result<Score, Fault> {
    let mut summary = report::session_json(store, site, id, folded)?;
    let (purchases, _) = store.visitor(site, &folded.visitor, folded.session.last_activity)?;
    let visitor =
        json!({ "sessions": folded.sessions, "firstSeen": folded.first_seen, "purchases": purchases });
    summary["visitor"] = visitor;
    Ok(score::measure(&summary.to_string(), now, segments))
}

pub fn people_json(people: &[Person]) -> Value {
    let one = |person: &Person| {
        let mut all =
            json!({ "site": person.site, "visitor": person.who, "audience": person.audience.as_str() });
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
