//! The engagement score with its parts, the segments, and the cart.

use alloc::vec;
use alloc::vec::Vec;

use super::format::join;
use super::node::{Node, Tag, element, leaf};
use super::{Visit, clean, format, section as part};
use crate::score::FULL;

/// The parts in the score's order, in words: name, and what is full.
const PARTS: [(&str, &str); 5] = [
    ("Recency", "Full today, nothing after 30 days."),
    ("Frequency", "Full at 10 sessions in 30 days."),
    ("Depth", "Full at 5 pages in this session."),
    ("Engaged time", "Full at 5 minutes in this session."),
    ("Interactions", "Full at 10 things done in this session."),
];

pub fn section(visit: &Visit) -> Option<Node> {
    let score = visit.score?;
    let of = |points: u64, all: u64| join(&[&format::digits(points), " of ", &format::digits(all)]);
    let figures = PARTS.iter().zip(score.parts).map(|((name, rule), points)| {
        let value = leaf(Tag::Dd, "value", &of(points, FULL));
        element(Tag::Div, "number", vec![leaf(Tag::Dt, "", name), value, leaf(Tag::Dd, "rule", rule)])
    });
    let mut parts = vec![
        leaf(Tag::P, "lead", &join(&["Score ", &of(score.total(), 100)])),
        element(Tag::Dl, "numbers", figures.collect()),
    ];
    if !score.segments.is_empty() {
        let names = score.segments.iter().map(|name| leaf(Tag::Li, "why", &clean::line(name, clean::NAME)));
        parts.push(leaf(Tag::P, "rule", "Segments, by the site's own rules:"));
        parts.push(element(Tag::Ul, "segments", names.collect()));
    }
    Some(part("engagement", "Engagement", parts))
}

/// What became of the cart in this session; nothing where none was begun.
pub fn cart(visit: &Visit) -> Option<Node> {
    let times = |name: &str| {
        let counts = &visit.summary.events.0;
        counts.iter().find(|(known, _)| known == name).map_or(0, |(_, count)| *count)
    };
    if times("add_to_cart") == 0 {
        return None;
    }
    let lead = match () {
        () if times("purchase") > 0 => "Bought",
        () if times("begin_checkout") > 0 => "Checkout begun, not bought",
        () => "Filled, not bought",
    };
    let steps = [
        ("Added", "add_to_cart"),
        ("Removed", "remove_from_cart"),
        ("Checkouts", "begin_checkout"),
        ("Purchase events", "purchase"),
        ("Refunds", "refund"),
        ("Failed orders", "order_error"),
    ];
    // An order whose page is loaded again is told again: what they bought is known of the visitor.
    let orders = visit.summary.visitor.as_ref().map_or(0, |visitor| visitor.purchases);
    let figures: Vec<Node> = steps
        .iter()
        .map(|(name, event)| (*name, times(event)))
        .chain([("Orders, in all visits", orders)])
        .filter(|(_, times)| *times > 0)
        .map(|(name, times)| {
            let count = leaf(Tag::Dd, "", &format::count(times));
            element(Tag::Div, "figure", vec![leaf(Tag::Dt, "", name), count])
        })
        .collect();
    let rule = "Abandoned once 24 hours have passed since it was begun without a purchase.";
    Some(part(
        "cart",
        "Cart",
        vec![leaf(Tag::P, "lead", lead), element(Tag::Dl, "figures", figures), leaf(Tag::P, "rule", rule)],
    ))
}
