//! One session as JSON: a row of the summary, and in full.

use serde_json::{Value, json};

use super::ingest::Millis;
use super::store::{self, Fault, Folded, SessionRow, Store};
use super::trade::{Trade, trades};
use crate::engine::Audience;

/// As one of all that the summary lists.
pub fn row_json(row: &SessionRow, trade: &Trade, now: Millis) -> Value {
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
        "purchases": store::purchases_json(&row.purchases),
        "cart": cart_json(trade, now),
    })
}

/// The visitor's last cart that the session had to do with.
fn cart_json(trade: &Trade, now: Millis) -> Option<Value> {
    let cart = trade.cart.as_ref()?;
    let (currency, minor) = cart.value.clone().unzip();
    let state = cart.state(now);
    Some(json!({
        "state": state, "begun": cart.begun, "items": cart.items, "valueMinor": minor, "currency": currency,
    }))
}

/// One session in the shape of the page's own `summary()`: its `session`, `audience` and `events`.
pub fn json(store: &Store, site: &str, id: &str, folded: &Folded, now: Millis) -> Result<Value, Fault> {
    let row = store.settled(folded.row(site, id))?;
    let cart = cart(store, &row, now)?;
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
            "relationship": standing(store, site, folded)?,
        },
        "events": events,
        "cart": cart,
    });
    if let Some(traits) = folded.traits.as_deref().and_then(|json| serde_json::from_str(json).ok()) {
        summary["audience"]["traits"] = traits;
    }
    Ok(summary)
}

/// What became of the cart may be in other sessions, and on other devices.
fn cart(store: &Store, row: &SessionRow, now: Millis) -> Result<Option<Value>, Fault> {
    let mut rows = store.kin(&row.site, &row.visitor)?;
    rows.retain(|other| other.id != row.id);
    rows.insert(0, row.clone());
    Ok(trades(&rows, now).first().and_then(|trade| cart_json(trade, now)))
}

fn standing(store: &Store, site: &str, folded: &Folded) -> Result<&'static str, Fault> {
    let (purchases, recent) = store.visitor(site, &folded.visitor, folded.session.last_activity)?;
    let customer = folded.session.audience == Audience::Customer;
    Ok(relationship(folded.stage, purchases, customer, recent, folded.sessions.unwrap_or(recent)))
}

/// First experience, building, loyalty or advocacy.
pub fn relationship(stage: &str, purchases: u64, customer: bool, recent: u64, sessions: u64) -> &'static str {
    match () {
        () if stage == "advocate" => "advocacy",
        () if purchases >= 2 || customer && recent >= 5 => "loyalty",
        () if sessions <= 1 => "first_experience",
        () => "building",
    }
}
