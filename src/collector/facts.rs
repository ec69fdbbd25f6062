//! Facts: what a stored event says to the shared session fold.
//!
//! The one place that knows the properties of the collector's own events, used twice: when an event comes
//! in, so that one the fold cannot read is rejected by name, and whenever a session is folded again.

use super::ingest::{Event, Millis};
use super::props::Props;
use super::reader::{MAX_WHOLE, is_id};
use crate::engine::Audience;
use crate::engine::fold::Fact;
use crate::engine::redact::MARK;
use crate::wire::money;
use crate::wire::read::bare;

/// A page view cannot have lasted longer: sessions end after a day, this leaves room for other settings.
const LONGEST_MS: u64 = 31 * 24 * 3_600_000;

/// Names that are bookkeeping: never listed among a session's events.
pub const BOOKKEEPING: [&str; 3] = ["page_view", "engagement", "audience"];

/// One event as the fold needs it, fresh or from the store.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// Wall time at which the event's timeline began.
    pub start: Millis,
    pub t: Millis,
    pub view: Option<u32>,
    pub name: &'a str,
    pub url: &'a str,
    pub title: &'a str,
    pub props: Option<&'a str>,
}

impl<'a> Row<'a> {
    pub fn new(event: &'a Event, start: Millis) -> Row<'a> {
        Row {
            start,
            t: event.t,
            view: event.view,
            name: &event.name,
            url: event.url.as_deref().unwrap_or_default(),
            title: event.title.as_deref().unwrap_or_default(),
            props: event.props.as_deref(),
        }
    }

    pub fn at(&self) -> Millis {
        self.start + self.t
    }
}

/// The fact of an event, or why it is none.
pub fn read<'a>(row: &Row<'a>) -> Result<Fact<'a>, &'static str> {
    let at = row.at();
    match row.name {
        "page_view" => {
            let props = Props::read(row.props);
            let view = view(&props, row).ok_or("page_view_invalid")?;
            let visible = props.raw("visible") != Some("false");
            Ok(Fact::View { view, at, url: row.url, title: row.title, visible })
        }
        "engagement" => engagement(Props::read(row.props), row).ok_or("engagement_invalid"),
        "audience" => {
            let is = Props::read(row.props).text("audience").ok_or("audience_invalid")?;
            Ok(Fact::Audience { is: Audience::parse(&is) })
        }
        name => Ok(Fact::Event { name, at, active: matches!(name, "purchase" | "identify") }),
    }
}

/// Which view an event is about: its own property, for it may speak of an earlier view than the current.
fn view(props: &Props, row: &Row) -> Option<u32> {
    match props.whole("view").ok()? {
        Some(view) => u32::try_from(view).ok(),
        None => Some(row.view.unwrap_or_default()),
    }
}

fn engagement<'a>(props: Props<'a>, row: &Row) -> Option<Fact<'a>> {
    let span = |name| {
        let span = u64::try_from(props.whole(name).ok()?.unwrap_or_default()).ok();
        span.filter(|span| *span <= LONGEST_MS)
    };
    // Relative to the timeline, which may have begun (after sleep) later than the activity.
    let active = match props.whole("last_activity").ok()? {
        Some(t) => row.start.checked_add_signed(t).filter(|at| *at <= 2 * MAX_WHOLE)?,
        None => 0,
    };
    // No id has a character that JSON would escape.
    let of = props.raw("load_id").map_or(Some(""), |of| Some(bare(of)).filter(|of| is_id(of)))?;
    Some(Fact::Engagement {
        of,
        view: view(&props, row)?,
        engaged: span("engaged_ms")?,
        visible: span("visible_ms")?,
        scroll: u32::try_from(props.whole("scroll").ok()?.unwrap_or_default()).ok()?.min(100),
        active,
    })
}

/// Who the visitor is from an `audience` event on, and which rule said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub at: Millis,
    pub is: Audience,
    pub reason: String,
    pub stage: Option<String>,
}

impl Verdict {
    pub fn read(row: &Row) -> Option<Verdict> {
        let props = Props::read(row.props);
        Some(Verdict {
            at: row.at(),
            is: Audience::parse(&props.text("audience")?),
            reason: props.text("reason").unwrap_or_default(),
            stage: props.text("stage"),
        })
    }
}

/// One purchase of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purchase {
    pub at: Millis,
    pub order: Option<String>,
    /// Minor units of the currency; `None` if the event named no readable amount, or one below zero.
    pub revenue_minor: Option<i64>,
    pub currency: Option<String>,
}

impl Purchase {
    pub fn read(row: &Row) -> Purchase {
        let props = Props::read(row.props);
        let (minor, currency) = money(&props);
        let revenue_minor = minor.filter(|minor| *minor >= 0);
        Purchase { at: row.at(), order: order(&props, "transaction_id"), revenue_minor, currency }
    }
}

/// The id of an order, a text or a number: `7` and `"7"` are one. An empty one, or one that was redacted because it
/// looked like an e-mail address, is none: all who have it would be one order.
pub fn order(props: &Props, name: &str) -> Option<String> {
    let is_plain =
        |raw: &str| raw.starts_with(|first: char| matches!(first, '"' | '-') || first.is_ascii_digit());
    props.raw(name).filter(|raw| is_plain(raw))?;
    props.decimal(name).filter(|id| !id.trim().is_empty() && !id.contains(MARK))
}

/// `value` in minor units of `currency`, where both can be read; and the currency.
pub fn money(props: &Props) -> (Option<i64>, Option<String>) {
    let currency = props.text("currency").filter(|code| money::exponent(code).is_some());
    let currency = currency.map(|code| code.to_ascii_uppercase());
    let value = props.decimal("value").zip(currency.as_deref());
    (value.and_then(|(value, currency)| money::minor_units(&value, currency)), currency)
}

/// Stages in the order visitors pass them.
const STAGES: [&str; 5] = ["discover", "shop", "buy", "own", "advocate"];

/// The later of two stages; an unknown one counts as none.
pub fn later_stage(one: &'static str, other: Option<&str>) -> &'static str {
    let rank = |stage: &str| STAGES.iter().position(|known| *known == stage);
    let other = other.and_then(rank).unwrap_or(0);
    STAGES[other.max(rank(one).unwrap_or(0))]
}
