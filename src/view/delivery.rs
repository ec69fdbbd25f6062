//! What became of the events: every one is queued, unconfirmed, acknowledged, or dropped for a reason.

use alloc::vec;
use alloc::vec::Vec;

use super::format::join;
use super::node::{Node, Tag, element, leaf};
use super::pages::tally;
use super::summary::{Counts, Delivery};
use super::{Visit, clean, empty, explained, format, section as part};

pub fn section(visit: &Visit) -> Node {
    let delivery = &visit.summary.delivery;
    let dropped = delivery.dropped.total();
    let mut parts = Vec::new();
    let all = [delivery.sent, delivery.acknowledged, delivery.unconfirmed, delivery.queued, dropped];
    if all == [0; 5] {
        parts.push(empty("No data: nothing has been sent, and nothing waits."));
    } else {
        parts.push(leaf(Tag::P, "lead", verdict(delivery, dropped)));
        parts.push(leaf(
            Tag::P,
            "rule",
            "Of this page since it was loaded; what stands above is the whole session.",
        ));
        parts.push(element(
            Tag::Dl,
            "figures",
            vec![
                figure("Sent", delivery.sent, "handed to the network"),
                figure("Acknowledged", delivery.acknowledged, "the collector has them"),
                figure("Queued", delivery.queued, "wait to be sent"),
                figure("Unconfirmed", delivery.unconfirmed, "sent where no answer could come"),
                figure("Dropped", dropped, "given up, each with a reason"),
            ],
        ));
    }
    if dropped > 0 {
        parts.push(leaf(Tag::P, "why", "Dropped because of:"));
        parts.push(tally(&reasons(&delivery.dropped)));
    }
    // Delivery is where several rules may have spoken: show each.
    for explanation in visit.explanations {
        if matches!(explanation.about.as_str(), "delivery" | "drop" | "consent") {
            parts.extend(explained(explanation));
        }
    }
    part("delivery", "Delivery", parts)
}

fn verdict(delivery: &Delivery, dropped: u64) -> &'static str {
    if dropped > 0 {
        "Some events were dropped."
    } else if delivery.queued > 0 {
        "Some events wait to be sent."
    } else if delivery.unconfirmed > 0 {
        "Some events are still unconfirmed."
    } else {
        "Everything sent has been acknowledged."
    }
}

fn reasons(dropped: &Counts) -> Counts {
    Counts(dropped.0.iter().map(|(reason, count)| (clean::words(reason), *count)).collect())
}

fn figure(name: &str, events: u64, meaning: &str) -> Node {
    let name = join(&[name, " (", meaning, ")"]);
    element(Tag::Div, "figure", vec![leaf(Tag::Dt, "", &name), leaf(Tag::Dd, "", &format::count(events))])
}
