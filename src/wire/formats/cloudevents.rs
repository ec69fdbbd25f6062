//! CloudEvents 1.0, batched, to any address. Its media type makes browsers ask first. `source` and `id` identify.

use alloc::string::String;

use super::super::json;
use super::super::json::Object;
use super::super::read::plain;
use super::super::text::Put;
use super::props::{own, put, visit as known};
use super::visit::{Event, Visit, iso};
use super::{Format, Target, answer, percent};

pub static FORMAT: Format = Format {
    name: "cloudevents",
    path: "",
    content_type: "application/cloudevents-batch+json",
    preflight: true,
    deduplicates: true,
    in_page: true,
    keyed: false,
    events: 50,
    encode,
    outcome: answer::by_status,
};

fn encode(visit: &Visit, _: &Target) -> String {
    let mut out = String::from("[");
    for event in visit.events() {
        write(Object::new(json::item(&mut out)), visit, &event);
    }
    out.put_byte(b']');
    out
}

fn write(mut item: Object, visit: &Visit, event: &Event) {
    // A reference, so that any site's name makes a valid one.
    let mut source = String::from("/passerby/");
    percent(&plain(visit.site), &mut source);
    item.text("specversion", "1.0");
    item.text("id", &visit.uuid(event.seq));
    item.text("source", &source);
    put(&mut item, "type", event.name);
    item.text("time", &iso(event.at));
    put(&mut item, "subject", visit.person());
    item.text("datacontenttype", "application/json");
    let mut data = Object::new(item.key("data"));
    put(&mut data, "url", event.url);
    put(&mut data, "title", event.title);
    put(&mut data, "referrer", event.referrer);
    put(&mut data, "visitor", visit.visitor);
    put(&mut data, "customer", visit.customer);
    put(&mut data, "language", visit.language);
    known(&mut data, visit, event);
    let mut props = Object::new(data.key("properties"));
    own(&mut props, event, &[]);
    props.end();
    data.end();
    item.end();
}
