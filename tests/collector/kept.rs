//! What is kept of a batch: every digit, no secret, nothing unknown.

use passerby::collector::store::Store;
use serde_json::{Value, json};

use crate::support::{T, beacon, decoded, exported, id, nested, read, stored, view, with_props};

#[test]
fn properties_are_kept_digit_for_digit() {
    let digits = "7".repeat(12);
    let props = format!(r#"{{"price":1.10,"tiny":1e-400,"n":{digits},"same":1,"same":2,"é":"\u00e9"}}"#);
    let text = beacon(1, json!([with_props(json!({ "x": "PROPS" }))])).to_string();
    let text = text.replace(r#"{"x":"PROPS"}"#, &props);
    let batch = read(text.as_bytes()).unwrap();
    // Escapes aside, which hide from redaction what they need not.
    assert_eq!(batch.events[0].props.as_deref(), Some(props.replace(r"\u00e9", "é").as_str()));
}

#[test]
fn half_a_surrogate_pair_becomes_the_replacement_character() {
    let text = beacon(1, json!([with_props(json!({ "x": "HALF" }))])).to_string();
    for (sent, kept) in [
        (r"\ud83d\ude00", r"\ud83d\ude00"),
        (r"\ud83d", "\u{fffd}"),
        (r"\ude00\ud83d", "\u{fffd}\u{fffd}"),
        (r"\ud83d\ud83d\ude00", "\u{fffd}\\ud83d\\ude00"),
        (r"\\ud83d", r"\\ud83d"),
    ] {
        let batch = read(text.replace("HALF", sent).as_bytes()).unwrap();
        assert_eq!(batch.events[0].props.as_deref(), Some(format!(r#"{{"x":"{kept}"}}"#).as_str()), "{sent}");
    }
}

#[test]
fn secrets_are_redacted_again_on_arrival() {
    let mut full = beacon(1, json!([view(1, 0, 1)]));
    full["visitor"]["customer"] = json!("jane@mail.example");
    full["session"]["entry"] = json!("https://shop.example/welcome/jane@mail.example");
    full["events"][0]["page"]["title"] = json!("Card 4111 1111 1111 1111");
    full["events"][0]["props"] = json!({ "note": "mail jane@mail.example", "password": "hunter2hunter2" });
    let mut store = Store::memory().unwrap();
    stored(&mut store, &[full]);
    let lines = exported(&store);
    for secret in ["jane@", "4111", "hunter2"] {
        assert!(!lines.contains(secret), "{secret} in {lines}");
    }
    assert!(lines.contains("[redacted]"));
}

#[test]
fn unknown_fields_and_nulls_are_ignored() {
    let mut odd = beacon(1, json!([view(1, 0, 1)]));
    odd["weather"] = nested(1000);
    odd["clock"] = Value::Null;
    odd["visitor"]["mood"] = json!("fine");
    assert_eq!(decoded(&odd), decoded(&beacon(1, json!([view(1, 0, 1)]))));
    assert_eq!(decoded(&odd).start, T);
    assert_eq!(decoded(&odd).load, id("a"));
}
