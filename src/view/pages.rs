//! The pages of this visit in order, and its events.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::format::join;
use super::node::{Attribute, Node, Tag, element, leaf};
use super::summary::{Counts, Page};
use super::{Visit, clean, empty, format, section as part};

/// Pages and events shown; the rest is counted.
const SHOWN: usize = 100;

pub fn section(visit: &Visit) -> Node {
    let pages = visit.summary.session.as_ref().map_or(&[] as &[Page], |session| &session.pages);
    if pages.is_empty() {
        return part("pages", "Pages", vec![empty("No data: no page view in this session.")]);
    }
    // The newest matter most once there are too many.
    let hidden = pages.len().saturating_sub(SHOWN);
    let mut parts = Vec::new();
    if hidden > 0 {
        parts.push(empty(&join(&[
            &format::counted(hidden as u64, "earlier page", "earlier pages"),
            " not shown.",
        ])));
    }
    parts.push(element(Tag::Ol, "list", pages.iter().skip(hidden).map(page).collect()));
    part("pages", "Pages", parts)
}

fn page(page: &Page) -> Node {
    let path = clean::path(&page.url);
    let title = clean::line(&page.title, clean::TITLE);
    let title = if title.is_empty() { "Untitled page".into() } else { title };
    let title = match clean::link(&page.url) {
        Some(url) => leaf(Tag::A, "name", &title)
            .with(Attribute::Href, &url)
            .with(Attribute::Rel, "noopener noreferrer"),
        None => leaf(Tag::Span, "name", &title),
    };
    let depth = page.scroll_depth.min(100);
    let scrolled = join(&[&format::percent(depth), " scrolled"]);
    let meter = element(Tag::Meter, "depth", Vec::new())
        .with(Attribute::Max, "100")
        .with(Attribute::Value, &format::digits(depth))
        // The words beside it say the same.
        .with(Attribute::Hidden, "true");
    element(
        Tag::Li,
        "page",
        vec![
            title.with(Attribute::Dir, "auto"),
            leaf(Tag::Span, "place", &path).with(Attribute::Dir, "ltr"),
            element(
                Tag::Span,
                "facts",
                vec![
                    leaf(Tag::Span, "", &join(&[&format::duration(page.engaged_ms), " engaged"])),
                    leaf(Tag::Span, "scrolled", &scrolled),
                    meter,
                ],
            ),
        ],
    )
}

pub fn events(visit: &Visit) -> Node {
    let events = &visit.summary.events;
    if events.0.is_empty() {
        return part("events", "Events", vec![empty("No data: no event in this session.")]);
    }
    part("events", "Events", vec![leaf(Tag::P, "rule", "The most frequent first."), tally(events)])
}

/// Names and how often, the most frequent first.
pub fn tally(counts: &Counts) -> Node {
    let mut sorted: Vec<&(String, u64)> = Vec::new();
    for entry in &counts.0 {
        // Insertion keeps the code of a full sort out of the widget.
        let at = sorted.iter().rposition(|(_, count)| *count >= entry.1).map_or(0, |at| at + 1);
        sorted.insert(at, entry);
    }
    let rows = sorted.iter().take(SHOWN).map(|(name, times)| count(name, *times));
    element(Tag::Ul, "tally", rows.collect())
}

/// A name and how often.
pub fn count(name: &str, times: u64) -> Node {
    element(
        Tag::Li,
        "event",
        vec![
            leaf(Tag::Span, "name", &clean::line(name, clean::NAME)).with(Attribute::Dir, "auto"),
            leaf(Tag::Span, "times", &join(&[&format::count(times), "\u{a0}×"])),
        ],
    )
}
