//! Who this is: user, potential customer or customer, how they got there, and what comes next.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::format::join;
use super::node::{Attribute, Node, Tag, element, leaf};
use super::{Visit, clean, empty, format, section as part};

/// The path, in order: the name in the summary, in words, and what it means.
const PATH: [(&str, &str, &str); 3] = [
    ("user", "User", "anonymous"),
    ("potential", "Potential customer", "showed intent"),
    ("customer", "Customer", "bought or identified"),
];

const STAGES: [&str; 5] = ["discover", "shop", "buy", "own", "advocate"];

/// What leads on, from the first and from the second station.
const NEXT: [&str; 2] = [
    "Next: a cart, a checkout, a lead or a sign-up begun makes a potential customer, \
     unless the site has a rule of its own.",
    "Next: a purchase makes a customer, as does being identified, unless the site has a rule of its own.",
];

/// "Potential customer"; an audience this version does not know is shown by its own name.
pub fn name(audience: &str) -> String {
    match station(audience).and_then(|at| PATH.get(at)).map(|place| place.1) {
        Some(place) => place.into(),
        None => clean::words(audience),
    }
}

fn station(audience: &str) -> Option<usize> {
    PATH.iter().position(|(name, _, _)| *name == audience)
}

pub fn section(visit: &Visit) -> Node {
    let audience = &visit.summary.audience;
    if audience.is.is_empty() {
        return part("audience", "Audience", vec![empty("No data: the audience is not known yet.")]);
    }
    let mut parts = vec![path(&audience.is)];
    if station(&audience.is).is_none() {
        parts.push(leaf(Tag::P, "lead", &name(&audience.is)));
    }
    parts.push(leaf(Tag::P, "why", &reason(&audience.reason)));
    // The rule is a list of events; who is anonymous has met none of them.
    let rule = visit.explanation("audience").map_or("", |explanation| &explanation.rule);
    if station(&audience.is) > Some(0) && !rule.is_empty() {
        let events = clean::line(rule, clean::SENTENCE);
        let spaced = events
            .split(',')
            .fold(String::new(), |all, name| join(&[&all, if all.is_empty() { "" } else { ", " }, name]));
        parts.push(leaf(Tag::P, "rule", &join(&["Rule: any of ", &spaced, "."])));
    }
    parts.extend(since(visit));
    if let Some(next) = station(&audience.is).and_then(|at| NEXT.get(at)) {
        parts.push(leaf(Tag::P, "rule", next));
    }
    parts.extend(stage(&audience.stage));
    part("audience", "Audience", parts)
}

/// The three stations; each says in words whether it is behind, here or ahead.
fn path(is: &str) -> Node {
    let here = station(is);
    let steps = PATH.iter().enumerate().map(|(at, (_, name, meaning))| {
        let (class, mark) = match here {
            Some(here) if at < here => ("step passed", "passed"),
            Some(here) if at == here => ("step here", "now"),
            _ => ("step ahead", "not yet"),
        };
        let step = element(
            Tag::Li,
            class,
            vec![
                leaf(Tag::Strong, "", name),
                leaf(Tag::Span, "meaning", meaning),
                leaf(Tag::Span, "mark", mark),
            ],
        );
        if here == Some(at) { step.with(Attribute::Current, "step") } else { step }
    });
    element(Tag::Ol, "path", steps.collect()).with(Attribute::Label, "From user to customer")
}

fn since(visit: &Visit) -> Vec<Node> {
    let when = visit.reader.when(visit.summary.audience.since);
    when.map(|when| leaf(Tag::P, "since", &join(&["Since ", &when]))).into_iter().collect()
}

/// The reason in words, where no explanation came with the summary.
fn reason(reason: &str) -> String {
    match reason {
        "" | "default" | "anonymous" => "Nothing has told who this is, or what they want.".into(),
        "purchase" => "Has made a purchase.".into(),
        "identify" => "The site identified them.".into(),
        _ => join(&["Because of: ", &clean::line(reason, clean::NAME), "."]),
    }
}

/// Where they are among the five stages.
fn stage(stage: &str) -> Vec<Node> {
    if stage.is_empty() {
        return Vec::new();
    }
    let steps = STAGES.iter().map(|name| {
        let here = *name == stage;
        let step = leaf(Tag::Li, if here { "stage here" } else { "stage" }, &clean::words(name));
        if here { step.with(Attribute::Current, "step") } else { step }
    });
    let label = leaf(Tag::Span, "label", "Stage");
    let list = element(Tag::Ol, "stages", steps.collect()).with(Attribute::Label, "Stage");
    let mut line = vec![element(Tag::Div, "line", vec![label, list])];
    if !STAGES.contains(&stage) {
        line.push(leaf(Tag::P, "why", &join(&["Stage: ", &clean::words(stage), "."])));
    }
    line
}

/// New or returning, and how often they came.
pub fn visitor(visit: &Visit) -> Node {
    let Some(visitor) = &visit.summary.visitor else {
        return part("visitor", "Visitor", vec![empty("No data: no stored visitor was read.")]);
    };
    let kind = match visitor.sessions {
        0 => "No data about sessions".into(),
        1 => "New: this is the first session".into(),
        many => join(&["Returning: ", &format::counted(many, "session", "sessions")]),
    };
    let mut parts = vec![leaf(Tag::P, "lead", &kind)];
    if let Some(when) = visit.reader.when(visitor.first_seen) {
        parts.push(leaf(Tag::P, "why", &join(&["First seen ", &when])));
    }
    let relationship = clean::words(&visit.summary.audience.relationship);
    if !relationship.is_empty() {
        parts.push(leaf(Tag::P, "why", &join(&["Relationship: ", &relationship.to_ascii_lowercase()])));
        parts.extend(visit.why("relationship"));
    }
    part("visitor", "Visitor", parts)
}
