//! Folding: a session from its stored events, by the engine's own code.
//!
//! Rows come in the order of their wall times, then load, then seq, so that two stores with the same events
//! list the same pages whatever order they arrived in. What the fold leaves out (who the visitor is and where
//! the visit came from) is taken from the earliest batch that says so.

use std::collections::HashMap;

use rusqlite::{Connection, Row as SqlRow, params};

use super::{Fault, SessionRow};
use crate::collector::commerce::Step;
use crate::collector::facts::{self, Purchase, Row, Verdict};
use crate::collector::ingest::Millis;
use crate::collector::props::Props;
use crate::engine::Audience;
use crate::engine::fold::{Fact, Rules, Session};

/// Which events count: for comparing with a page that knows what was acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Through {
    Everything,
    /// Only these loads, and of each only events up to this `seq`.
    Loads(HashMap<String, u64>),
}

impl Through {
    fn includes(&self, load: &str, seq: Option<u64>) -> bool {
        match self {
            Through::Everything => true,
            Through::Loads(last) => seq.zip(last.get(load)).is_some_and(|(seq, last)| seq <= *last),
        }
    }
}

/// A session with everything its events say.
#[derive(Clone, Debug, PartialEq)]
pub struct Folded {
    pub session: Session,
    pub visitor: String,
    pub definition: String,
    /// The event that decided the audience; empty while nothing has, or if it was in a session before.
    pub reason: String,
    pub since: Millis,
    pub stage: &'static str,
    /// Sessions of this visitor, this one included, as the page counts them.
    pub sessions: Option<u64>,
    pub first_seen: Option<Millis>,
    pub purchases: Vec<Purchase>,
    pub steps: Vec<Step>,
    /// What `identify` said last, as JSON.
    pub traits: Option<String>,
    /// Events that were folded, of any name.
    pub stored: u64,
    context: Context,
    /// What each batch says of who drives the browser, for as long as all of them say something.
    bot: Option<String>,
}

/// Text columns of `batches`; for each, the earliest batch that has one.
#[derive(Clone, Debug, Default, PartialEq)]
struct Context {
    texts: [Option<String>; CONTEXT.len()],
}

const CONTEXT: [&str; 9] =
    ["customer", "entry", "channel", "source", "medium", "campaign", "first_touch", "device", "language"];

impl Context {
    fn get(&self, name: &str) -> Option<String> {
        CONTEXT.iter().position(|known| *known == name).and_then(|at| self.texts[at].clone())
    }
}

impl Folded {
    /// Folds the session; `None` if no event of it counts.
    pub fn read(db: &Connection, site: &str, id: &str, through: &Through) -> Result<Option<Folded>, Fault> {
        let mut folded = Folded {
            session: Session { started: Millis::MAX, ..Session::default() },
            visitor: String::new(),
            definition: String::new(),
            reason: String::new(),
            since: 0,
            stage: "discover",
            sessions: None,
            first_seen: None,
            purchases: Vec::new(),
            steps: Vec::new(),
            traits: None,
            stored: 0,
            context: Context::default(),
            bot: None,
        };
        let mut verdicts = folded.batches(db, site, id, through)?;
        folded.events(db, site, id, through, &mut verdicts)?;
        if folded.stored == 0 {
            return Ok(None);
        }
        let is = folded.session.audience;
        verdicts.retain(|verdict| verdict.is == is);
        if is == Audience::User {
            // As in the page: nothing has decided, and so it was from the first.
            folded.since = folded.first_seen.unwrap_or(folded.session.started);
        } else if let Some(verdict) = verdicts.into_iter().min_by_key(|verdict| verdict.at) {
            (folded.since, folded.reason) = (verdict.at, verdict.reason);
        }
        Ok(Some(folded))
    }

