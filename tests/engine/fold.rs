//! Laws of the session fold.

use passerby::engine::Audience;
use passerby::engine::fold::{Fact, Session};
use proptest::prelude::*;

use crate::visits::few;

/// A fact that can be shuffled: what it borrows is derived from the view's number.
#[derive(Clone, Debug)]
enum Told {
    View(u32, bool),
    /// The last says whether it goes on with a view of the other load.
    Engagement(u32, u64, u32, bool),
    Event(u8, u64),
    Audience(u64),
}

const URLS: [&str; 4] =
    ["https://shop.test/0", "https://shop.test/1", "https://shop.test/2", "https://shop.test/3"];
const NAMES: [&str; 3] = ["purchase", "looked", "sign_up"];
const START: u64 = 1_000_000;

fn told() -> impl Strategy<Value = (u8, Told)> {
    let fact = prop_oneof![
        (1..5_u32, any::<bool>()).prop_map(|(view, visible)| Told::View(view, visible)),
        (1..5_u32, 0..90_000_u64, 0..=100_u32, any::<bool>())
            .prop_map(|(view, ms, scroll, on)| Told::Engagement(view, ms, scroll, on)),
        (0..3_u8, 0..90_000_u64).prop_map(|(name, at)| Told::Event(name, at)),
        (0..3_u64).prop_map(Told::Audience),
    ];
    (0..2_u8, fact)
}

fn apply(session: &mut Session, load: u8, told: &Told) {
    let (load, other) = [("a", "b"), ("b", "a")][usize::from(load)];
    let fact = match *told {
        Told::View(view, visible) => {
            let at = START + u64::from(view) * 10_000;
            Fact::View { view, at, url: URLS[view as usize - 1], title: "T", visible }
        }
        Told::Engagement(view, engaged, scroll, on) => {
            let of = if on { other } else { "" };
            Fact::Engagement { of, view, engaged, visible: engaged, scroll, active: START + engaged }
        }
        Told::Event(name, at) => {
            let name = NAMES[usize::from(name)];
            Fact::Event { name, at: START + at, active: name == "purchase" }
        }
        Told::Audience(is) => Fact::Audience { is: Audience::from(is) },
    };
    session.apply(load, fact);
}

fn fold<'a>(facts: impl IntoIterator<Item = &'a (u8, Told)>) -> Session {
    let mut session = Session { started: START, ..Session::default() };
    facts.into_iter().for_each(|(load, told)| apply(&mut session, *load, told));
    sorted(session)
}

/// What has no order, put in one.
fn sorted(mut session: Session) -> Session {
    session.loads.sort_by(|one, other| one.id.cmp(&other.id));
    for load in &mut session.loads {
        load.views.sort_by_key(|view| view.number);
        load.events.sort_by(|one, other| one.name.cmp(&other.name));
    }
    session
}

proptest! {
    #![proptest_config(few(300))]

    #[test]
    fn order_does_not_matter((facts, shuffled) in prop::collection::vec(told(), 0..40)
        .prop_flat_map(|facts| (Just(facts.clone()), Just(facts).prop_shuffle()))) {
        prop_assert_eq!(fold(&facts), fold(&shuffled));
    }

    #[test]
    fn a_repeated_engagement_changes_nothing(
        facts in prop::collection::vec(told(), 0..40),
        again: prop::sample::Index,
    ) {
        let engagements: Vec<_> = facts.iter().filter(|fact| matches!(fact.1, Told::Engagement(..))).collect();
        prop_assume!(!engagements.is_empty());
        let repeated = engagements[again.index(engagements.len())];
        prop_assert_eq!(fold(&facts), fold(facts.iter().chain([repeated])));
    }

    #[test]
    fn join_equals_applying_both(facts in prop::collection::vec(told(), 0..40)) {
        // Each tab knows its own document.
        let (a, b): (Vec<_>, Vec<_>) = facts.iter().cloned().partition(|(load, _)| *load == 0);
        let mut joined = fold(&a);
        joined.join(&fold(&b));
        prop_assert_eq!(sorted(joined.clone()), fold(&facts));
        // Once more, or the other way round, is the same.
        joined.join(&fold(&b));
        let mut other = fold(&b);
        other.join(&fold(&a));
        prop_assert_eq!(sorted(joined), sorted(other));
    }

    #[test]
    fn summing_up_old_views_changes_no_total(facts in prop::collection::vec(told(), 0..40), limit in 1..4_usize) {
        let (whole, mut trimmed) = (fold(&facts), fold(&facts));
        trimmed.loads.iter_mut().for_each(|load| load.trim(limit));
        let rules = crate::collector::rules();
        prop_assert_eq!(whole.totals(&rules), trimmed.totals(&rules));
        let mut joined = fold(&facts);
        joined.join(&trimmed);
        prop_assert_eq!(joined.totals(&rules), whole.totals(&rules));
    }
}
