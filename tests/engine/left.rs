//! What is left with the browser in case the page is killed, and what a refusal before sending means.

use passerby::engine::{Cause, Choice, Engine, Input, Output, Stamp};
use serde_json::Value;

struct Page {
    engine: Engine,
    sent: Vec<(u32, String)>,
}

fn at(mono: u64) -> Stamp {
    Stamp { mono, wall: 1_795_365_600_000 + mono }
}

/// A page whose own page view has been acknowledged, if it was sent at all.
fn open(options: &str) -> Page {
    let mut page = Page { engine: Engine::new(options, [1, 2, 3, 4], at(0)), sent: Vec::new() };
    page.feed(0, Input::Visible { on: true });
    page.feed(0, Input::Page { cause: Cause::Load, url: "https://shop.example/", title: "T", referrer: "" });
    if let Some((batch, body)) = page.sent.pop() {
        let named =
            serde_json::from_str::<Value>(&body).map_or(String::new(), |body| body["batch"].to_string());
        let body = format!("{{\"batch\":{named}}}");
        page.feed(1, Input::Sent { batch, status: 200, body: &body, retry_after: "" });
    }
    page
}

impl Page {
    fn feed(&mut self, mono: u64, input: Input) {
        for output in self.engine.handle(at(mono), input) {
            if let Output::Send { batch, body, .. } = output {
                self.sent.push((batch, body));
            }
        }
    }

    fn track(&mut self, name: &str) {
        self.feed(2, Input::Track { name, props: "{}" });
    }

    fn frozen(&self) -> Option<Value> {
        let text = self.engine.frozen();
        (!text.is_empty()).then(|| serde_json::from_str(&text).expect("a body is JSON"))
    }
}

#[test]
fn the_batch_that_grows_is_left_with_the_ids_it_is_sent_with() {
    let mut page = open("collector=1\nsite=s\n");
    assert_eq!(page.frozen(), None, "its page view is acknowledged");
    page.track("one");
    page.track("two");
    let left = page.frozen().expect("two events wait");
    assert_eq!(left["frozen"], true);
    page.feed(3, Input::Flush);
    assert_eq!(page.frozen(), None, "it is with the network now");
    let (_, sent) = page.sent.pop().expect("the flush sends");
    let sent: Value = serde_json::from_str(&sent).expect("JSON");
    assert_eq!(sent.get("frozen"), None);
    for part in ["batch", "load", "start", "events"] {
        assert_eq!(left[part], sent[part], "{part}");
    }
}

#[test]
fn nothing_is_left_that_may_not_be_sent_or_would_count_twice() {
    for options in
        ["collector=1\nconsent=required\n", "collector=1\nformat=ndjson\n", "collector=1\ntransform=1\n", ""]
    {
        let mut page = open(options);
        page.track("one");
        assert_eq!(page.frozen(), None, "{options}");
    }
    let mut page = open("collector=1\n");
    page.track("one");
    assert!(page.frozen().is_some());
    page.feed(3, Input::Consent { choice: Choice::Denied });
    assert_eq!(page.frozen(), None, "consent was withdrawn");
}

#[test]
fn what_never_left_is_sent_again_also_to_whom_counts_twice() {
    for (status, again) in [(1, true), (0, false)] {
        let mut page = open("collector=1\nformat=ndjson\n");
        page.track("one");
        page.feed(3, Input::Flush);
        let (batch, first) = page.sent.pop().expect("the flush sends");
        page.feed(4, Input::Sent { batch, status, body: "", retry_after: "" });
        page.feed(5_000, Input::Flush);
        let second = page.sent.iter().any(|(number, body)| *number == batch && body.contains("\"one\""));
        assert_eq!(second, again, "after status {status}: {first} then {:?}", page.sent);
    }
}
