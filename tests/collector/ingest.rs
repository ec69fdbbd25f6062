//! Bytes to a batch: what is refused as a whole, what is rejected alone, and what is kept as it came.

use passerby::collector::ingest::{self, Batch, Keep, Refusal};
use passerby::collector::store::{Arrival, Store};
use passerby::wire::limits;
use serde_json::{Value, json};

use crate::support::{beacon, decoded, event, fixture, gzip, nested, read, view, with_props};

/// The field each `invalid-*.json` must be refused for.
const FIELDS: [(&str, &str); 40] = [
    ("version-missing", "passerby"),
    ("version-zero", "passerby"),
    ("version-text", "passerby"),
    ("batch-missing", "batch"),
    ("batch-empty", "batch"),
    ("batch-long", "batch"),
    ("load-missing", "load"),
    ("load-uppercase", "load"),
    ("load-short", "load"),
    ("load-null", "load"),
    ("sent-negative", "sent"),
    ("start-fraction", "start"),
    ("start-too-large", "start"),
    ("clock-text", "clock"),
    ("frozen-number", "frozen"),
    ("site-number", "site"),
    ("visitor-missing", "visitor"),
    ("visitor-array", "visitor"),
    ("visitor-id-uuid", "visitor.id"),
    ("visitor-was-item", "visitor.was[1]"),
    ("visitor-sessions-text", "visitor.sessions"),
    ("session-missing", "session"),
    ("session-id-missing", "session.id"),
    ("session-started-missing", "session.started"),
    ("session-entry-number", "session.entry"),
    ("events-missing", "events"),
    ("events-object", "events"),
    ("event-number", "events[0]"),
    ("event-seq-missing", "events[0].seq"),
    ("event-seq-negative", "events[0].seq"),
    ("event-seq-huge", "events[0].seq"),
    ("event-t-missing", "events[0].t"),
    ("event-t-negative", "events[0].t"),
    ("event-name-number", "events[0].name"),
    ("event-view-negative", "events[0].view"),
    ("event-page-text", "events[0].page"),
    ("event-url-number", "events[0].page.url"),
    ("event-props-array", "events[0].props"),
    ("dropped-negative", "dropped.overflow"),
    ("dropped-array", "dropped"),
];

fn fixtures(beginning: &str) -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire");
    let names =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.starts_with(beginning)).collect();
    names.sort();
    names
}

fn refused(body: &[u8]) -> Refusal {
    match read(body) {
        Ok(batch) => panic!("accepted: {batch:?}"),
        Err(refusal) => refusal,
    }
}

#[test]
fn every_valid_fixture_is_accepted_and_stored() {
    let names = fixtures("valid-");
    assert_eq!(names.len(), 8);
    for name in names {
        let batch = read(fixture(&name).as_bytes()).unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
        assert_eq!(batch.rejected, [], "{name}");
        let mut store = Store::memory().unwrap();
        let receipt = store.ingest(&[Arrival { batch: &batch, received: None }]).unwrap().remove(0);
        assert_eq!(receipt.accepted, batch.events.len() as u64, "{name}");
    }
}

#[test]
fn every_invalid_fixture_is_refused_for_its_field() {
    let names: Vec<String> = FIELDS.iter().map(|(name, _)| format!("invalid-{name}.json")).collect();
    let mut listed = names.clone();
    listed.sort();
    assert_eq!(listed, fixtures("invalid-"), "each fixture has its field here");
    for (name, (_, field)) in names.iter().zip(FIELDS) {
        let refusal = refused(fixture(name).as_bytes());
        assert_eq!((refusal.status, refusal.field.as_deref()), (400, Some(field)), "{name}: {refusal:?}");
    }
}

