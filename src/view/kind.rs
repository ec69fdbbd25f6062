//! What kind of site it is: which parts of the summary come first, and which events are its features.

use alloc::vec;
use alloc::vec::Vec;

use super::node::{Node, Tag, element};
use super::pages::count;
use super::{Visit, section as part};

/// Kind, the parts that come first, and the events that count; lists with commas.
const KINDS: [(&str, &str, &str); 7] = [
    (
        "shop",
        "audience,cart,arrival,features,session",
        "view_item,add_to_cart,begin_checkout,purchase,refund",
    ),
    ("content", "session,pages,features,arrival", "search,media,share,comment,generate_lead"),
    ("messaging", "features,session,engagement", "message_sent,message_read,contact_added,login"),
    ("social", "features,engagement,session", "share,like,comment,mention,follow"),
    ("learning", "features,session,engagement", "lesson_done,exercise_done,quiz_done,media"),
    ("fitness", "features,engagement,session", "exercise_done,workout_done,goal_reached,share"),
    ("saas", "audience,features,engagement,session", "sign_up,login,feature_used,invite,generate_lead"),
];

fn preset(kind: &str) -> (&'static str, &'static str) {
    KINDS.iter().find(|(name, _, _)| *name == kind).map_or(("", ""), |(_, first, events)| (first, events))
}

/// The parts in the order of this kind of site; those it does not name follow as they are.
pub fn ordered(mut parts: Vec<(&'static str, Node)>, kind: &str) -> Vec<Node> {
    let mut sorted = Vec::new();
    for wanted in preset(kind).0.split(',') {
        if let Some(at) = parts.iter().position(|(name, _)| *name == wanted) {
            sorted.push(parts.remove(at).1);
        }
    }
    sorted.extend(parts.into_iter().map(|(_, node)| node));
    sorted
}

/// How often each feature of this kind of site was used, those that were not used too.
pub fn features(visit: &Visit) -> Option<Node> {
    let events = preset(visit.kind).1;
    let times = |name: &str| {
        let counts = &visit.summary.events.0;
        counts.iter().find(|(known, _)| known == name).map_or(0, |(_, count)| *count)
    };
    let rows = events.split(',').filter(|name| !name.is_empty());
    let rows: Vec<Node> = rows.map(|name| count(name, times(name))).collect();
    (!rows.is_empty()).then(|| part("features", "Features used", vec![element(Tag::Ul, "tally", rows)]))
}
