//! Whatever comes from outside, the engine goes on.

use std::sync::OnceLock;

use passerby::engine::{Cause, Choice, Engine, Input, Output, Stamp};
use proptest::prelude::*;
use serde_json::Value;

use crate::visits::{act, few, open, perform};
use crate::world::{MORNING, World};

/// What a real page has stored, with one place of it spoilt.
fn spoilt(text: &str, at: usize, with: &str) -> String {
    let mut at = at % (text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    format!("{}{with}{}", &text[..at], &text[at..])
}

fn stored() -> &'static (String, String, String) {
    static STORED: OnceLock<(String, String, String)> = OnceLock::new();
    STORED.get_or_init(store)
}

fn store() -> (String, String, String) {
    let mut world = World::new(3);
    world.collector.mood = crate::collector::Mood::Down;
    open(&mut world, false, 0);
    world.feed(0, Input::Track { name: "add_to_cart", props: "{\"n\":1}" });
    world.feed(0, Input::Identify { customer: "C-1", traits: "{\"a\":1}" });
    world.run(70_000);
    let (key, row) = world.rows.iter().next().map(|(key, row)| (key.clone(), row.clone())).expect("a row");
    (world.record.clone(), key, row)
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,30}",
        ".{0,30}",
        Just("{".repeat(2_000)),
        Just("x@y.zz ".repeat(15_000)),
        Just("9".repeat(40)),
        Just("\\".into()),
        Just("{\"a\":\"\\u".into()),
        "https://[a-z@:/?#%&=.é]{0,30}",
    ]
}

fn stamp() -> impl Strategy<Value = Stamp> {
    let mono = prop_oneof![0..200_000_u64, Just(0), 0..1_u64 << 53];
    let wall = prop_oneof![MORNING..MORNING + 200_000, Just(0), Just(u64::MAX / 2), 0..u64::MAX / 2];
    (mono, wall).prop_map(|(mono, wall)| Stamp { mono, wall })
}

/// The snapshot writes nothing but objects, and the summary shows the traits as they are.
fn object(text: &str) -> &str {
    if serde_json::from_str::<serde_json::Map<_, Value>>(text).is_ok() { text } else { "{\"a\":\"\\u00e9\"}" }
}

/// Which input, with two texts, a number and a flag to make it of.
type Told = (u8, Stamp, String, String, u32, bool);

fn told() -> impl Strategy<Value = Told> {
    let spoil = (0..3_u8, any::<usize>(), "[\t\n0-9A-Z]{0,25}").prop_map(|(which, at, with)| {
        let (record, _, row) = stored();
        spoilt(if which == 0 { row } else { record }, at, &with)
    });
    (0..22_u8, stamp(), prop_oneof![3 => text(), 2 => spoil], text(), any::<u32>(), any::<bool>())
}

fn input<'a>(told: &'a Told) -> Input<'a> {
    let (kind, _, one, two, number, on) = told;
    let (one, two, number, on): (&'a str, &'a str, u32, bool) = (one, two, *number, *on);
    let cause = if on { Cause::Load } else { Cause::Restore };
    match kind {
        0 => Input::Device { user_agent: one, touch_points: number, language: two },
        1 => Input::Signal { on },
        2 => Input::Consent { choice: if on { Choice::Granted } else { Choice::Denied } },
        3 => Input::Hint { text: one },
        4 | 5 => Input::Page { cause, url: one, title: two, referrer: one },
        6 => Input::Navigated { cause, url: one },
        7 => Input::Titled { title: one },
        8 => Input::Visible { on },
        9 => Input::Focused { on },
        10 => Input::Active,
        11 => Input::Scrolled { percent: number },
        12 => Input::Playing { on },
        13 => Input::Track { name: two, props: one },
        14 => Input::View { title: one, props: two },
        15 => Input::Identify { customer: one, traits: object(two) },
        16 => Input::Set { props: one },
        17 => {
            if on {
                Input::Reset { erase: number % 2 == 0 }
            } else {
                Input::Hide
            }
        }
        18 => {
            if on {
                Input::Flush
            } else {
                Input::Wake
            }
        }
        19 => Input::Sent { batch: number % 8, status: number % 600, body: one, retry_after: two },
        20 => Input::Record { text: one },
        _ => {
            if on {
                Input::Row { key: two, text: one }
            } else {
                Input::Merged { ok: number % 2 == 0 }
            }
        }
    }
}

proptest! {
    #![proptest_config(few(48))]

    #[test]
    fn the_engine_never_panics(all in prop::collection::vec(told(), 1..40)) {
        let mut engine = Engine::new("site=s\ncollector=1", [1, 2, 3, 4], all[0].1);
        for told in &all {
            for output in engine.handle(told.1, input(told)) {
                if let Output::Keep { key } = output {
                    engine.row(&key);
                }
            }
            let _ = engine.explain();
            serde_json::from_str::<Value>(&engine.summary()).expect("the summary is JSON");
        }
    }

    #[test]
    fn what_is_stored_and_read_back_is_the_same(seed: u32, steps in prop::collection::vec(act(), 1..40)) {
        let mut world = World::new(seed);
        open(&mut world, false, 0);
        steps.iter().for_each(|step| perform(&mut world, step));
        for text in [&world.hint, &world.record].into_iter().filter(|text| !text.is_empty()) {
            let at = Stamp { mono: 0, wall: world.wall };
            let mut engine = Engine::new("collector=1", [seed, 0, 0, 1], at);
            let mut outputs = engine.handle(at, Input::Hint { text });
            outputs.extend(engine.handle(at, Input::Record { text: "" }));
            let again = outputs.iter().find_map(|output| match output {
                Output::Record { text } => Some(text),
                _ => None,
            });
            let lines = |text: &str| {
                let mut lines: Vec<String> = text.lines().map(String::from).collect();
                lines.sort();
                lines
            };
            prop_assert_eq!(again.map(|text| lines(text)), Some(lines(text)));
        }
    }
}

#[test]
fn numbers_beyond_all_measure_overflow_nothing() {
    let (record, ..) = stored();
    let huge = record
        .lines()
        .map(|line| {
            let fields = line.split('\t').map(|field| match field.parse::<u64>() {
                Ok(_) => u64::MAX.to_string(),
                Err(_) => field.to_string(),
            });
            fields.collect::<Vec<_>>().join("\t")
        })
        .collect::<Vec<_>>()
        .join("\n");
    let huge = huge.replacen(&u64::MAX.to_string(), "1", 1);
    let at = Stamp { mono: 5, wall: MORNING };
    let mut engine = Engine::new("collector=1", [1, 1, 1, 1], at);
    let page = Input::Page { cause: Cause::Load, url: "https://shop.test/", title: "", referrer: "" };
    for input in [
        Input::Hint { text: &huge },
        Input::Visible { on: true },
        page,
        Input::Reset { erase: true },
        Input::Record { text: &huge },
        Input::Sent { batch: 1, status: 503, body: "", retry_after: "99999999999999999999999" },
        Input::Wake,
    ] {
        let _ = engine.handle(at, input);
        let _ = engine.summary();
    }
}
