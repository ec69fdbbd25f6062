//! Amplitude's HTTP API v2: `/2/httpapi`, the api key in the body. De-duplicates by `insert_id` for seven days, and
//! names by position what is wrong with a request, of which it then takes nothing.

use alloc::string::String;
use alloc::vec::Vec;

use super::super::json::{self, Object, parse_number};
use super::super::read::{get, number, values};
use super::super::text::Put;
use super::props::{own, put, quoted, visit as known};
use super::visit::{Event, Kind, Visit, iso};
use super::{Format, Outcome, TEXT, Target, answer};

pub static FORMAT: Format = Format {
    name: "amplitude",
    path: "/2/httpapi",
    content_type: TEXT,
    preflight: false,
    deduplicates: true,
    in_page: true,
    keyed: true,
    events: 50,
    encode,
    outcome,
};

fn encode(visit: &Visit, target: &Target) -> String {
    let mut out = String::new();
    let mut body = Object::new(&mut out);
    body.text("api_key", target.key);
    body.text("client_upload_time", &iso(visit.sent));
    let list = body.key("events");
    list.put_byte(b'[');
    for event in visit.events() {
        write(Object::new(json::item(list)), visit, &event);
    }
    list.put_byte(b']');
    // A customer number may be shorter than the five characters asked for otherwise.
    let mut options = Object::new(body.key("options"));
    options.number("min_id_length", 1);
    options.end();
    body.end();
    out
}

fn write(mut item: Object, visit: &Visit, event: &Event) {
    let kind = event.kind();
    put(&mut item, "user_id", visit.customer);
    put(&mut item, "device_id", visit.visitor);
    match kind {
        Kind::PageView => item.text("event_type", "[Amplitude] Page Viewed"),
        Kind::Identify => item.text("event_type", "$identify"),
        _ => item.raw("event_type", event.name),
    }
    item.number("time", event.at);
    item.number("session_id", visit.started);
    item.text("insert_id", &visit.uuid(event.seq));
    item.text("platform", "Web");
    item.text("library", concat!("passerby/", env!("CARGO_PKG_VERSION")));
    put(&mut item, "language", visit.language);
    if kind == Kind::Identify {
        let traits = event.prop("traits");
        let mut user = Object::new(item.key("user_properties"));
        user.raw("$set", if traits.is_empty() { "{}" } else { traits });
        user.end();
    }
    if kind == Kind::Purchase {
        put(&mut item, "revenue", number(event.prop("value")));
        item.text("revenueType", "purchase");
    }
    let mut props = Object::new(item.key("event_properties"));
    if kind != Kind::Identify {
        own(&mut props, event, &[]);
    }
    page(&mut props, event);
    known(&mut props, visit, event);
    props.end();
    item.end();
}

fn page(props: &mut Object, event: &Event) {
    let (host, path, _) = event.address();
    put(props, "[Amplitude] Page URL", event.url);
    put(props, "[Amplitude] Page Location", event.url);
    props.raw("[Amplitude] Page Domain", &quoted(host));
    props.raw("[Amplitude] Page Path", &quoted(path));
    put(props, "[Amplitude] Page Title", event.title);
}

fn outcome(status: u32, body: &str) -> Outcome {
    if status != 400 {
        return answer::by_status(status, body);
    }
    // Field → positions.
    let fields =
        ["events_with_invalid_fields", "events_with_missing_fields", "events_with_invalid_id_lengths"];
    let lists = fields.into_iter().flat_map(|reason| values(get(body, reason)));
    let mut named: Vec<usize> = Vec::new();
    for (_, list) in lists.chain([("", get(body, "silenced_events"))]) {
        for (_, at) in values(list) {
            let at = parse_number(at) as usize;
            if !named.contains(&at) {
                named.push(at);
            }
        }
    }
    // One that names none is about the key or the whole: each event alone would be refused too, all for nothing.
    if named.is_empty() { Outcome::Retry } else { Outcome::Without(named) }
}
