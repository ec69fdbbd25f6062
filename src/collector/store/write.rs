//! Writing: batches in, one transaction, session rows folded again.

use rusqlite::{OptionalExtension, Transaction, params};

use super::rows::{Touched, refold};
use super::{Fault, Store};
use crate::collector::ingest::{Batch, Millis, Receipt, Rejected};

/// Events of one session. A visit of a whole day stays far below; more would make its every fold a burden.
const SESSION_EVENTS: u64 = 20_000;

/// A batch and the collector's clock when it came; none for a replay, whose batches travelled for a time
/// nobody knows.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    pub batch: &'a Batch,
    pub received: Option<Millis>,
}

impl Store {
    /// Stores the batches in one transaction; a receipt for each, in their order.
    pub fn ingest(&mut self, arrivals: &[Arrival]) -> Result<Vec<Receipt>, Fault> {
        let transaction = self.db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let mut touched = Touched::new();
        let mut receipts = Vec::with_capacity(arrivals.len());
        for Arrival { batch, received } in arrivals {
            receipts.push(append(&transaction, batch, *received, &mut touched)?);
        }
        refold(&transaction, &touched)?;
        transaction.commit()?;
        Ok(receipts)
    }
}

fn append(
    to: &Transaction,
    batch: &Batch,
    received: Option<Millis>,
    touched: &mut Touched,
) -> Result<Receipt, Fault> {
    if let Some(receipt) = super::remove::refused(to, batch)? {
        return Ok(receipt);
    }
    let visitor = canonical(to, "visitor", &batch.site, &batch.visitor.id, &batch.visitor.was, touched)?;
    let session = canonical(to, "session", &batch.site, &batch.session.id, &batch.session.was, touched)?;
    to.prepare_cached("INSERT OR IGNORE INTO loads (site, load) VALUES (?, ?)")?
        .execute([&batch.site, &batch.load])?;
    let load: i64 = to
        .prepare_cached("SELECT id FROM loads WHERE site = ? AND load = ?")?
        .query_row([&batch.site, &batch.load], |row| row.get(0))?;

    let known = to
        .prepare_cached("SELECT 1 FROM batches WHERE load = ? AND batch = ?")?
        .exists(params![load, batch.id])?;
    if !known {
        for (reason, count) in &batch.dropped {
            to.prepare_cached(
                "INSERT INTO drops (site, reason, count) VALUES (?, ?, ?)
                 ON CONFLICT DO UPDATE SET count = count + excluded.count",
            )?
            .execute(params![batch.site, reason, count])?;
        }
    }
    let (row, new) = context(to, batch, load, &visitor, &session, received)?;
    let mut receipt =
        Receipt { batch: batch.id.clone(), rejected: batch.rejected.clone(), ..Receipt::default() };
    let stored: Option<u64> = to
        .prepare_cached("SELECT stored FROM sessions WHERE site = ? AND id = ?")?
        .query_row([&batch.site, &session], |row| row.get(0))
        .optional()?;
    let full = stored.is_some_and(|stored| stored >= SESSION_EVENTS);
    add(to, batch, load, row, full, &mut receipt)?;
    if new || receipt.accepted > 0 {
        touched.insert((batch.site.clone(), session));
    }
    Ok(receipt)
}

