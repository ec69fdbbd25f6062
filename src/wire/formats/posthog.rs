//! PostHog: `/batch/`, the project's api key in the body. De-duplicates by `uuid` (with event, time and person).

use alloc::string::String;

use super::super::json::{self, Object};
use super::super::read::bare;
use super::super::text::Put;
use super::props::{about, order, own, put, quoted};
use super::visit::{Event, Kind, Visit, iso, uuid};
use super::{Format, TEXT, Target, answer};

pub static FORMAT: Format = Format {
    name: "posthog",
    path: "/batch/",
    content_type: TEXT,
    preflight: false,
    deduplicates: true,
    in_page: true,
    keyed: true,
    events: 50,
    encode,
    outcome: answer::by_status,
};

fn encode(visit: &Visit, target: &Target) -> String {
    let mut out = String::new();
    let mut body = Object::new(&mut out);
    body.text("api_key", target.key);
    body.text("sent_at", &iso(visit.sent));
    let list = body.key("batch");
    list.put_byte(b'[');
    for event in visit.events() {
        write(Object::new(json::item(list)), visit, &event);
    }
    list.put_byte(b']');
    body.end();
    out
}

fn write(mut item: Object, visit: &Visit, event: &Event) {
    let kind = event.kind();
    item.text("uuid", &visit.uuid(event.seq));
    match kind {
        Kind::PageView => item.text("event", "$pageview"),
        Kind::Identify => item.text("event", "$identify"),
        Kind::Purchase => item.text("event", "Order Completed"),
        Kind::Engagement | Kind::Custom => item.raw("event", event.name),
    }
    put(&mut item, "distinct_id", visit.person());
    item.text("timestamp", &iso(event.at));
    let mut props = Object::new(item.key("properties"));
    match kind {
        Kind::Purchase => order(&mut props, event),
        Kind::Identify => {
            put(&mut props, "$anon_distinct_id", visit.visitor);
            put(&mut props, "$set", event.prop("traits"));
        }
        _ => own(&mut props, event, &[]),
    }
    let (host, path, _) = event.address();
    put(&mut props, "$current_url", event.url);
    props.raw("$host", &quoted(host));
    props.raw("$pathname", &quoted(path));
    put(&mut props, "$referrer", event.referrer);
    put(&mut props, "title", event.title);
    props.text("$session_id", &visit.session_uuid());
    // The page view, in which PostHog counts time.
    props.text("$window_id", &uuid(visit.load, b'8'));
    put(&mut props, "$device_id", visit.visitor);
    put(&mut props, "$browser_language", visit.language);
    props.text("$device_type", if bare(visit.device) == "mobile" { "Mobile" } else { device(visit) });
    props.text("$lib", "passerby");
    // An anonymous visitor is no person to PostHog, and costs less there.
    props.flag("$process_person_profile", !visit.customer.is_empty());
    about(&mut props, visit, event);
    props.end();
    item.end();
}

fn device(visit: &Visit) -> &'static str {
    match bare(visit.device) {
        "tablet" => "Tablet",
        "desktop" => "Desktop",
        _ => "",
    }
}
