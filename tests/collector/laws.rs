//! Laws over generated visits: a session's row depends on its events, not on how or when they came.

use passerby::collector::store::{Arrival, SessionRow, Store, Through};
use passerby::engine::Audience;
use passerby::engine::fold::{Fact, Rules, Session};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{T, beacon, decoded, engagement, event, exported, fixture, gzip, id, read, view};

#[derive(Clone, Debug)]
enum Kind {
    View,
    Engagement { engaged: u64 },
    Event(usize),
    Audience(usize),
}

const NAMES: [&str; 4] = ["search", "purchase", "identify", "sign_up"];
const AUDIENCES: [&str; 3] = ["user", "potential", "customer"];

/// An event of one of three loads.
fn happening() -> impl Strategy<Value = (usize, u64, u64, Kind)> {
    let kind = prop_oneof![
        Just(Kind::View),
        (0..40_000_u64).prop_map(|engaged| Kind::Engagement { engaged }),
        (0..NAMES.len()).prop_map(Kind::Event),
        (0..AUDIENCES.len()).prop_map(Kind::Audience),
    ];
    (0..3_usize, 0..600_000_u64, 1..5_u64, kind)
}

fn written(seq: u64, t: u64, number: u64, kind: &Kind) -> Value {
    match kind {
        Kind::View => view(seq, t, number),
        Kind::Engagement { engaged } => engagement(seq, t, number, *engaged, t / 2),
        Kind::Event(name) => event(seq, t, NAMES[*name]),
        Kind::Audience(is) => {
            let props = json!({ "audience": AUDIENCES[*is], "reason": "rule", "stage": "shop" });
            json!({ "seq": seq, "t": t, "name": "audience", "props": props })
        }
    }
}

const LOADS: [&str; 3] = ["a", "d", "f"];

/// Batches of at most `size` events each, per load.
fn batches(happened: &[(usize, u64, u64, Kind)], size: usize) -> Vec<Value> {
    let mut all = Vec::new();
    // A page numbers its events in the order of their times.
    let mut happened = happened.to_vec();
    happened.sort_by_key(|(_, t, ..)| *t);
    for (load, name) in LOADS.iter().enumerate() {
        let of_load = happened.iter().filter(|(of, ..)| *of == load);
        let events: Vec<Value> = of_load
            .enumerate()
            .map(|(seq, (_, t, number, kind))| written(seq as u64, *t, *number, kind))
            .collect();
        for (number, events) in events.chunks(size).enumerate() {
            let mut batch = beacon(number as u64, json!(events));
            batch["load"] = json!(id(name));
            batch["batch"] = json!(format!("{}:{number}", id(name)));
            batch["start"] = json!(T + load as u64 * 10_000);
            batch["session"]["started"] = json!(T + load as u64 * 10_000);
            batch["session"]["source"] = json!(format!("source of {name}"));
            all.push(batch);
        }
    }
    all
}

/// Stores the batches so many at a time.
fn rows(batches: &[Value], together: usize) -> (Vec<SessionRow>, String) {
    let mut store = Store::memory().unwrap();
    for group in batches.chunks(together) {
        let group: Vec<_> = group.iter().map(decoded).collect();
        let arrivals: Vec<Arrival> = group.iter().map(|batch| Arrival { batch, received: None }).collect();
        store.ingest(&arrivals).unwrap();
    }
    (store.sessions(&Through::Everything).unwrap(), exported(&store))
}

/// Sixty-four of each, or as many as `PROPTEST_CASES` says.
fn cases() -> ProptestConfig {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let few = std::env::var_os("PROPTEST_CASES").is_none();
    ProptestConfig { cases: if few { 64 } else { config.cases }, ..config }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_order_repetition_and_grouping_gives_the_same_row_and_export(
        happened in prop::collection::vec(happening(), 1..40),
        size in 1..8_usize,
        together in 1..6_usize,
        seed in any::<u64>(),
    ) {
        let sent = batches(&happened, size);
        let expected = rows(&sent, 1);
        let mut shuffled = [sent.clone(), sent.clone()].concat();
        // Fisher-Yates with a small generator: the seed is shrunk and printed with the rest.
        let mut state = seed | 1;
        for last in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            shuffled.swap(last, (state >> 33) as usize % (last + 1));
        }
        prop_assert_eq!(rows(&shuffled, together), expected);
    }

    #[test]
    fn overlapping_batches_change_no_row(
        happened in prop::collection::vec(happening(), 1..40),
        size in 1..8_usize,
    ) {
        let (row, _) = rows(&batches(&happened, 500), 1);
        let mut overlapping = batches(&happened, size);
        for (number, mut whole) in batches(&happened, 500).into_iter().enumerate() {
            whole["batch"] = json!(format!("whole {number}"));
            overlapping.push(whole);
        }
        prop_assert_eq!(rows(&overlapping, 2).0, row);
    }

    #[test]
    fn whatever_the_bytes_they_are_read_or_refused(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_usize), 0..12),
        packed in any::<bool>(),
    ) {
        let mut bytes = fixture("valid-full.json").into_bytes();
        for (at, byte, how) in edits {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, b"{}[]\",:\\u-9e"[byte as usize % 12]),
                2 => drop(bytes.remove(at)),
                // A part of it once more, somewhere else.
                _ => bytes = [&bytes[..at], &bytes[at / 2..]].concat(),
            }
        }
        let body = if packed { gzip(&bytes) } else { bytes };
        match read(&body) {
            Ok(batch) => {
                let mut store = Store::memory().unwrap();
                store.ingest(&[Arrival { batch: &batch, received: Some(T) }]).unwrap();
                store.sessions(&Through::Everything).unwrap();
                for line in exported(&store).lines() {
                    serde_json::from_str::<Value>(line).unwrap();
                }
            }
            Err(refusal) => prop_assert!((400..=413).contains(&refusal.status) && !refusal.error.is_empty()),
        }
    }

    #[test]
    fn the_row_is_the_engines_own_fold(happened in prop::collection::vec(happening(), 1..40)) {
        let mut fold = Session { started: u64::MAX, ..Session::default() };
        for (load, t, number, kind) in &happened {
            let start = T + *load as u64 * 10_000;
            let at = start + t;
            let view = *number as u32;
            fold.started = fold.started.min(start);
            fold.apply(LOADS[*load], match kind {
                Kind::View => Fact::View { view, at, url: "", title: "", visible: true },
                Kind::Engagement { engaged } => {
                    let active = start + t / 2;
                    Fact::Engagement { of: "", view, engaged: *engaged, visible: 0, scroll: 0, active }
                }
                Kind::Event(name) => {
                    let name = NAMES[*name];
                    Fact::Event { name, at, active: matches!(name, "purchase" | "identify") }
                }
                Kind::Audience(is) => Fact::Audience { is: Audience::parse(AUDIENCES[*is]) },
            });
        }
        let (rows, _) = rows(&batches(&happened, 7), 3);
        prop_assert_eq!(rows.len(), 1);
        prop_assert_eq!(rows[0].totals, fold.totals(&Rules::default()));
        prop_assert_eq!(rows[0].audience, fold.audience);
    }
}
