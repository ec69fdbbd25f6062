//! Scores and segments of stored visitors: the page's own measure of the same session.

use passerby::collector::store::Store;
use passerby::engine::Input;
use passerby::score::measure;
use serde_json::{Value, json};

use crate::support::{beacon, folder, id, run, stored, view};
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
    world.feed(tab, Input::Reset);
    assert_eq!(measured(&mut world), [""; 0]);
}

#[test]
fn summary_tells_scores_and_segments() {
    let data = folder("visitors");
    let carts = json!({ "seq": 3, "t": 9000, "name": "add_to_cart", "view": 1,
                        "props": { "value": "5", "currency": "EUR" } });
    let mut store = Store::create(&data).unwrap();
    stored(&mut store, &[beacon(1, json!([view(1, 0, 1), view(2, 5, 2), carts]))]);
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
