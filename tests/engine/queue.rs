//! Bounds of the queue, and what is stored of it.

use passerby::engine::{Input, Output};
use serde_json::Value;

use crate::collector::Mood;
use crate::visits::open;
use crate::world::{MORNING, World};

fn delivery(world: &World) -> Value {
    world.summary(0)["delivery"].clone()
}

/// A page that tracks and tracks while nothing gets out; each input checks that the accounts balance.
fn check(events: usize, bytes: usize) -> World {
    let mut world = World::new(1);
    world.collector.mood = Mood::Down;
    open(&mut world, false, 0);
    let props = format!("{{\"text\":\"{}\"}}", "x y ".repeat(bytes / 4));
    for at in 0..events {
        world.feed(0, Input::Track { name: "looked", props: &props });
        if at % 50 == 49 {
            world.run(1_000);
        }
    }
    world
}

#[test]
fn a_tab_keeps_2000_events_and_counts_the_rest() {
    let world = check(2_600, 4);
    let queued = delivery(&world)["queued"].as_u64().expect("queued");
    assert!((1_500..=2_000).contains(&queued), "{}", delivery(&world));
    assert!(delivery(&world)["dropped"]["overflow"].as_u64() > Some(500));
}

#[test]
fn a_tab_keeps_2_mib_and_counts_the_rest() {
    let world = check(300, 15_000);
    let queued = delivery(&world)["queued"].as_u64().expect("queued");
    assert!(queued * 15_000 <= 2 * 1024 * 1024, "{}", delivery(&world));
    assert!(queued > 100, "{}", delivery(&world));
    let stored: usize = world.rows.values().map(String::len).sum();
    assert!(stored <= 3 * 1024 * 1024, "{stored} bytes of rows");
}

#[test]
fn no_batch_is_larger_than_a_keepalive_may_be() {
    let mut world = check(200, 3_000);
    world.collector.mood = Mood::Up;
    world.feed(0, Input::Flush);
    world.run(600_000);
    for output in &world.outputs {
        if let Output::Send { body, .. } = output {
            assert!(body.len() <= 64 * 1024, "{} bytes", body.len());
        }
    }
    assert_eq!(delivery(&world)["queued"], 0);
}

#[test]
fn what_is_dropped_is_told_in_a_later_batch() {
    let mut world = check(2_600, 4);
    world.collector.mood = Mood::Up;
    world.feed(0, Input::Flush);
    world.run(600_000);
    let dropped = delivery(&world)["dropped"]["overflow"].as_u64().expect("overflow");
    world.feed(0, Input::Track { name: "looked", props: "" });
    world.feed(0, Input::Flush);
    world.run(600_000);
    let told = |output: &Output| match output {
        Output::Send { body, .. } => {
            let body: Value = serde_json::from_str(body).expect("JSON");
            Some((body["batch"].to_string(), body["dropped"]["overflow"].as_u64()?))
        }
        _ => None,
    };
    let told: std::collections::BTreeMap<String, u64> = world.outputs.iter().filter_map(told).collect();
    assert_eq!(told.values().sum::<u64>(), dropped, "{told:?}");
}

#[test]
fn a_row_older_than_seven_days_is_dropped_and_counted() {
    let mut world = World::new(1);
    world.collector.mood = Mood::Down;
    open(&mut world, false, 0);
    world.tabs[0].life = crate::world::Life::Gone;
    assert_eq!(world.rows.len(), 1);
    world.collector.mood = Mood::Up;
    world.wall = MORNING + 8 * 86_400_000;
    open(&mut world, false, 1);
    world.run(120_000);
    assert!(world.rows.is_empty());
    assert_eq!(world.summary(1)["delivery"]["dropped"]["expired"], 1);
}

#[test]
fn a_burst_in_one_task_is_few_requests_and_few_rows() {
    let mut world = World::new(1);
    open(&mut world, false, 0);
    for _ in 0..1_000 {
        world.feed(0, Input::Track { name: "looked", props: "{\"n\":1}" });
    }
    world.run(90_000);
    assert!(world.collector.posts <= 8, "{} requests", world.collector.posts);
    assert_eq!(world.collector.events.len(), 1_002, "page view, 1,000 events, engagement");
}

#[test]
fn whoever_comes_back_need_not_wait_for_the_rest_of_what_waited() {
    let mut world = check(1_500, 4);
    assert!(world.rows.len() > 25, "{} rows", world.rows.len());
    world.tabs[0].life = crate::world::Life::Gone;
    world.collector.mood = Mood::Up;
    world.wall += 120_000;
    open(&mut world, false, 0);
    world.run(30_000);
    assert_eq!(
        world.collector.events.iter().filter(|stored| stored.event["name"] == "looked").count(),
        1_500
    );
}
