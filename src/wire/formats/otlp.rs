//! OpenTelemetry logs as OTLP/HTTP JSON: `/v1/logs`. The media type must be JSON, so browsers ask first. It does not
//! de-duplicate; `event.id` is there for whoever does.

use alloc::string::String;

use super::super::json::{self, Object, parse_number};
use super::super::read::{bare, get, number, values};
use super::super::text::Put;
use super::props::{put, quoted};
use super::visit::{Event, Visit};
use super::{Format, JSON, Outcome, Target, answer};

pub static FORMAT: Format = Format {
    name: "otlp",
    path: "/v1/logs",
    content_type: JSON,
    preflight: true,
    deduplicates: false,
    in_page: true,
    keyed: false,
    events: 50,
    encode,
    outcome,
};

fn encode(visit: &Visit, _: &Target) -> String {
    let mut out = String::from("{\"resourceLogs\":[{\"resource\":{\"attributes\":[");
    attribute(&mut out, "service.name", visit.site);
    attribute(&mut out, "telemetry.sdk.name", "\"passerby\"");
    attribute(&mut out, "telemetry.sdk.language", "\"webjs\"");
    attribute(&mut out, "browser.language", visit.language);
    out.put("]},\"scopeLogs\":[{\"scope\":{\"name\":\"passerby\"},\"logRecords\":[");
    for event in visit.events() {
        write(Object::new(json::item(&mut out)), visit, &event);
    }
    out.put("]}]}]}");
    out
}

fn write(mut item: Object, visit: &Visit, event: &Event) {
    for (name, ms) in [("timeUnixNano", event.at), ("observedTimeUnixNano", visit.sent)] {
        let mut nanos = String::new();
        json::number(&mut nanos, ms);
        nanos.put("000000");
        item.text(name, &nanos);
    }
    item.number("severityNumber", 9);
    put(&mut item, "eventName", event.name);
    let mut body = Object::new(item.key("body"));
    put(&mut body, "stringValue", event.name);
    body.end();
    let list = item.key("attributes");
    list.put_byte(b'[');
    attribute(list, "event.id", &quoted(&visit.uuid(event.seq)));
    attribute(list, "session.id", visit.session);
    attribute(list, "user.anonymous.id", visit.visitor);
    attribute(list, "user.id", visit.customer);
    attribute(list, "url.full", event.url);
    attribute(list, "page.title", event.title);
    attribute(list, "http.request.header.referer", event.referrer);
    attribute(list, "passerby.audience", visit.audience);
    attribute(list, "passerby.stage", visit.stage);
    attribute(list, "passerby.channel", visit.touch("channel"));
    attribute(list, "passerby.source", visit.touch("source"));
    attribute(list, "passerby.medium", visit.touch("medium"));
    attribute(list, "passerby.campaign", visit.touch("campaign"));
    attribute(list, "passerby.device", visit.device);
    attribute(list, "passerby.bot", visit.bot);
    for (name, value) in values(event.props) {
        pair(list, name, value);
    }
    list.put_byte(b']');
    item.end();
}

/// Left out without a value.
fn attribute(list: &mut String, name: &str, value: &str) {
    if !value.is_empty() {
        pair(list, name, value);
    }
}

/// `name` with its escapes, `value` as JSON.
fn pair(list: &mut String, name: &str, value: &str) {
    let mut object = Object::new(json::item(list));
    object.raw("key", &quoted(name));
    any(object.key("value"), value);
    object.end();
}

/// The value in OTLP's clothes; null is one without.
fn any(out: &mut String, value: &str) {
    let mut object = Object::new(out);
    match value.as_bytes().first() {
        Some(b'"') => object.raw("stringValue", value),
        Some(b't' | b'f') => object.raw("boolValue", value),
        Some(b'[') => {
            let inner = object.key("arrayValue");
            inner.put("{\"values\":[");
            for (_, item) in values(value) {
                any(json::item(inner), item);
            }
            inner.put("]}");
        }
        Some(b'{') => {
            let inner = object.key("kvlistValue");
            inner.put("{\"values\":[");
            for (name, item) in values(value) {
                pair(inner, name, item);
            }
            inner.put("]}");
        }
        Some(b'n') | None => {}
        // 64-bit integers are strings in JSON's protobuf; what has more digits than fit is not one.
        _ if number(value) == value && !value.contains('.') && value.len() < 19 => {
            object.raw("intValue", &quoted(value));
        }
        _ => object.raw("doubleValue", value),
    }
    object.end();
}

/// A partial success must not be sent again; it says how many were refused, not which. Of errors only four are
/// passing ones.
fn outcome(status: u32, body: &str) -> Outcome {
    match status {
        200 => {
            let told = get(get(body, "partialSuccess"), "rejectedLogRecords");
            let count = parse_number(bare(told)).min(FORMAT.events as u64) as usize;
            Outcome::Acknowledged { refused: (0..count).collect() }
        }
        0..=399 | 401 | 403 | 404 | 413 | 429 | 502..=504 => answer::by_status(status, body),
        _ => Outcome::Drop,
    }
}
