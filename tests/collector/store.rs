//! What becomes of batches: stored once, folded into sessions, merged, counted.

use passerby::collector::store::{Arrival, Listed, SessionRow, Store, Through};
use passerby::collector::{report, session};
use serde_json::{Value, json};

use crate::support::{T, beacon, decoded, engagement, event, exported, id, stored, view};

fn sessions(store: &Store) -> Vec<SessionRow> {
    store.sessions(&Through::Everything).unwrap()
}

/// The only session there is.
fn session(store: &Store) -> SessionRow {
    let mut rows = sessions(store);
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows.remove(0)
}

fn counts(store: &mut Store, beacons: &[Value]) -> Vec<(u64, u64)> {
    stored(store, beacons).iter().map(|receipt| (receipt.accepted, receipt.duplicate)).collect()
}

fn summary(store: &Store, id: &str, through: &Through) -> Option<Value> {
    let Listed::One { site, id } = store.find(id).unwrap() else { panic!("no session {id}") };
    let folded = store.session(&site, &id, through).unwrap()?;
    Some(session::json(store, &site, &id, &folded, T).unwrap())
}

#[test]
fn a_session_reads_as_in_the_page() {
    let mut store = Store::memory().unwrap();
    let full: Value = serde_json::from_str(&crate::support::fixture("valid-full.json")).unwrap();
    stored(&mut store, std::slice::from_ref(&full));
    let id = full["session"]["id"].as_str().unwrap();
    let page = |url, title, duration, engaged, scroll| {
        json!({
            "url": url, "title": title, "durationMs": duration, "engagedMs": engaged, "scrollDepth": scroll,
        })
    };
    let expected = json!({
        "definition": "d3f1",
        "session": {
            "id": id, "started": T, "durationMs": 41_000, "engagedMs": 52_000, "pageDepth": 2,
            "bounced": false, "engaged": true, "entry": "https://shop.example/shoes?utm_source=news",
            "channel": "email", "source": "news",
            "pages": [
                page("https://shop.example/shoes?utm_source=news", "Shoes", 11_500, 11_000, 60),
                page("https://shop.example/checkout", "Checkout", 29_000, 41_000, 100),
            ],
        },
        "audience": {
            "is": "customer", "reason": "purchase", "since": T + 40_000, "stage": "buy",
            "relationship": "building",
        },
        "events": { "add_to_cart": 1, "purchase": 1 },
        "cart": { "state": "bought", "begun": T + 9_000, "items": 1, "valueMinor": 7990, "currency": "EUR" },
    });
    assert_eq!(summary(&store, id, &Through::Everything).unwrap(), expected);
    let row = session(&store);
    let purchase = &row.purchases[0];
    assert_eq!((purchase.revenue_minor, purchase.currency.as_deref()), (Some(7990), Some("EUR")));
    assert_eq!(
        (row.customer.as_deref(), row.device.as_deref(), row.language.as_deref()),
        (Some("c-1004"), Some("desktop"), Some("de-AT"))
    );
    assert_eq!(store.drops().unwrap(), [("not_json".to_owned(), 1)]);
}

#[test]
fn the_same_batch_twice_counts_once() {
    let mut store = Store::memory().unwrap();
    let mut batch = beacon(1, json!([view(1, 0, 1), event(2, 5, "sign_up")]));
    batch["dropped"] = json!({ "overflow": 3 });
    assert_eq!(counts(&mut store, &[batch.clone(), batch.clone()]), [(2, 0), (0, 2)]);
    let row = session(&store);
    assert_eq!((row.totals.page_depth, row.totals.conversions, row.events), (1, 1, 1));
    assert_eq!(store.drops().unwrap(), [("overflow".to_owned(), 3)]);
    // Within one transaction, and within one batch.
    let twice = decoded(&beacon(2, json!([event(9, 9, "a"), event(9, 9, "a")])));
    let arrival = Arrival { batch: &twice, received: None };
    let receipts = store.ingest(&[arrival, arrival]).unwrap();
    assert_eq!(
        receipts.iter().map(|receipt| (receipt.accepted, receipt.duplicate)).collect::<Vec<_>>(),
        [(1, 1), (0, 2)]
    );
}

#[test]
fn overlapping_batches_add_what_is_new() {
    let mut store = Store::memory().unwrap();
    let first = beacon(1, json!([view(1, 0, 1), event(2, 5, "a"), event(3, 6, "b")]));
    let second = beacon(2, json!([event(2, 5, "a"), event(3, 6, "b"), event(4, 7, "c")]));
    assert_eq!(counts(&mut store, &[first, second]), [(3, 0), (1, 2)]);
    assert_eq!(session(&store).events, 3);
}