    /// Applies what the batches have in common; returns the audiences they begin with.
    fn batches(
        &mut self,
        db: &Connection,
        site: &str,
        id: &str,
        through: &Through,
    ) -> Result<Vec<Verdict>, Fault> {
        let mut verdicts = Vec::new();
        let mut query = db.prepare_cached(
            "SELECT l.load AS load_id, b.*
             FROM batches b JOIN loads l ON l.id = b.load
             WHERE b.session = ? AND b.site = ?
             ORDER BY b.first_at IS NULL, b.first_at, l.load, b.first_seq, b.batch",
        )?;
        let mut rows = query.query([id, site])?;
        while let Some(row) = rows.next()? {
            let load: String = row.get("load_id")?;
            if !through.includes(&load, row.get("first_seq")?) {
                continue;
            }
            self.session.started = self.session.started.min(row.get("session_started")?);
            let bot: Option<String> = row.get("bot")?;
            self.bot = if self.visitor.is_empty() { bot } else { self.bot.take().and(bot) };
            if self.visitor.is_empty() {
                self.visitor = row.get("visitor")?;
                self.definition = row.get("definition")?;
            }
            self.sessions = self.sessions.max(row.get("sessions")?);
            let first_seen: Option<Millis> = row.get("first_seen")?;
            self.first_seen = self.first_seen.into_iter().chain(first_seen).min();
            self.stage = facts::later_stage(self.stage, row.get::<_, Option<String>>("stage")?.as_deref());
            if let Some(audience) = row.get::<_, Option<String>>("audience")? {
                let is = Audience::parse(&audience);
                self.session.apply(&load, Fact::Audience { is });
                let at = row.get::<_, Option<Millis>>("first_at")?.unwrap_or(self.session.started);
                verdicts.push(Verdict { at, is, reason: String::new(), stage: None });
            }
            for (text, name) in self.context.texts.iter_mut().zip(CONTEXT) {
                if text.is_none() {
                    *text = row.get(name)?;
                }
            }
        }
        Ok(verdicts)
    }

    /// Applies the events.
    fn events(
        &mut self,
        db: &Connection,
        site: &str,
        id: &str,
        through: &Through,
        verdicts: &mut Vec<Verdict>,
    ) -> Result<(), Fault> {
        let mut query = db.prepare_cached(
            "SELECT l.load, e.seq, e.start, e.t, e.view, e.name, e.url, e.title, e.props
             FROM batches b JOIN events e ON e.batch = b.id JOIN loads l ON l.id = e.load
             WHERE b.session = ? AND b.site = ?
             ORDER BY e.start + e.t, l.load, e.seq",
        )?;
        let mut rows = query.query(params![id, site])?;
        while let Some(row) = rows.next()? {
            let load = row.get_ref("load")?.as_str().unwrap_or_default();
            if !through.includes(load, row.get("seq")?) {
                continue;
            }
            self.stored += 1;
            let event = stored(row)?;
            let Ok(fact) = facts::read(&event) else { continue };
            self.session.apply(load, fact);
            match event.name {
                "audience" => {
                    if let Some(verdict) = Verdict::read(&event) {
                        self.stage = facts::later_stage(self.stage, verdict.stage.as_deref());
                        verdicts.push(verdict);
                    }
                }
                "purchase" => self.purchases.push(Purchase::read(&event)),
                "identify" => self.traits = Props::read(event.props).raw("traits").map(str::to_owned),
                _ => self.steps.extend(Step::read(&event)),
            }
        }
        Ok(())
    }

    /// Events by name, in the order they first happened; without the bookkeeping ones.
    pub fn counts(&self) -> Vec<(&str, u64)> {
        let mut counts: Vec<(&str, u64)> = Vec::new();
        for tally in self.session.loads.iter().flat_map(|load| &load.events) {
            match counts.iter_mut().find(|(name, _)| *name == tally.name) {
                Some((_, count)) => *count += u64::from(tally.count),
                None => counts.push((&tally.name, tally.count.into())),
            }
        }
        counts
    }

    /// The session's row for reports.
    pub fn row(&self, site: &str, id: &str) -> SessionRow {
        SessionRow {
            site: site.to_owned(),
            id: id.to_owned(),
            visitor: self.visitor.clone(),
            customer: self.context.get("customer"),
            definition: self.definition.clone(),
            started: self.session.started,
            last_activity: self.session.last_activity,
            totals: self.session.totals(&Rules::default()),
            events: self.counts().iter().map(|(_, count)| count).sum(),
            audience: self.session.audience,
            stage: self.stage.to_owned(),
            first_seen: self.first_seen,
            entry: self.context.get("entry"),
            channel: self.context.get("channel"),
            source: self.context.get("source"),
            medium: self.context.get("medium"),
            campaign: self.context.get("campaign"),
            first_touch: self.context.get("first_touch"),
            device: self.context.get("device"),
            language: self.context.get("language"),
            bot: self.bot.clone(),
            purchases: self.purchases.clone(),
            steps: self.steps.clone(),
        }
    }
}

fn stored<'r>(row: &'r SqlRow) -> Result<Row<'r>, rusqlite::Error> {
    let text = |name| -> Result<Option<&'r str>, rusqlite::Error> {
        Ok(row.get_ref(name)?.as_str_or_null().unwrap_or_default())
    };
    Ok(Row {
        start: row.get("start")?,
        t: row.get("t")?,
        view: row.get("view")?,
        name: text("name")?.unwrap_or_default(),
        url: text("url")?.unwrap_or_default(),
        title: text("title")?.unwrap_or_default(),
        props: text("props")?,
    })
}
