//! Mixpanel: `/track`, the project's token with each event, JSON in a form. De-duplicates by `$insert_id` together
//! with event, time and person.

use alloc::string::String;

use super::super::json::{self, Object};
use super::super::read::{bare, get, number, values};
use super::super::text::{Put, cut};
use super::props::{own, put, quoted, raw_key, search, visit as known};
use super::visit::{Event, Kind, Visit};
use super::{FORM, Format, Outcome, Target, answer, percent};

pub static FORMAT: Format = Format {
    name: "mixpanel",
    path: "/track/?verbose=1&ip=1",
    content_type: FORM,
    preflight: false,
    deduplicates: true,
    in_page: true,
    keyed: true,
    events: 50,
    encode,
    outcome,
};

fn encode(visit: &Visit, target: &Target) -> String {
    let mut list = String::from("[");
    for event in visit.events() {
        write(Object::new(json::item(&mut list)), visit, &event, target);
    }
    list.put_byte(b']');
    let mut out = String::from("data=");
    percent(&list, &mut out);
    out
}

fn write(mut item: Object, visit: &Visit, event: &Event, target: &Target) {
    let kind = event.kind();
    match kind {
        Kind::PageView => item.text("event", "$mp_web_page_view"),
        Kind::Identify => item.text("event", "$identify"),
        _ => item.raw("event", event.name),
    }
    let mut anonymous = String::from("$device:");
    anonymous.put(bare(visit.visitor));
    let mut props = Object::new(item.key("properties"));
    match kind {
        Kind::Identify => {
            props.text("$anon_distinct_id", &anonymous);
            for (name, value) in values(event.prop("traits")) {
                raw_key(&mut props, name).put(value);
            }
        }
        Kind::Purchase => {
            put(&mut props, "$amount", number(event.prop("value")));
            own(&mut props, event, &[]);
        }
        _ => own(&mut props, event, &[]),
    }
    props.text("token", target.key);
    props.number("time", event.at);
    props.text("$insert_id", &visit.uuid(event.seq));
    if visit.customer.is_empty() {
        props.text("distinct_id", &anonymous);
    } else {
        put(&mut props, "distinct_id", visit.customer);
        put(&mut props, "$user_id", visit.customer);
    }
    put(&mut props, "$device_id", visit.visitor);
    put(&mut props, "$current_url", event.url);
    put(&mut props, "$referrer", event.referrer);
    props.text("mp_lib", "passerby");
    if kind == Kind::PageView {
        let (host, path, query) = event.address();
        put(&mut props, "current_page_title", event.title);
        // Theirs goes without the port.
        props.raw("current_domain", &quoted(cut(host, b':').0));
        props.raw("current_url_path", &quoted(path));
        put(&mut props, "current_url_search", &search(query));
    }
    known(&mut props, visit, event);
    props.end();
    item.end();
}

/// `1` or `{"status":1}`. `0`, an error and 400 are about the token or the whole, never about one event.
fn outcome(status: u32, body: &str) -> Outcome {
    let body = body.trim_ascii();
    match status {
        200 if body == "1" || get(body, "status") == "1" => answer::ALL,
        200 | 400 => Outcome::Retry,
        _ => answer::by_status(status, body),
    }
}
