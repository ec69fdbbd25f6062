//! Umami 3: `/api/batch` takes a list, `/api/send` one event. The website's id is the key. It does not de-duplicate,
//! cuts visits itself, and says 200 even where an item of a batch failed.

use alloc::string::String;
use alloc::vec::Vec;

use super::super::json::{self, Object, parse_number};
use super::super::read::{get, number, values};
use super::super::text::{Put, has};
use super::props::{clipped, own, put, quoted, raw_key, visit as known};
use super::visit::{Event, Kind, Visit};
use super::{Format, Outcome, TEXT, Target, answer};

pub static FORMAT: Format = Format {
    name: "umami",
    path: "/api/batch",
    content_type: TEXT,
    preflight: false,
    deduplicates: false,
    in_page: true,
    keyed: true,
    events: 50,
    encode,
    outcome,
};

pub static SINGLE: Format =
    Format { name: "umami-single", path: "/api/send", events: 1, encode: encode_one, ..FORMAT };

const NAME: usize = 50;
const HOST: usize = 100;
const LANGUAGE: usize = 35;
/// A time of its own makes Umami leave the visit open, so only events that come late have one.
const LATE: u64 = 60_000;

fn encode(visit: &Visit, target: &Target) -> String {
    let mut out = String::from("[");
    for event in visit.events() {
        write(Object::new(json::item(&mut out)), visit, &event, target);
    }
    out.put_byte(b']');
    out
}

fn encode_one(visit: &Visit, target: &Target) -> String {
    let mut out = String::new();
    if let Some(event) = visit.events().next() {
        write(Object::new(&mut out), visit, &event, target);
    }
    out
}

fn write(mut item: Object, visit: &Visit, event: &Event, target: &Target) {
    let kind = event.kind();
    item.text("type", if kind == Kind::Identify { "identify" } else { "event" });
    let mut payload = Object::new(item.key("payload"));
    payload.text("website", target.key);
    // Whom it counts; otherwise everybody behind one address with one browser would be one visitor.
    put(&mut payload, "id", visit.visitor);
    if visit.sent.saturating_sub(event.at) > LATE {
        payload.number("timestamp", event.at / 1000);
    }
    put(&mut payload, "hostname", &clipped(&quoted(event.address().0), HOST));
    put(&mut payload, "language", &clipped(visit.language, LANGUAGE));
    put(&mut payload, "url", event.url);
    put(&mut payload, "referrer", event.referrer);
    put(&mut payload, "title", event.title);
    if !matches!(kind, Kind::PageView | Kind::Identify) {
        payload.raw("name", &clipped(event.name, NAME));
    }
    if kind != Kind::PageView {
        let mut data = Object::new(payload.key("data"));
        match kind {
            Kind::Identify => {
                put(&mut data, "customer", visit.customer);
                for (name, value) in values(event.prop("traits")) {
                    raw_key(&mut data, name).put(value);
                }
            }
            Kind::Purchase => {
                put(&mut data, "revenue", number(event.prop("value")));
                own(&mut data, event, &["value"]);
            }
            _ => own(&mut data, event, &[]),
        }
        known(&mut data, visit, event);
        data.end();
    }
    payload.end();
    item.end();
}

fn outcome(status: u32, body: &str) -> Outcome {
    match status {
        // What it says to robots, and to a page that is taken for one.
        200 if has(body, "\"beep\"") => Outcome::Acknowledged { refused: alloc::vec![0] },
        200 => {
            let failed =
                values(get(body, "details")).map(|(_, item)| parse_number(get(item, "index")) as usize);
            Outcome::Acknowledged { refused: failed.collect::<Vec<_>>() }
        }
        // Not the events' fault.
        400 if has(body, "Website not found") => Outcome::Retry,
        _ => answer::by_status(status, body),
    }
}
