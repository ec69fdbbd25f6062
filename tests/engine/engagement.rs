//! Laws of engaged time, asked of the whole engine: presence is its affair.

use passerby::engine::{Cause, Engine, Input, Output, Stamp};
use proptest::prelude::*;
use serde_json::Value;

use crate::visits::few;
use crate::world::MORNING;

#[derive(Clone, Debug)]
enum Fact {
    Visible(bool),
    Focused(bool),
    Playing(bool),
    Active,
    Scrolled(u32),
}

fn fact() -> impl Strategy<Value = (u64, Fact)> {
    let fact = prop_oneof![
        any::<bool>().prop_map(Fact::Visible),
        any::<bool>().prop_map(Fact::Focused),
        any::<bool>().prop_map(Fact::Playing),
        Just(Fact::Active),
        (0..200_u32).prop_map(Fact::Scrolled),
    ];
    (0..50_000_u64, fact)
}

fn open(visible: bool) -> Engine {
    let mut engine = Engine::new("", [1, 2, 3, 4], Stamp { mono: 0, wall: MORNING });
    let page = Input::Page { cause: Cause::Load, url: "https://shop.test/", title: "", referrer: "" };
    for input in [Input::Visible { on: visible }, Input::Focused { on: true }, page] {
        let _ = engine.handle(Stamp { mono: 0, wall: MORNING }, input);
    }
    engine
}

fn feed(engine: &mut Engine, mono: u64, fact: &Fact) {
    let input = match *fact {
        Fact::Visible(on) => Input::Visible { on },
        Fact::Focused(on) => Input::Focused { on },
        Fact::Playing(on) => Input::Playing { on },
        Fact::Active => Input::Active,
        Fact::Scrolled(percent) => Input::Scrolled { percent },
    };
    let _ = engine.handle(Stamp { mono, wall: MORNING + mono }, input);
}

/// The page view's engaged time and scroll depth.
fn page_of(engine: &Engine) -> (u64, u64) {
    let summary: Value = serde_json::from_str(&engine.summary()).expect("JSON");
    let page = &summary["session"]["pages"][0];
    (page["engagedMs"].as_u64().expect("engagedMs"), page["scrollDepth"].as_u64().expect("scrollDepth"))
}

/// What a stop-watch that looks every millisecond would say.
#[derive(Default)]
struct Watch {
    visible: bool,
    focused: bool,
    playing: bool,
    input: Option<u64>,
    engaged: u64,
}

impl Watch {
    fn pass(&mut self, from: u64, to: u64) {
        for now in from..to {
            let attentive = self.playing || self.input.is_some_and(|input| now < input + 30_000);
            self.engaged += u64::from(self.visible && self.focused && attentive);
        }
    }

    fn hear(&mut self, now: u64, fact: &Fact) {
        match *fact {
            Fact::Visible(on) => self.visible = on,
            Fact::Focused(on) => self.focused = on,
            Fact::Playing(on) => self.playing = on,
            Fact::Active if self.visible => self.input = Some(now),
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(few(100))]

    #[test]
    fn engaged_time_is_what_a_stop_watch_says(facts in prop::collection::vec(fact(), 0..25)) {
        let mut engine = open(true);
        let mut watch = Watch { visible: true, focused: true, input: Some(0), ..Watch::default() };
        let mut now = 0;
        for (wait, fact) in &facts {
            watch.pass(now, now + wait);
            now += wait;
            watch.hear(now, fact);
            feed(&mut engine, now, fact);
            prop_assert_eq!(page_of(&engine).0, watch.engaged);
            prop_assert!(watch.engaged <= now);
        }
    }

    #[test]
    fn a_hidden_page_earns_nothing(facts in prop::collection::vec(fact(), 0..25)) {
        let mut engine = open(false);
        let mut now = 0;
        for (wait, fact) in facts.iter().filter(|(_, fact)| !matches!(fact, Fact::Visible(true))) {
            now += wait;
            feed(&mut engine, now, fact);
        }
        prop_assert_eq!(page_of(&engine).0, 0);
    }

    #[test]
    fn scroll_depth_only_grows_within_a_page_view(facts in prop::collection::vec(fact(), 0..25)) {
        let mut engine = open(true);
        let (mut now, mut depth) = (0, 0);
        for (wait, fact) in &facts {
            now += wait;
            feed(&mut engine, now, fact);
            let scroll = page_of(&engine).1;
            prop_assert!(depth <= scroll && scroll <= 100);
            depth = scroll;
        }
    }
}

/// A page may stand `Date.now` still before the script comes. No sleep does that: the other clock goes on for it.
#[test]
fn a_wall_clock_that_stands_still_costs_nothing_and_dates_rightly() {
    let mut engine = Engine::new("collector=1", [1, 2, 3, 4], Stamp { mono: 0, wall: MORNING });
    let page = Input::Page { cause: Cause::Load, url: "https://shop.test/", title: "", referrer: "" };
    let mut outputs = Vec::new();
    for input in [Input::Visible { on: true }, Input::Focused { on: true }, page] {
        outputs.extend(engine.handle(Stamp { mono: 0, wall: MORNING }, input));
    }
    for second in 1..=20 {
        // The host takes the difference of two readings: a millisecond may be missing.
        let at = Stamp { mono: second * 3_000, wall: MORNING - second % 2 };
        outputs.extend(engine.handle(at, Input::Active));
    }
    assert_eq!(page_of(&engine).0, 60_000);
    outputs.extend(engine.handle(Stamp { mono: 61_000, wall: MORNING }, Input::Hide));
    let Some(Output::Send { body, .. }) =
        outputs.iter().rfind(|output| matches!(output, Output::Send { .. }))
    else {
        panic!("nothing was sent")
    };
    let batch: Value = serde_json::from_str(body).expect("JSON");
    assert_eq!((&batch["start"], &batch["sent"]), (&MORNING.into(), &(MORNING + 61_000).into()), "{batch}");
    // It is put right: that is no sleep either, but after a night it is one.
    let _ = engine.handle(Stamp { mono: 62_000, wall: MORNING + 62_000 }, Input::Active);
    assert_eq!(page_of(&engine).0, 62_000);
    let _ = engine.handle(Stamp { mono: 63_000, wall: MORNING + 8 * 3_600_000 }, Input::Flush);
    assert_eq!(page_of(&engine).0, 62_000);
}
