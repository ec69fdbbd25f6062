//! Decode: JSON text of wire format v1 to a [`Batch`], checked against the limits page and collector share.
//!
//! Unknown fields are ignored, so a page may be newer than its collector within a version. A newer
//! *version* is refused with its own reason: the page keeps the batch and says why.

use super::facts::{self, Row};
use super::ingest::{Batch, Erasure, Event, Keep, Refusal, Rejected, Visit, Visitor};
use super::props;
use super::reader::{self, Field, MAX_WHOLE, Object};
use crate::engine::redact;
use crate::engine::url::Url;
use crate::wire::limits;

/// The newest version of the wire format read here; all older ones are read for ever.
pub const VERSION: u64 = 1;

/// Ids a visitor or session had before storage settled.
const WAS: usize = 64;
/// Names: of sites, batches, definitions, devices, languages, stages.
const NAME: usize = 128;
/// Reasons in one batch's count of drops.
const REASONS: usize = 64;

pub fn batch(text: &str, keep: &Keep) -> Result<Batch, Refusal> {
    let root = Object::root(text)?;
    let version = root.need("passerby")?;
    match version.number(MAX_WHOLE)? {
        0 => return Err(version.wrong("must be 1")),
        1..=VERSION => {}
        newer => {
            let error =
                format!("This collector reads wire format {VERSION}, not {newer}: update the collector.");
            return Err(Refusal { status: 409, reason: "unsupported_version", error, ..version.wrong("") });
        }
    }
    let id = root.need("batch")?;
    if matches!(id.string()?.len(), 0 | 65..) {
        return Err(id.wrong("must be 1 to 64 bytes long"));
    }
    let start = root.need("start")?.number(MAX_WHOLE)?;
    let list = root.need("events")?;
    let mut batch = Batch {
        id: id.text(64)?,
        site: root.text("site", NAME)?.unwrap_or_default(),
        load: root.need("load")?.id()?,
        sent: root.need("sent")?.number(MAX_WHOLE)?,
        clock: root.number("clock", MAX_WHOLE)?,
        start,
        frozen: root.get("frozen").map(|field| field.flag()).transpose()?.unwrap_or_default(),
        definition: root.text("definition", NAME)?.unwrap_or_default(),
        visitor: visitor(&root.need("visitor")?.object()?)?,
        session: session(&root.need("session")?.object()?, keep)?,
        device: root.text("device", NAME)?,
        bot: root.text("bot", NAME)?.map(|text| redacted(&text)).filter(|text| !text.is_empty()),
        language: root.text("language", NAME)?.map(|text| redacted(&text)),
        events: Vec::new(),
        rejected: Vec::new(),
        dropped: dropped(&root)?,
        first_seq: None,
        first_at: None,
    };
    for (index, raw) in list.items(limits::BATCH_EVENTS)?.into_iter().enumerate() {
        let (event, fault) = event(list.item(index, raw), start, keep)?;
        if batch.first_seq.is_none_or(|first| event.seq < first) {
            batch.first_seq = Some(event.seq);
            batch.first_at = Some(start + event.t);
        }
        match fault {
            Some(reason) => batch.rejected.push(Rejected { seq: event.seq, reason }),
            None => batch.events.push(event),
        }
    }
    Ok(batch)
}

pub fn erasure(text: &str) -> Result<Erasure, Refusal> {
    let root = Object::root(text)?;
    let site = root.text("site", NAME)?.unwrap_or_default();
    let visitor = root.need("visitor")?;
    let visitors: Vec<String> = visitor.string()?.split(' ').map(str::to_owned).collect();
    match visitors.iter().all(|id| reader::is_id(id)) && visitors.len() <= WAS {
        true => Ok(Erasure { site, visitors }),
        false => Err(visitor.wrong("must be an id, or up to 64 with spaces between")),
    }
}

fn visitor(object: &Object) -> Result<Visitor, Refusal> {
    Ok(Visitor {
        id: object.need("id")?.id()?,
        was: was(object)?,
        audience: object.text("audience", NAME)?,
        stage: object.text("stage", NAME)?,
        sessions: object.number("sessions", MAX_WHOLE)?,
        first_seen: object.number("first_seen", MAX_WHOLE)?,
        customer: object
            .text("customer", limits::STRING_BYTES)?
            // An e-mail is no customer number; kept as a mark, all who have one would be one customer.
            .filter(|customer| !props::is_secret_as_id(customer)),
    })
}

