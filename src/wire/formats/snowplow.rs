//! Snowplow's tracker protocol 2: `/com.snowplowanalytics.snowplow/tp2`, the app id as key. Every value is a string.
//! The media type must be JSON, so browsers ask first. De-duplicated downstream by `eid`.
//!
//! Page views are `pv`, purchases the e-commerce events of Iglu Central; all else is a structured event, which needs
//! no schema of the site's own.

use alloc::string::String;

use super::super::json::{self, Object};
use super::super::read::{bare, get, number, plain};
use super::super::text::{Put, cut};
use super::props::put;
use super::visit::{Event, Kind, Visit, uuid};
use super::{Format, JSON, Target, answer};

pub static FORMAT: Format = Format {
    name: "snowplow",
    path: "/com.snowplowanalytics.snowplow/tp2",
    content_type: JSON,
    preflight: true,
    deduplicates: true,
    in_page: true,
    keyed: true,
    events: 25,
    encode,
    outcome: answer::by_status,
};

const SHOP: &str = "iglu:com.snowplowanalytics.snowplow.ecommerce/";
const CORE: &str = "iglu:com.snowplowanalytics.snowplow/";

fn encode(visit: &Visit, target: &Target) -> String {
    let mut out = String::new();
    let mut body = Object::new(&mut out);
    body.text("schema", "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4");
    let list = body.key("data");
    list.put_byte(b'[');
    for event in visit.events() {
        write(Object::new(json::item(list)), visit, &event, target);
    }
    list.put_byte(b']');
    body.end();
    out
}

fn write(mut item: Object, visit: &Visit, event: &Event, target: &Target) {
    let kind = match event.kind() {
        // The schema wants money in hundredths and an id; without them it is an event like any other.
        Kind::Purchase if !is_order(event) => Kind::Custom,
        kind => kind,
    };
    let mut contexts = String::from("[");
    page_and_session(&mut contexts, visit, event);
    match kind {
        Kind::PageView => item.text("e", "pv"),
        Kind::Purchase => {
            item.text("e", "ue");
            order(&mut contexts, event);
            let mut action = String::new();
            let mut data = Object::new(&mut action);
            data.text("type", "transaction");
            data.end();
            let mut inner = String::new();
            described(&mut inner, SHOP, "snowplow_ecommerce_action/jsonschema/1-0-2", &action);
            let mut outer = String::new();
            described(&mut outer, CORE, "unstruct_event/jsonschema/1-0-0", &inner);
            item.text("ue_pr", &outer);
        }
        _ => {
            item.text("e", "se");
            item.text("se_ca", "passerby");
            put(&mut item, "se_ac", event.name);
            item.text("se_la", event.props);
            item.text("se_va", number(event.prop("value")));
        }
    }
    item.text("p", "web");
    item.text("tv", concat!("passerby-", env!("CARGO_PKG_VERSION")));
    item.text("tna", "passerby");
    item.text("aid", target.key);
    item.text("eid", &visit.uuid(event.seq));
    for (name, value) in [("dtm", event.at), ("stm", visit.sent)] {
        let mut digits = String::new();
        json::number(&mut digits, value);
        item.text(name, &digits);
    }
    item.text("duid", &uuid(bare(visit.visitor), b'4'));
    put(&mut item, "uid", visit.customer);
    item.text("sid", &visit.session_uuid());
    item.text("vid", visit.sessions);
    put(&mut item, "url", event.url);
    put(&mut item, "page", event.title);
    put(&mut item, "refr", event.referrer);
    put(&mut item, "lang", visit.language);
    contexts.put_byte(b']');
    let mut all = String::new();
    described(&mut all, CORE, "contexts/jsonschema/1-0-1", &contexts);
    item.text("co", &all);
    item.end();
}

/// A self-describing JSON.
fn described(out: &mut String, vendor: &str, schema: &str, data: &str) {
    let mut object = Object::new(out);
    let mut name = String::from(vendor);
    name.put(schema);
    object.text("schema", &name);
    object.raw("data", data);
    object.end();
}

fn page_and_session(contexts: &mut String, visit: &Visit, event: &Event) {
    let mut data = String::new();
    let mut page = Object::new(&mut data);
    page.text("id", &visit.view_uuid(event.view));
    page.end();
    described(json::item(contexts), CORE, "web_page/jsonschema/1-0-0", &data);
    data.clear();
    let mut session = Object::new(&mut data);
    session.text("userId", &uuid(bare(visit.visitor), b'4'));
    session.text("sessionId", &visit.session_uuid());
    session.raw("sessionIndex", if visit.sessions.is_empty() { "1" } else { visit.sessions });
    session.raw("previousSessionId", "null");
    session.text("storageMechanism", "LOCAL_STORAGE");
    session.end();
    described(json::item(contexts), CORE, "client_session/jsonschema/1-0-2", &data);
}

fn in_hundredths(value: &str) -> &str {
    let digits = number(value);
    if cut(digits, b'.').1.len() > 2 || digits.starts_with('-') { "" } else { digits }
}

fn is_order(event: &Event) -> bool {
    let id = event.prop("transaction_id");
    bare(event.prop("currency")).len() == 3
        && id.starts_with('"')
        && id.len() > 2
        && !in_hundredths(event.prop("value")).is_empty()
}

fn order(contexts: &mut String, event: &Event) {
    let whole = |item: &&str| !number(item).is_empty() && !number(item).contains(['.', '-']);
    let count =
        |item: &str| Some(get(item, "quantity")).filter(whole).map_or(1, |n| json::parse_number(bare(n)));
    let mut data = String::new();
    let mut transaction = Object::new(&mut data);
    put(&mut transaction, "transaction_id", event.prop("transaction_id"));
    put(&mut transaction, "revenue", in_hundredths(event.prop("value")));
    put(&mut transaction, "currency", event.prop("currency"));
    let method = event.prop("payment_type");
    transaction.text("payment_method", &if method.is_empty() { "unknown".into() } else { plain(method) });
    transaction.number("total_quantity", event.items().map(count).sum());
    put(&mut transaction, "tax", in_hundredths(event.prop("tax")));
    put(&mut transaction, "shipping", in_hundredths(event.prop("shipping")));
    put(&mut transaction, "discount_code", event.prop("coupon"));
    transaction.end();
    described(json::item(contexts), SHOP, "transaction/jsonschema/1-0-0", &data);
    for item in event.items() {
        let (id, price) = (get(item, "item_id"), in_hundredths(get(item, "price")));
        if !id.starts_with('"') || price.is_empty() {
            continue;
        }
        data.clear();
        let mut product = Object::new(&mut data);
        put(&mut product, "id", id);
        put(&mut product, "name", get(item, "item_name"));
        let category = get(item, "item_category");
        product.raw("category", if category.is_empty() { "\"unknown\"" } else { category });
        put(&mut product, "price", price);
        product.number("quantity", count(item));
        put(&mut product, "brand", get(item, "item_brand"));
        put(&mut product, "currency", event.prop("currency"));
        product.end();
        described(json::item(contexts), SHOP, "product/jsonschema/1-0-0", &data);
    }
}
