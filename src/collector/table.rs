//! Tables for the terminal: recent sessions, and totals with users and customers side by side.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table, TableComponent};

use super::report::{Sums, Totals};
use super::store::SessionRow;
use super::text;
use super::trade::Trade;
use super::visitors::Person;
use crate::engine::fold::Rules;
use crate::engine::{Audience, Config};
use crate::score;

/// What stands where a number would rest on nothing.
const NO_DATA: &str = "no data";

/// The newest sessions, at most `most` of them.
pub fn sessions(rows: &[SessionRow], most: usize) -> String {
    let mut table = plain();
    let header = [
        "started (UTC)",
        "session",
        "audience",
        "pages",
        "duration",
        "engaged",
        "events",
        "verdict",
        "entry",
    ];
    table.set_header(header);
    for row in rows.iter().take(most) {
        table.add_row([
            text::utc(row.started),
            text::short(&row.id, 9),
            row.audience.as_str().to_owned(),
            row.totals.page_depth.to_string(),
            text::duration(row.totals.duration),
            text::duration(row.totals.engaged_time),
            row.events.to_string(),
            verdict(row).to_owned(),
            text::short(text::path_only(row.entry.as_deref().unwrap_or_default()), 48),
        ]);
    }
    right(&mut table, 3..7);
    table.to_string()
}

/// Scores with their parts, and segments.
pub fn people(people: &[Person]) -> String {
    let mut table = plain();
    let parts = score::PARTS.map(|part| part.replace('_', " "));
    table.set_header(
        ["visitor", "audience", "score"]
            .map(str::to_owned)
            .into_iter()
            .chain(parts)
            .chain(["segments".to_owned()]),
    );
    for person in people {
        let segments: Vec<_> = person.score.segments.iter().map(|name| text::short(name, 40)).collect();
        let who = [text::short(&person.who, 12), person.audience.as_str().to_owned()];
        let points = person.score.parts.map(|points| points.to_string());
        let score = person.score.total().to_string();
        table.add_row(who.into_iter().chain([score]).chain(points).chain([segments.join(", ")]));
    }
    right(&mut table, 2..8);
    table.to_string()
}

/// Bounced, engaged, or neither: two rules, so there is a third answer.
pub fn verdict(row: &SessionRow) -> &'static str {
    match (row.totals.bounced, row.totals.engaged) {
        (true, true) => "bounced, engaged",
        (true, false) => "bounced",
        (false, true) => "engaged",
        (false, false) => "neither",
    }
}

pub fn totals(totals: &Totals) -> String {
    let mut table = plain();
    table.set_header(["", "users", "customers", "together"]);
    for line in lines() {
        let [users, customers, together] = line.cells(totals);
        table.add_row([line.name.to_owned(), users, customers, together]);
    }
    right(&mut table, 1..4);
    table.to_string()
}

/// One line of the totals: its name, and how to read it from sums.
pub struct Line {
    pub name: &'static str,
    read: fn(&Sums) -> String,
}

impl Line {
    /// For users, customers and together.
    pub fn cells(&self, totals: &Totals) -> [String; 3] {
        [&totals.users, &totals.customers, &totals.together].map(|sums| (self.read)(sums))
    }
}

/// The lines of the totals, for terminal and dashboard alike.
pub fn lines() -> [Line; 19] {
    let line = |name, read| Line { name, read };
    [
        line("sessions", |sums| sums.sessions.to_string()),
        line("visitors", |sums| sums.visitors.to_string()),
        line("of them potential customers", |sums| sums.potential.to_string()),
        line("bounce rate", |sums| percent(sums.rate(sums.bounced))),
        line("engaged rate", |sums| percent(sums.rate(sums.engaged))),
        line("conversion rate", |sums| percent(sums.rate(sums.converted))),
        line("pages per session", |sums| ratio(sums.rate(sums.page_views))),
        line("session duration, mean", |sums| time(sums.duration().mean)),
        line("session duration, median", |sums| time(sums.duration().median)),
        line("engaged time, mean", |sums| time(sums.engaged_time().mean)),
        line("engaged time, median", |sums| time(sums.engaged_time().median)),
        line("purchases", |sums| sums.trade.purchases.to_string()),
        line("revenue", |sums| {
            money(sums.trade.revenue.iter().map(|(currency, (_, minor))| (currency, *minor)))
        }),
        line("refunds", |sums| {
            money(sums.trade.refunds.iter().map(|(currency, (_, minor))| (currency, *minor)))
        }),
        line("net revenue", |sums| {
            money(sums.trade.net().iter().map(|(currency, minor)| (currency, *minor)))
        }),
        line("order error rate", |sums| percent(sums.trade.error_rate())),
        line("carts", |sums| sums.trade.carts.to_string()),
        line("of them still open, younger than 24 h", |sums| sums.trade.carts_open.to_string()),
        line("cart abandonment rate", |sums| percent(sums.trade.abandonment())),
    ]
}

