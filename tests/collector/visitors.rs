//! Scores and segments of stored visitors: the page's own measure of the same session.

use passerby::collector::store::{Store, Through};
use passerby::collector::text::now;
use passerby::collector::visitors::{Person, people, people_json};
use passerby::engine::Input;
use passerby::score::measure;
use serde_json::{Value, json};

use crate::commerce::{HOUR, order, session};
use crate::support::{T, beacon, folder, id, run, stored, view};
use crate::world::{Open, World};

const SEGMENTS: &str = "keen: view_item>=2&score>=30; of the blog: /blog/*; buyers: purchase>=1";

const BLOG: Open = Open {
    url: "https://shop.example/blog/shoes",
    title: "Shoes",
    referrer: "https://search.example/",
    hidden: false,
    prerender: false,
};

#[test]
fn page_and_collector_measure_alike() {
    let mut world = World::new(11);
    let tab = world.open("one", BLOG);
    for _ in 0..45 {
        world.run(1000);
        world.feed(tab, Input::Active);
    }
    for _ in 0..3 {
        world.feed(tab, Input::Track { name: "view_item", props: "{}" });
    }
    world.feed(tab, Input::Flush);
    world.run(60_000);
    world.feed(tab, Input::Flush);
    world.run(60_000);
    let here = world.summary(tab);
    let now = here["session"]["started"].as_u64().unwrap() + 600_000;
    let in_page = measure(&here.to_string(), now, SEGMENTS);
    assert_eq!(in_page.segments, ["keen", "of the blog"]);
    let people = world.collector.people(now, SEGMENTS);
    assert_eq!(people.len(), 1);
    assert_eq!(people[0].score, in_page);
}

#[test]
fn page_and_collector_know_the_same_traits() {
    let segments = "pro: plan=pro&seats=12; named: name=Ada \"A\" L; odd: team=x; secret: mail=[redacted]; \
                    new: audience_days<1&audience=customer; buyers: purchases>=2; one: purchases<2&purchases>=1";
    let mut world = World::new(12);
    let tab = world.open("one", BLOG);
    world.run(1000);
    world.feed(tab, Input::Identify { customer: "C-1", traits: "{\"plan\":\"free\"}" });
    world.feed(tab, Input::Track { name: "purchase", props: "{}" });
    world.run(1000);
    // As the snapshot writes objects: a member a line.
    let traits =
        "{\"plan\":\"pro\",\n\"seats\":12,\n\"name\":\"Ada \\\"A\\\" L\",\n\"mail\":\"a@b.example\"}";
    world.feed(tab, Input::Identify { customer: "C-1", traits });
    world.feed(tab, Input::Track { name: "purchase", props: "{}" });
    let measured = |world: &mut World| {
        for _ in 0..2 {
            world.feed(tab, Input::Flush);
            world.run(60_000);
        }
        let here = world.summary(tab);
        let now = here["session"]["started"].as_u64().unwrap() + 600_000;
        let in_page = measure(&here.to_string(), now, segments);
        let there = world.collector.summary(here["session"]["id"].as_str().unwrap());
        assert_eq!(here["audience"], there["audience"]);
        let people = world.collector.people(now, segments);
        assert!(people.iter().any(|person| person.score == in_page), "{in_page:?} is none of {people:?}");
        in_page.segments
    };
    let told = ["pro", "named", "secret", "new", "buyers"].map(String::from).to_vec();
    assert_eq!(measured(&mut world), told);
    // Somebody else, of whom nothing was said.
    world.feed(tab, Input::Reset { erase: false });
    assert_eq!(measured(&mut world), [""; 0]);
}

#[test]
fn summary_tells_scores_and_segments() {
    let data = folder("visitors");
    let carts = json!({ "seq": 3, "t": 9000, "name": "add_to_cart", "view": 1,
                        "props": { "value": "5", "currency": "EUR" } });
    let mut store = Store::create(&data).unwrap();
    let mut visit = beacon(1, json!([view(1, 0, 1), view(2, 5, 2), carts]));
    let start = now() - 60_000;
    visit["start"] = json!(start);
    visit["session"]["started"] = json!(start);
    stored(&mut store, &[visit]);
    drop(store);
    let data = data.to_str().unwrap();
    let segment = ["--segment", "half read: page_view>=2", "--segment", "readers: page_view>=3"];
    let all = [&["summary", "--data", data], &segment[..]].concat();
    let (code, words, _) = run(&all);
    assert_eq!(code, 0);
    let line = words.lines().find(|line| line.contains("half read")).unwrap_or_else(|| panic!("{words}"));
    assert!(!line.contains("readers"), "{line}");
    let session = id("c");
    let one = [&["summary", "--data", data, "--session", &session], &segment[..]].concat();
    let (_, words, _) = run(&one);
    assert!(words.contains("segment     half read\n"), "{words}");
    assert!(words.contains("cart        open, 1 item, 5.00 EUR\n"), "{words}");
    let (_, text, _) = run(&[&all[..], &["--json"]].concat());
    let value: Value = serde_json::from_str(&text).unwrap();
    let person = &value["visitors"][0];
    assert_eq!((&person["segments"], &person["parts"]["depth"]), (&json!(["half read"]), &json!(8)));
    let parts: u64 = person["parts"].as_object().unwrap().values().map(|part| part.as_u64().unwrap()).sum();
    assert_eq!(person["score"], parts);
}

