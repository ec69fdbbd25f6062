//! Delivery obeys what another system's answer means, through the engine's own doors.

use passerby::engine::{Cause, Engine, Input, Output, Stamp};
use serde_json::Value;

/// A visitor on a page, and what the engine has sent.
struct Page {
    engine: Engine,
    now: u64,
    sent: Vec<(u32, Value)>,
    warned: Vec<String>,
}

fn at(mono: u64) -> Stamp {
    Stamp { mono, wall: 1_795_365_600_000 + mono }
}

impl Page {
    fn open(format: &str) -> Page {
        let options = format!("collector=1\nurl=https://c.example\nkey=k\nformat={format}\nsite=s\n");
        let engine = Engine::new(&options, [1, 2, 3, 4], at(0));
        let mut page = Page { engine, now: 0, sent: Vec::new(), warned: Vec::new() };
        page.feed(Input::Visible { on: true });
        page.feed(Input::Page { cause: Cause::Load, url: "https://shop.example/", title: "T", referrer: "" });
        page
    }

    fn feed(&mut self, input: Input) {
        for output in self.engine.handle(at(self.now), input) {
            match output {
                Output::Send { batch, body, .. } => {
                    self.sent.push((batch, serde_json::from_str(&body).expect("a request is JSON")));
                }
                Output::Warn { text } => self.warned.push(text),
                _ => {}
            }
        }
    }

    fn track(&mut self, names: &[&str]) {
        names.iter().for_each(|name| self.feed(Input::Track { name, props: "{}" }));
        self.feed(Input::Flush);
    }

    /// Answers what was sent first; what that sends is behind it.
    fn answer(&mut self, status: u32, body: &str) -> Value {
        let (batch, request) = self.sent.remove(0);
        self.feed(Input::Sent { batch, status, body, retry_after: "" });
        serde_json::from_str(request["body"].as_str().expect("a body")).expect("a body of JSON")
    }

    fn delivery(&self) -> Value {
        let summary: Value = serde_json::from_str(&self.engine.summary()).expect("JSON");
        summary["delivery"].clone()
    }
}

fn names(body: &Value) -> Vec<&str> {
    body["batch"].as_array().expect("events").iter().filter_map(|event| event["event"].as_str()).collect()
}

#[test]
fn what_they_never_take_is_found_by_halving_and_dropped_alone() {
    let mut page = Page::open("posthog");
    page.answer(200, "{}");
    page.track(&["one", "two", "bad", "four"]);
    while let Some((_, request)) = page.sent.first() {
        let bad = request["body"].as_str().is_some_and(|body| body.contains("\"bad\""));
        page.answer(if bad { 400 } else { 200 }, "");
    }
    let delivery = page.delivery();
    assert_eq!((&delivery["acknowledged"], &delivery["queued"]), (&4.into(), &0.into()), "{delivery}");
    assert_eq!(delivery["dropped"], serde_json::json!({"rejected": 1}));
    assert_eq!(page.warned, ["the collector refused 1 events; explain() counts them"]);
    assert!(page.engine.explain().contains("\"the collector refused them\",\"because\":\"1\""));
    page.track(&["bad"]);
    page.answer(400, "");
    assert_eq!(page.warned.len(), 1, "once");
}

#[test]
fn what_is_too_large_is_halved() {
    let mut page = Page::open("posthog");
    page.answer(200, "{}");
    page.track(&["one", "two"]);
    assert_eq!(names(&page.answer(413, "")), ["one", "two"]);
    assert_eq!(names(&page.answer(200, "")), ["one"]);
    assert_eq!(names(&page.answer(200, "")), ["two"]);
    assert_eq!(page.delivery()["acknowledged"], 3);
}

#[test]
fn trouble_is_waited_out_with_the_same_ids() {
    let mut page = Page::open("posthog");
    let first = page.answer(503, "");
    assert!(page.sent.is_empty(), "not at once");
    page.now += 60_000;
    page.feed(Input::Wake);
    let again = page.answer(200, "");
    assert_eq!(again["batch"], first["batch"]);
    assert_eq!(page.delivery()["queued"], 0);
}

#[test]
fn what_nobody_has_is_waited_for_even_by_who_counts_twice() {
    let page_of_theirs = "<html>Welcome to FreeWifi</html>";
    let wrong_key = "{\"code\":400,\"error\":\"Invalid API key: k\"}";
    for (format, status, body) in
        [("posthog", 200, page_of_theirs), ("umami", 200, page_of_theirs), ("amplitude", 400, wrong_key)]
    {
        let mut page = Page::open(format);
        page.answer(status, body);
        let delivery = page.delivery();
        assert_eq!((&delivery["acknowledged"], &delivery["queued"]), (&0.into(), &1.into()), "{delivery}");
        assert_eq!(delivery["dropped"], serde_json::json!({}), "{format}");
        assert_eq!(page.warned, ["refused, will be retried"], "{format}");
        page.now += 31_000;
        page.feed(Input::Wake);
        assert_eq!(page.sent.len(), 1, "{format}");
    }
}

#[test]
fn events_tell_their_page_and_engagement_what_the_session_adds_up_to() {
    let mut page = Page::open("posthog");
    page.answer(200, "{}");
    page.feed(Input::Focused { on: true });
    page.feed(Input::Active);
    page.now += 5_000;
    page.track(&["one"]);
    let body = page.answer(200, "");
    let event = |name: &str| {
        let events = body["batch"].as_array().expect("events");
        events.iter().find(|event| event["event"] == name).expect(name)["properties"].clone()
    };
    assert_eq!(event("one")["$current_url"], "https://shop.example/");
    let engagement = event("engagement");
    assert_eq!(engagement["earned_ms"], 5_000);
    assert_eq!(engagement["session_engaged_ms"], 5_000);
    assert_eq!((&engagement["page_depth"], &engagement["bounced"]), (&1.into(), &true.into()));
}
