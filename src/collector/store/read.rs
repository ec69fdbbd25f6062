//! Reading: session rows for reports, one session in full, and what the pages dropped.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::{Fault, Folded, Store, Through};
use crate::collector::channel;
use crate::collector::commerce::Step;
use crate::collector::facts::{Purchase, Row as EventRow, Verdict};
use crate::collector::ingest::Millis;
use crate::engine::Audience;
use crate::engine::fold::Totals;

/// In which sessions make a relationship.
pub const RECENT: Millis = 90 * 24 * 3_600_000;

/// A session as reports read it.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionRow {
    pub site: String,
    pub id: String,
    pub visitor: String,
    pub customer: Option<String>,
    pub definition: String,
    pub started: Millis,
    pub last_activity: Millis,
    pub totals: Totals,
    pub events: u64,
    pub audience: Audience,
    pub stage: String,
    pub first_seen: Option<Millis>,
    pub entry: Option<String>,
    pub channel: Option<String>,
    pub source: Option<String>,
    pub medium: Option<String>,
    pub campaign: Option<String>,
    pub first_touch: Option<String>,
    pub device: Option<String>,
    pub language: Option<String>,
    /// Why no person did this, if every batch of it says so.
    pub bot: Option<String>,
    pub purchases: Vec<Purchase>,
    pub steps: Vec<Step>,
}

/// What one asks for by a session's id.
#[derive(Debug)]
pub enum Listed {
    One {
        site: String,
        id: String,
    },
    None,
    /// The beginning of an id that several sessions share.
    Several(usize),
}

impl Store {
    /// Every session, newest first.
    pub fn sessions(&self, through: &Through) -> Result<Vec<SessionRow>, Fault> {
        let Through::Loads(loads) = through else {
            let mut query = self.db.prepare_cached("SELECT * FROM sessions ORDER BY started DESC, id")?;
            let mut rows = query.query_map([], session_row)?.collect::<Result<Vec<_>, _>>()?;
            channel::settle(&mut rows, &self.returns);
            newest_first(&mut rows);
            return Ok(rows);
        };
        let mut query = self.db.prepare_cached(
            "SELECT DISTINCT b.site, b.session FROM loads l JOIN batches b ON b.load = l.id WHERE l.load = ?",
        )?;
        let mut named = BTreeSet::new();
        for load in loads.keys() {
            for pair in query.query_map([load], |row| Ok((row.get(0)?, row.get(1)?)))? {
                let (site, id): (String, String) = pair?;
                named.insert((site, id));
            }
        }
        let mut sessions = Vec::new();
        for (site, id) in &named {
            sessions.extend(self.session(site, id, through)?.map(|folded| folded.row(site, id)));
        }
        channel::settle(&mut sessions, &self.returns);
        newest_first(&mut sessions);
        Ok(sessions)
    }

