//! GA4's Measurement Protocol: `/mp/collect`, measurement id and API secret in the query, so from the collector only.
//! It says 204 to everything, also to what it drops, counts its own sessions by `session_id`, and knows a repeated
//! event only if it is a purchase.

use alloc::string::String;

use super::super::json::{self, Object, parse_number};
use super::super::read::{bare, get, number, values};
use super::super::text::Put;
use super::props::{clipped, put};
use super::visit::{Event, Kind, Visit};
use super::{Format, JSON, Target, answer};

pub static FORMAT: Format = Format {
    name: "ga4",
    path: "/mp/collect?measurement_id={key}&api_secret={secret}",
    content_type: JSON,
    preflight: true,
    deduplicates: false,
    in_page: false,
    keyed: true,
    events: 25,
    encode,
    outcome: answer::by_status,
};

const NAME: usize = 40;
const VALUE: usize = 100;
const USER_NAME: usize = 24;
const USER_VALUE: usize = 36;
/// Of twenty-five parameters, what ours leave.
const PARAMS: usize = 15;

fn encode(visit: &Visit, _: &Target) -> String {
    let mut out = String::new();
    let mut body = Object::new(&mut out);
    put(&mut body, "client_id", visit.visitor);
    put(&mut body, "user_id", visit.customer);
    let user = body.key("user_properties");
    user.put_byte(b'{');
    for (name, value) in [("audience", visit.audience), ("stage", visit.stage), ("bot", visit.bot)] {
        property(user, name, value);
    }
    for event in visit.events().filter(|event| event.kind() == Kind::Identify) {
        values(event.prop("traits")).take(PARAMS).for_each(|(name, value)| property(user, name, value));
    }
    user.put_byte(b'}');
    let list = body.key("events");
    list.put_byte(b'[');
    for event in visit.events() {
        write(Object::new(json::item(list)), visit, &event);
    }
    list.put_byte(b']');
    body.end();
    out
}

fn property(user: &mut String, name: &str, value: &str) {
    if value.is_empty() || value.starts_with(['{', '[', 'n']) {
        return;
    }
    json::string(json::item(user), &word(name, USER_NAME));
    user.put(":{\"value\":");
    user.put(&clipped(value, USER_VALUE));
    user.put_byte(b'}');
}

fn write(mut item: Object, visit: &Visit, event: &Event) {
    let kind = event.kind();
    item.text("name", &word(bare(event.name), NAME));
    let mut micros = String::new();
    json::number(&mut micros, event.at);
    micros.put("000");
    item.raw("timestamp_micros", &micros);
    let mut params = Object::new(item.key("params"));
    // GA4 wants a number, and calls the seconds of its beginning a session's id.
    params.number("session_id", visit.started / 1000);
    // Without any the event does not show in real time; what adds up is what each report has earned.
    params.number("engagement_time_msec", parse_number(event.prop("earned_ms")).max(1));
    put(&mut params, "page_location", event.url);
    put(&mut params, "page_title", &clipped(event.title, VALUE));
    put(&mut params, "page_referrer", event.referrer);
    put(&mut params, "passerby_session", visit.session);
    for name in ["channel", "source", "medium", "campaign"] {
        put(&mut params, name, &clipped(visit.touch(name), VALUE));
    }
    let scalar = |value: &str| !value.starts_with(['{', '[', 'n']);
    let own =
        values(event.props).filter(|(name, value)| scalar(value) && !matches!(*name, "value" | "items"));
    for (name, value) in own.take(PARAMS) {
        params.raw(&word(name, NAME), &clipped(value, VALUE));
    }
    put(&mut params, "value", number(event.prop("value")));
    if kind == Kind::Purchase {
        let list = params.key("items");
        list.put_byte(b'[');
        event.items().for_each(|one| product(Object::new(json::item(list)), one));
        list.put_byte(b']');
    }
    params.end();
    item.end();
}

fn product(mut item: Object, one: &str) {
    for name in ["item_id", "item_name", "item_brand", "item_category", "item_variant"] {
        put(&mut item, name, &clipped(get(one, name), VALUE));
    }
    for name in ["price", "quantity"] {
        put(&mut item, name, number(get(one, name)));
    }
    item.end();
}

/// A name as GA4 takes it: a letter, then letters, digits and underscores.
fn word(name: &str, most: usize) -> String {
    let mut out = String::new();
    for character in name.chars().take(most) {
        let fits = character.is_ascii_alphanumeric() || character == '_';
        if out.is_empty() && !character.is_ascii_alphabetic() {
            out.put_byte(b'e');
        }
        out.put_byte(if fits { character as u8 } else { b'_' });
    }
    out.truncate(most);
    out
}
