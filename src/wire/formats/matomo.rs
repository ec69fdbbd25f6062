//! Matomo's bulk tracking: `/matomo.php`, a list of query strings; the site's id is the key. It cuts visits itself
//! (ours are asked for with `new_visit`), and a repeated request is counted again.

use alloc::string::String;
use alloc::vec::Vec;

use super::super::json::{self, parse_number};
use super::super::read::{bare, get, number, plain, values};
use super::super::text::{Put, has, part};
use super::props::clipped;
use super::visit::{Event, Kind, Visit};
use super::{FORM, Format, Outcome, Target, answer, percent};

pub static FORMAT: Format = Format {
    name: "matomo",
    path: "/matomo.php",
    content_type: FORM,
    preflight: false,
    deduplicates: false,
    in_page: true,
    keyed: true,
    events: 50,
    encode,
    outcome,
};

/// Characters of what an event's name column holds.
const LABEL: usize = 200;

fn encode(visit: &Visit, target: &Target) -> String {
    let mut out = String::from("{\"requests\":[");
    for event in visit.events() {
        let mut query = Query(String::from("?rec=1&apiv=1"));
        write(&mut query, visit, &event, target);
        json::string(json::item(&mut out), &query.0);
    }
    out.put("],\"send_image\":0");
    if !target.secret.is_empty() {
        out.put(",\"token_auth\":");
        json::string(&mut out, target.secret);
    }
    out.put_byte(b'}');
    out
}

struct Query(String);

impl Query {
    fn text(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.0.put_byte(b'&');
            self.0.put(name);
            self.0.put_byte(b'=');
            percent(value, &mut self.0);
        }
    }

    /// `value` is JSON.
    fn put(&mut self, name: &str, value: &str) {
        self.text(name, &plain(value));
    }

    fn number(&mut self, name: &str, value: u64) {
        let mut digits = String::new();
        json::number(&mut digits, value);
        self.text(name, &digits);
    }
}

fn write(query: &mut Query, visit: &Visit, event: &Event, target: &Target) {
    query.text("idsite", target.key);
    query.text("_id", part(bare(visit.visitor), 0, 16));
    query.put("uid", visit.customer);
    query.number("cdt", event.at / 1000);
    query.put("url", event.url);
    query.put("urlref", event.referrer);
    query.put("lang", visit.language);
    // Six characters that group what happens in one page view.
    query.text("pv_id", part(&visit.view_uuid(event.view), 30, 36));
    match event.kind() {
        Kind::PageView => {
            query.put("action_name", event.title);
            if event.at == visit.started {
                query.text("new_visit", "1");
            }
        }
        // Prolongs the visit, and is no action.
        Kind::Engagement => query.text("ping", "1"),
        Kind::Purchase => order(query, event),
        Kind::Identify | Kind::Custom => {
            query.text("ca", "1");
            query.text("e_c", "passerby");
            query.put("e_a", event.name);
            let mut label = String::new();
            json::string(&mut label, event.props);
            query.put("e_n", &clipped(&label, LABEL));
            query.text("e_v", number(event.prop("value")));
        }
    }
}

fn order(query: &mut Query, event: &Event) {
    query.text("idgoal", "0");
    query.put("ec_id", event.prop("transaction_id"));
    query.text("revenue", number(event.prop("value")));
    query.text("ec_tx", number(event.prop("tax")));
    query.text("ec_sh", number(event.prop("shipping")));
    query.text("ec_dt", number(event.prop("discount")));
    let mut items = String::from("[");
    for item in event.items() {
        let list = json::item(&mut items);
        list.put_byte(b'[');
        for name in ["item_id", "item_name", "item_category"] {
            let value = get(item, name);
            json::item(list).put(if value.is_empty() { "\"\"" } else { value });
        }
        for (name, else_) in [("price", "0"), ("quantity", "1")] {
            let value = number(get(item, name));
            json::item(list).put(if value.is_empty() { else_ } else { value });
        }
        list.put_byte(b']');
    }
    items.put_byte(b']');
    if items.len() > 2 {
        query.text("ec_items", &items);
    }
}

/// `{"status":"success","tracked":n,"invalid":m}`; which ones are invalid it tells only to its administrators.
fn outcome(status: u32, body: &str) -> Outcome {
    match status {
        200..300 if has(body, "\"status\":\"error\"") => Outcome::Drop,
        200..300 => {
            let told = values(get(body, "invalid_indices")).map(|(_, at)| parse_number(at) as usize);
            let told: Vec<usize> = told.collect();
            let count = parse_number(get(body, "invalid")).min(FORMAT.events as u64) as usize;
            Outcome::Acknowledged { refused: if told.is_empty() { (0..count).collect() } else { told } }
        }
        _ => answer::by_status(status, body),
    }
}
