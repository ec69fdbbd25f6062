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
