//! How far each destination is: one small database beside the store, written before a request whose answer may get
//! lost and after each that was answered.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OptionalExtension, params};

use crate::collector::store::Fault;

pub const FILE: &str = "forward.db";

/// One destination's place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The last arrival that is done with.
    pub arrival: i64,
    /// Events of the one after it that are done with.
    pub events: u64,
    /// A request with so many more events was on its way when this was written.
    pub flying: u64,
    pub forwarded: u64,
    pub refused: u64,
    /// Sent, and never answered, to a system that would have counted them twice.
    pub unconfirmed: u64,
}

/// The lock is held until the process ends.
fn take(db: &Connection) -> rusqlite::Result<()> {
    db.busy_timeout(Duration::from_millis(200))?;
    db.pragma_update(None, "locking_mode", "exclusive")?;
    db.pragma_update(None, "journal_mode", "wal")?;
    db.pragma_update(None, "synchronous", "full")?;
    db.execute_batch(
        "BEGIN IMMEDIATE;
         CREATE TABLE IF NOT EXISTS cursors (
           name TEXT PRIMARY KEY, arrival INTEGER NOT NULL, events INTEGER NOT NULL, flying INTEGER NOT NULL,
           forwarded INTEGER NOT NULL, refused INTEGER NOT NULL, unconfirmed INTEGER NOT NULL
         ) WITHOUT ROWID;
         COMMIT;",
    )
}

/// All destinations' places. Only one process may have them: two would send everything twice.
#[derive(Clone, Debug)]
pub struct Cursors(Arc<Mutex<Connection>>);

impl Cursors {
    pub fn open(folder: &Path) -> Result<Cursors, Fault> {
        let db = Connection::open(folder.join(FILE))?;
        let ours = take(&db).map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Fault(format!(
                "Another `forward` works on {}: end it first, or name other data.",
                folder.display()
            )),
            _ => error.into(),
        });
        ours.map(|()| Cursors(Arc::new(Mutex::new(db))))
    }

    pub fn read(&self, name: &str) -> Result<Option<Cursor>, Fault> {
        let db = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut query = db.prepare_cached("SELECT * FROM cursors WHERE name = ?")?;
        let cursor = query.query_row([name], |row| {
            Ok(Cursor {
                arrival: row.get("arrival")?,
                events: row.get("events")?,
                flying: row.get("flying")?,
                forwarded: row.get("forwarded")?,
                refused: row.get("refused")?,
                unconfirmed: row.get("unconfirmed")?,
            })
        });
        Ok(cursor.optional()?)
    }

    pub fn write(&self, name: &str, cursor: &Cursor) -> Result<(), Fault> {
        let db = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        db.prepare_cached("INSERT OR REPLACE INTO cursors VALUES (?, ?, ?, ?, ?, ?, ?)")?.execute(
            params![
                name,
                cursor.arrival,
                cursor.events,
                cursor.flying,
                cursor.forwarded,
                cursor.refused,
                cursor.unconfirmed,
            ],
        )?;
        Ok(())
    }
}
