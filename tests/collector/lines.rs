//! What a log may hold beside batches, and what a wrong clock does.

use std::time::{SystemTime, UNIX_EPOCH};

use passerby::collector::store::{Store, Through};
use serde_json::{Value, json};

use crate::support::{Served, beacon, engagement, event, folder, id, run, stored, view};

const DAY: u64 = 86_400_000;

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64
}

#[test]
fn what_export_writes_is_replayed_to_the_same_sessions() {
    let base = folder("export_replay");
    let (old, new, log) = (base.join("old"), base.join("new"), base.join("log"));
    let rest =
        json!([engagement(3, 12_000, 1, 11_000, 11_500), view(4, 12_000, 2), event(5, 12_100, "sign_up")]);
    let mut of_a_test = beacon(1, json!([view(1, 0, 1)]));
    for (field, name) in [("visitor", "e"), ("session", "f")] {
        of_a_test[field]["id"] = id(name).into();
    }
    (of_a_test["load"], of_a_test["bot"]) = (id("d").into(), "test".into());
    stored(
        &mut Store::create(&old).unwrap(),
        &[beacon(1, json!([view(1, 0, 1), event(2, 50, "search")])), beacon(2, rest), of_a_test],
    );
    let exported = run(&["export", "--data", old.to_str().unwrap()]).1;
    std::fs::write(&log, &exported).unwrap();
    for words in ["6 events accepted, 0 known before", "0 events accepted, 6 known before"] {
        let (code, output, error) = run(&["replay", log.to_str().unwrap(), "--data", new.to_str().unwrap()]);
        assert_eq!(code, 0, "{error}");
        assert!(output.contains(words), "{output}");
    }
    let read = |data| Store::open(data).unwrap().sessions(&Through::Everything).unwrap();
    assert_eq!(read(&new), read(&old));
    // When it came, and by whose clock, is of the collector that took it in.
    let events = |data: &std::path::Path| -> Vec<Value> {
        let lines = run(&["export", "--data", data.to_str().unwrap()]).1;
        let read = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let mut events: Vec<Value> = read.collect();
        for event in &mut events {
            let event = event.as_object_mut().unwrap();
            event.retain(|name, _| name != "received" && name != "clock_offset");
        }
        events
    };
    assert_eq!(events(&new), events(&old));
}

#[test]
fn what_ndjson_posts_is_replayed_too() {
    let base = folder("ndjson_replay");
    let (data, log) = (base.join("data"), base.join("log"));
    let whole = beacon(1, json!([view(1, 0, 1), event(2, 50, "search")]));
    let lines = whole["events"].as_array().unwrap().iter().map(|event| {
        let mut line = whole.clone();
        line.as_object_mut().unwrap().remove("events");
        line["event"] = event.clone();
        format!("{line}\n")
    });
    std::fs::write(&log, lines.collect::<String>()).unwrap();
    let (code, output, error) = run(&["replay", log.to_str().unwrap(), "--data", data.to_str().unwrap()]);
    assert_eq!(code, 0, "{error}");
    assert!(output.contains("2 events accepted"), "{output}");
    let sessions = Store::open(&data).unwrap().sessions(&Through::Everything).unwrap();
    assert_eq!((sessions.len(), sessions[0].totals.page_depth, sessions[0].events), (1, 1, 1));
}

/// A batch whose device believes it to be this time, sent two seconds after it began.
fn dated(number: u64, sent: u64, start: u64) -> Value {
    let mut batch = beacon(number, json!([view(number, 0, 1)]));
    let id = format!("{number:032x}");
    batch["load"] = id.clone().into();
    batch["session"]["id"] = id.into();
    batch["session"]["started"] = start.into();
    (batch["sent"], batch["start"]) = (sent.into(), start.into());
    batch
}

#[test]
fn a_clock_that_cannot_be_right_is_replaced_by_the_collectors() {
    let data = folder("clock");
    let served = Served::start(&data, &["--quiet"]);
    let devices = [8_640_000_000_000_000 - 3_000, now() + 400 * DAY, 0, 946_684_800_000, now() + DAY / 2];
    for (number, start) in (1..).zip(devices) {
        let answer = served.post(&dated(number, start + 2_000, start));
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert!(answer.body.contains("\"accepted\":1"), "{start}: {}", answer.body);
    }
    let sessions = Store::open(&data).unwrap().sessions(&Through::Everything).unwrap();
    assert_eq!(sessions.len(), devices.len());
    let near = |at: u64| at.abs_diff(now()) < DAY;
    assert!(sessions.iter().all(|session| near(session.started)), "{sessions:#?}");
    // A clock that may be right is left alone.
    assert!(sessions.iter().any(|session| session.started == devices[4]));
}

#[test]
fn an_event_outside_all_time_is_rejected_and_counted() {
    let data = folder("clock_rejected");
    let served = Served::start(&data, &["--quiet"]);
    for (number, start) in (1..).zip([8_640_000_000_000_000, now() + 400 * DAY, 0]) {
        let answer = served.post(&dated(number, now(), start));
        assert_eq!(answer.status, 200, "{}", answer.body);
        let rejected = format!("{{\"seq\":{number},\"reason\":\"time_out_of_range\"}}");
        assert!(answer.body.contains(&rejected), "{}", answer.body);
    }
    assert_eq!(Store::open(&data).unwrap().sessions(&Through::Everything).unwrap(), []);
    let log = data.join("log");
    std::fs::write(&log, format!("{}\n", dated(9, 8_640_000_000_000_000, 8_640_000_000_000_000))).unwrap();
    let replay = ["replay", log.to_str().unwrap(), "--data", data.to_str().unwrap()];
    assert!(run(&replay).1.contains("0 events accepted, 0 known before, 1 rejected"));
}

#[test]
fn a_header_that_says_gzip_of_what_is_none_is_named() {
    let served = Served::start(&folder("gzip_header"), &["--quiet"]);
    let answer = served.request("POST /v1/batch", "Content-Encoding: gzip\r\n", b"{}");
    assert_eq!(answer.status, 400);
    assert!(answer.body.contains("Content-Encoding: gzip"), "{}", answer.body);
}

#[test]
fn odd_ways_to_ask_are_answered() {
    let data = folder("odd_asking");
    stored(&mut Store::create(&data).unwrap(), &[beacon(1, json!([view(1, 0, 1)]))]);
    let summary = ["summary", "--data", data.to_str().unwrap(), "--limit"];
    for limit in ["-1", "0"] {
        let (code, _, error) = run(&[&summary[..], &[limit]].concat());
        assert_eq!(code, 2);
        assert!(error.contains(&format!("invalid value '{limit}' for '--limit <N>'")), "{error}");
    }
    assert_eq!(run(&["help", "--help"]), run(&["--help"]));
}
