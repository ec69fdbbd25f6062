//! Reports: what session rows add up to, for users, for customers and together.
//!
//! A user is an anonymous visitor (one with intent is a *potential* customer, and still a user); a customer
//! is counted by customer id when one is known. Numbers made under different definitions are never added up.
//! A number that rests on nothing is absent, not 0.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::commerce::{self, Step};
use super::names::{Name, Names};
use super::store::{Fault, Folded, SessionRow, Store};
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
type Counted<'a> = (&'a SessionRow, Trade);

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
pub fn totals(sessions: &[SessionRow]) -> Vec<Totals> {
    let mut apart: BTreeMap<(&str, Option<&str>), Vec<Counted>> = BTreeMap::new();
    let names = Names::of(sessions);
    // Over all of them: an order is one order, however often and where it is told.
    for counted in sessions.iter().zip(trades(sessions)) {
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
pub fn summary_json(sessions: &[SessionRow], drops: &[(String, u64)]) -> Value {
    let totals: Vec<Value> = totals(sessions)
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
    let dropped: serde_json::Map<String, Value> =
        drops.iter().map(|(reason, count)| (reason.clone(), (*count).into())).collect();
    json!({
        "totals": totals,
        "dropped": dropped,
        "sessions": sessions.iter().map(session_row_json).collect::<Vec<_>>(),
    })
}

fn session_row_json(row: &SessionRow) -> Value {
    json!({
        "id": row.id,
        "site": row.site,
        "visitor": row.visitor,
        "customer": row.customer,
        "started": row.started,
        "durationMs": row.totals.duration,
        "engagedMs": row.totals.engaged_time,
        "pageDepth": row.totals.page_depth,
        "bounced": row.totals.bounced,
        "engaged": row.totals.engaged,
        "audience": row.audience.as_str(),
        "stage": row.stage,
        "events": row.events,
        "entry": row.entry,
        "channel": row.channel,
        "source": row.source,
        "medium": row.medium,
        "campaign": row.campaign,
        "device": row.device,
        "language": row.language,
        "bot": row.bot,
        "definition": row.definition,
        "purchases": super::store::purchases_json(&row.purchases),
        "cart": cart_json(row),
    })
}

/// The session's last cart, as far as the session itself has seen it.
fn cart_json(row: &SessionRow) -> Option<Value> {
    let mut steps: Vec<Step> =
        row.steps.iter().cloned().chain(row.purchases.iter().map(Step::from)).collect();
    steps.sort_by_key(|step| step.at);
    let cart = commerce::carts(&steps).pop()?;
    let (currency, minor) = cart.value.clone().unzip();
    Some(json!({
        "state": cart.state(), "begun": cart.begun, "items": cart.items, "valueMinor": minor, "currency": currency,
    }))
}

/// One session in the shape of the page's own `summary()`: its `session`, `audience` and `events`.
pub fn session_json(store: &Store, site: &str, id: &str, folded: &Folded) -> Result<Value, Fault> {
    let row = store.settled(folded.row(site, id))?;
    let cart = cart_json(&row);
    let pages: Vec<Value> = folded
        .session
        .pages()
        .into_iter()
        .map(|page| {
            json!({
                "url": page.url,
                "title": page.title,
                "durationMs": page.duration(),
                "engagedMs": page.engaged,
                "scrollDepth": page.scroll,
            })
        })
        .collect();
    let events: serde_json::Map<String, Value> =
        folded.counts().into_iter().map(|(name, count)| (name.to_owned(), count.into())).collect();
    let (mut reason, mut since) = (folded.reason.clone(), folded.since);
    if row.audience != Audience::User
        && reason.is_empty()
        && let Some(before) = store.decided(site, &row.visitor, row.audience)?
    {
        (reason, since) = (before.reason, before.at);
    }
    let mut summary = json!({
        "definition": row.definition,
        "session": {
            "id": row.id,
            "started": row.started,
            "durationMs": row.totals.duration,
            "engagedMs": row.totals.engaged_time,
            "pageDepth": row.totals.page_depth,
            "bounced": row.totals.bounced,
            "engaged": row.totals.engaged,
            "entry": row.entry.unwrap_or_default(),
            "channel": row.channel.unwrap_or_default(),
            "source": row.source.unwrap_or_default(),
            "pages": pages,
        },
        "audience": {
            "is": row.audience.as_str(),
            "reason": reason,
            "since": since,
            "stage": row.stage,
            "relationship": relationship(store, site, folded)?,
        },
        "events": events,
        "cart": cart,
    });
    if let Some(traits) = folded.traits.as_deref().and_then(|json| serde_json::from_str(json).ok()) {
        summary["audience"]["traits"] = traits;
    }
    Ok(summary)
}

/// First experience, building, loyalty or advocacy.
fn relationship(store: &Store, site: &str, folded: &Folded) -> Result<&'static str, Fault> {
    let (purchases, recent) = store.visitor(site, &folded.visitor, folded.session.last_activity)?;
    let customer = folded.session.audience == Audience::Customer;
    let first = folded.sessions.map_or(recent <= 1, |sessions| sessions <= 1);
    Ok(match () {
        () if folded.stage == "advocate" => "advocacy",
        () if purchases >= 2 || customer && recent >= 5 => "loyalty",
        () if first => "first_experience",
        () => "building",
    })
}
