//! What stands beside the hint: a browser may drop the last writes of a page that ends, so the host has them in
//! localStorage too, where the next page that looks into the database finds them.

use std::collections::BTreeMap;

use crate::coverage::Fault;
use crate::storage::Rows;
use crate::world::World;

/// Stands for a row that is to be deleted.
const GONE: &str = "-";

/// Text or deletion by key of the row.
pub type Beside = BTreeMap<String, String>;

/// As it would stand beside the hint.
pub fn text(row: Option<&String>) -> &str {
    row.map_or(GONE, String::as_str)
}

impl World {
    /// The page has been closed, and what it wrote last may never happen.
    pub fn drop_last(&mut self, document: usize) {
        let browser = self.documents[document].browser;
        let holder = &self.browsers[browser];
        let usable = self.documents[document].storage && !holder.blocked && !holder.disk.full;
        if !usable || self.healed || !self.draw.chance(200) {
            return;
        }
        self.strike(document, Fault::WritesDropped);
        let mut last = self.browsers[browser].disk.take(document);
        // Who counts once is welcome to what should have been deleted.
        last.retain(|(key, row)| !key.is_empty() && (row.is_some() || self.twice));
        let beside = last.into_iter().map(|(key, row)| {
            let text = text(row.as_ref()).to_owned();
            (key, text)
        });
        self.browsers[browser].local.now.beside.extend(beside);
        self.changed_local(browser);
    }

    /// What a merge puts back where it belongs.
    pub fn beside(&self, browser: usize) -> Rows {
        let beside = self.browsers[browser].local.now.beside.iter();
        beside.map(|(key, text)| (key.clone(), Some(text.clone()))).collect()
    }

    /// A kill has taken it, or brought back what had gone: that may be lost, or come again.
    pub fn regret(&mut self, browser: usize, before: &Beside) {
        let holder = &self.browsers[browser];
        let after = &holder.local.now.beside;
        let mut torn = Vec::new();
        for (key, text) in before.iter().chain(after).filter(|(key, _)| before.get(*key) != after.get(*key)) {
            let row = holder.disk.rows.get(key.as_str()).map_or(text.as_str(), |row| row);
            torn.extend(events(key, row).chain(events(key, text)));
        }
        self.torn.extend(torn);
    }
}

/// Load and seq of each event of a row.
pub fn events(key: &str, row: &str) -> impl Iterator<Item = (String, u64)> {
    let load = key.split(':').next().unwrap_or_default();
    let seqs = row.lines().filter_map(|line| line.strip_prefix("{\"seq\":")?.split(',').next());
    seqs.filter_map(|seq| seq.parse().ok()).map(move |seq| (load.to_owned(), seq))
}
