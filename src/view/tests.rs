//! What a person reads, and what cannot be done to them.

use alloc::string::String;
use alloc::vec::Vec;
use alloc::{format, vec};

use super::summary::{Audience, Delivery, Page, Session, Visitor};
use super::*;

const NOW: u64 = 1_795_000_000_000;

fn shown(summary: &Summary, explanations: &[Explanation]) -> String {
    let moment = |at: u64| format!("at {at}");
    let reader = Reader { now: NOW, moment: &moment };
    html::html(&view(&Visit { summary, explanations, reader, score: None, kind: "" }))
}

fn shown_as(summary: &Summary, score: Option<&Score>, kind: &str) -> String {
    let moment = |at: u64| format!("at {at}");
    let reader = Reader { now: NOW, moment: &moment };
    html::html(&view(&Visit { summary, explanations: &[], reader, score, kind }))
}

/// The titles of the parts, in their order.
fn titles(html: &str) -> Vec<&str> {
    html.split("<h3 class=\"title\">").skip(1).filter_map(|rest| rest.split('<').next()).collect()
}

#[test]
fn the_kind_of_site_says_what_comes_first_and_which_events_count() {
    let plain = shown_as(&customer(), None, "");
    let all =
        ["Audience", "This visit", "Came from", "Pages", "Events", "Visitor", "Delivery", "Definitions"];
    assert_eq!(titles(&plain), all);
    assert_eq!(titles(&shown_as(&customer(), None, "nonsense")), all);
    let mut filled = customer();
    filled.events.0.push(("add_to_cart".into(), 2));
    let shop = shown_as(&filled, None, "shop");
    assert_eq!(titles(&shop)[..5], ["Audience", "Cart", "Came from", "Features used", "This visit"]);
    assert_eq!(titles(&shop).len(), all.len() + 2);
    let features =
        shop.split("Features used").nth(1).unwrap_or_default().split("</section>").next().unwrap_or("");
    assert!(features.contains("begin_checkout") && features.contains("0\u{a0}×"), "{features}");
    assert_eq!(titles(&shown_as(&filled, None, "content"))[..2], ["This visit", "Pages"]);
    for kind in ["messaging", "social", "learning", "fitness", "saas"] {
        assert!(titles(&shown_as(&filled, None, kind)).contains(&"Features used"), "{kind}");
    }
}

#[test]
fn a_score_is_never_shown_without_its_parts() {
    let score = Score { parts: [20, 8, 12, 6, 8], segments: vec!["loyal <b>readers</b>".into()] };
    let html = shown_as(&customer(), Some(&score), "");
    for told in
        ["Score 54 of 100", "Recency", "20 of 20", "Engaged time", "6 of 20", "loyal &lt;b&gt;readers"]
    {
        assert!(html.contains(told), "{told} is not in {html}");
    }
}

#[test]
fn a_cart_is_told_by_what_became_of_it() {
    let mut summary = customer();
    for (events, told) in [
        (&[("add_to_cart", 2)][..], Some("Filled, not bought")),
        (&[("add_to_cart", 2), ("begin_checkout", 1)], Some("Checkout begun, not bought")),
        (&[("add_to_cart", 2), ("begin_checkout", 1), ("purchase", 1)], Some("Bought")),
        (&[("purchase", 1)], None),
    ] {
        summary.events = Counts(events.iter().map(|(name, count)| ((*name).into(), *count)).collect());
        let html = shown_as(&summary, None, "");
        assert_eq!(titles(&html).contains(&"Cart"), told.is_some(), "{events:?}");
        assert!(told.is_none_or(|told| html.contains(told)), "{events:?}");
    }
    // Told five times, and three orders.
    summary.events = Counts(vec![("add_to_cart".into(), 2), ("purchase".into(), 5)]);
    summary.visitor = Some(Visitor { purchases: 3, ..Visitor::default() });
    let html = shown_as(&summary, None, "shop");
    for told in ["<dt>Purchase events</dt><dd>5</dd>", "<dt>Orders, in all visits</dt><dd>3</dd>"] {
        assert!(html.contains(told), "{told} is not in {html}");
    }
}

