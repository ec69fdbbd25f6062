//! The page's own summary and the collector's, made by the same visit: equal to the millisecond.

use passerby::engine::{Cause, Input};

use crate::world::{Open, World};

const SHOP: Open = Open {
    url: "https://shop.example/shoes",
    title: "Shoes",
    referrer: "https://search.example/",
    hidden: false,
    prerender: false,
};

fn visit() -> World {
    World::new(7)
}

fn read_for(world: &mut World, tab: usize, seconds: u64) {
    for _ in 0..seconds {
        world.run(1000);
        world.feed(tab, Input::Active);
    }
}

fn track(world: &mut World, tab: usize, name: &str) {
    world.feed(tab, Input::Track { name, props: r#"{"value":79.9,"currency":"EUR"}"# });
}

/// All that is on its way arrives; then each tab must say what the collector says.
fn assert_agreement(world: &mut World, tabs: &[usize]) {
    // Twice: what one tab has reported is known to the others once they have read it.
    for _ in 0..2 {
        for &tab in tabs {
            world.feed(tab, Input::Flush);
            world.run(60_000);
        }
        for &tab in tabs {
            if world.tabs[tab].visible {
                world.feed(tab, Input::Visible { on: true });
                world.run(60_000);
            }
            world.feed_hint(tab);
        }
    }
    for &tab in tabs {
        let here = world.summary(tab);
        let there = world.collector.summary(here["session"]["id"].as_str().unwrap());
        for part in ["definition", "session", "audience", "events"] {
            assert_eq!(there[part], here[part], "{part} of tab {tab}");
        }
        assert_eq!(here["delivery"]["queued"], 0);
    }
}

#[test]
fn a_visit_that_ends_in_a_purchase() {
    let mut world = visit();
    let tab = world.open("one", SHOP);
    read_for(&mut world, tab, 12);
    world.feed(tab, Input::Scrolled { percent: 70 });
    track(&mut world, tab, "add_to_cart");
    world.navigate(tab, &[(Some(Cause::Push), "https://shop.example/checkout".to_owned())], "Checkout");
    read_for(&mut world, tab, 5);
    world.run(90_000);
    world.hide(tab);
    world.run(40_000);
    world.show(tab);
    track(&mut world, tab, "purchase");
    read_for(&mut world, tab, 3);
    assert_agreement(&mut world, &[tab]);
}

#[test]
fn an_order_whose_page_is_loaded_again_is_one_order() {
    let mut world = visit();
    let tab = world.open("one", SHOP);
    let buy = |world: &mut World, tab: usize, props: &str| {
        world.feed(tab, Input::Track { name: "purchase", props });
        world.run(1000);
    };
    let relationship = |world: &World, tab: usize| {
        let summary = world.summary(tab);
        (summary["visitor"]["purchases"].as_u64().unwrap(), summary["audience"]["relationship"].clone())
    };
    buy(&mut world, tab, r#"{"transaction_id":"T-1","value":5,"currency":"EUR"}"#);
    world.close(tab);
    let tab = world.open("again", SHOP);
    buy(&mut world, tab, r#"{"transaction_id":"T-1","value":5,"currency":"EUR"}"#);
    assert_agreement(&mut world, &[tab]);
    assert_eq!(relationship(&world, tab), (1, "first_experience".into()));
    buy(&mut world, tab, r#"{"transaction_id":"T-2","value":5,"currency":"EUR"}"#);
    assert_agreement(&mut world, &[tab]);
    assert_eq!(relationship(&world, tab), (2, "loyalty".into()));
    // Without an id, nobody knows.
    buy(&mut world, tab, "{}");
    buy(&mut world, tab, "{}");
    assert_agreement(&mut world, &[tab]);
    assert_eq!(relationship(&world, tab).0, 4);
}

#[test]
fn a_glance_is_a_bounce_on_both_sides() {
    let mut world = visit();
    let tab = world.open("one", SHOP);
    world.run(2000);
    assert_agreement(&mut world, &[tab]);
    let id = world.summary(tab)["session"]["id"].clone();
    assert_eq!(world.collector.summary(id.as_str().unwrap())["session"]["bounced"], true);
}

#[test]
fn two_tabs_of_one_session() {
    let mut world = visit();
    let one = world.open("one", SHOP);
    read_for(&mut world, one, 4);
    world.hide(one);
    let two = world.open("two", Open { url: "https://shop.example/boots", title: "Boots", ..SHOP });
    read_for(&mut world, two, 7);
    track(&mut world, two, "search");
    world.hide(two);
    world.show(one);
    read_for(&mut world, one, 2);
    track(&mut world, one, "search");
    assert_agreement(&mut world, &[one, two]);
    assert_eq!(world.collector.sessions(), 1);
}

#[test]
fn answers_that_were_lost_and_batches_that_come_again() {
    let mut world = visit();
    world.collector.lossy = true;
    let tab = world.open("one", SHOP);
    read_for(&mut world, tab, 40);
    track(&mut world, tab, "sign_up");
    world.run(120_000);
    world.collector.lossy = false;
    world.run(3_600_000);
    assert_agreement(&mut world, &[tab]);
    assert!(world.collector.duplicates > 0, "something did come again");
}

#[test]
fn a_clock_that_was_set_in_between() {
    let mut world = visit();
    let tab = world.open("one", SHOP);
    read_for(&mut world, tab, 5);
    world.wall += 600_000;
    read_for(&mut world, tab, 5);
    world.wall -= 300_000;
    read_for(&mut world, tab, 5);
    assert_agreement(&mut world, &[tab]);
}

#[test]
fn a_page_back_from_the_cache_and_a_session_that_ended_meanwhile() {
    let mut world = visit();
    let tab = world.open("one", SHOP);
    read_for(&mut world, tab, 5);
    world.freeze(tab);
    world.run(60_000);
    world.restore(tab, "Shoes");
    read_for(&mut world, tab, 5);
    track(&mut world, tab, "purchase");
    assert_agreement(&mut world, &[tab]);
    world.freeze(tab);
    world.run(2 * 3_600_000);
    world.restore(tab, "Shoes");
    read_for(&mut world, tab, 5);
    // A known customer from the first event on: the deciding purchase was in the session before.
    assert_agreement(&mut world, &[tab]);
    assert_eq!(world.collector.sessions(), 2);
}
