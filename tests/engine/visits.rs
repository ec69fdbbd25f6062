//! Visits nobody has thought of: random people, tabs, clocks and networks in the same world as the golden ones.

use passerby::engine::{Cause, Choice, Input};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::collector::Mood;
use crate::world::{Life, Open, World};

/// One thing that happens, to the tab with this number (counted round those that are open).
#[derive(Clone, Debug)]
pub enum Step {
    Wait(u64),
    Open { hidden: bool, path: u8 },
    Close(u8),
    Kill(u8),
    Hide(u8),
    Show(u8),
    Focus(u8, bool),
    Input(u8),
    Scroll(u8, u32),
    Play(u8, bool),
    Track(u8, u8),
    Purchase(u8),
    Identify(u8, u8),
    Reset(u8),
    Push(u8, u8),
    Page(u8),
    Away(u8),
    Back(u8),
    Flush(u8),
    Consent(u8, bool),
    Mood(u8),
    Latency(u64),
    Sleep(u64),
    Tick(u64),
    Clock(i64),
}

const NAMES: [&str; 4] = ["view_item", "add_to_cart", "sign_up", "looked"];

/// Waits of every size that matters: within a task, within attention, across timers, across a session.
fn wait() -> impl Strategy<Value = u64> {
    prop_oneof![0..50_u64, 500..8_000_u64, 8_000..70_000_u64, 60_000..1_700_000_u64, 1_700_000..5_000_000_u64]
}

/// What people do, on whatever tab.
pub fn act() -> impl Strategy<Value = Step> {
    let tab = || 0..3_u8;
    prop_oneof![
        8 => wait().prop_map(Step::Wait),
        2 => (any::<bool>(), 0..4_u8).prop_map(|(hidden, path)| Step::Open { hidden, path }),
        1 => tab().prop_map(Step::Close),
        3 => tab().prop_map(Step::Hide),
        3 => tab().prop_map(Step::Show),
        1 => (tab(), any::<bool>()).prop_map(|(tab, on)| Step::Focus(tab, on)),
        6 => tab().prop_map(Step::Input),
        2 => (tab(), 0..120_u32).prop_map(|(tab, percent)| Step::Scroll(tab, percent)),
        2 => (tab(), any::<bool>()).prop_map(|(tab, on)| Step::Play(tab, on)),
        4 => (tab(), 0..4_u8).prop_map(|(tab, name)| Step::Track(tab, name)),
        1 => tab().prop_map(Step::Purchase),
        1 => (tab(), 0..2_u8).prop_map(|(tab, id)| Step::Identify(tab, id)),
        1 => tab().prop_map(Step::Reset),
        3 => (tab(), 0..4_u8).prop_map(|(tab, path)| Step::Push(tab, path)),
        1 => tab().prop_map(Step::Page),
        1 => tab().prop_map(Step::Away),
        1 => tab().prop_map(Step::Back),
        1 => tab().prop_map(Step::Flush),
    ]
}

/// What a network and a collector do.
pub fn weather() -> impl Strategy<Value = Step> {
    prop_oneof![(0..6_u8).prop_map(Step::Mood), prop_oneof![Just(0), 0..9_000_u64].prop_map(Step::Latency)]
}

pub const DAY: i64 = 86_400_000;

/// What a device does to its clocks; set back by at most so much at once.
pub fn clocks(back: i64) -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..30_000_000_u64).prop_map(Step::Sleep),
        (0..30_000_000_u64).prop_map(Step::Tick),
        (-back..DAY).prop_map(Step::Clock),
        (-4_000..4_000_i64).prop_map(Step::Clock),
    ]
}

/// The tab meant, if any is left.
fn pick(world: &World, number: u8) -> Option<usize> {
    let alive: Vec<usize> = (0..world.tabs.len()).filter(|tab| world.tabs[*tab].life != Life::Gone).collect();
    alive.get(usize::from(number) % alive.len().max(1)).copied()
}

fn url(path: u8) -> String {
    format!("https://shop.test/{path}")
}

pub fn open(world: &mut World, hidden: bool, path: u8) {
    let url = url(path);
    world.open("t", Open { url: &url, title: "T", referrer: "", hidden, prerender: false });
}

