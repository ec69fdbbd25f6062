//! Segment's `/v1/batch`, and RudderStack's beacon route, which takes the same messages. Both de-duplicate by
//! `messageId`, and both take text/plain with the write key outside of the headers.

use alloc::string::String;

use super::super::json::{self, Object};
use super::super::text::Put;
use super::props::{about, order, own, put, quoted, search};
use super::visit::{Event, Kind, Visit, iso};
use super::{Format, TEXT, Target, answer};

pub static FORMAT: Format = Format {
    name: "segment",
    path: "/v1/batch",
    content_type: TEXT,
    preflight: false,
    deduplicates: true,
    in_page: true,
    keyed: true,
    events: 50,
    encode: |visit, target| encode(visit, target, false),
    outcome: answer::by_status,
};

pub static RUDDERSTACK: Format = Format {
    name: "rudderstack",
    path: "/beacon/v1/batch?writeKey={key}",
    encode: |visit, target| encode(visit, target, true),
    ..FORMAT
};

fn encode(visit: &Visit, target: &Target, rudder: bool) -> String {
    let mut out = String::new();
    let mut body = Object::new(&mut out);
    if !rudder {
        body.text("writeKey", target.key);
    }
    body.text("sentAt", &iso(visit.sent));
    let list = body.key("batch");
    list.put_byte(b'[');
    for event in visit.events() {
        write(Object::new(json::item(list)), visit, &event, rudder);
    }
    list.put_byte(b']');
    body.end();
    out
}

fn write(mut item: Object, visit: &Visit, event: &Event, rudder: bool) {
    let kind = event.kind();
    item.text(
        "type",
        match kind {
            Kind::PageView => "page",
            Kind::Identify => "identify",
            _ => "track",
        },
    );
    item.text("messageId", &visit.uuid(event.seq));
    put(&mut item, "anonymousId", visit.visitor);
    put(&mut item, "userId", visit.customer);
    item.text("timestamp", &iso(event.at));
    if rudder {
        item.text("originalTimestamp", &iso(event.at));
        item.text("sentAt", &iso(visit.sent));
        item.text("channel", "web");
    }
    match kind {
        Kind::PageView => {
            let mut props = Object::new(item.key("properties"));
            page(&mut props, event);
            own(&mut props, event, &[]);
            props.end();
        }
        Kind::Identify => {
            let traits = event.prop("traits");
            item.raw("traits", if traits.is_empty() { "{}" } else { traits });
        }
        Kind::Purchase => {
            item.text("event", "Order Completed");
            let mut props = Object::new(item.key("properties"));
            order(&mut props, event);
            props.end();
        }
        Kind::Engagement | Kind::Custom => {
            item.raw("event", event.name);
            item.raw("properties", if event.props.is_empty() { "{}" } else { event.props });
        }
    }
    context(Object::new(item.key("context")), visit, event, rudder);
    item.end();
}

fn context(mut context: Object, visit: &Visit, event: &Event, rudder: bool) {
    let mut library = Object::new(context.key("library"));
    library.text("name", "passerby");
    library.text("version", env!("CARGO_PKG_VERSION"));
    library.end();
    let mut inner = Object::new(context.key("page"));
    page(&mut inner, event);
    inner.end();
    put(&mut context, "locale", visit.language);
    if !visit.touch("campaign").is_empty() {
        let mut campaign = Object::new(context.key("campaign"));
        put(&mut campaign, "source", visit.touch("source"));
        put(&mut campaign, "medium", visit.touch("medium"));
        put(&mut campaign, "name", visit.touch("campaign"));
        campaign.end();
    }
    if rudder {
        if event.kind() == Kind::Identify {
            // Where its destinations look for them.
            put(&mut context, "traits", event.prop("traits"));
        }
        // A number there; the session's beginning tells one visitor's sessions apart.
        context.number("sessionId", visit.started);
        if event.at == visit.started {
            context.flag("sessionStart", true);
        }
    } else {
        put(&mut context, "sessionId", visit.session);
    }
    let mut ours = Object::new(context.key("passerby"));
    put(&mut ours, "session", visit.session);
    about(&mut ours, visit, event);
    ours.end();
    context.end();
}

fn page(object: &mut Object, event: &Event) {
    let (_, path, query) = event.address();
    object.raw("path", &quoted(path));
    put(object, "referrer", event.referrer);
    put(object, "search", &search(query));
    put(object, "title", event.title);
    put(object, "url", event.url);
}
