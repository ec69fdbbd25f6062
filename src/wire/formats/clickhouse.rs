//! ClickHouse over HTTP: `INSERT INTO key FORMAT JSONEachRow`, one row an event. From the collector only: user and
//! password are in the address. A ReplacingMergeTree ordered by `event_id` counts what arrives twice once.
//!
//! Columns the table does not have are left out by the server, so a table takes what it is interested in.

use alloc::string::String;

use super::super::json::{self, Object};
use super::super::read::bare;
use super::super::text::Put;
use super::props::put;
use super::visit::{Event, Visit};
use super::{Format, TEXT, Target, answer};

pub static FORMAT: Format = Format {
    name: "clickhouse",
    path: "/?query=INSERT%20INTO%20{key}%20FORMAT%20JSONEachRow&input_format_skip_unknown_fields=1",
    content_type: TEXT,
    preflight: false,
    deduplicates: true,
    in_page: false,
    keyed: true,
    events: 500,
    encode,
    outcome: answer::by_status,
};

fn encode(visit: &Visit, _: &Target) -> String {
    let mut out = String::new();
    for event in visit.events() {
        write(Object::new(&mut out), visit, &event);
        out.put_byte(b'\n');
    }
    out
}

fn write(mut row: Object, visit: &Visit, event: &Event) {
    row.text("event_id", &visit.uuid(event.seq));
    put(&mut row, "site", visit.site);
    row.text("load", visit.load);
    row.number("seq", event.seq);
    row.number("at", event.at);
    row.number("sent", visit.sent);
    put(&mut row, "name", event.name);
    row.number("view", event.view);
    put(&mut row, "url", event.url);
    put(&mut row, "title", event.title);
    put(&mut row, "referrer", event.referrer);
    put(&mut row, "visitor", visit.visitor);
    put(&mut row, "customer", visit.customer);
    put(&mut row, "audience", visit.audience);
    put(&mut row, "stage", visit.stage);
    put(&mut row, "session", visit.session);
    row.number("session_started", visit.started);
    for name in ["channel", "source", "medium", "campaign"] {
        put(&mut row, name, visit.touch(name));
    }
    put(&mut row, "device", visit.device);
    put(&mut row, "bot", visit.bot);
    put(&mut row, "language", visit.language);
    // As text: the reader's JSON functions take it from there.
    json::string(row.key("props"), if bare(event.props).is_empty() { "{}" } else { event.props });
    row.end();
}
