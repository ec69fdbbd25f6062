//! The store: one SQLite file in the data folder.
//!
//! WAL with synchronous=FULL: a commit has reached the disk when it returns, and readers never wait for the
//! writer. One transaction holds the events, their uniqueness, the session rows and the drop counts, so
//! nothing can be half there.
//!
//! Not here: who decides when to commit (`writer`), what the numbers mean (`engine::fold`, `report`).

mod arrivals;
mod context;
mod export;
mod fold;
mod origin;
mod read;
mod remove;
mod rows;
mod write;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

pub use arrivals::Arrived;
pub use fold::{Folded, Through};
pub use read::{Listed, RECENT, SessionRow, purchases_json};
pub use remove::MONTHS;
pub use write::Arrival;

/// The file's name inside the data folder.
pub const FILE: &str = "passerby.db";

/// Raised with each change of `schema.sql`, or of what is kept in the rows of sessions: version 5 knew orders by ids
/// that are none, version 6 refunds without the prices of their items.
const SCHEMA: i32 = 7;
/// What version 1 did not have.
const FROM_1: &str = "
  CREATE TABLE arrivals (
    id INTEGER PRIMARY KEY AUTOINCREMENT, batch INTEGER NOT NULL REFERENCES batches (id), seqs TEXT NOT NULL);
  INSERT INTO arrivals (batch, seqs) SELECT batch, group_concat(seq) FROM events GROUP BY batch ORDER BY batch;";

/// What version 2 did not have.
const FROM_2: &str = "
  CREATE TABLE erased (
    site TEXT NOT NULL, visitor TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (site, visitor)) WITHOUT ROWID;";

/// What version 3 did not have.
const FROM_3: &str = "ALTER TABLE sessions ADD COLUMN steps TEXT;";

/// What version 4 did not have.
const FROM_4: &str = "ALTER TABLE batches ADD COLUMN bot TEXT; ALTER TABLE sessions ADD COLUMN bot TEXT;";

/// What version 6 did not have.
const FROM_6: &str = "
  CREATE INDEX IF NOT EXISTS sessions_of_customer ON sessions (customer, site) WHERE customer IS NOT NULL;";

/// What each version needs, and so all before it.
const FROM: [&str; 6] = [FROM_1, FROM_2, FROM_3, FROM_4, "", FROM_6];

/// Another process (a replay) may hold the write lock for one of its commits.
const BUSY: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub struct Store {
    db: Connection,
    /// Sites that visitors only return from, beside payments; with commas between.
    returns: String,
}

impl Store {
    /// Opens the data folder for writing; makes it, and an empty store, if need be.
    pub fn create(folder: &Path) -> Result<Store, Fault> {
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(folder).map_err(|error| {
            Fault(format!(
                "Cannot make the data folder {}: {error}. Choose another with --data.",
                folder.display()
            ))
        })?;
        Store::prepare(Connection::open(folder.join(FILE))?)
    }

    /// Opens an existing store to read from it.
    pub fn open(folder: &Path) -> Result<Store, Fault> {
        let file: PathBuf = folder.join(FILE);
        if !file.exists() {
            return Err(Fault(format!(
                "No data yet in {}: start `passerby-collector serve` and open a page that uses it, \
                 or name another folder with --data.",
                folder.display()
            )));
        }
        // Not read-only: the first reader after a crash has to recover the log.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Store::prepare(Connection::open_with_flags(file, flags)?)
    }

    /// The same with the site's own list of referrers that say nothing.
    pub fn ignoring(self, returns: &str) -> Store {
        Store { returns: returns.to_owned(), ..self }
    }

    /// A store that lives in memory, for tests and simulations.
    pub fn memory() -> Result<Store, Fault> {
        Store::prepare(Connection::open_in_memory()?)
    }

    fn prepare(mut db: Connection) -> Result<Store, Fault> {
        db.busy_timeout(BUSY)?;
        db.pragma_update(None, "journal_mode", "wal")?;
        db.pragma_update(None, "synchronous", "full")?;
        // What is deleted is nowhere in the file.
        db.pragma_update(None, "secure_delete", "on")?;
        db.set_prepared_statement_cache_capacity(64);
        let version =
            |db: &Connection| db.pragma_query_value(None, "user_version", |row| row.get::<_, i32>(0));
        if version(&db)? < SCHEMA {
            // Under the write lock, for another process may be making it too.
            let make = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            let found = version(&make)?;
            match usize::try_from(found) {
                Ok(found @ 1..) => make.execute_batch(&FROM[found - 1..].concat())?,
                _ => make.execute_batch(include_str!("schema.sql"))?,
            }
            if found > 0 {
                rows::refold_all(&make)?;
            }
            make.pragma_update(None, "user_version", SCHEMA)?;
            make.commit()?;
        }
        match version(&db)? {
            SCHEMA => Ok(Store { db, returns: String::new() }),
            newer => Err(Fault(format!(
                "The data folder was written by a newer collector (store version {newer}, this one knows \
                 {SCHEMA}): update passerby-collector."
            ))),
        }
    }
}

/// Why the store cannot do it, in a sentence that says what helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(pub String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Fault {
        let help = match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => "The disk is full: free some space, nothing acknowledged is lost",
            Some(ErrorCode::ReadOnly) => "The data folder cannot be written: check its permissions",
            Some(ErrorCode::CannotOpen) => "The store cannot be opened: check the data folder's permissions",
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                "Another process is writing to the data folder: try again when it has ended"
            }
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                "The store is damaged or no store of ours: restore it, or choose another folder with --data"
            }
            _ => "The store failed",
        };
        Fault(format!("{help} ({error})."))
    }
}
