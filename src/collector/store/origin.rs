//! Where a session came from, as all who ask are told it: reports, `export` and `forward`.

use rusqlite::{OptionalExtension, params};
use serde_json::Value;

use super::read::session_row;
use super::{Fault, SessionRow, Store};
use crate::collector::channel::{self, Touch};

const NAMES: [&str; 4] = ["channel", "source", "medium", "campaign"];

impl Store {
    /// The row with its origin settled, which may take the visitor's other sessions.
    pub fn settled(&self, mut row: SessionRow) -> Result<SessionRow, Fault> {
        if !channel::settle_one(&mut row, &self.returns) {
            return Ok(row);
        }
        let mut query = self.db.prepare_cached(
            "SELECT * FROM sessions WHERE visitor = ? AND site = ? AND (started, id) < (?, ?)",
        )?;
        let mut rows = query
            .query_map(params![row.visitor, row.site, row.started, row.id], session_row)?
            .collect::<Result<Vec<_>, _>>()?;
        rows.push(row.clone());
        channel::settle(&mut rows, &self.returns);
        Ok(rows.pop().unwrap_or(row))
    }

    pub fn origin(&self, site: &str, session: &str) -> Result<Option<Touch>, Fault> {
        let mut query = self.db.prepare_cached("SELECT * FROM sessions WHERE site = ? AND id = ?")?;
        let row = query.query_row([site, session], session_row).optional()?;
        let row = row.map(|row| self.settled(row)).transpose()?;
        Ok(row.map(|row| [row.channel, row.source, row.medium, row.campaign]))
    }

    /// Puts it in an event's or a batch's context, in place of what the page knew of it; and so the first touch.
    pub fn place(&self, origin: Option<Touch>, context: &mut Value) {
        let session = &mut context["session"];
        for (name, text) in NAMES.iter().zip(origin.into_iter().flatten()) {
            session[*name] = text.into();
        }
        let Some(first) = session.get_mut("first_touch").filter(|first| first.is_object()) else { return };
        let touch = NAMES.map(|name| first[name].as_str().map(str::to_owned));
        for (name, text) in NAMES.iter().zip(channel::first(touch, &self.returns)) {
            first[*name] = text.into();
        }
    }
}
