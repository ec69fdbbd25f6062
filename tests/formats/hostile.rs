//! Whatever a site tracks and whatever a server answers: requests stay well-formed and nothing panics.

use std::collections::HashSet;

use passerby::wire::formats::{FORMATS, Format, Target, Visit};
use proptest::prelude::*;
use serde_json::{Value, json};

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9_f64).prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        "[\"\\\\{}\\[\\],:%&=\\n\\t\u{1F600}é]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("\\PC{0,6}", inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

fn any_props() -> impl Strategy<Value = Value> {
    let name = prop_oneof![
        Just("value".to_string()),
        Just("currency".to_string()),
        Just("items".to_string()),
        Just("transaction_id".to_string()),
        Just("traits".to_string()),
        Just("customer".to_string()),
        "\\PC{0,8}",
        "[\"\\\\{}%&=]{1,4}",
    ];
    prop::collection::btree_map(name, any_value(), 0..6).prop_map(|map| map.into_iter().collect())
}

fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("page_view".to_string()),
        Just("purchase".to_string()),
        Just("identify".to_string()),
        Just("engagement".to_string()),
        "\\PC{1,60}",
    ]
}

fn batch(events: &[(String, Value)], url: &str) -> Value {
    let event = |(at, (name, props)): (usize, &(String, Value))| {
        json!({"seq": at + 1, "t": at * 10, "name": name, "view": 1, "props": props,
               "page": {"url": url, "title": url}})
    };
    json!({
        "passerby": 1, "batch": "a:1", "site": url, "sent": 1_795_365_665_000_u64, "start": 1_795_365_600_000_u64,
        "visitor": {"id": "1a".repeat(16)}, "session": {"id": "2b".repeat(16), "started": 1_795_365_600_000_u64},
        "load": "0f".repeat(16), "events": events.iter().enumerate().map(event).collect::<Vec<_>>(),
    })
}

/// What a body holds, and how many events.
fn read(format: &Format, body: &str) -> Result<usize, String> {
    let parse = |text: &str| serde_json::from_str::<Value>(text).map_err(|error| format!("{error}: {text}"));
    let count = |value: &Value| value.as_array().map(Vec::len).ok_or_else(|| format!("no list: {value}"));
    match format.name {
        "clickhouse" => body.lines().map(parse).collect::<Result<Vec<_>, _>>().map(|rows| rows.len()),
        "plausible" | "umami-single" => parse(body).map(|_| 1),
        "umami" | "cloudevents" => count(&parse(body)?),
        "mixpanel" => count(&parse(&decoded(body.strip_prefix("data=").ok_or("no form")?))?),
        "otlp" => count(&parse(body)?["resourceLogs"][0]["scopeLogs"][0]["logRecords"]),
        "matomo" => count(&parse(body)?["requests"]),
        "snowplow" => count(&parse(body)?["data"]),
        "amplitude" | "ga4" => count(&parse(body)?["events"]),
        _ => count(&parse(body)?["batch"]),
    }
}

fn decoded(form: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = form.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next().expect("a digit"), rest.next().expect("a digit")];
                u8::from_str_radix(std::str::from_utf8(&digits).expect("ASCII"), 16).expect("hexadecimal")
            }
            other => other,
        });
    }
    String::from_utf8(bytes).expect("UTF-8")
}

proptest! {
    #[test]
    fn whatever_a_site_tracks_every_event_is_one_item_of_a_well_formed_request(
        events in prop::collection::vec((any_name(), any_props()), 1..6),
        url in "\\PC{0,40}",
        key in "\\PC{0,12}",
    ) {
        let batch = batch(&events, &url).to_string();
        let target = Target { url: "https://c.example", key: &key, secret: &key };
        for format in FORMATS {
            let request = format.request(&batch, &target);
            let wrong = |error| TestCaseError::fail(format!("{}: {error}", format.name));
            let found = read(format, &request.body).map_err(wrong)?;
            prop_assert_eq!(found, events.len().min(format.events), "{}", format.name);
            prop_assert!(request.url.bytes().all(|byte| byte.is_ascii_graphic()), "{}", request.url);
        }
    }

    #[test]
    fn whatever_is_no_batch_and_whatever_they_answer_nothing_panics(text in "\\PC{0,200}", status in 0..700_u32) {
        for format in FORMATS {
            let request = format.request(&text, &Target { url: &text, key: &text, secret: &text });
            prop_assert_eq!(&request, &format.request(&text, &Target { url: &text, key: &text, secret: &text }));
            let first = format.outcome(status, &text);
            prop_assert_eq!(first, format.outcome(status, &text));
        }
    }

    #[test]
    fn no_two_events_share_an_id(
        load in "[0-9a-f]{32}",
        other in "[0-9a-f]{32}",
        seqs in prop::collection::hash_set(1..2_000_000_u64, 1..50),
    ) {
        prop_assume!(load[..24] != other[..24]);
        let texts = [&load, &other].map(|load| json!({"load": load}).to_string());
        let visits = [Visit::parse(&texts[0]), Visit::parse(&texts[1])];
        let ids: HashSet<String> = visits.iter().flat_map(|visit| seqs.iter().map(|seq| visit.uuid(*seq))).collect();
        prop_assert_eq!(ids.len(), 2 * seqs.len());
    }
}
