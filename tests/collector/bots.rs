//! Bots and a site's own tests: stored with their reason, added up apart from people.

use passerby::collector::report;
use passerby::collector::store::{Store, Through};
use serde_json::{Value, json};

use crate::support::{Served, T, beacon, folder, id, run, stored, view};

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
    report::totals(&sessions, T).into_iter().map(|totals| (totals.bot, totals.together.sessions)).collect()
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
    let listed = report::summary_json(&store.sessions(&Through::Everything).unwrap(), &[], T);
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

#[test]
fn a_crawler_is_told_by_its_user_agent_which_is_kept_nowhere() {
    let data = folder("crawler");
    let served = Served::start(&data, &[]);
    let agent = "User-Agent: Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; \
                 +http://www.google.com/bot.html) Chrome/141.0.7390.122 Safari/537.36\r\n";
    let person = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0\r\n";
    let beacons = [
        (person, visit("a", 1, None)),
        (agent, visit("b", 1, None)),
        (agent, visit("c", 1, Some("never_visible"))),
        (agent, visit("d", 1, Some("webdriver"))),
        (agent, visit("e", 1, Some("test"))),
        ("User-Agent: shop-backend/1.0 (bot)\r\n", visit("f", 1, None)),
    ];
    for (header, batch) in &beacons {
        let answer = served.request("POST /v1/batch", header, batch.to_string().as_bytes());
        assert_eq!(answer.json()["accepted"], 1, "{}", answer.body);
    }
    let (_, log) = served.terminate();
    let some = |bot: &str| Some(bot.to_owned());
    let store = Store::open(&data).unwrap();
    let apart = [(None, 2), (some("crawler"), 2), (some("test"), 1), (some("webdriver"), 1)];
    assert_eq!(totals(&store), apart);
    drop(store);
    let (_, words, _) = run(&["summary", "--data", data.to_str().unwrap()]);
    assert!(words.contains("\nBots (crawler), counted apart\n\n"), "{words}");
    let files = std::fs::read_dir(&data).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap());
    let kept: Vec<String> = files.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect();
    for text in kept.iter().chain([&log]) {
        assert!(!text.contains("Googlebot") && !text.contains("Firefox"), "{text}");
    }
}

#[test]
fn what_is_read_from_a_log_has_no_user_agent_to_tell_by() {
    let data = folder("crawler-replay");
    let log = data.join("log.ndjson");
    std::fs::create_dir_all(&data).unwrap();
    std::fs::write(&log, format!("{}\n{}\n", visit("a", 1, None), visit("b", 1, Some("crawler")))).unwrap();
    let (code, words, errors) = run(&["replay", log.to_str().unwrap(), "--data", data.to_str().unwrap()]);
    assert_eq!(code, 0, "{words}{errors}");
    assert_eq!(totals(&Store::open(&data).unwrap()), [(None, 1), (Some("crawler".to_owned()), 1)]);
}
