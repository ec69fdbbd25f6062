//! Reports: what session rows add up to, for users, for customers and together.
//!
//! A user is an anonymous visitor (one with intent is a *potential* customer, and still a user); a customer
//! is counted by customer id when one is known. Numbers made under different definitions are never added up.
//! A number that rests on nothing is absent, not 0.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::ingest::Millis;
use super::names::{Name, Names};
use super::session;
use super::store::SessionRow;
use super::trade::{Money, Trade, trades};
use crate::engine::Audience;

/// Sums of some sessions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sums {
    pub sessions: u64,
    pub visitors: u64,
    /// Users with intent; part of `visitors`.
    pub potential: u64,
    pub bounced: u64,
    pub engaged: u64,
    pub converted: u64,
    pub page_views: u64,
    durations: Vec<u64>,
    engaged_times: Vec<u64>,
    pub trade: Trade,
}

/// A session and what it came to.
type Counted<'a> = (&'a SessionRow, &'a Trade);

/// The sums of all sessions under one definition that people made, or bots of one kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Totals {
    pub definition: String,
    /// Absent for people.
    pub bot: Option<String>,
    pub together: Sums,
    pub users: Sums,
    pub customers: Sums,
}

/// One per definition and kind of bot: people first, then the most used.
pub fn totals(sessions: &[SessionRow], now: Millis) -> Vec<Totals> {
    // Over all of them: an order is one order, however often and where it is told.
    added_up(sessions, &trades(sessions, now))
}

fn added_up(sessions: &[SessionRow], trades: &[Trade]) -> Vec<Totals> {
    let mut apart: BTreeMap<(&str, Option<&str>), Vec<Counted>> = BTreeMap::new();
    let names = Names::of(sessions);
    for counted in sessions.iter().zip(trades) {
        apart.entry((&counted.0.definition, counted.0.bot.as_deref())).or_default().push(counted);
    }
    let mut totals: Vec<Totals> = apart
        .into_iter()
        .map(|((definition, bot), sessions)| {
            let is_customer = |(session, _): &Counted| session.audience == Audience::Customer;
            let (customers, users): (Vec<_>, Vec<_>) = sessions.iter().cloned().partition(is_customer);
            Totals {
                definition: definition.to_owned(),
                bot: bot.map(str::to_owned),
                together: Sums::of(&sessions, &names),
                users: Sums::of(&users, &names),
                customers: Sums::of(&customers, &names),
            }
        })
        .collect();
    totals.sort_by_key(|totals| (totals.bot.is_some(), std::cmp::Reverse(totals.together.sessions)));
    totals
}

impl Sums {
    fn of<'a>(sessions: &[Counted<'a>], names: &Names<'a>) -> Sums {
        let mut sums = Sums { sessions: sessions.len() as u64, ..Sums::default() };
        let mut visitors: BTreeMap<Name, Audience> = BTreeMap::new();
        for (session, trade) in sessions {
            sums.bounced += u64::from(session.totals.bounced);
            sums.engaged += u64::from(session.totals.engaged);
            sums.converted += u64::from(session.totals.conversions > 0);
            sums.page_views += u64::from(session.totals.page_depth);
            sums.durations.push(session.totals.duration);
            sums.engaged_times.push(session.totals.engaged_time);
            let is = visitors.entry(names.who(session)).or_default();
            *is = session.audience.max(*is);
            sums.trade.add(trade);
        }
        sums.visitors = visitors.len() as u64;
        sums.potential = visitors.values().filter(|is| **is == Audience::Potential).count() as u64;
        sums.durations.sort_unstable();
        sums.engaged_times.sort_unstable();
        sums
    }

    /// `part` ÷ sessions.
    pub fn rate(&self, part: u64) -> Option<f64> {
        (self.sessions > 0).then(|| part as f64 / self.sessions as f64)
    }

    pub fn duration(&self) -> Spread {
        Spread::of(&self.durations)
    }

    pub fn engaged_time(&self) -> Spread {
        Spread::of(&self.engaged_times)
    }

    pub fn json(&self) -> Value {
        json!({
            "sessions": self.sessions,
            "visitors": self.visitors,
            "potential": self.potential,
            "bounceRate": self.rate(self.bounced),
            "engagedRate": self.rate(self.engaged),
            "conversionRate": self.rate(self.converted),
            "pagesPerSession": self.rate(self.page_views),
            "durationMs": self.duration().json(),
            "engagedMs": self.engaged_time().json(),
            "revenue": money(&self.trade.revenue, "purchases"),
            "refunds": money(&self.trade.refunds, "refunds"),
            "refundsShort": self.trade.refunds_short,
            "netMinorUnits": self.trade.net(),
            "purchases": self.trade.purchases,
            "purchasesWithoutAmount": self.trade.without_amount,
            "purchasesRepeated": self.trade.repeated,
            "orderErrorRate": self.trade.error_rate(),
            "carts": self.trade.carts,
            "cartsOpen": self.trade.carts_open,
            "cartAbandonmentRate": self.trade.abandonment(),
            "cartValue": money(&self.trade.cart_value, "carts"),
        })
    }
}

fn money(money: &Money, counted: &str) -> Value {
    let one = |(currency, (count, minor)): (&String, &(u64, i64))| {
        (currency.clone(), json!({ counted: count, "minorUnits": minor }))
    };
    Value::Object(money.iter().map(one).collect())
}

/// Mean and median, in whole milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    pub mean: Option<u64>,
    pub median: Option<u64>,
}

impl Spread {
    fn of(sorted: &[u64]) -> Spread {
        let count = sorted.len() as u64;
        let Some(upper) = sorted.get(sorted.len() / 2) else { return Spread::default() };
        let lower = sorted[(sorted.len() - 1) / 2];
        Spread { mean: Some(sorted.iter().sum::<u64>() / count), median: Some(lower + (upper - lower) / 2) }
    }

    fn json(self) -> Value {
        json!({ "mean": self.mean, "median": self.median })
    }
}

/// All sessions and what they add up to, as `summary --json` prints it.
pub fn summary_json(sessions: &[SessionRow], drops: &[(String, u64)], now: Millis) -> Value {
    let trades = trades(sessions, now);
    let totals: Vec<Value> = added_up(sessions, &trades)
        .iter()
        .map(|totals| {
            json!({
                "definition": totals.definition,
                "bot": totals.bot,
                "together": totals.together.json(),
                "users": totals.users.json(),
                "customers": totals.customers.json(),
            })
        })
        .collect();
    let rows = sessions.iter().zip(&trades).map(|(row, trade)| session::row_json(row, trade, now));
    let dropped: serde_json::Map<String, Value> =
        drops.iter().map(|(reason, count)| (reason.clone(), (*count).into())).collect();
    json!({
        "totals": totals,
        "dropped": dropped,
        "sessions": rows.collect::<Vec<_>>(),
    })
}
