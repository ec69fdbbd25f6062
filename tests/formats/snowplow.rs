//! What Snowplow's schemas ask of a payload, of its session and of a purchase; it puts aside what breaks them.

use passerby::wire::formats::{Target, find_format};
use serde_json::Value;

const VISIT: &str = include_str!("visit.json");
const KEYS: [&str; 21] = [
    "e", "p", "tv", "tna", "aid", "eid", "dtm", "stm", "duid", "uid", "sid", "vid", "url", "page", "refr",
    "lang", "co", "se_ca", "se_ac", "se_la", "ue_pr",
];

fn payload(visit: &str) -> Vec<Value> {
    let format = find_format("snowplow").expect("snowplow");
    let target = Target { url: "https://c.example", key: "app", secret: "" };
    let body: Value = serde_json::from_str(&format.request(visit, &target).body).expect("JSON");
    assert_eq!(body["schema"], "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4");
    body["data"].as_array().expect("a list").clone()
}

/// A JSON in a string of the event: its schema's name, and its data.
fn described(json: &Value) -> (String, Value) {
    let schema = json["schema"].as_str().expect("a schema");
    let name = schema.strip_prefix("iglu:com.snowplowanalytics.snowplow").expect("Iglu Central's");
    (name.trim_start_matches(['.', '/']).to_owned(), json["data"].clone())
}

fn inside(text: &Value) -> Value {
    serde_json::from_str(text.as_str().expect("a string")).expect("JSON")
}

fn is_uuid(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12]
        && text.bytes().all(|byte| byte == b'-' || matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[test]
fn every_value_is_a_string_and_every_key_known() {
    for event in payload(VISIT) {
        let event = event.as_object().expect("an object");
        assert!(event.values().all(Value::is_string), "{event:?}");
        assert!(event.keys().all(|key| KEYS.contains(&key.as_str())), "{event:?}");
        assert!(["tv", "p", "e", "eid", "dtm"].iter().all(|key| event.contains_key(*key)));
        assert!(is_uuid(&event["eid"]) && is_uuid(&event["duid"]) && is_uuid(&event["sid"]));
        assert!(event["dtm"].as_str().is_some_and(|ms| ms.len() == 13 && ms.parse::<u64>().is_ok()));
    }
}

#[test]
fn page_and_session_are_entities_of_every_event() {
    for event in payload(VISIT) {
        let (name, list) = described(&inside(&event["co"]));
        assert_eq!(name, "contexts/jsonschema/1-0-1");
        let (page, session) = (described(&list[0]), described(&list[1]));
        assert_eq!(page.0, "web_page/jsonschema/1-0-0");
        assert!(is_uuid(&page.1["id"]));
        assert_eq!(session.0, "client_session/jsonschema/1-0-2");
        assert!(is_uuid(&session.1["userId"]) && is_uuid(&session.1["sessionId"]));
        assert_eq!(session.1["sessionId"], event["sid"]);
        assert!(session.1["sessionIndex"].is_u64());
        assert_eq!(session.1["storageMechanism"], "LOCAL_STORAGE");
    }
}

#[test]
fn a_purchase_is_an_action_with_its_transaction_and_products() {
    let events = payload(VISIT);
    let bought = events.iter().find(|event| event["e"] == "ue").expect("a purchase");
    let (outer, inner) = described(&inside(&bought["ue_pr"]));
    assert_eq!(outer, "unstruct_event/jsonschema/1-0-0");
    let (action, data) = described(&inner);
    assert_eq!(action, "ecommerce/snowplow_ecommerce_action/jsonschema/1-0-2");
    assert_eq!(data, serde_json::json!({"type": "transaction"}));
    let (_, list) = described(&inside(&bought["co"]));
    let entities: Vec<_> = list.as_array().expect("a list").iter().skip(2).map(described).collect();
    assert_eq!(entities[0].0, "ecommerce/transaction/jsonschema/1-0-0");
    let transaction = &entities[0].1;
    assert!(transaction["revenue"].is_number() && transaction["total_quantity"].is_u64(), "{transaction}");
    for text in ["transaction_id", "currency", "payment_method"] {
        assert!(transaction[text].is_string(), "{text} of {transaction}");
    }
    assert_eq!(transaction["total_quantity"], 3);
    assert_eq!(entities.len(), 3);
    for (name, product) in &entities[1..] {
        assert_eq!(name, "ecommerce/product/jsonschema/1-0-0");
        assert!(product["price"].is_number() && product["quantity"].is_u64(), "{product}");
        assert!(["id", "category", "currency"].iter().all(|text| product[*text].is_string()), "{product}");
    }
}

#[test]
fn a_purchase_that_breaks_the_schema_is_an_event_like_any_other() {
    for (right, wrong) in [
        ("\"79.90\"", "\"79.905\""),
        ("\"79.90\"", "-1"),
        ("\"79.90\"", "\"a lot\""),
        ("\"EUR\"", "\"Euro\""),
        ("\"T-77\"", "77"),
        ("\"T-77\"", "\"\""),
    ] {
        assert!(VISIT.contains(right));
        let events = payload(&VISIT.replace(right, wrong));
        assert!(events.iter().all(|event| event["e"] != "ue"), "{wrong}");
        assert!(events.iter().any(|event| event["se_ac"] == "purchase"), "{wrong}");
    }
}
