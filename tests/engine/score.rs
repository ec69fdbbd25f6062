//! The engagement score and segments, worked out by hand.

use passerby::score::{Habits, json, measure, points};
use serde_json::{Value, json as value};

const DAY: u64 = 86_400_000;
const NOW: u64 = 1_795_365_600_000;

#[test]
fn each_part_has_twenty_points_and_no_more() {
    let full = Habits {
        since_last: 0,
        since_first: 30 * DAY,
        sessions: 10,
        pages: 5,
        engaged: 300_000,
        interactions: 10,
    };
    assert_eq!(points(&full), [20; 5]);
    let more =
        Habits { sessions: u64::MAX, pages: u64::MAX, engaged: u64::MAX, interactions: u64::MAX, ..full };
    assert_eq!(points(&more), [20; 5]);
    assert_eq!(points(&Habits { since_last: u64::MAX, ..Habits::default() }), [0; 5]);
    // A visitor of today has as much time as one of a month ago.
    let half = Habits {
        since_last: 15 * DAY,
        since_first: DAY,
        sessions: 5,
        pages: 2,
        engaged: 60_000,
        interactions: 3,
    };
    assert_eq!(points(&half), [10, 10, 8, 4, 6]);
    assert_eq!(points(&Habits { since_first: 60 * DAY, ..half })[1], 5);
}

fn summary() -> Value {
    value!({
        "settled": true,
        "session": {
            "started": NOW - 120_000, "durationMs": 120_000, "engagedMs": 90_000, "pageDepth": 3,
            "entry": "https://shop.example/blog/shoes?utm_source=news", "channel": "email", "source": "news",
        },
        "audience": {
            "is": "customer", "stage": "own", "relationship": "loyalty", "since": NOW - 2 * DAY,
            "traits": { "plan": "pro", "seats": 12, "beta": true, "stage": "lead", "team": { "name": "a" } },
        },
        "events": { "view_item": 3, "purchase": 1 },
        "visitor": { "sessions": 4, "purchases": 2, "firstSeen": NOW - 3 * DAY },
    })
}

#[test]
fn a_summary_is_measured_and_its_segments_are_named() {
    let rules = "loyal readers: sessions>=3&page_view>=3; buyers:purchase>=1&audience=customer;;\
                 new: days<2; of the blog: /blog/*; by mail: channel=email&source=news; nobody: purchase>=2; \
                 keen: score>=50; rubbish; odd: =>; stage: stage=own&relationship=loyalty";
    let score = measure(&summary().to_string(), NOW, rules);
    // 0 days; 4 sessions in 30 days; 3 pages; 90 s; 4 events.
    assert_eq!(score.parts, [20, 8, 12, 6, 8]);
    assert_eq!(score.segments, ["loyal readers", "buyers", "of the blog", "by mail", "keen", "stage"]);
    let written: Value = serde_json::from_str(&json(&score)).unwrap();
    assert_eq!(written["score"], 54);
    assert_eq!(written["parts"]["engaged_time"], 6);
    assert_eq!(written["segments"][0], "loyal readers");
}

#[test]
fn segments_ask_for_traits_purchases_and_time_since() {
    let rules = "pro: plan=pro&seats=12; beta: beta=true; free: plan=free; by name: stage=own; no: stage=lead; \
                 deep: name=a; repeat: purchases>=2; rare: purchases<2; new: audience_days<3&audience=customer; \
                 old: audience_days>=3; here: idle_days<1";
    let score = measure(&summary().to_string(), NOW, rules);
    assert_eq!(score.segments, ["pro", "beta", "by name", "repeat", "new", "here"]);
    let spaced =
        "a: plan = pro & seats >= 1, purchases >= 2; b: view_item >= 3 & days < 9; c: x , beta = true";
    assert_eq!(measure(&summary().to_string(), NOW, spaced).segments, ["a", "b", "c"]);
    let later =
        measure(&summary().to_string(), NOW + 40 * DAY, "lapsed: idle_days>=30; old: audience_days>=42");
    assert_eq!(later.segments, ["lapsed", "old"]);
}

#[test]
fn what_is_missing_counts_for_nothing() {
    assert_eq!(measure("{}", 0, "a: sessions>=1").segments, ["a"]);
    let mut young = summary();
    young["visitor"] = Value::Null;
    assert_eq!(measure(&young.to_string(), NOW, "").parts, [20, 2, 12, 6, 8]);
    for rubbish in ["", "null", "[", "{\"session\":3}", "{\"events\":{\"a\":-1,\"b\":\"x\"}}"] {
        assert!(measure(rubbish, NOW, "a: b>=1; /x").total() <= 100, "{rubbish}");
    }
}

#[test]
fn purchases_are_orders_however_often_they_are_told() {
    let mut told = summary();
    told["events"]["purchase"] = value!(5);
    let rules = "three: purchases>=3; two: purchases>=2; one: purchases>=1; none: purchases<1";
    assert_eq!(measure(&told.to_string(), NOW, rules).segments, ["two", "one"]);
    told["visitor"]["purchases"] = value!(0);
    assert_eq!(measure(&told.to_string(), NOW, rules).segments, ["none"]);
    // Nobody knows yet who this is: what is told five times is one order at least.
    told["visitor"] = Value::Null;
    assert_eq!(measure(&told.to_string(), NOW, rules).segments, ["one"]);
    told["events"] = value!({});
    assert_eq!(measure(&told.to_string(), NOW, rules).segments, ["none"]);
}

#[test]
fn what_befalls_a_page_is_no_interaction() {
    let mut idle = summary();
    idle["events"] = value!({ "web_vital": 30, "script_error": 9, "impression": 9, "not_found": 9 });
    assert_eq!(measure(&idle.to_string(), NOW, "errors: script_error>=9").parts[4], 0);
    assert_eq!(measure(&idle.to_string(), NOW, "errors: script_error>=9").segments, ["errors"]);
    idle["events"]["click"] = value!(2);
    assert_eq!(measure(&idle.to_string(), NOW, "").parts[4], 4);
}
