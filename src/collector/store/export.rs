//! Export: every event with its context, one JSON object a line.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::{self, Write};

use rusqlite::Row;
use serde_json::{Value, json};

use super::context::{context, joined, without_nulls};
use super::{Fault, Store};
use crate::collector::channel::Touch;

impl Store {
    /// Writes the events to `out` in an order that depends on them alone, not on their arrival. The outer
    /// result is the store's, the inner the writer's.
    pub fn export(&self, out: &mut dyn Write) -> Result<io::Result<u64>, Fault> {
        let mut written = 0;
        let mut query = self.db.prepare(
            "SELECT e.seq, e.start + e.t AS at, e.t, e.view, e.name, e.url, e.title, e.referrer, e.props,
               l.load AS load_id, b.*
             FROM events e JOIN batches b ON b.id = e.batch JOIN loads l ON l.id = e.load
             ORDER BY l.site, at, l.load, e.seq",
        )?;
        let mut rows = query.query([])?;
        let mut origins: HashMap<(String, String), Option<Touch>> = HashMap::new();
        while let Some(row) = rows.next()? {
            let mut event = event(row)?;
            let origin = match origins.entry((row.get("site")?, row.get("session")?)) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    let origin = self.origin(&new.key().0, &new.key().1)?;
                    new.insert(origin)
                }
            };
            self.place(origin.clone(), &mut event);
            without_nulls(&mut event);
            let mut line = event.to_string();
            // Verbatim: reading the properties as numbers could change them.
            if let Some(props) = row.get_ref("props")?.as_str_or_null().unwrap_or_default() {
                line.pop();
                line.push_str(",\"props\":");
                line.push_str(props);
                line.push('}');
            }
            line.push('\n');
            if let Err(error) = out.write_all(line.as_bytes()) {
                return Ok(Err(error));
            }
            written += 1;
        }
        Ok(out.flush().map(|()| written))
    }
}

fn event(row: &Row) -> Result<Value, Fault> {
    let text = |name: &str| -> Result<Value, Fault> { Ok(row.get::<_, Option<String>>(name)?.into()) };
    let number = |name: &str| -> Result<Value, Fault> { Ok(row.get::<_, Option<i64>>(name)?.into()) };
    let own = json!({
        "seq": number("seq")?,
        "at": number("at")?,
        "t": number("t")?,
        "name": text("name")?,
        "view": number("view")?,
        "page": { "url": text("url")?, "title": text("title")?, "referrer": text("referrer")? },
        "received": number("received")?,
        "clock_offset": number("clock_offset")?,
    });
    Ok(joined(own, context(row, 0)?))
}