    /// The session with this id, with an id it was once known by, or with an id that begins so.
    pub fn find(&self, id: &str) -> Result<Listed, Fault> {
        let pair = |row: &Row| Ok((row.get(0)?, row.get(1)?));
        let exact = self
            .db
            .prepare_cached(
                "SELECT site, id FROM sessions WHERE id = ?1
                 UNION ALL SELECT site, id FROM aliases WHERE kind = 'session' AND was = ?1 LIMIT 1",
            )?
            .query_row([id], pair)
            .optional()?;
        if let Some((site, id)) = exact {
            return Ok(Listed::One { site, id });
        }
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(Listed::None);
        }
        let mut query = self.db.prepare_cached("SELECT site, id FROM sessions WHERE substr(id, 1, ?) = ?")?;
        let mut begins = query.query_map(params![id.len(), id], pair)?.collect::<Result<Vec<_>, _>>()?;
        Ok(match (begins.pop(), begins.len()) {
            (None, _) => Listed::None,
            (Some((site, id)), 0) => Listed::One { site, id },
            (Some(_), more) => Listed::Several(more + 1),
        })
    }

    pub fn session(&self, site: &str, id: &str, through: &Through) -> Result<Option<Folded>, Fault> {
        Folded::read(&self.db, site, id, through)
    }

    /// Sessions of this visitor, and of all who are the same customer.
    pub fn kin(&self, site: &str, visitor: &str) -> Result<Vec<SessionRow>, Fault> {
        // With a plus SQLite does not read a whole site by its primary key, but what the indices name.
        let mut query = self.db.prepare_cached(
            "SELECT * FROM sessions WHERE +site = ?1 AND visitor IN (
               SELECT ?2 UNION SELECT visitor FROM sessions WHERE +site = ?1 AND customer IN (
                 SELECT customer FROM sessions WHERE +site = ?1 AND visitor = ?2 AND customer IS NOT NULL))",
        )?;
        let rows = query.query_map([site, visitor], session_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Sessions of the visitor, as the page counts them.
    pub fn counted(&self, site: &str, visitor: &str) -> Result<Option<u64>, Fault> {
        let mut query =
            self.db.prepare_cached("SELECT max(sessions) FROM batches WHERE visitor = ? AND site = ?")?;
        Ok(query.query_row([visitor, site], |row| row.get(0))?)
    }

    /// What is known of the visitor beside this session: orders ever, and sessions in the 90 days before.
    pub fn visitor(&self, site: &str, visitor: &str, until: Millis) -> Result<(u64, u64), Fault> {
        let since = until.saturating_sub(RECENT);
        let known = self
            .db
            .prepare_cached(
                "SELECT (
                   SELECT count(DISTINCT p.value ->> 'order') + count(*) - count(p.value ->> 'order')
                   FROM sessions s, json_each(s.purchases) p WHERE s.visitor = ?1 AND s.site = ?2),
                   coalesce(sum(started >= ?3 AND started <= ?4), 0)
                 FROM sessions WHERE visitor = ?1 AND site = ?2",
            )?
            .query_row(params![visitor, site, since, until], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(known)
    }

    /// The event that first made the visitor this, and when: for a session that began with a known customer.
    pub fn decided(&self, site: &str, visitor: &str, is: Audience) -> Result<Option<Verdict>, Fault> {
        let mut query = self.db.prepare_cached(
            "SELECT e.start, e.t, e.props FROM batches b JOIN events e ON e.batch = b.id
             WHERE b.visitor = ? AND b.site = ? AND e.name = 'audience' ORDER BY e.start + e.t",
        )?;
        let mut rows = query.query([visitor, site])?;
        while let Some(row) = rows.next()? {
            let props: Option<String> = row.get("props")?;
            let event = EventRow {
                start: row.get("start")?,
                t: row.get("t")?,
                view: None,
                name: "audience",
                url: "",
                title: "",
                props: props.as_deref(),
            };
            if let Some(verdict) = Verdict::read(&event).filter(|verdict| verdict.is == is) {
                return Ok(Some(verdict));
            }
        }
        Ok(None)
    }

    /// Reason → events the pages say they dropped.
    pub fn drops(&self) -> Result<Vec<(String, u64)>, Fault> {
        let mut query =
            self.db.prepare_cached("SELECT reason, sum(count) FROM drops GROUP BY reason ORDER BY reason")?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn newest_first(sessions: &mut [SessionRow]) {
    sessions.sort_by(|one, other| other.started.cmp(&one.started).then_with(|| one.id.cmp(&other.id)));
}

pub fn session_row(row: &Row) -> rusqlite::Result<SessionRow> {
    let purchases: Option<String> = row.get("purchases")?;
    let steps: Option<String> = row.get("steps")?;
    Ok(SessionRow {
        site: row.get("site")?,
        id: row.get("id")?,
        visitor: row.get("visitor")?,
        customer: row.get("customer")?,
        definition: row.get("definition")?,
        started: row.get("started")?,
        last_activity: row.get("last_activity")?,
        totals: Totals {
            page_depth: row.get("page_depth")?,
            duration: row.get("duration_ms")?,
            engaged_time: row.get("engaged_ms")?,
            conversions: row.get("conversions")?,
            bounced: row.get("bounced")?,
            engaged: row.get("engaged")?,
        },
        events: row.get("events")?,
        audience: Audience::parse(row.get_ref("audience")?.as_str().unwrap_or_default()),
        stage: row.get("stage")?,
        first_seen: row.get("first_seen")?,
        entry: row.get("entry")?,
        channel: row.get("channel")?,
        source: row.get("source")?,
        medium: row.get("medium")?,
        campaign: row.get("campaign")?,
        first_touch: row.get("first_touch")?,
        device: row.get("device")?,
        language: row.get("language")?,
        bot: row.get("bot")?,
        purchases: purchases.as_deref().map(read_purchases).unwrap_or_default(),
        steps: steps.and_then(|steps| serde_json::from_str(&steps).ok()).unwrap_or_default(),
    })
}

pub fn purchases_json(purchases: &[Purchase]) -> Value {
    let one = |purchase: &Purchase| {
        json!({
            "at": purchase.at,
            "order": purchase.order,
            "revenue_minor": purchase.revenue_minor,
            "currency": purchase.currency,
        })
    };
    purchases.iter().map(one).collect()
}

fn read_purchases(json: &str) -> Vec<Purchase> {
    let list: Vec<Value> = serde_json::from_str(json).unwrap_or_default();
    let text = |value: &Value| value.as_str().map(String::from);
    let one = |purchase: Value| Purchase {
        at: purchase["at"].as_u64().unwrap_or_default(),
        order: text(&purchase["order"]),
        revenue_minor: purchase["revenue_minor"].as_i64(),
        currency: text(&purchase["currency"]),
    };
    list.into_iter().map(one).collect()
}