#[test]
fn a_complaint_names_field_and_byte() {
    let mut events: Vec<Value> = (1..=4).map(|seq| event(seq, seq, "e")).collect();
    events[3]["seq"] = json!("four");
    let text = beacon(1, json!(events)).to_string();
    let refusal = refused(text.as_bytes());
    assert_eq!(refusal.error, "`events[3].seq` must be a whole number from 0 to 9007199254740991.");
    assert_eq!(refusal.field.as_deref(), Some("events[3].seq"));
    assert_eq!(refusal.position, text.find("\"four\""));
    // Cut in the middle of the events.
    let cut = text.find("\"four\"").unwrap();
    let refusal = refused(&text.as_bytes()[..cut]);
    assert_eq!((refusal.field.as_deref(), refusal.status), (Some("events"), 400));
    assert!(refusal.position.is_some_and(|at| at.abs_diff(cut) <= 1), "{refusal:?}");
}

#[test]
fn gzip_is_inflated_within_bounds() {
    let text = beacon(1, json!([view(1, 0, 1)])).to_string();
    let plain = text.as_bytes();
    assert_eq!(read(&gzip(plain)).unwrap(), read(plain).unwrap());
    let padded = |length: usize| {
        let mut bytes = plain.to_vec();
        bytes.resize(length, b' ');
        gzip(&bytes)
    };
    assert!(read(&padded(limits::INFLATED_BYTES)).is_ok());
    let packed = gzip(plain);
    let bomb = gzip(&vec![b' '; 48 * 1024 * 1024]);
    assert!(bomb.len() < limits::BATCH_BYTES);
    for (name, body, status) in [
        ("one byte too many", padded(limits::INFLATED_BYTES + 1), 413),
        ("a bomb", bomb, 413),
        ("gzip in gzip", gzip(&packed), 400),
        ("two members", [packed.clone(), packed.clone()].concat(), 400),
        ("something after it", [packed.clone(), b"{}".to_vec()].concat(), 400),
        ("cut short", packed[..packed.len() - 5].to_vec(), 400),
        ("the magic bytes only", vec![0x1f, 0x8b], 400),
        ("a wrong checksum", [&packed[..packed.len() - 8], &[0; 8]].concat(), 400),
    ] {
        assert_eq!(refused(&body).status, status, "{name}");
    }
}

#[test]
fn what_is_no_batch_is_refused_with_a_reason() {
    let text = beacon(1, json!([view(1, 0, 1)])).to_string();
    let with = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1).into_bytes()
    };
    let nested = |open: &str| gzip(open.repeat(1_000_000 / open.len()).as_bytes());
    for (name, body, field) in [
        ("nothing", vec![], None),
        ("a null", b"null".to_vec(), None),
        ("a list", b"[]".to_vec(), None),
        ("a megabyte of [", nested("["), None),
        ("a megabyte of {\"a\":", nested("{\"a\":"), Some("a")),
        ("deep events", gzip(format!("{{\"events\":{}", "[".repeat(1_000_000)).as_bytes()), Some("events")),
        ("two documents", with("{\"passerby\":1", "{}{\"passerby\":1"), None),
        ("a byte order mark", [b"\xef\xbb\xbf", text.as_bytes()].concat(), None),
        ("invalid UTF-8", [text.as_bytes(), b"\xff"].concat(), None),
        ("a NUL", with("Page 1", "Page\0 1"), Some("events")),
        ("an open string", with("Page 1\"", "Page 1"), Some("events")),
        ("1e400", with("\"t\":0", "\"t\":1e400"), Some("events[0].t")),
        ("500 digits", with("\"seq\":1", &format!("\"seq\":{}", "9".repeat(500))), Some("events[0].seq")),
        ("minus nothing", with("\"t\":0", "\"t\":-0"), Some("events[0].t")),
        ("2^53", with("\"seq\":1", "\"seq\":9007199254740992"), Some("events[0].seq")),
        ("NaN", with("\"t\":0", "\"t\":NaN"), Some("events")),
        ("a key twice", with("\"load\":", "\"sent\":1,\"load\":"), Some("sent")),
        ("an event's key twice", with("\"seq\":1", "\"seq\":1,\"seq\":2"), Some("events[0].seq")),
        ("a newer version", with("\"passerby\":1", "\"passerby\":2.0"), Some("passerby")),
    ] {
        let refusal = refused(&body);
        assert_eq!((refusal.status, refusal.field.as_deref()), (400, field), "{name}: {refusal:?}");
        assert!(!refusal.error.is_empty() && refusal.json()["error"].is_string(), "{name}");
    }
    let many: String = (0..300).map(|n| format!("\"k{n}\":0,")).collect();
    assert!(
        refused(with("{\"passerby\":1", &format!("{{{many}\"passerby\":1")).as_slice())
            .error
            .contains("too many")
    );
}

