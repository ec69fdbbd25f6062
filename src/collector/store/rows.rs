//! The rows of sessions, folded again whenever something of a session has come or gone.

use std::collections::BTreeSet;

use rusqlite::{Transaction, params};

use super::{Fault, Folded, Through};

/// A site and a session of it whose row must be folded again.
pub type Touched = BTreeSet<(String, String)>;

pub fn refold(to: &Transaction, touched: &Touched) -> Result<(), Fault> {
    for (site, session) in touched {
        let folded = Folded::read(to, site, session, &Through::Everything)?;
        replace_row(to, site, session, folded.as_ref())?;
    }
    Ok(())
}

/// Reports read rows: those of an older collector are what its rules made of the events.
pub fn refold_all(to: &Transaction) -> Result<(), Fault> {
    let touched = to
        .prepare("SELECT site, id FROM sessions")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    refold(to, &touched)
}

fn replace_row(to: &Transaction, site: &str, id: &str, folded: Option<&Folded>) -> Result<(), Fault> {
    let Some(folded) = folded else {
        to.prepare_cached("DELETE FROM sessions WHERE site = ? AND id = ?")?.execute([site, id])?;
        return Ok(());
    };
    let row = folded.row(site, id);
    let purchases =
        (!row.purchases.is_empty()).then(|| super::read::purchases_json(&row.purchases).to_string());
    let steps = (!row.steps.is_empty()).then(|| serde_json::to_string(&row.steps).unwrap_or_default());
    to.prepare_cached(
        "INSERT OR REPLACE INTO sessions (site, id, visitor, customer, definition, started, last_activity,
           duration_ms, engaged_ms, page_depth, conversions, stored, events, bounced, engaged, audience,
           stage, first_seen, entry, channel, source, medium, campaign, first_touch, device, language, bot,
           purchases, steps)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        row.site,
        row.id,
        row.visitor,
        row.customer,
        row.definition,
        row.started,
        row.last_activity,
        row.totals.duration,
        row.totals.engaged_time,
        row.totals.page_depth,
        row.totals.conversions,
        folded.stored,
        row.events,
        row.totals.bounced,
        row.totals.engaged,
        row.audience.as_str(),
        row.stage,
        row.first_seen,
        row.entry,
        row.channel,
        row.source,
        row.medium,
        row.campaign,
        row.first_touch,
        row.device,
        row.language,
        row.bot,
        purchases,
        steps,
    ])?;
    Ok(())
}