fn customer() -> Summary {
    let page = |url: &str, title: &str, scroll_depth| Page {
        url: url.into(),
        title: title.into(),
        duration_ms: 90_000,
        engaged_ms: 84_000,
        scroll_depth,
    };
    Summary {
        settled: true,
        definition: "a91f03c2".into(),
        session: Some(Session {
            id: "s".into(),
            started: NOW - 120_000,
            duration_ms: 118_000,
            engaged_ms: 84_000,
            page_depth: 2,
            bounced: false,
            engaged: true,
            entry: "https://shop.example/?ref=a".into(),
            channel: "organic_search".into(),
            source: "google".into(),
            pages: vec![
                page("https://shop.example/", "Home", 40),
                page("https://shop.example/thanks", "Thanks", 100),
            ],
        }),
        audience: Audience {
            is: "customer".into(),
            reason: "purchase".into(),
            since: NOW - 60_000,
            stage: "buy".into(),
            relationship: "building".into(),
        },
        events: Counts(vec![("purchase".into(), 1), ("page_view".into(), 2)]),
        delivery: Delivery { sent: 3, acknowledged: 3, ..Delivery::default() },
        visitor: Some(Visitor { id: "v".into(), sessions: 2, purchases: 1, first_seen: NOW - 172_800_000 }),
    }
}

#[test]
fn durations_keep_two_units_and_never_say_too_much() {
    for (ms, text) in [
        (0, "0 s"),
        (1, "under 1 s"),
        (999, "under 1 s"),
        (1_000, "1 s"),
        (1_949, "1.9 s"),
        (24_999, "24 s"),
        (60_000, "1 min"),
        (84_000, "1 min 24 s"),
        (3_600_000, "1 h"),
        (3_899_999, "1 h 4 min"),
        (90_000_000, "1 d 1 h"),
        (86_400_000 * 1_234, "1,234 d"),
    ] {
        assert_eq!(format::duration(ms).replace('\u{a0}', " "), text, "{ms}");
    }
}

#[test]
fn counts_and_shares() {
    for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (12_345_678, "12,345,678")] {
        assert_eq!(format::count(number), text);
    }
    assert_eq!(format::count(u64::MAX), "18,446,744,073,709,551,615");
    assert_eq!(format::percent(250), "100\u{a0}%");
    assert_eq!(format::counted(1, "page", "pages"), "1\u{a0}page");
    assert_eq!(format::ago(10, 20), "just now");
    assert_eq!(format::ago(NOW, NOW - 7_200_000), "2\u{a0}h ago");
}

#[test]
fn a_line_is_bounded_and_hides_nothing() {
    assert_eq!(clean::line("  a\n\tb\u{0}\u{7}c  ", 9), "a b c");
    assert_eq!(clean::line("\u{202e}exe.txt\u{202c}\u{2066}\u{200b}\u{feff}", 20), "exe.txt");
    assert_eq!(clean::line("a\u{200d}b", 9), "a\u{200d}b", "joiners are letters to some");
    assert_eq!(clean::line(&"é".repeat(50), 3), "ééé…");
    assert_eq!(clean::line("abc", 3), "abc");
    assert_eq!(clean::sentence("add_to_cart, 3 min ago"), "add_to_cart, 3 min ago.");
    assert_eq!(clean::sentence("no referrer"), "No referrer.");
    assert_eq!(clean::words("organic_search"), "Organic search");
}

#[test]
fn only_web_addresses_are_links() {
    for url in ["https://a.example/x?y#z", "HTTP://a.example"] {
        assert_eq!(clean::link(url).as_deref(), Some(url));
    }
    let long = ["https://a.example/", &"x".repeat(3_000)].concat();
    for url in
        ["javascript:alert(1)", "data:text/html,x", "//a.example", "/x", "", "https://", "https:///x", &long]
    {
        assert_eq!(clean::link(url), None, "{url}");
    }
    for url in
        ["java\nscript:alert(1)", "https://a.example/\u{202e}", "https://a.example\\@b.example", "é://x"]
    {
        assert_eq!(clean::link(url), None, "{url}");
    }
    assert_eq!(clean::path("https://a.example/x/y?z=1"), "/x/y?z=1");
    assert_eq!(clean::path("https://a.example"), "/");
    assert_eq!(clean::path("/x"), "/x");
}

#[test]
fn a_customer_reads_as_one() {
    let text = shown(&customer(), &[]);
    for part in [
        "<strong>User</strong><span class=\"meaning\">anonymous</span><span class=\"mark\">passed</span>",
        "<li class=\"step here\" aria-current=\"step\"><strong>Customer</strong>",
        "Has made a purchase.",
        "1\u{a0}min 24\u{a0}s",
        "2\u{a0}pages",
        "Not a bounce",
        "Engaged session",
        "Organic search",
        "Came in by <span class=\"place\">/?ref=a</span>",
        "<meter class=\"depth\" max=\"100\" value=\"40\" aria-hidden=\"true\"></meter>",
        "40\u{a0}% scrolled",
        "Everything sent has been acknowledged.",
        "Returning: 2\u{a0}sessions",
        "Relationship: building",
        "<code>a91f03c2</code>",
    ] {
        assert!(text.contains(part), "{part} is missing from {text}");
    }
    let (often, seldom) = (text.find("page_view").unwrap(), text.find("\">purchase<").unwrap());
    assert!(often < seldom, "the most frequent event comes first");
}