fn session(object: &Object, keep: &Keep) -> Result<Visit, Refusal> {
    let text = |name| Ok(object.text(name, limits::STRING_BYTES)?.map(|text| redacted(&text)));
    let first_touch = match object.get("first_touch") {
        Some(touch) if touch.raw().len() > limits::STRING_BYTES => {
            return Err(touch.wrong(&format!("must not be longer than {} bytes", limits::STRING_BYTES)));
        }
        Some(touch) => match props::redacted(touch.raw()) {
            Ok(clean) => clean,
            Err(_) => return Err(touch.wrong("must be an object")),
        },
        None => None,
    };
    Ok(Visit {
        id: object.need("id")?.id()?,
        was: was(object)?,
        started: object.need("started")?.number(MAX_WHOLE)?,
        entry: object.text("entry", limits::STRING_BYTES)?.map(|entry| keep.url(&entry)),
        channel: text("channel")?,
        source: text("source")?,
        medium: text("medium")?,
        campaign: text("campaign")?,
        first_touch,
    })
}

fn was(object: &Object) -> Result<Vec<String>, Refusal> {
    let Some(list) = object.get("was") else { return Ok(Vec::new()) };
    let items = list.items(WAS)?;
    items.into_iter().enumerate().map(|(index, raw)| list.item(index, raw).id()).collect()
}

fn dropped(root: &Object) -> Result<Vec<(String, u64)>, Refusal> {
    let Some(field) = root.get("dropped") else { return Ok(Vec::new()) };
    let reasons = field.object()?;
    let mut dropped = Vec::new();
    for (reason, count) in reasons.entries() {
        if reason.is_empty()
            || reason.len() > NAME
            || reason.contains(char::is_control)
            || dropped.len() == REASONS
        {
            return Err(count.wrong("is no reason for a drop"));
        }
        dropped.push((reason.to_owned(), count.number(MAX_WHOLE)?));
    }
    Ok(dropped)
}

/// The event, and what is wrong with it alone.
fn event<'a>(
    field: Field<'a, '_>,
    start: u64,
    keep: &Keep,
) -> Result<(Event, Option<&'static str>), Refusal> {
    let object = field.object()?;
    let mut fault = (field.raw().len() > limits::EVENT_BYTES).then_some("event_too_large");
    let mut check = |bad: bool, reason| fault = fault.or(bad.then_some(reason));

    let name = object.need("name")?.string()?;
    check(name.is_empty(), "name_empty");
    check(name.len() > limits::NAME_BYTES, "name_too_long");
    check(name.contains(char::is_control), "name_has_control_characters");
    let mut event = Event {
        seq: object.need("seq")?.number(MAX_WHOLE)?,
        t: object.need("t")?.number(MAX_WHOLE)?,
        name: redacted(&name),
        view: object.number("view", u32::MAX.into())?.map(|view| view as u32),
        ..Event::default()
    };
    if let Some(page) = object.get("page") {
        let page = page.object()?;
        let mut text = |name| -> Result<Option<String>, Refusal> {
            let text = page.text(name, usize::MAX)?;
            check(text.as_ref().is_some_and(|text| text.len() > limits::STRING_BYTES), "string_too_long");
            Ok(text)
        };
        let (url, referrer) = (text("url")?, text("referrer")?);
        event.title = text("title")?.map(|title| redacted(&title));
        event.referrer =
            referrer.map(|referrer| keep.referrer(url.as_deref().unwrap_or_default(), &referrer));
        event.url = url.map(|url| keep.url(&url));
    }
    if let Some(props) = object.get("props") {
        if !props.raw().starts_with('{') {
            return Err(props.wrong("must be an object"));
        }
        fault = fault.or_else(|| props::fault(props.raw()));
        match props::redacted(props.raw()) {
            Ok(props) => event.props = props,
            Err(reason) => fault = fault.or(Some(reason)),
        }
    }
    if fault.is_none() {
        fault = facts::read(&Row::new(&event, start)).err();
    }
    Ok((event, fault))
}

impl Keep {
    fn url(&self, url: &str) -> String {
        Url::parse(url).clean(&self.params, self.fragments)
    }

    fn referrer(&self, url: &str, referrer: &str) -> String {
        Url::parse(url).clean_referrer(&Url::parse(referrer), &self.params, self.fragments)
    }
}

/// What the page redacts is redacted here again, by the same code: senders are not all ours.
fn redacted(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    redact::text(text, &mut clean);
    clean
}
