//! A line of a log: a batch, an event as `data-format="ndjson"` posts it, or an event as `export` writes it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// What an exported event has of its batch, and what is its own.
const CONTEXT: [&str; 8] = ["site", "load", "definition", "visitor", "session", "device", "language", "bot"];
const OWN: [&str; 6] = ["seq", "t", "name", "view", "page", "props"];

/// The line as the batch that it is, or of which it was one event.
pub fn batch(line: &str) -> Cow<'_, str> {
    one_event(line).map_or(Cow::Borrowed(line), Cow::Owned)
}

fn one_event(line: &str) -> Option<String> {
    let mut fields: BTreeMap<String, &RawValue> = serde_json::from_str(line).ok()?;
    if fields.contains_key("events") {
        return None;
    }
    if let Some(event) = fields.remove("event") {
        let context = fields.iter().map(|(name, value)| member(name, value)).collect::<Vec<_>>();
        return Some(format!("{{{},\"events\":[{event}]}}", context.join(",")));
    }
    if fields.contains_key("passerby") {
        return None;
    }
    let number = |name: &str| fields.get(name)?.get().parse::<u64>().ok();
    let (at, seq) = (number("at")?, number("seq")?);
    let start = at.checked_sub(number("t")?)?;
    let some = |names: &[&str]| {
        let there = names.iter().filter_map(|name| Some(member(name, fields.get(*name)?)));
        there.collect::<Vec<_>>().join(",")
    };
    Some(format!(
        "{{\"passerby\":1,\"batch\":\"export:{seq}\",\"sent\":{at},\"start\":{start},{},\"events\":[{{{}}}]}}",
        some(&CONTEXT),
        some(&OWN)
    ))
}

/// The name has been read from JSON, and may need its escapes again.
fn member(name: &str, value: &RawValue) -> String {
    format!("{}:{value}", serde_json::Value::from(name))
}
