//! What is removed: a visitor who asks to be forgotten, and what has been kept long enough.

use std::path::Path;

use passerby::collector::store::{Arrival, Store, Through};
use serde_json::{Value, json};

use crate::support::{Served, T, beacon, decoded, event, exported, folder, id, run, stored, view};

const MONTH: u64 = 30 * 24 * 60 * 60 * 1000;
/// In a property of whoever is removed.
const MARK: &str = "quiet-heron-in-the-reeds";

/// A beacon of another visitor, in a session and a load of its own.
fn of(visitor: &str, number: u64, events: Value) -> Value {
    let mut beacon = beacon(number, events);
    beacon["visitor"]["id"] = json!(id(visitor));
    beacon["session"]["id"] = json!(id(&format!("{visitor}5")));
    beacon["load"] = json!(id(&format!("{visitor}7")));
    beacon
}

fn marked(visitor: &str) -> Value {
    let marked = json!({ "seq": 2, "t": 5, "name": "note", "props": { "text": MARK } });
    of(visitor, 1, json!([view(1, 0, 1), marked]))
}

fn sessions(store: &Store) -> Vec<String> {
    store.sessions(&Through::Everything).unwrap().into_iter().map(|row| row.visitor).collect()
}

/// Whether any file of the store holds the mark.
fn is_marked(folder: &Path) -> bool {
    let files = std::fs::read_dir(folder).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap());
    files.into_iter().any(|bytes| bytes.windows(MARK.len()).any(|part| part == MARK.as_bytes()))
}

#[test]
fn an_erased_visitor_is_gone_from_the_files_and_others_stay() {
    let folder = folder("erased");
    let mut store = Store::create(&folder).unwrap();
    let other = of("d", 1, json!([view(1, 0, 1), event(2, 5, "search")]));
    stored(&mut store, std::slice::from_ref(&other));
    let before = exported(&store);
    stored(&mut store, &[marked("b")]);
    assert!(is_marked(&folder), "it was there");
    store.erase("shop", &[id("b")], T).unwrap();
    assert!(!is_marked(&folder));
    assert_eq!(exported(&store), before);
    assert_eq!(sessions(&store), [id("d")]);
    let left = store.arrived(0).unwrap().unwrap();
    assert_eq!(store.arrived(left.id).unwrap(), None, "nothing is left to pass on");
}

#[test]
fn what_comes_of_an_erased_visitor_is_refused_event_by_event() {
    let mut store = Store::memory().unwrap();
    let mut late = marked("b");
    late["batch"] = json!("late");
    store.erase("shop", &[id("b")], T).unwrap();
    let receipts = stored(&mut store, &[marked("b"), late, of("d", 2, json!([view(1, 0, 1)]))]);
    for receipt in &receipts[..2] {
        let rejected: Vec<_> = receipt.rejected.iter().map(|event| (event.seq, event.reason)).collect();
        assert_eq!((receipt.accepted, rejected), (0, vec![(1, "erased"), (2, "erased")]));
    }
    assert_eq!(receipts[2].accepted, 1);
    assert_eq!(sessions(&store), [id("d")]);
    // Of this site alone.
    let mut elsewhere = marked("b");
    elsewhere["site"] = json!("blog");
    assert_eq!(stored(&mut store, &[elsewhere])[0].accepted, 2);
}

#[test]
fn ids_a_visitor_had_before_are_erased_with_it() {
    // Whichever of the ids is named, and also when the page tells only afterwards that they are one.
    for (named, told_before) in [("b", true), ("e", true), ("b", false), ("e", false)] {
        let mut store = Store::memory().unwrap();
        let provisional = marked("e");
        let mut settled = marked("b");
        settled["visitor"]["was"] = json!([id("e")]);
        stored(&mut store, std::slice::from_ref(&provisional));
        if told_before {
            stored(&mut store, std::slice::from_ref(&settled));
        }
        store.erase("shop", &[id(named)], T).unwrap();
        stored(&mut store, &[settled, provisional]);
        assert_eq!(exported(&store), "", "{named} {told_before}");
        assert_eq!(sessions(&store), [""; 0], "{named} {told_before}");
    }
}

#[test]
fn what_a_log_dates_to_the_end_of_time_is_not_kept_until_then() {
    let folder = folder("end_of_time");
    let mut store = Store::create(&folder).unwrap();
    let mut late = marked("b");
    late["sent"] = json!(8_640_000_000_000_000_u64);
    late["session"]["entry"] = json!(format!("https://shop.example/{MARK}"));
    let mut batch = decoded(&late);
    batch.date(T, false);
    let receipt = store.ingest(&[Arrival { batch: &batch, received: None }]).unwrap().remove(0);
    assert_eq!((receipt.accepted, receipt.rejected.len(), is_marked(&folder)), (0, 2, true));
    store.expire(1, T + 2 * MONTH).unwrap();
    assert!(!is_marked(&folder));
}

#[test]
fn a_session_two_visitors_had_keeps_what_is_the_others() {
    let mut store = Store::memory().unwrap();
    let mut other = of("d", 2, json!([view(3, 9, 2)]));
    other["session"] = marked("b")["session"].clone();
    stored(&mut store, &[marked("b"), other]);
    store.erase("shop", &[id("b")], T).unwrap();
    let rows = store.sessions(&Through::Everything).unwrap();
    let rows: Vec<_> = rows.iter().map(|row| (row.visitor.as_str(), row.totals.page_depth)).collect();
    assert_eq!(rows, [(id("d").as_str(), 1)]);
}

