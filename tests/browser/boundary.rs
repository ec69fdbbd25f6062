//! The boundary in a real browser: what goes in by number comes out by number, in order, and nothing that a
//! host does while an output is performed can hurt.

use passerby::boundary::{codes, handle};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen_test::wasm_bindgen_test;

// The host's side, as small as it gets: every output is one line of text.
#[wasm_bindgen(inline_js = "
let lines = [], again;
globalThis.passerbyPerform = (code, amount, text) => {
  lines.push([code, amount, text].join('|'));
  const call = again;
  again = undefined;
  call?.();
};
export const performed = () => lines.splice(0).join('\\n');
export const on_next = (call) => void (again = call);
")]
extern "C" {
    fn performed() -> String;
    fn on_next(call: &Closure<dyn FnMut()>);
}

const OPTIONS: &str = "site=shop\ncollector=1\n";

/// An instance is one engine: a new one takes its place.
fn begin(options: &str) {
    handle(codes::CREATE, 0.0, 1_700_000_000_000.0, 0, &format!("1,2,3,4\0{options}"));
    performed();
}

fn feed(code: u32, at: f64, number: u32, texts: &str) -> String {
    handle(code, at, 1_700_000_000_000.0 + at, number, texts);
    performed()
}

fn arrive() -> String {
    feed(codes::DEVICE, 1.0, 0, "en\0Mozilla/5.0");
    feed(codes::VISIBLE, 1.0, 1, "");
    feed(codes::FOCUSED, 1.0, 1, "");
    feed(codes::PAGE, 2.5, codes::LOAD, "https://shop.example/\0\0Home")
}

/// The outputs of this code.
fn of(code: u32, outputs: &str) -> Vec<String> {
    let prefix = format!("{code}|");
    outputs.lines().filter_map(|line| line.strip_prefix(&prefix)).map(String::from).collect()
}

fn summary() -> String {
    of(codes::TEXT, &feed(codes::SUMMARY, 1.0, 0, "")).concat()
}

#[wasm_bindgen_test]
fn the_first_page_view_leaves_in_the_call_that_reported_it() {
    begin(OPTIONS);
    let outputs = arrive();
    let sent = of(codes::SEND, &outputs);
    assert_eq!(sent.len(), 1, "{outputs}");
    assert!(sent[0].contains("\"name\":\"page_view\""), "{}", sent[0]);
    // Clocks are floored: an engine knows whole milliseconds.
    assert!(sent[0].contains("\"t\":2,"), "{}", sent[0]);
    assert_eq!(of(codes::MERGE, &outputs).len(), 1, "{outputs}");
}

#[wasm_bindgen_test]
fn an_answer_settles_the_batch_it_names() {
    begin(OPTIONS);
    let sent = of(codes::SEND, &arrive()).concat();
    let (number, body) = sent.split_once('|').unwrap();
    let key = body.split("\"batch\":\"").nth(1).unwrap().split('"').next().unwrap();
    let (number, answer) = (number.parse().unwrap(), format!("200\0\0{{\"batch\":\"{key}\"}}"));
    handle(codes::SENT, 9.0, 1_700_000_000_009.0, number, &answer);
    performed();
    assert!(summary().contains("\"acknowledged\":1"), "{}", summary());
}

#[wasm_bindgen_test]
fn text_crosses_unharmed() {
    begin(OPTIONS);
    arrive();
    feed(codes::TRACK, 5.0, 0, "{\"a\":\"ü👋\\u0000\"}\0grüße 👋");
    let sent = feed(codes::FLUSH, 6.0, 0, "") + &feed(codes::HIDE, 7.0, 0, "");
    assert!(sent.contains("grüße 👋") && sent.contains("ü👋"), "{sent}");
}

#[wasm_bindgen_test]
fn a_host_that_calls_back_in_meets_an_engine_at_rest() {
    begin(OPTIONS);
    arrive();
    let track = Closure::<dyn FnMut()>::new(|| {
        handle(codes::TRACK, 5.0, 1_700_000_000_005.0, 0, "\0from within");
    });
    on_next(&track);
    feed(codes::TRACK, 5.0, 0, "\0from without");
    let summary = summary();
    assert!(summary.contains("\"from within\":1") && summary.contains("\"from without\":1"), "{summary}");
}

#[wasm_bindgen_test]
fn what_nobody_defined_is_ignored() {
    begin(OPTIONS);
    arrive();
    assert_eq!(feed(9_999, 3.0, 7, "?\0?"), "");
    assert_eq!(feed(codes::ROW_TEXT, 3.0, 0, "no such row"), "");
}

#[wasm_bindgen_test]
fn clocks_gone_mad_are_numbers_all_the_same() {
    begin(OPTIONS);
    arrive();
    for clock in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 1e300] {
        handle(codes::ACTIVE, clock, clock, 0, "");
    }
    performed();
    assert!(summary().contains("\"pageDepth\":"), "{}", summary());
}

#[wasm_bindgen_test]
fn without_a_collector_nothing_is_handed_to_the_network() {
    begin("site=shop\n");
    assert_eq!(of(codes::SEND, &arrive()), Vec::<String>::new());
}
