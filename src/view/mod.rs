//! A summary as a tree of nodes: what a person reads about one visit.
//!
//! Pure: the widget puts the tree into the DOM, the collector writes it as escaped HTML, so both say
//! the same in the same words. Every string of the summary may come from an attacker (a path, a title,
//! a campaign), so none reaches the tree but through [`clean`].
//!
//! A number without data says so; it is never 0.

pub mod clean;
pub mod format;
pub mod html;
pub mod node;
pub mod summary;

#[cfg(feature = "collector")]
mod write;

mod audience;
mod delivery;
mod engagement;
mod kind;
mod pages;
mod session;

#[cfg(test)]
mod tests;

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

pub use audience::name as audience_name;
pub use node::{Attribute, Element, Node, Tag};
pub use summary::{Counts, Explanation, Summary};

use crate::score::Score;

use node::{element, leaf};

/// How the tree looks, for the shadow root and the collector's page alike. Colours and sizes come from
/// custom properties that whoever shows it sets.
pub const CSS: &str = include_str!("view.css");

/// What the tree needs from outside: the clock, and a moment's wording in the reader's own time zone.
pub struct Reader<'a> {
    /// Unix milliseconds.
    pub now: u64,
    /// Unix milliseconds as a person reads them.
    pub moment: &'a dyn Fn(u64) -> String,
}

/// The last moment JavaScript's calendar knows.
const LAST_MOMENT: u64 = 8_640_000_000_000_000;

impl Reader<'_> {
    /// "14:32 (3 min ago)"; nothing where nobody knows.
    fn when(&self, at: u64) -> Option<String> {
        let known = at > 0 && at <= LAST_MOMENT;
        known.then(|| format::join(&[&(self.moment)(at), " (", &format::ago(self.now, at), ")"]))
    }
}

/// All that is known about one visit.
pub struct Visit<'a> {
    pub summary: &'a Summary,
    pub explanations: &'a [Explanation],
    pub reader: Reader<'a>,
    /// The engagement score, where somebody has measured it.
    pub score: Option<&'a Score>,
    /// What kind of site it is: `shop`, `content` and so on, or nothing.
    pub kind: &'a str,
}

impl Visit<'_> {
    fn explanation(&self, about: &str) -> Option<&Explanation> {
        self.explanations.iter().find(|explanation| explanation.about == about)
    }

    /// "Why" below a verdict: the rule, and the numbers it looked at.
    fn why(&self, about: &str) -> Vec<Node> {
        self.explanation(about).map(explained).unwrap_or_default()
    }
}

/// The whole summary.
pub fn view(visit: &Visit) -> Node {
    let parts = [
        ("audience", Some(audience::section(visit))),
        ("session", Some(session::section(visit))),
        ("arrival", Some(session::arrival(visit))),
        ("cart", engagement::cart(visit)),
        ("features", kind::features(visit)),
        ("engagement", engagement::section(visit)),
        ("pages", Some(pages::section(visit))),
        ("events", Some(pages::events(visit))),
        ("visitor", Some(audience::visitor(visit))),
        ("delivery", Some(delivery::section(visit))),
        ("definition", Some(definition(visit))),
    ];
    let there = parts.into_iter().filter_map(|(name, node)| node.map(|node| (name, node)));
    element(Tag::Div, "passerby", kind::ordered(there.collect(), visit.kind))
}

/// In place of a summary that cannot be read.
pub fn unreadable() -> Node {
    element(Tag::Div, "passerby", vec![empty("No data: the summary could not be read.")])
}

/// The rule that decided, and in small print what it looked at.
fn explained(explanation: &Explanation) -> Vec<Node> {
    let mut lines = Vec::new();
    if !explanation.rule.trim().is_empty() {
        lines.push(leaf(Tag::P, "why", &clean::sentence(&explanation.rule)));
    }
    if !explanation.because.trim().is_empty() {
        lines.push(leaf(Tag::P, "rule", &clean::sentence(&facts(&explanation.because))));
    }
    lines
}

/// The engine's "engaged ms 7087 of 10000" as "engaged 7.0 s of 10 s".
fn facts(because: &str) -> String {
    let Some((before, times)) = because.split_once(ENGAGED_MS) else { return because.into() };
    let spoken = times.split(" of ").map(|ms| format::duration(number(ms)));
    let times = spoken.fold(String::new(), |all, one| {
        format::join(&[&all, if all.is_empty() { "" } else { " of " }, &one])
    });
    format::join(&[before, "engaged ", &times])
}

const ENGAGED_MS: &str = "engaged ms ";

fn number(digits: &str) -> u64 {
    let digits = digits.bytes().filter(u8::is_ascii_digit);
    digits.fold(0, |all, digit| all.wrapping_mul(10).wrapping_add(u64::from(digit - b'0')))
}

/// A titled part of the summary.
fn section(class: &'static str, title: &str, mut children: Vec<Node>) -> Node {
    children.insert(0, leaf(Tag::H3, "title", title));
    element(Tag::Section, class, children)
}

/// The sentence of a part that has nothing to show.
fn empty(text: &str) -> Node {
    leaf(Tag::P, "empty", text)
}

/// Which definitions made the numbers, and whether they are final.
fn definition(visit: &Visit) -> Node {
    let hash = clean::line(&visit.summary.definition, 32);
    let shown =
        if hash.is_empty() { leaf(Tag::Span, "empty", "no data") } else { leaf(Tag::Code, "", &hash) };
    let settled = if visit.summary.settled {
        "Settled: storage has confirmed which visitor and session this is."
    } else {
        "Not settled yet: storage has still to confirm which visitor and session this is."
    };
    section(
        "definition",
        "Definitions",
        vec![
            element(Tag::P, "hash", vec![Node::text("Definition "), shown]),
            leaf(
                Tag::P,
                "rule",
                "Numbers under another definition were made by other rules: compare them apart.",
            ),
            leaf(Tag::P, "rule", settled),
        ],
    )
}
