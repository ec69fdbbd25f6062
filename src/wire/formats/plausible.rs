//! Plausible: `/api/event`, one event a request, the site's domain as key. It knows visitors by address and browser
//! alone, counts its own sessions and bounces, and does not de-duplicate.

use alloc::string::String;

use super::super::json::{Object, parse_number};
use super::super::read::{bare, number, values};
use super::super::text::Put;
use super::props::{put, raw_key, visit as known};
use super::visit::{Event, Kind, Visit};
use super::{Format, TEXT, Target, answer};

pub static FORMAT: Format = Format {
    name: "plausible",
    path: "/api/event",
    content_type: TEXT,
    preflight: false,
    deduplicates: false,
    in_page: true,
    keyed: true,
    events: 1,
    encode,
    outcome: answer::by_status,
};

/// Of thirty properties, what ours leave.
const PROPS: usize = 20;

fn encode(visit: &Visit, target: &Target) -> String {
    let mut out = String::new();
    if let Some(event) = visit.events().next() {
        write(Object::new(&mut out), visit, &event, target);
    }
    out
}

fn write(mut item: Object, visit: &Visit, event: &Event, target: &Target) {
    let kind = event.kind();
    match kind {
        Kind::PageView => item.text("name", "pageview"),
        _ => item.raw("name", event.name),
    }
    item.text("domain", target.key);
    put(&mut item, "url", event.url);
    put(&mut item, "referrer", event.referrer);
    match kind {
        Kind::Engagement => {
            // Its own script's names: what has been earned since the last report, and the depth.
            item.number("e", parse_number(event.prop("earned_ms")));
            item.number("sd", parse_number(event.prop("scroll")));
        }
        Kind::Purchase if !number(event.prop("value")).is_empty() => {
            let mut revenue = Object::new(item.key("revenue"));
            put(&mut revenue, "currency", event.prop("currency"));
            revenue.text("amount", number(event.prop("value")));
            revenue.end();
        }
        _ => {}
    }
    if matches!(bare(event.name), "audience" | "identify" | "consent" | "reset") {
        // Ours, not the visitor's doing: it must not turn a bounce into a visit.
        item.flag("interactive", false);
    }
    let mut props = Object::new(item.key("props"));
    let scalar = |value: &str| !value.starts_with(['{', '[']) && value != "null";
    for (name, value) in values(event.props).filter(|(_, value)| scalar(value)).take(PROPS) {
        raw_key(&mut props, name).put(value);
    }
    known(&mut props, visit, event);
    props.end();
    item.end();
}
