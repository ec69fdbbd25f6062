//! This visit in numbers, its verdict, and where it came from. Each number stands beside its definition.

use alloc::string::String;
use alloc::vec;

use super::format::join;
use super::node::{Node, Tag, element, leaf};
use super::summary::Session;
use super::{Visit, clean, empty, format, section as part};

pub fn section(visit: &Visit) -> Node {
    let Some(session) = &visit.summary.session else {
        return part("session", "This visit", vec![empty("No data: no session has begun.")]);
    };
    let numbers = vec![
        number("Engaged time", format::duration(session.engaged_ms), ENGAGED_TIME),
        number("Duration", format::duration(session.duration_ms), DURATION),
        number("Page depth", format::counted(session.page_depth, "page", "pages"), PAGE_DEPTH),
    ];
    let mut parts = vec![element(Tag::Dl, "numbers", numbers)];
    if let Some(when) = visit.reader.when(session.started) {
        parts.insert(0, leaf(Tag::P, "since", &join(&["Began ", &when])));
    }
    parts.push(verdicts(visit, session));
    parts.extend(visit.why("session"));
    part("session", "This visit", parts)
}

const ENGAGED_TIME: &str = "Page visible, window in focus, and input not long ago.";
const DURATION: &str =
    "From the start to the last activity. Engaged time goes on for a while after that, and may be longer.";
const CHANNEL: &str =
    "By the campaign in the address or, without one, by the referrer, when the session began.";
const PAGE_DEPTH: &str = "Page views in this session.";
const BOUNCE: &str = "Bounce: exactly one page view and no conversion, unless the site chose otherwise.";
const ENGAGED: &str = "Engaged: enough engaged time, two page views, or a conversion.";

fn number(name: &str, value: String, definition: &str) -> Node {
    element(
        Tag::Div,
        "number",
        vec![leaf(Tag::Dt, "", name), leaf(Tag::Dd, "value", &value), leaf(Tag::Dd, "rule", definition)],
    )
}

/// Bounce and engaged session: the verdict in words, and which rule made it.
fn verdicts(visit: &Visit, session: &Session) -> Node {
    let bounce = if session.page_depth == 0 {
        ("verdict open", "Bounce: no data before the first page view")
    } else if session.bounced {
        ("verdict open", "Bounce so far")
    } else {
        ("verdict good", "Not a bounce")
    };
    let engaged = if session.engaged {
        ("verdict good", "Engaged session")
    } else {
        ("verdict open", "Not an engaged session yet")
    };
    element(
        Tag::Ul,
        "verdicts",
        vec![verdict(visit, bounce, "bounce", BOUNCE), verdict(visit, engaged, "engaged", ENGAGED)],
    )
}

fn verdict(visit: &Visit, (class, text): (&'static str, &str), about: &str, default: &str) -> Node {
    let mut parts = vec![leaf(Tag::Strong, "", text)];
    let why = visit.why(about);
    if why.is_empty() {
        parts.push(leaf(Tag::P, "rule", default));
    }
    parts.extend(why);
    element(Tag::Li, class, parts)
}

/// Channel, source and the page they came in by.
pub fn arrival(visit: &Visit) -> Node {
    let Some(session) = visit.summary.session.as_ref().filter(|session| !session.channel.is_empty()) else {
        return part(
            "arrival",
            "Came from",
            vec![empty("No data: where this visit came from is not known.")],
        );
    };
    let channel = clean::words(&session.channel);
    let source = clean::line(&session.source, clean::NAME);
    let mut lead = vec![leaf(Tag::Strong, "", &channel)];
    // "direct" as the source of a direct visit says nothing twice.
    if !source.is_empty() && source != session.channel {
        lead.push(Node::text(" · "));
        lead.push(leaf(Tag::Span, "source", &source));
    }
    let mut parts = vec![element(Tag::P, "lead", lead)];
    if !session.entry.is_empty() {
        let entry = leaf(Tag::Span, "place", &clean::path(&session.entry));
        parts.push(element(Tag::P, "why", vec![Node::text("Came in by "), entry]));
    }
    parts.push(leaf(Tag::P, "rule", CHANNEL));
    part("arrival", "Came from", parts)
}
