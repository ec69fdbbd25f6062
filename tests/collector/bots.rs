//! Bots and a site's own tests: stored with their reason, added up apart from people.

use passerby::collector::report;
use passerby::collector::store::{Store, Through};
use serde_json::{Value, json};

use crate::support::{beacon, id, stored, view};

/// One view of a session of its own; `bot` as the batch says it.
fn visit(name: &str, number: u64, bot: Option<&str>) -> Value {
    let mut batch = beacon(number, json!([view(number, number, number)]));
    batch["load"] = id(name).into();
    batch["batch"] = format!("{}:{number}", id(name)).into();
    batch["visitor"]["id"] = id(name).into();
    batch["session"]["id"] = id(name).into();
    if let Some(bot) = bot {
        batch["bot"] = bot.into();
    }
    batch
}

fn totals(store: &Store) -> Vec<(Option<String>, u64)> {
    let sessions = store.sessions(&Through::Everything).unwrap();
    report::totals(&sessions).into_iter().map(|totals| (totals.bot, totals.together.sessions)).collect()
}

#[test]
fn bots_and_tests_are_stored_and_added_up_apart() {
    let mut store = Store::memory().unwrap();
    let beacons = [
        visit("a", 1, None),
        visit("b", 1, Some("webdriver")),
        visit("c", 1, Some("webdriver")),
        visit("d", 1, Some("test")),
        visit("e", 1, Some("")),
    ];
    stored(&mut store, &beacons);
    let some = |bot: &str| Some(bot.to_owned());
    assert_eq!(totals(&store), [(None, 2), (some("webdriver"), 2), (some("test"), 1)]);
    let listed = report::summary_json(&store.sessions(&Through::Everything).unwrap(), &[]);
    assert_eq!(listed["sessions"].as_array().unwrap().len(), 5);
    assert_eq!(listed["totals"][1]["bot"], "webdriver");
}

#[test]
fn a_page_that_was_seen_after_all_is_a_persons_in_any_order() {
    let (unseen, seen) = (visit("a", 1, Some("never_visible")), visit("a", 2, None));
    for beacons in [[unseen.clone(), seen.clone()], [seen, unseen.clone()]] {
        let mut store = Store::memory().unwrap();
        stored(&mut store, &beacons);
        assert_eq!(totals(&store), [(None, 1)]);
    }
    let mut store = Store::memory().unwrap();
    stored(&mut store, &[unseen]);
    assert_eq!(totals(&store), [(Some("never_visible".to_owned()), 1)]);
}
