//! Removing: a visitor who asks for it, for ever; and what is too old, with its whole session.
//!
//! What is deleted is overwritten in the file (`secure_delete`) and gone from its log.

use rusqlite::{OptionalExtension, Params, Transaction, TransactionBehavior, params};

use super::rows::refold;
use super::write::resolve;
use super::{Fault, Store};
use crate::collector::ingest::{Batch, Millis, Receipt, Rejected};

/// Site data may be kept this long, and ids are refused as long.
pub const MONTHS: u32 = 25;
const MONTH: Millis = 30 * 24 * 60 * 60 * 1000;

impl Store {
    /// Deletes all of these visitors' events and sessions, and refuses their ids, earlier ones included, from now on.
    pub fn erase(&mut self, site: &str, visitors: &[String], now: Millis) -> Result<(), Fault> {
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for visitor in visitors {
            erase(&transaction, site, visitor, now)?;
        }
        transaction.commit()?;
        self.empty_log()
    }

    /// Deletes the sessions of which nothing has arrived for so many months of 30 days; how many events they had.
    pub fn expire(&mut self, months: u32, now: Millis) -> Result<usize, Fault> {
        let before = |months: u32| now.saturating_sub(Millis::from(months) * MONTH);
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let old = "(site, session) IN
            (SELECT site, session FROM batches GROUP BY site, session HAVING max(received) < ?1)";
        let events = remove(&transaction, old, [before(months)])?;
        // Of visitors of whom nothing is left, the other ids as well.
        transaction.execute(
            "DELETE FROM aliases AS a WHERE kind = 'visitor'
               AND NOT EXISTS (SELECT 1 FROM batches b WHERE b.visitor = a.id AND b.site = a.site)",
            [],
        )?;
        transaction.execute("DELETE FROM erased WHERE at < ?", [before(MONTHS)])?;
        transaction.commit()?;
        self.empty_log()?;
        Ok(events)
    }

    /// The log holds what was written before until it is empty. A reader may prevent it: then the next one does.
    fn empty_log(&self) -> Result<(), Fault> {
        Ok(self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    }
}

/// The receipt of a batch whose visitor has been erased, under this id or one it had: then all of them are, as of then.
pub fn refused(to: &Transaction, batch: &Batch) -> Result<Option<Receipt>, Fault> {
    let mut query = to.prepare_cached("SELECT at FROM erased WHERE site = ? AND visitor = ?")?;
    let mut since: Option<Millis> = None;
    let ids = || batch.visitor.was.iter().chain([&batch.visitor.id]);
    for id in ids() {
        let at: Option<Millis> = query.query_row([&batch.site, id], |row| row.get(0)).optional()?;
        since = since.max(at);
    }
    let Some(since) = since else { return Ok(None) };
    for id in ids() {
        erase(to, &batch.site, id, since)?;
    }
    let events = batch.events.iter().map(|event| Rejected { seq: event.seq, reason: "erased" });
    let rejected = batch.rejected.iter().copied().chain(events).collect();
    Ok(Some(Receipt { batch: batch.id.clone(), rejected, ..Receipt::default() }))
}

fn erase(to: &Transaction, site: &str, visitor: &str, now: Millis) -> Result<(), Fault> {
    let root = resolve(to, "visitor", site, visitor)?;
    to.execute(
        "INSERT OR IGNORE INTO erased (site, visitor, at)
         SELECT site, was, ?3 FROM aliases WHERE site = ?1 AND kind = 'visitor' AND id = ?2
         UNION ALL VALUES (?1, ?2, ?3)",
        params![site, root, now],
    )?;
    remove(to, "site = ?1 AND visitor = ?2", [site, &root])?;
    to.execute("DELETE FROM aliases WHERE site = ? AND kind = 'visitor' AND id = ?", [site, &root])?;
    Ok(())
}

/// Removes the batches of which this is true, with all that rests on them.
fn remove(to: &Transaction, which: &str, given: impl Params) -> Result<usize, Fault> {
    let doomed =
        format!("CREATE TEMP TABLE doomed AS SELECT id, site, session, load FROM batches WHERE {which}");
    to.execute(&doomed, given)?;
    let events = to.execute("DELETE FROM events WHERE batch IN (SELECT id FROM doomed)", [])?;
    to.execute_batch(
        "DELETE FROM arrivals WHERE batch IN (SELECT id FROM doomed);
         DELETE FROM batches WHERE id IN (SELECT id FROM doomed);
         DELETE FROM loads WHERE id IN (SELECT load FROM doomed) AND id NOT IN (SELECT load FROM batches);
         DELETE FROM aliases AS a WHERE kind = 'session'
           AND EXISTS (SELECT 1 FROM doomed d WHERE d.session = a.id AND d.site = a.site)
           AND NOT EXISTS (SELECT 1 FROM batches b WHERE b.session = a.id AND b.site = a.site);",
    )?;
    let touched = to
        .prepare("SELECT DISTINCT site, session FROM doomed")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    refold(to, &touched)?;
    to.execute_batch("DROP TABLE doomed")?;
    Ok(events)
}