#[test]
fn sessions_go_when_they_are_older_than_kept_and_not_before() {
    let folder = folder("expired");
    let mut store = Store::create(&folder).unwrap();
    let mut long = of("d", 1, json!([view(1, 0, 1)]));
    let mut arrive = |beacon: &Value, at: u64| {
        let batch = decoded(beacon);
        store.ingest(&[Arrival { batch: &batch, received: Some(at) }]).unwrap();
    };
    arrive(&marked("b"), T);
    // A session of which something came a month later stays whole as long.
    arrive(&long, T);
    long["batch"] = json!("later");
    long["events"] = json!([view(2, 9, 2)]);
    arrive(&long, T + MONTH);
    assert_eq!(store.expire(2, T + 2 * MONTH).unwrap(), 0);
    assert_eq!(sessions(&store).len(), 2);
    assert_eq!(store.expire(2, T + 2 * MONTH + 1).unwrap(), 2);
    assert_eq!(sessions(&store), [id("d")]);
    assert!(!is_marked(&folder));
    assert_eq!(exported(&store).lines().count(), 2);
    assert_eq!(store.expire(2, T + 3 * MONTH + 1).unwrap(), 2);
    assert_eq!((exported(&store), sessions(&store).len()), (String::new(), 0));
}

#[test]
fn an_erasure_outlasts_the_events_by_as_much_as_any_may_be_kept() {
    let mut store = Store::memory().unwrap();
    store.erase("shop", &[id("b")], T).unwrap();
    store.expire(1, T + 25 * MONTH).unwrap();
    assert_eq!(stored(&mut store, &[marked("b")])[0].accepted, 0);
    store.expire(1, T + 25 * MONTH + 1).unwrap();
    assert_eq!(stored(&mut store, &[marked("b")])[0].accepted, 2);
}

#[test]
fn a_page_may_ask_for_its_own_sites_visitors() {
    let served = Served::start(&folder("erase"), &["--quiet", "--site", "shop=https://shop.example"]);
    served.post(&marked("b"));
    let ask = |origin: &str, body: &str| {
        served.request("POST /v1/erase", &format!("Origin: {origin}\r\n"), body.as_bytes())
    };
    let body = json!({ "site": "shop", "visitor": id("b") }).to_string();
    assert_eq!(ask("https://evil.example", &body).status, 403);
    let blog = json!({ "site": "blog", "visitor": id("b") }).to_string();
    assert_eq!(ask("https://shop.example", &blog).status, 403);
    for wrong in ["", "{}", r#"{"visitor":"b"}"#, r#"{"visitor":5}"#, r#"{"visitor":""}"#, "[]", "%"] {
        assert_eq!(ask("https://shop.example", wrong).status, 400, "{wrong}");
    }
    assert_eq!(served.get("/v1/erase").header("allow"), Some("POST, OPTIONS"));
    assert_eq!(served.get("/v1/summary").json()["totals"][0]["together"]["sessions"], 1);
    // Once more after an answer that got lost.
    for _ in 0..2 {
        let answer = ask("https://shop.example", &body);
        assert_eq!((answer.status, answer.json()), (200, json!({ "erased": id("b") })));
        assert_eq!(answer.header("access-control-allow-origin"), Some("https://shop.example"));
    }
    let two = format!("{} {}", id("b"), id("e"));
    let answer = ask("https://shop.example", &json!({ "site": "shop", "visitor": two }).to_string());
    assert_eq!((answer.status, answer.json()), (200, json!({ "erased": two })));
    assert_eq!(served.post(&marked("e")).json()["accepted"], 0);
    assert_eq!(served.get(&format!("/v1/sessions/{}", id("b5"))).status, 404);
    assert_eq!(served.post(&marked("b")).json()["rejected"][0]["reason"], "erased");
}

#[test]
fn a_collector_that_starts_deletes_what_is_too_old() {
    let folder = folder("keep_months");
    let mut store = Store::create(&folder).unwrap();
    let now = passerby::collector::text::now();
    for (visitor, age) in [("b", 3 * MONTH + 1), ("d", 2 * MONTH)] {
        let batch = decoded(&marked(visitor));
        store.ingest(&[Arrival { batch: &batch, received: Some(now - age) }]).unwrap();
    }
    let mut served = Served::start(&folder, &["--keep-months", "3"]);
    // It listens before it deletes, and says so after.
    let said = served.says("Deleted");
    assert!(said.starts_with("Deleted 2 events older than 3 months."), "{said}");
    assert_eq!(sessions(&store), [id("d")]);
    for months in ["0", "26"] {
        let (code, _, said) = run(&["serve", "--keep-months", months]);
        assert_eq!((code, said.contains("1..=25")), (2, true), "{said}");
    }
}

#[test]
fn a_store_of_the_version_before_learns_to_erase() {
    let folder = folder("version_2");
    let mut store = Store::create(&folder).unwrap();
    stored(&mut store, &[marked("b")]);
    drop(store);
    let db = rusqlite::Connection::open(folder.join(passerby::collector::store::FILE)).unwrap();
    db.execute_batch(
        "DROP TABLE erased; ALTER TABLE sessions DROP COLUMN steps;
         ALTER TABLE batches DROP COLUMN bot; ALTER TABLE sessions DROP COLUMN bot; PRAGMA user_version = 2",
    )
    .unwrap();
    drop(db);
    let mut store = Store::create(&folder).unwrap();
    assert_eq!(sessions(&store), [id("b")]);
    store.erase("shop", &[id("b")], T).unwrap();
    assert_eq!(exported(&store), "");
}