/// The batch's events that are new; `full`: their session takes none.
fn add(
    to: &Transaction,
    batch: &Batch,
    load: i64,
    row: i64,
    full: bool,
    receipt: &mut Receipt,
) -> Result<(), Fault> {
    let mut known = to.prepare_cached("SELECT 1 FROM events WHERE load = ? AND seq = ?")?;
    let mut insert = to.prepare_cached(
        "INSERT INTO events (load, seq, batch, start, t, view, name, url, title, referrer, props)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    let mut added = Vec::new();
    for event in &batch.events {
        if known.exists(params![load, event.seq])? {
            receipt.duplicate += 1;
            continue;
        }
        if full {
            receipt.rejected.push(Rejected { seq: event.seq, reason: "session_full" });
            continue;
        }
        insert.execute(params![
            load,
            event.seq,
            row,
            batch.start,
            event.t,
            event.view,
            event.name,
            event.url,
            event.title,
            event.referrer,
            event.props,
        ])?;
        receipt.accepted += 1;
        added.push(event.seq);
    }
    if !added.is_empty() {
        to.prepare_cached("INSERT INTO arrivals (batch, seqs) VALUES (?, ?)")?
            .execute(params![row, super::arrivals::ranges(&mut added)])?;
    }
    Ok(())
}

/// The row of the batch's context, and whether it is new.
fn context(
    to: &Transaction,
    batch: &Batch,
    load: i64,
    visitor: &str,
    session: &str,
    received: Option<Millis>,
) -> Result<(i64, bool), Fault> {
    let known = to
        .prepare_cached(
            "SELECT id FROM batches
             WHERE load = ? AND batch = ? AND session_sent = ? AND visitor_sent = ? AND start = ?",
        )?
        .query_row(params![load, batch.id, batch.session.id, batch.visitor.id, batch.start], |row| row.get(0))
        .optional()?;
    if let Some(row) = known {
        return Ok((row, false));
    }
    let offset = received.filter(|_| !batch.frozen).map(|received| received as i64 - batch.sent as i64);
    let (who, what) = (&batch.visitor, &batch.session);
    to.prepare_cached(
        "INSERT INTO batches (load, batch, site, visitor, visitor_sent, session, session_sent, received, sent,
           clock, clock_offset, start, definition, first_seq, first_at, session_started, audience, stage,
           sessions, first_seen, customer, entry, channel, source, medium, campaign, first_touch, device,
           language, bot)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        load,
        batch.id,
        batch.site,
        visitor,
        who.id,
        session,
        what.id,
        received.unwrap_or(batch.sent),
        batch.sent,
        batch.clock,
        offset,
        batch.start,
        batch.definition,
        batch.first_seq,
        batch.first_at,
        what.started,
        who.audience,
        who.stage,
        who.sessions,
        who.first_seen,
        who.customer,
        what.entry,
        what.channel,
        what.source,
        what.medium,
        what.campaign,
        what.first_touch,
        batch.device,
        batch.language,
        batch.bot,
    ])?;
    Ok((to.last_insert_rowid(), true))
}

/// The id that stays, after the ids it `was` have been merged into it.
///
/// The alias table is kept flat (an alias always names the id that stays), so one look-up resolves, and
/// merges that arrive in any order end alike.
fn canonical(
    to: &Transaction,
    kind: &'static str,
    site: &str,
    id: &str,
    was: &[String],
    touched: &mut Touched,
) -> Result<String, Fault> {
    let root = resolve(to, kind, site, id)?;
    for alias in was {
        let old = resolve(to, kind, site, alias)?;
        if old == root {
            continue;
        }
        to.prepare_cached("UPDATE aliases SET id = ? WHERE site = ? AND kind = ? AND id = ?")?.execute([
            root.as_str(),
            site,
            kind,
            &old,
        ])?;
        to.prepare_cached("INSERT INTO aliases (site, kind, was, id) VALUES (?, ?, ?, ?)")?
            .execute([site, kind, &old, &root])?;
        if kind == "session" {
            to.prepare_cached("UPDATE batches SET session = ? WHERE session = ? AND site = ?")?.execute([
                root.as_str(),
                &old,
                site,
            ])?;
            // Folding the alias again finds nothing, and so its row goes.
            touched.insert((site.to_owned(), old));
            touched.insert((site.to_owned(), root.clone()));
        } else {
            to.prepare_cached("UPDATE batches SET visitor = ? WHERE visitor = ? AND site = ?")?.execute([
                root.as_str(),
                &old,
                site,
            ])?;
            let mut sessions = to.prepare_cached("SELECT id FROM sessions WHERE visitor = ? AND site = ?")?;
            for session in sessions.query_map([&old, site], |row| row.get(0))? {
                touched.insert((site.to_owned(), session?));
            }
        }
    }
    Ok(root)
}

pub fn resolve(to: &Transaction, kind: &str, site: &str, id: &str) -> Result<String, Fault> {
    let stays = to
        .prepare_cached("SELECT id FROM aliases WHERE site = ? AND kind = ? AND was = ?")?
        .query_row([site, kind, id], |row| row.get(0))
        .optional()?;
    Ok(stays.unwrap_or_else(|| id.to_owned()))
}