#[test]
fn the_first_payload_of_an_event_stays_and_sites_are_apart() {
    let mut store = Store::memory().unwrap();
    let first = beacon(1, json!([event(1, 5, "first")]));
    let forged = beacon(2, json!([event(1, 5, "forged")]));
    let mut elsewhere = beacon(1, json!([event(1, 5, "elsewhere")]));
    elsewhere["site"] = json!("blog");
    assert_eq!(counts(&mut store, &[first, forged, elsewhere]), [(1, 0), (0, 1), (1, 0)]);
    assert!(!exported(&store).contains("forged"));
    assert_eq!(sessions(&store).len(), 2);
}

#[test]
fn two_tabs_are_one_session() {
    let mut store = Store::memory().unwrap();
    let one = beacon(1, json!([view(1, 0, 1), engagement(2, 9000, 1, 6000, 8000)]));
    let mut other = beacon(1, json!([view(1, 0, 1), engagement(2, 7000, 1, 5000, 6000)]));
    (other["load"], other["batch"]) = (json!(id("d")), json!(format!("{}:1", id("d"))));
    other["start"] = json!(T + 20_000);
    stored(&mut store, &[one, other]);
    let totals = session(&store).totals;
    assert_eq!((totals.page_depth, totals.engaged_time, totals.duration), (2, 11_000, 26_000));
    assert!(totals.engaged && !totals.bounced);
}

