//! Laws of delivery, over random visits, clocks and networks.

use std::collections::{BTreeMap, HashMap};

use passerby::engine::{Input, Output};
use proptest::prelude::*;
use serde_json::Value;

use crate::agreement;
use crate::collector::Mood;
use crate::visits::{DAY, Step, act, clocks, few, open, perform, weather};
use crate::world::{Life, World};

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![8 => act(), 2 => weather(), 1 => clocks(DAY), 1 => (0..3_u8).prop_map(Step::Kill)]
}

/// A visit; every input of it checks that each accepted event is exactly one of queued, unconfirmed, acknowledged
/// and dropped.
fn play(seed: u32, steps: &[Step]) -> World {
    let mut world = World::new(seed);
    open(&mut world, false, 0);
    steps.iter().for_each(|step| perform(&mut world, step));
    world
}

/// Everybody comes back, the network is well, and what was left behind is claimed.
fn heal(world: &mut World) -> Vec<usize> {
    world.collector.mood = Mood::Up;
    world.latency = 0;
    if world.tabs.iter().all(|tab| tab.life == Life::Gone) {
        open(world, false, 0);
    }
    for tab in 0..world.tabs.len() {
        match world.tabs[tab].life {
            Life::Open => world.show(tab),
            Life::Frozen => world.restore(tab, "T"),
            Life::Gone => continue,
        }
        // A session that has ended is shown as this tab last knew it; what is compared is the one that lives.
        world.feed(tab, Input::Active);
        world.run(0);
    }
    let open: Vec<usize> = (0..world.tabs.len()).filter(|tab| world.tabs[*tab].life == Life::Open).collect();
    agreement::settle(world, &open, 3_700_000);
    open
}

/// The bodies sent, read.
fn bodies(world: &World) -> impl Iterator<Item = Value> {
    world.outputs.iter().filter_map(|output| match output {
        Output::Send { body, .. } => Some(serde_json::from_str(body).expect("a body is JSON")),
        _ => None,
    })
}

proptest! {
    #![proptest_config(few(32))]

    #[test]
    fn every_accepted_event_is_in_exactly_one_place(seed: u32, steps in prop::collection::vec(any_step(), 1..60)) {
        play(seed, &steps);
    }

    #[test]
    fn every_retry_carries_the_same_ids(seed: u32, steps in prop::collection::vec(any_step(), 1..60)) {
        let mut world = play(seed, &steps);
        heal(&mut world);
        let mut known: HashMap<(String, u64), Value> = HashMap::new();
        for body in bodies(&world) {
            for event in body["events"].as_array().expect("events") {
                let id = (body["load"].as_str().expect("load").to_string(), event["seq"].as_u64().expect("seq"));
                let before = known.entry(id).or_insert_with(|| event.clone());
                prop_assert_eq!(&*before, event, "one id, two events");
            }
        }
    }

    #[test]
    fn nothing_is_lost_and_seq_is_gapless(seed: u32, steps in prop::collection::vec(any_step(), 1..60)) {
        let mut world = play(seed, &steps);
        heal(&mut world);
        prop_assert!(world.rows.is_empty(), "rows left behind: {:?}", world.rows.keys());
        for (load, seqs) in world.collector.seqs() {
            let all: Vec<u64> = (1..=seqs.len() as u64).collect();
            prop_assert_eq!(seqs, all, "of {}", load);
        }
    }

    #[test]
    fn page_and_collector_agree(
        seed: u32,
        steps in prop::collection::vec(prop_oneof![9 => act(), 1 => weather()], 1..50),
    ) {
        let mut world = play(seed, &steps);
        let open = heal(&mut world);
        prop_assert_eq!(agreement::check(&world, &open), Vec::<String>::new());
    }

    #[test]
    fn page_and_collector_agree_whatever_the_clocks_do(
        seed: u32,
        steps in prop::collection::vec(prop_oneof![6 => act(), 1 => clocks(60_000)], 1..40),
    ) {
        // One tab, and no hour lived twice: what is remembered of that cannot be put in order.
        let alone = |step: &&Step| !matches!(step, Step::Open { .. });
        let mut world = play(seed, &steps.iter().filter(alone).cloned().collect::<Vec<_>>());
        let open = heal(&mut world);
        prop_assert_eq!(agreement::check(&world, &open), Vec::<String>::new());
    }

    #[test]
    fn the_same_inputs_and_seed_give_the_same_outputs(seed: u32, steps in prop::collection::vec(any_step(), 1..40)) {
        let outputs = || std::mem::take(&mut play(seed, &steps).outputs);
        prop_assert_eq!(outputs(), outputs());
    }

    #[test]
    fn engaged_time_never_exceeds_elapsed_time(seed: u32, steps in prop::collection::vec(any_step(), 1..60)) {
        let mut world = World::new(seed);
        let began = world.mono;
        open(&mut world, false, 0);
        for step in &steps {
            perform(&mut world, step);
            let elapsed = world.mono - began;
            for tab in 0..world.tabs.len() {
                let summary = world.summary(tab);
                for page in summary["session"]["pages"].as_array().into_iter().flatten() {
                    prop_assert!(page["engagedMs"].as_u64() <= Some(elapsed), "{} ms passed: {}", elapsed, page);
                }
            }
        }
    }

    #[test]
    fn nothing_is_sent_or_stored_without_consent(
        seed: u32,
        required: bool,
        before in prop::collection::vec(act(), 0..20),
        after in prop::collection::vec(act(), 0..20),
    ) {
        let mut world = World::new(seed);
        world.options += if required { "\nconsent=required" } else { "" };
        world.signal = !required;
        open(&mut world, false, 0);
        before.iter().for_each(|step| perform(&mut world, step));
        perform(&mut world, &Step::Consent(0, !required));
        if required {
            perform(&mut world, &Step::Consent(0, false));
            world.choice = Some(passerby::engine::Choice::Denied);
            world.outputs.clear();
        }
        after.iter().for_each(|step| perform(&mut world, step));
        // A tab opened in between asked for itself: with consent required it may not even have asked yet.
        let kept = |output: &&Output| matches!(
            output,
            Output::Send { .. }
            | Output::Hint { .. }
            | Output::Record { .. }
            | Output::Keep { .. }
        );
        prop_assert_eq!(world.outputs.iter().find(kept), None);
    }
}

/// How many events of each load arrived more than once, in what the collector counted.
#[test]
fn a_lost_answer_costs_a_duplicate_and_no_more() {
    let mut world = World::new(1);
    world.collector.mood = Mood::Lossy;
    open(&mut world, false, 0);
    world.run(60_000);
    let mut arrived: BTreeMap<u64, usize> = BTreeMap::new();
    for stored in &world.collector.events {
        *arrived.entry(stored.seq).or_default() += 1;
    }
    assert!(arrived.values().all(|count| *count == 1), "{arrived:?}");
    assert!(world.collector.duplicates > 0);
}
