//! Arrivals: what each post added, read back as the batch v1 that other systems' formats are made from.

use rusqlite::{OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::context::{context, joined, without_nulls};
use super::{Fault, Store};

/// One post's new events. Times are by the collector's clock as far as the page's is known to differ.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arrived {
    pub id: i64,
    /// The batch's context as JSON, without its last brace.
    context: String,
    /// `seq` and JSON, in the order of `seq`.
    pub events: Vec<(u64, String)>,
}

impl Arrived {
    /// A batch v1 of these of its events, sent now.
    pub fn batch(&self, events: &[&(u64, String)], now: u64) -> String {
        let events: Vec<&str> = events.iter().map(|(_, json)| json.as_str()).collect();
        format!("{},\"sent\":{now},\"events\":[{}]}}", self.context, events.join(","))
    }
}

impl Store {
    /// The next arrival after this one.
    pub fn arrived(&self, after: i64) -> Result<Option<Arrived>, Fault> {
        let mut query = self.db.prepare_cached(
            "SELECT a.id AS arrival, a.seqs, l.load AS load_id, b.*, s.page_depth, s.bounced,
               s.engaged_ms
             FROM arrivals a JOIN batches b ON b.id = a.batch JOIN loads l ON l.id = b.load
             LEFT JOIN sessions s ON s.site = b.site AND s.id = b.session
             WHERE a.id > ? ORDER BY a.id LIMIT 1",
        )?;
        let found = query
            .query_row([after], |row| {
                let shift = row.get::<_, Option<i64>>("clock_offset")?.unwrap_or(0);
                let session: (String, String) = (row.get("site")?, row.get("session")?);
                let seqs: String = row.get("seqs")?;
                let load: i64 = row.get("load")?;
                Ok((row.get("arrival")?, head(row, shift)?, session, seqs, load, totals(row)?))
            })
            .optional()?;
        let Some((id, mut head, (site, session), seqs, load, totals)) = found else { return Ok(None) };
        self.place(self.origin(&site, &session)?, &mut head);
        without_nulls(&mut head);
        let mut context = head.to_string();
        context.pop();
        let mut arrived = Arrived { id, context, events: vec![] };
        for (first, last) in parse_ranges(&seqs) {
            let mut events = self.db.prepare_cached(EVENTS)?;
            let rows = events.query_map(params![load, first, last], |row| event(row, &totals))?;
            for row in rows {
                arrived.events.push(row?);
            }
        }
        Ok(Some(arrived))
    }

    /// The newest arrival; 0 when there is none.
    pub fn newest_arrival(&self) -> Result<i64, Fault> {
        Ok(self.db.query_row("SELECT coalesce(max(id), 0) FROM arrivals", [], |row| row.get(0))?)
    }
}

/// With the page of their page view, and for engagement what the view had been credited with before, by the load it
/// began in too if that is another.
const EVENTS: &str = "
    SELECT e.*,
      (SELECT v.url FROM events v WHERE v.load = e.load AND v.name = 'page_view' AND v.view = e.view) AS on_url,
      (SELECT v.title FROM events v WHERE v.load = e.load AND v.name = 'page_view' AND v.view = e.view) AS on_title,
      (SELECT max(p.props ->> 'engaged_ms') FROM events p
        WHERE e.name = 'engagement' AND p.name = 'engagement' AND p.view = e.view
          AND (p.load = e.load AND p.seq < e.seq
            OR p.load = (SELECT o.id FROM loads o JOIN loads l ON l.site = o.site
                          WHERE l.id = e.load AND o.load = e.props ->> 'load_id'))) AS before
    FROM events e WHERE e.load = ? AND e.seq BETWEEN ? AND ? ORDER BY e.seq";

/// The batch's context.
fn head(row: &Row, shift: i64) -> Result<Value, rusqlite::Error> {
    let batch = json!({
        "passerby": 1,
        "batch": row.get::<_, String>("batch")?,
        "start": row.get::<_, Option<i64>>("start")?.map(|start| start + shift),
    });
    Ok(joined(batch, context(row, shift)?))
}

/// What the session adds up to, for systems that do not fold: members of an engagement's properties.
fn totals(row: &Row) -> Result<String, rusqlite::Error> {
    let depth: Option<i64> = row.get("page_depth")?;
    let (bounced, engaged): (Option<bool>, Option<i64>) = (row.get("bounced")?, row.get("engaged_ms")?);
    Ok(match (depth, bounced, engaged) {
        (Some(depth), Some(bounced), Some(engaged)) => {
            format!(",\"session_engaged_ms\":{engaged},\"page_depth\":{depth},\"bounced\":{bounced}")
        }
        _ => String::new(),
    })
}

fn event(row: &Row, totals: &str) -> Result<(u64, String), rusqlite::Error> {
    let text = |name: &str| row.get::<_, Option<String>>(name);
    let seq: u64 = row.get("seq")?;
    let name: String = row.get("name")?;
    let mut event = json!({
        "seq": seq,
        "t": row.get::<_, i64>("t")?,
        "name": name,
        "view": row.get::<_, Option<i64>>("view")?,
        "page": {
            "url": text("url")?.or(text("on_url")?),
            "title": text("title")?.or(text("on_title")?),
            "referrer": text("referrer")?,
        },
    });
    without_nulls(&mut event);
    let mut json = event.to_string();
    // Verbatim: reading the properties as numbers could change them.
    if let Some(mut props) = text("props")? {
        if name == "engagement" {
            let now: Value = serde_json::from_str(&props).unwrap_or_default();
            let before: i64 = row.get::<_, Option<i64>>("before")?.unwrap_or(0);
            let earned = now["engaged_ms"].as_i64().unwrap_or(0) - before;
            props.pop();
            props.push_str(&format!(",\"earned_ms\":{}{totals}}}", earned.max(0)));
        }
        json.pop();
        json.push_str(&format!(",\"props\":{props}}}"));
    }
    Ok((seq, json))
}

/// `[1, 2, 3, 5]` as `1-3,5`.
pub fn ranges(seqs: &mut [u64]) -> String {
    seqs.sort_unstable();
    let mut out: Vec<(u64, u64)> = Vec::new();
    for seq in seqs {
        match out.last_mut() {
            Some((_, last)) if *last + 1 == *seq => *last = *seq,
            _ => out.push((*seq, *seq)),
        }
    }
    let one = |(first, last): &(u64, u64)| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    };
    out.iter().map(one).collect::<Vec<_>>().join(",")
}

fn parse_ranges(text: &str) -> Vec<(u64, u64)> {
    let range = |item: &str| {
        let (first, last) = item.split_once('-').unwrap_or((item, item));
        Some((first.parse().ok()?, last.parse().ok()?))
    };
    text.split(',').filter_map(range).collect()
}

#[cfg(test)]
mod tests {
    use super::{parse_ranges, ranges};

    #[test]
    fn ranges_are_written_and_read() {
        assert_eq!(ranges(&mut [3, 1, 2, 7, 9, 10]), "1-3,7,9-10");
        assert_eq!(parse_ranges("1-3,7,9-10"), [(1, 3), (7, 7), (9, 10)]);
        assert_eq!((ranges(&mut []), parse_ranges("")), (String::new(), vec![]));
    }
}