pub fn perform(world: &mut World, step: &Step) {
    match *step {
        Step::Wait(millis) => world.run(millis),
        Step::Open { hidden, path } if world.tabs.len() < 8 => open(world, hidden, path),
        Step::Sleep(millis) => world.wall += millis,
        Step::Tick(millis) => world.pass(millis),
        Step::Clock(millis) => world.wall = world.wall.saturating_add_signed(millis),
        Step::Latency(millis) => world.latency = millis,
        Step::Mood(mood) => {
            let moods =
                [Mood::Up, Mood::Down, Mood::Lossy, Mood::Portal, Mood::Status(500), Mood::Status(429)];
            world.collector.mood = moods[usize::from(mood) % moods.len()].clone();
        }
        Step::Open { .. } => {}
        Step::Close(tab)
        | Step::Kill(tab)
        | Step::Hide(tab)
        | Step::Show(tab)
        | Step::Away(tab)
        | Step::Back(tab) => {
            if let Some(tab) = pick(world, tab) {
                appear(world, tab, step);
            }
        }
        Step::Focus(tab, _)
        | Step::Input(tab)
        | Step::Scroll(tab, _)
        | Step::Play(tab, _)
        | Step::Track(tab, _)
        | Step::Purchase(tab)
        | Step::Identify(tab, _)
        | Step::Reset(tab)
        | Step::Push(tab, _)
        | Step::Page(tab)
        | Step::Flush(tab)
        | Step::Consent(tab, _) => {
            if let Some(tab) = pick(world, tab).filter(|tab| world.tabs[*tab].life == Life::Open) {
                happen(world, tab, step);
            }
        }
    }
    world.run(0);
}

/// Coming and going.
fn appear(world: &mut World, tab: usize, step: &Step) {
    let frozen = world.tabs[tab].life == Life::Frozen;
    match step {
        Step::Kill(_) => world.tabs[tab].life = Life::Gone,
        Step::Back(_) if frozen => world.restore(tab, "T"),
        _ if frozen => {}
        Step::Close(_) => world.close(tab),
        Step::Hide(_) => world.hide(tab),
        Step::Show(_) => world.show(tab),
        Step::Away(_) => world.freeze(tab),
        _ => {}
    }
}

/// On a page.
fn happen(world: &mut World, tab: usize, step: &Step) {
    let input = match *step {
        Step::Focus(_, on) => Input::Focused { on },
        Step::Scroll(_, percent) => Input::Scrolled { percent },
        Step::Play(_, on) => {
            world.tabs[tab].playing = on;
            Input::Playing { on }
        }
        Step::Track(_, name) => Input::Track { name: NAMES[usize::from(name)], props: "{\"n\":1}" },
        Step::Purchase(_) => {
            Input::Track { name: "purchase", props: "{\"value\":\"1.50\",\"currency\":\"EUR\"}" }
        }
        Step::Identify(_, id) => Input::Identify { customer: ["C-1", "C-2"][usize::from(id)], traits: "" },
        Step::Reset(_) => Input::Reset { erase: false },
        Step::Push(_, path) => return world.navigate(tab, &[(Some(Cause::Push), url(path))], "T"),
        Step::Page(_) => Input::View { title: "T", props: "" },
        Step::Flush(_) => Input::Flush,
        Step::Consent(_, granted) => {
            Input::Consent { choice: if granted { Choice::Granted } else { Choice::Denied } }
        }
        _ => Input::Active,
    };
    world.feed(tab, input);
}

/// Few enough to stay quick, and the same ones on every machine; `LAWS=50` tries fifty times as many, and others.
pub fn few(cases: u32) -> ProptestConfig {
    let more: Option<u32> = std::env::var("LAWS").ok().and_then(|times| times.parse().ok());
    ProptestConfig {
        cases: cases * more.unwrap_or(1),
        failure_persistence: None,
        rng_seed: if more.is_some() { RngSeed::Random } else { RngSeed::Fixed(2026) },
        max_shrink_iters: 1_000,
        ..ProptestConfig::default()
    }
}