/// The visitors of the `newest` sessions a day later.
fn measured(store: &Store, newest: usize, segments: &str) -> Vec<Person> {
    people(store, &store.sessions(&Through::Everything).unwrap(), newest, T + 24 * HOUR, segments).unwrap()
}

/// The session of a device on which the customer is known, or not yet.
fn on(mut session: Value, visitor: &str, audience: &str, sessions: u64, customer: Option<&str>) -> Value {
    session["visitor"] = json!({
        "id": id(visitor), "audience": audience, "sessions": sessions, "first_seen": T, "customer": customer,
    });
    session
}

#[test]
fn a_customer_of_two_devices_is_measured_on_both() {
    let audience = |is: &str| ("audience", json!({ "audience": is, "reason": "purchase", "stage": "own" }));
    let known = Some("C-1");
    let sessions = [
        on(session(1, 0, &[("purchase", order("A", "5")), audience("customer")]), "1", "customer", 3, known),
        on(session(2, HOUR, &[("purchase", order("A", "5"))]), "1", "customer", 4, None),
        on(session(3, 2 * HOUR, &[("purchase", order("B", "5"))]), "2", "customer", 6, known),
        // The site asks for more than a name before it says customer, and here all it knows is that.
        on(session(4, 3 * HOUR, &[]), "3", "user", 1, known),
        on(session(5, 4 * HOUR, &[]), "4", "user", 1, None),
    ];
    let mut store = Store::memory().unwrap();
    stored(&mut store, &sessions);
    let segments = "often: sessions>=11; too often: sessions>=12; repeat: purchases>=2; more: purchases>=3; \
                    customers: audience=customer&stage=own; loyal: relationship=loyalty; \
                    new: audience_days<1; old: audience_days>=1";
    let all = measured(&store, 5, segments);
    assert_eq!(all.iter().map(|person| person.who.clone()).collect::<Vec<_>>(), [id("4"), "C-1".to_owned()]);
    // Half a millisecond less than a day ago the purchase made them one.
    assert_eq!(all[1].score.segments, ["often", "repeat", "customers", "loyal", "new"]);
    // 11 sessions in 30 days; the page of the latest.
    assert_eq!(all[1].score.parts[..3], [20, 20, 4]);
    let rows = people_json(&all);
    assert_eq!((&rows[1]["visitor"], &rows[1]["customer"]), (&json!("C-1"), &json!("C-1")));
    assert_eq!(rows[1]["visitors"], json!([id("3"), id("2"), id("1")]));
    assert_eq!((&rows[1]["audience"], &rows[0]["customer"]), (&json!("customer"), &Value::Null));
    assert_eq!((&rows[0]["visitor"], &rows[0]["visitors"]), (&json!(id("4")), &json!([id("4")])));
    // However few sessions are listed, they are of who they are.
    assert_eq!(measured(&store, 2, segments)[1], all[1]);
}

#[test]
fn an_order_told_five_times_is_one_purchase_of_its_visitor() {
    let mut store = Store::memory().unwrap();
    let events: Vec<_> = (0..5).map(|_| ("purchase", order("A", "5"))).collect();
    stored(&mut store, &[session(1, 0, &events)]);
    let all = measured(&store, 1, "one: purchases>=1&purchases<2; repeat: purchases>=2; told: purchase>=5");
    assert_eq!(all[0].score.segments, ["one", "told"]);
}

#[test]
fn bots_and_tests_are_no_visitors() {
    let data = folder("visitors_bots");
    let mut store = Store::create(&data).unwrap();
    let mut crawler = on(session(2, HOUR, &[]), "2", "user", 1, None);
    crawler["bot"] = json!("crawler");
    let mut test = on(session(3, 2 * HOUR, &[("purchase", order("A", "5"))]), "1", "customer", 9, None);
    test["bot"] = json!("test");
    let person = on(session(1, 0, &[("purchase", order("A", "5"))]), "1", "customer", 2, None);
    stored(&mut store, &[crawler.clone(), test, person]);
    let all = measured(&store, 3, "one: purchases>=1&purchases<2&sessions<3");
    assert_eq!(all.iter().map(|person| person.who.clone()).collect::<Vec<_>>(), [id("1")]);
    assert_eq!(all[0].score.segments, ["one"]);
    drop(store);
    let (_, words, _) = run(&["summary", "--data", data.to_str().unwrap(), "--limit", "2"]);
    assert!(words.contains("Their visitors\n\nNone but bots and tests.\n"), "{words}");
}
