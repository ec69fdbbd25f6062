//! An event's context as JSON, for whoever reads events back: `export` and `forward`.

use rusqlite::Row;
use serde_json::{Value, json};

/// What a row of `batches`, with the name of its load, says; its times moved by `shift` to the collector's clock. Null
/// where there is nothing.
pub fn context(row: &Row, shift: i64) -> Result<Value, rusqlite::Error> {
    let text = |name: &str| row.get::<_, Option<String>>(name);
    let number = |name: &str| row.get::<_, Option<i64>>(name);
    let first_touch = text("first_touch")?.and_then(|json| serde_json::from_str::<Value>(&json).ok());
    Ok(json!({
        "site": text("site")?,
        "load": text("load_id")?,
        "definition": text("definition")?,
        "visitor": {
            "id": text("visitor")?,
            "audience": text("audience")?,
            "stage": text("stage")?,
            "sessions": number("sessions")?,
            "first_seen": number("first_seen")?,
            "customer": text("customer")?,
        },
        "session": {
            "id": text("session")?,
            "started": number("session_started")?.map(|started| started + shift),
            "entry": text("entry")?,
            "channel": text("channel")?,
            "source": text("source")?,
            "medium": text("medium")?,
            "campaign": text("campaign")?,
            "first_touch": first_touch,
        },
        "device": text("device")?,
        "language": text("language")?,
        "bot": text("bot")?,
    }))
}

/// Fields without a value are left out, as on the wire.
pub fn without_nulls(value: &mut Value) {
    let Some(object) = value.as_object_mut() else { return };
    for inner in object.values_mut() {
        without_nulls(inner);
    }
    object.retain(|_, inner| !inner.is_null() && inner.as_object().is_none_or(|inner| !inner.is_empty()));
}

/// The members of two objects as one.
pub fn joined(mut one: Value, mut other: Value) -> Value {
    if let (Some(one), Some(other)) = (one.as_object_mut(), other.as_object_mut()) {
        one.append(other);
    }
    one
}