#[test]
fn what_goes_on_after_a_trap_is_the_same_page_view() {
    let first = beacon(1, json!([view(1, 0, 1), engagement(2, 9_000, 1, 8_000, 7_000)]));
    let mut second = beacon(2, json!([engagement(1, 30_000, 1, 20_000, 29_000), event(2, 31_000, "search")]));
    second["events"][0]["props"]["load_id"] = first["load"].clone();
    second["events"][0]["props"]["scroll"] = 90.into();
    second["load"] = id("e").into();
    for beacons in [[first.clone(), second.clone()], [second, first]] {
        let mut store = Store::memory().unwrap();
        stored(&mut store, &beacons);
        let row = session(&store);
        let totals = row.totals;
        assert_eq!((totals.page_depth, totals.engaged_time, totals.duration), (1, 20_000, 29_000));
        let told = summary(&store, &row.id, &Through::Everything).unwrap();
        let page = &told["session"]["pages"][0];
        assert_eq!((&page["engagedMs"], &page["scrollDepth"]), (&json!(20_000), &json!(90)));
        assert_eq!(told["session"]["pages"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn ids_that_were_provisional_are_merged_in_any_order() {
    let provisional = |was: &str, number: u64, seq: u64| {
        let mut batch = beacon(number, json!([event(seq, seq, "e")]));
        (batch["session"]["id"], batch["visitor"]["id"]) = (json!(id(was)), json!(id(was)));
        batch["session"]["started"] = json!(T - seq);
        batch
    };
    let merging = |id_now: &str, was: &[&str], number: u64, seq: u64| {
        let mut batch = provisional(id_now, number, seq);
        let was: Vec<String> = was.iter().map(|name| id(name)).collect();
        (batch["session"]["was"], batch["visitor"]["was"]) = (json!(was), json!(was));
        batch
    };
    let beacons = [
        provisional("1", 1, 1),
        merging("2", &["1"], 2, 2),
        merging("3", &["2"], 3, 3),
        provisional("1", 4, 4),
        merging("3", &["1", "2", "3"], 5, 5),
    ];
    let mut seen: Option<SessionRow> = None;
    for order in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 3, 1, 4], [1, 3, 4, 0, 2]] {
        let mut store = Store::memory().unwrap();
        for at in order {
            stored(&mut store, &[beacons[at].clone()]);
        }
        let row = session(&store);
        assert_eq!(
            (row.id.clone(), row.visitor.clone(), row.events, row.started),
            (id("3"), id("3"), 5, T - 5)
        );
        assert_eq!(seen.get_or_insert_with(|| row.clone()), &row, "{order:?}");
        assert!(matches!(store.find(&id("1")).unwrap(), Listed::One { id: now, .. } if now == id("3")));
    }
    // A circle of claims settles on one of them.
    let mut store = Store::memory().unwrap();
    stored(&mut store, &[merging("1", &["2"], 1, 1), merging("2", &["1"], 2, 2), merging("1", &["1"], 3, 3)]);
    assert_eq!(session(&store).events, 3);
}

#[test]
fn a_visitor_known_as_a_customer_stays_one() {
    let mut store = Store::memory().unwrap();
    let identified = json!({ "audience": "customer", "reason": "identify", "stage": "own" });
    let decided = json!([view(1, 0, 1), { "seq": 2, "t": 7, "name": "audience", "props": identified }]);
    let mut later = beacon(2, json!([view(3, 90_000_000, 2)]));
    later["session"] = json!({ "id": id("e"), "started": T + 90_000_000 });
    later["visitor"]["audience"] = json!("customer");
    later["visitor"]["sessions"] = json!(2);
    stored(&mut store, &[beacon(1, decided), later]);
    let audience = &summary(&store, &id("e"), &Through::Everything).unwrap()["audience"];
    assert_eq!(audience["is"], "customer");
    assert_eq!((&audience["reason"], &audience["since"]), (&json!("identify"), &json!(T + 7)));
    assert_eq!(audience["relationship"], "building");
}

#[test]
fn through_counts_what_was_acknowledged_and_nothing_else() {
    let mut store = Store::memory().unwrap();
    let mut late = beacon(2, json!([view(3, 50_000, 2), event(4, 50_001, "purchase")]));
    late["visitor"]["audience"] = json!("customer");
    let mut other = beacon(1, json!([view(1, 0, 1)]));
    (other["load"], other["batch"]) = (json!(id("d")), json!("x"));
    stored(
        &mut store,
        &[beacon(1, json!([view(1, 10, 1), engagement(2, 4000, 1, 3000, 3500)])), late, other],
    );
    let read = |pairs: &[(&str, u64)]| {
        let loads = pairs.iter().map(|(load, seq)| (id(load), *seq)).collect();
        let through = Through::Loads(loads);
        let one = summary(&store, &id("c"), &through);
        let all = store.sessions(&through).unwrap();
        assert_eq!(all.len(), usize::from(one.is_some()));
        one.map(|one| {
            (
                one["session"]["pageDepth"].clone(),
                one["session"]["durationMs"].clone(),
                one["audience"]["is"].clone(),
            )
        })
    };
    assert_eq!(read(&[("a", 2)]), Some((json!(1), json!(3500), json!("user"))));
    assert_eq!(read(&[("a", 1)]), Some((json!(1), json!(10), json!("user"))));
    assert_eq!(read(&[("a", 3)]), Some((json!(2), json!(50_000), json!("customer"))));
    assert_eq!(read(&[("a", 2), ("d", 1)]), Some((json!(2), json!(3500), json!("user"))));
    assert_eq!(read(&[("f", 9)]), None);
    assert_eq!(read(&[("a", 0)]), None);
}

#[test]
fn a_session_without_end_is_full_at_some_point() {
    let mut store = Store::memory().unwrap();
    let batches: Vec<_> = (0..40)
        .map(|number| {
            let events: Vec<Value> =
                (0..500).map(|n| json!({ "seq": number * 500 + n, "t": n, "name": "e" })).collect();
            decoded(&beacon(number, json!(events)))
        })
        .collect();
    let arrivals: Vec<_> = batches.iter().map(|batch| Arrival { batch, received: None }).collect();
    store.ingest(&arrivals).unwrap();
    let receipt =
        stored(&mut store, &[beacon(40, json!([event(1, 1, "e"), event(20_000, 1, "one too many")]))])
            .remove(0);
    assert_eq!((receipt.accepted, receipt.duplicate), (0, 1));
    assert_eq!((receipt.rejected[0].seq, receipt.rejected[0].reason), (20_000, "session_full"));
}

#[test]
fn users_and_customers_are_reported_apart_and_nothing_is_no_data() {
    let mut store = Store::memory().unwrap();
    let of = |number: u64, session: &str, visitor: &str, audience: &str, definition: &str, pages: u64| {
        let events: Vec<Value> = (1..=pages).map(|n| view(number * 100 + n, n * 1000, n)).collect();
        let mut batch = beacon(number, json!(events));
        batch["session"]["id"] = json!(id(session));
        batch["visitor"] = json!({ "id": id(visitor), "audience": audience });
        batch["definition"] = json!(definition);
        batch
    };
    let beacons = [
        of(1, "1", "1", "user", "d1", 1),
        of(2, "2", "1", "potential", "d1", 3),
        of(3, "3", "2", "customer", "d1", 2),
        of(4, "4", "3", "user", "d2", 1),
    ];
    stored(&mut store, &beacons);
    let totals = report::totals(&sessions(&store), T);
    let definitions: Vec<_> =
        totals.iter().map(|totals| (totals.definition.as_str(), totals.together.sessions)).collect();
    assert_eq!(definitions, [("d1", 3), ("d2", 1)]);
    let d1 = &totals[0];
    assert_eq!((d1.users.sessions, d1.users.visitors, d1.users.potential, d1.users.bounced), (2, 1, 1, 1));
    assert_eq!(d1.users.rate(d1.users.bounced), Some(0.5));
    assert_eq!(d1.users.duration(), report::Spread { mean: Some(2000), median: Some(2000) });
    assert_eq!((d1.customers.sessions, d1.customers.rate(d1.customers.page_views)), (1, Some(2.0)));
    assert_eq!(totals[1].customers.rate(0), None);
    assert_eq!(totals[1].customers.duration(), report::Spread { mean: None, median: None });
    assert_eq!(report::summary_json(&[], &[], T)["totals"], json!([]));
}