#[test]
fn a_newer_version_is_told_apart() {
    let refusal = refused(br#"{"passerby":2,"shape":"unknown"}"#);
    assert_eq!((refusal.status, refusal.reason), (409, "unsupported_version"));
    assert_eq!(refusal.error, "This collector reads wire format 1, not 2: update the collector.");
}

#[test]
fn too_much_is_a_413_so_that_the_page_sends_less() {
    let many: Vec<Value> = (0..=limits::BATCH_EVENTS as u64).map(|seq| event(seq, 0, "e")).collect();
    let refusal = refused(&gzip(beacon(1, json!(many)).to_string().as_bytes()));
    assert_eq!((refusal.status, refusal.field.as_deref()), (413, Some("events")));
    assert!(read(&gzip(beacon(1, json!(many[1..])).to_string().as_bytes())).is_ok());
    assert_eq!(refused(&vec![b' '; limits::BATCH_BYTES + 1]).status, 413);
}

/// A batch of two good events around this one.
fn between(odd: Value) -> Batch {
    decoded(&beacon(1, json!([view(1, 0, 1), odd, event(3, 2, "after")])))
}

fn named(name: &str, props: Value) -> Value {
    json!({ "seq": 2, "t": 1, "name": name, "props": props })
}

#[test]
fn an_event_over_a_limit_is_rejected_alone() {
    let many = |count: usize| Value::Object((0..count).map(|n| (format!("p{n}"), json!(n))).collect());
    let long = |bytes: usize| "x".repeat(bytes);
    for (odd, reason) in [
        (named("", json!({})), "name_empty"),
        (named(&long(129), json!({})), "name_too_long"),
        (named("a\u{1b}[31m", json!({})), "name_has_control_characters"),
        (with_props(many(65)), "too_many_properties"),
        (with_props(json!({ "deep": nested(17) })), "too_deep"),
        (with_props(json!({ "long": long(8 * 1024 + 1) })), "string_too_long"),
        (with_props(json!({ "a": long(8192), "b": long(8192) })), "event_too_large"),
        (json!({ "seq": 2, "t": 1, "name": "e", "page": { "url": long(8193) } }), "string_too_long"),
        (named("engagement", json!({ "engaged_ms": -5 })), "engagement_invalid"),
        (named("engagement", json!({ "engaged_ms": 1_000_000_000_000_u64 })), "engagement_invalid"),
        (named("engagement", json!({ "scroll": "deep" })), "engagement_invalid"),
        (named("engagement", json!({ "load_id": "first" })), "engagement_invalid"),
        (named("engagement", json!({ "load_id": 7 })), "engagement_invalid"),
        (named("page_view", json!({ "view": -1 })), "page_view_invalid"),
        (named("audience", json!({ "reason": "none" })), "audience_invalid"),
    ] {
        let batch = between(odd);
        let rejected: Vec<_> = batch.rejected.iter().map(|event| (event.seq, event.reason)).collect();
        assert_eq!(rejected, [(2, reason)]);
        assert_eq!(batch.events.iter().map(|event| event.seq).collect::<Vec<_>>(), [1, 3], "{reason}");
    }
    for at_the_limit in [
        named(&long(128), json!({})),
        with_props(many(64)),
        with_props(json!({ "deep": nested(16) })),
        with_props(json!({ "long": long(8 * 1024) })),
        with_props(json!({ "escaped": "\u{0001}".repeat(2000) })),
    ] {
        assert_eq!(between(at_the_limit).rejected, []);
    }
}

#[test]
fn a_hostile_depth_inside_properties_is_rejected_alone() {
    let text = beacon(1, json!([view(1, 0, 1), with_props(json!({ "a": "DEEP" }))])).to_string();
    let deep = format!("{}{}", "[".repeat(7000), "]".repeat(7000));
    let batch = read(text.replace("\"DEEP\"", &deep).as_bytes()).unwrap();
    assert_eq!(batch.rejected[0].reason, "too_deep");
    assert_eq!(batch.events.len(), 1);
}

/// Whoever sends: what the page would not have sent is not stored.
#[test]
fn no_planted_secret_is_taken_from_a_foreign_sender() {
    let mut visit = beacon(1, json!([]));
    let url = "http://u:SECRET@x.example/a?token=SECRET&email=j@d.com&utm_source=news&ref=R&id=SECRET#SECRET";
    visit["language"] = json!("j@d.com");
    visit["visitor"]["customer"] = json!("j@d.com");
    visit["session"]["entry"] = json!(url);
    visit["session"]["source"] = json!("j@d.com");
    visit["session"]["first_touch"] = json!({ "source": "j@d.com", "campaign": "token=SECRET" });
    visit["events"] = json!([
        { "seq": 1, "t": 0, "name": "page_view", "view": 1,
          "page": { "url": url, "title": "for j@d.com", "referrer": "https://mail.example/SECRET?q=SECRET" } },
        { "seq": 2, "t": 1, "name": "j@d.com", "page": { "url": url, "referrer": url } },
        { "seq": 3, "t": 2, "name": "e", "props": "PROPS" },
    ]);
    // As other languages write JSON.
    let props = r#"{ "pass\u0077ord" : "a SECRET" , "url": "https:\/\/x.example\/?c=SECRET\u0026d=SECRET#SECRET",
        "mail": "j\u0040d.com", "kept": "\u00e9\ud83d\ude00\" \\\\ \n", "user": { "Token" : [ "SECRET", 12.50 ] } }"#;
    let batch = read(visit.to_string().replace("\"PROPS\"", props).as_bytes()).unwrap();
    assert_eq!(batch.rejected, []);
    let all = format!("{batch:?}");
    assert!(!all.contains("SECRET") && !all.contains("d.com"), "{all}");
    assert_eq!(batch.session.entry.as_deref(), Some("http://x.example/a?utm_source=news&ref=R"));
    assert_eq!(batch.events[0].referrer.as_deref(), Some("https://mail.example"));
    assert_eq!(batch.events[1].referrer, batch.events[1].url);
    let kept: Value = serde_json::from_str(batch.events[2].props.as_deref().unwrap()).unwrap();
    assert_eq!(kept["kept"], "é😀\" \\\\ \n");
}

#[test]
fn what_urls_may_keep_is_an_option() {
    let mut visit = beacon(1, json!([view(1, 0, 1)]));
    visit["events"][0]["page"]["url"] = json!("https://x.example/?plan=pro&ref=R#/cart");
    let keep = Keep { params: "plan".to_owned(), fragments: true };
    let batch = ingest::read(visit.to_string().as_bytes(), &keep).unwrap();
    assert_eq!(batch.events[0].url.as_deref(), Some("https://x.example/?plan=pro#/cart"));
}

#[test]
fn a_uuid_is_a_customer_number() {
    let mut visit = beacon(1, json!([view(1, 0, 1)]));
    visit["visitor"]["customer"] = json!("550e8400-e29b-41d4-a716-446655440000");
    assert_eq!(decoded(&visit).visitor.customer.as_deref(), Some("550e8400-e29b-41d4-a716-446655440000"));
}