#[test]
fn the_engine_s_rule_stands_beside_its_verdict() {
    let bounce = Explanation {
        about: "bounce".into(),
        is: "false".into(),
        rule: "exactly one page view, no conversion".into(),
        because: "2 page views".into(),
    };
    let text = shown(&customer(), &[bounce]);
    let verdict = "Not a bounce</strong><p class=\"why\">Exactly one page view, no conversion.</p>";
    assert!(text.contains(verdict));
    assert!(text.contains("<p class=\"rule\">2 page views.</p>"));
}

#[test]
fn nothing_known_says_no_data_and_shows_no_number() {
    let text = shown(&Summary::default(), &[]);
    assert_eq!(text.matches("No data").count(), 7, "{text}");
    assert!(text.contains("no data"), "the definition too");
    assert!(!text.chars().any(|char| char.is_ascii_digit() && char != '3'), "only h3 has a digit: {text}");
    assert!(html::html(&unreadable()).contains("No data"));
}

#[test]
fn every_dropped_event_has_its_reason() {
    let dropped = Counts(vec![("too_large".into(), 1), ("queue_full".into(), 1_200)]);
    let delivery = Delivery { sent: 3, acknowledged: 2, dropped, ..Delivery::default() };
    let text = shown(&Summary { delivery, ..Summary::default() }, &[]);
    for part in ["Some events were dropped.", "Queue full", "1,200\u{a0}×", "Too large", "1,201"] {
        assert!(text.contains(part), "{part}");
    }
}

#[test]
fn hostile_text_stays_text() {
    let bad = "\u{202e}<img src=x onerror=alert(1)>\"'&</script>".repeat(40);
    let mut summary = customer();
    let session = summary.session.as_mut().unwrap();
    for place in [&mut session.entry, &mut session.channel, &mut session.source] {
        *place = bad.clone();
    }
    session.pages =
        vec![Page { url: bad.clone(), title: bad.clone(), scroll_depth: u64::MAX, ..Page::default() }];
    summary.events = Counts(vec![(bad.clone(), u64::MAX), (bad.clone(), u64::MAX)]);
    summary.delivery.dropped = Counts(vec![(bad.clone(), u64::MAX), (bad.clone(), 1)]);
    summary.delivery.sent = u64::MAX;
    summary.definition = bad.clone();
    let audience = &mut summary.audience;
    for place in [&mut audience.is, &mut audience.reason, &mut audience.stage, &mut audience.relationship] {
        *place = bad.clone();
    }
    audience.since = u64::MAX;
    let about = |about: &str| Explanation {
        about: about.into(),
        is: bad.clone(),
        rule: bad.clone(),
        because: bad.clone(),
    };
    let text = shown(&summary, &["audience", "bounce", "channel", "drop", "relationship"].map(about));
    assert!(!text.contains("<img") && !text.contains("</script") && !text.contains('\u{202e}'));
    assert!(!text.contains("href=") && !text.contains("at 18446744073709551615"));
    assert!(text.len() < 40_000, "{}", text.len());
}

#[test]
fn a_long_visit_stays_bounded() {
    let mut summary = customer();
    let page = Page { url: "https://a.example/".into(), ..Page::default() };
    summary.session.as_mut().unwrap().pages = vec![page; 2_000];
    summary.events = Counts((0..2_000).map(|at| (format!("event_{at}"), at)).collect());
    let text = shown(&summary, &[]);
    assert_eq!(text.matches("class=\"page\"").count(), 100);
    assert_eq!(text.matches("class=\"event\"").count(), 100);
    assert!(text.contains("1,900\u{a0}earlier pages not shown."));
    assert!(text.contains("event_1999") && text.contains("Untitled page"));
}

/// The build takes `core::fmt` out of the widget: whatever used it would silently show nothing there.
#[test]
fn neither_view_nor_widget_formats() {
    for folder in ["src/view", "src/widget"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let files: Vec<_> = std::fs::read_dir(path).unwrap().map(|file| file.unwrap().path()).collect();
        for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "rs")) {
            if file.ends_with("tests.rs") {
                continue;
            }
            let code = std::fs::read_to_string(file).unwrap();
            for banned in ["format!(", ".to_string()", "write!(", "{:"] {
                assert!(!code.contains(banned), "{banned} in {}", file.display());
            }
        }
    }
}
