//! A site's `beforeSend`, as the page would hand it over: one that drops and changes, and answers badly when told to.

use std::cell::RefCell;

use serde_json::{Value, json};

thread_local! {
    /// What it was told and answered, for another build of the engine to be told and answered the same.
    static SAID: RefCell<Vec<[String; 2]>> = const { RefCell::new(Vec::new()) };
}

/// What was said since the last time.
pub fn said() -> Vec<[String; 2]> {
    SAID.take()
}

/// An event to properties, url, referrer and title with NULs between; nothing drops it.
pub fn before_send(event: &str) -> String {
    let answer = answer(event);
    SAID.with_borrow_mut(|said| said.push([event.into(), answer.clone()]));
    answer
}

fn answer(event: &str) -> String {
    let mut event: Value = serde_json::from_str(event).unwrap_or_else(|error| panic!("{error}: {event}"));
    let url = event["page"]["url"].as_str().unwrap_or_default().to_string();
    match event["name"].as_str().unwrap_or_default() {
        "internal" | "engagement" if event["props"]["keep"] != true => return String::new(),
        "page_view" if url.contains("/admin") => return String::new(),
        "page_view" => event["page"]["url"] = json!(url.replace("/orders/4711", "/orders/one")),
        "note" => event["props"] = json!({ "text": "from joe@example.com", "password": "hunter2" }),
        "long" => event["props"] = json!({ "text": "x".repeat(17_000) }),
        _ => {}
    }
    let text = |name: &str| event["page"][name].as_str().unwrap_or_default().to_string();
    let props = if event["props"].is_null() { json!({}) } else { event["props"].clone() };
    [props.to_string(), text("url"), text("referrer"), text("title")].join("\0")
}