fn ratio(rate: Option<f64>) -> String {
    rate.map_or(NO_DATA.to_owned(), |rate| format!("{rate:.2}"))
}

fn percent(rate: Option<f64>) -> String {
    rate.map_or(NO_DATA.to_owned(), |rate| format!("{:.1} %", rate * 100.0))
}

/// Of each currency, for they are never mixed.
fn money<'a>(sums: impl Iterator<Item = (&'a String, i64)>) -> String {
    let sums: Vec<String> = sums.map(|(currency, minor)| text::money(minor, currency)).collect();
    if sums.is_empty() { NO_DATA.to_owned() } else { sums.join(", ") }
}

/// What was told of purchases that the sums leave out, in a sentence; empty if nothing was.
pub fn left_out(totals: &[Totals]) -> String {
    let mut all = Trade::default();
    for totals in totals {
        all.add(&totals.together.trade);
    }
    let mut said = String::new();
    if all.repeated > 0 {
        let count = text::count(all.repeated, "purchase");
        said.push_str(&format!("{count} told again under the same transaction_id: counted once. "));
    }
    if all.without_amount > 0 {
        let count = text::count(all.without_amount, "purchase");
        said.push_str(&format!("{count} without a readable value and currency: counted, and no revenue. "));
    }
    if all.refunds_short > 0 {
        let count = text::count(all.refunds_short, "refund");
        said.push_str(&format!(
            "{count} of more than is left of what was paid, or of an order nobody paid: "
        ));
        said.push_str("taken off as far as it was. ");
    }
    said.trim_end().to_owned()
}

fn time(ms: Option<u64>) -> String {
    ms.map_or(NO_DATA.to_owned(), text::duration)
}

/// Whose numbers these are.
pub fn title(totals: &Totals) -> String {
    match totals.bot.as_deref() {
        None => "People".to_owned(),
        Some("test") => "The site's own tests, counted apart".to_owned(),
        Some(bot) => format!("Bots ({}), counted apart", text::short(bot, 20)),
    }
}

/// The same and the definitions in words, to stand beside the numbers.
pub fn about(totals: &Totals) -> String {
    let who = if totals.bot.is_some() { format!("{}. ", title(totals)) } else { String::new() };
    format!("{who}{}", definition(&totals.definition))
}

pub fn definition(hash: &str) -> String {
    let rules = Rules::default();
    let name = if hash.is_empty() { "unnamed".to_owned() } else { text::short(hash, 20) };
    format!(
        "Definition {name}: bounced = one page view and no conversion; engaged = {} s engaged time, or 2 \
         page views, or a conversion ({}). Duration ends with the last activity; engaged time goes on after it \
         while the page stays in view, {} s at most, and may so be longer.",
        rules.engaged_after / 1000,
        rules.conversions.replace(',', ", "),
        Config::default().idle_after / 1000
    )
}

/// How many sessions belong to whom, in one line. A potential customer is a user, here as in the columns.
pub fn head_count(rows: &[SessionRow]) -> String {
    let people = || rows.iter().filter(|row| row.bot.is_none());
    let count = |is| people().filter(|row| row.audience == is).count();
    let potential = count(Audience::Potential);
    let bots = match rows.len() - people().count() {
        0 => String::new(),
        bots => format!(" And {} of bots or tests.", text::count(bots as u64, "session")),
    };
    format!(
        "{}: {} of users (of whom {potential} of potential customers), {} of customers.{bots}",
        text::count(people().count() as u64, "session"),
        count(Audience::User) + potential,
        count(Audience::Customer)
    )
}

fn plain() -> Table {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    for line in [TableComponent::HeaderLines, TableComponent::MiddleHeaderIntersections] {
        table.set_style(line, '─');
    }
    table
}

fn right(table: &mut Table, columns: std::ops::Range<usize>) {
    for column in columns {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}
