//! What each storage mode asks the host to keep.

use passerby::engine::{Cause, Engine, Input, Output, Stamp};

use crate::visits::open;
use crate::world::{MORNING, World};

/// The outputs of a visit that finds this record, by kind; and who it is about at the end.
fn visit(storage: &str, record: &str) -> (Vec<&'static str>, String) {
    let at = Stamp { mono: 0, wall: MORNING + 100_000 };
    let mut engine = Engine::new(&format!("site=shop\ncollector=1\nstorage={storage}"), [1, 2, 3, 4], at);
    let page = Input::Page { cause: Cause::Load, url: "https://shop.test/", title: "Home", referrer: "" };
    let mut kinds = Vec::new();
    for input in
        [Input::Visible { on: true }, page, Input::Record { text: record }, Input::Merged { ok: true }]
    {
        kinds.extend(engine.handle(at, input).iter().filter_map(|output| match output {
            Output::Hint { .. } => Some("hint"),
            Output::Merge => Some("merge"),
            Output::Record { .. } => Some("record"),
            Output::Keep { .. } => Some("row"),
            _ => None,
        }));
    }
    kinds.sort_unstable();
    kinds.dedup();
    let summary: serde_json::Value = serde_json::from_str(&engine.summary()).expect("JSON");
    (kinds, summary["visitor"]["id"].as_str().unwrap_or_default().into())
}

#[test]
fn a_tabs_visitor_is_in_no_record_and_from_none() {
    let mut world = World::new(5);
    open(&mut world, false, 0);
    world.run(70_000);
    assert!(world.record.starts_with("1\nV"), "{}", world.record);
    let known = |id: &str| world.record.contains(id);
    let (kinds, id) = visit("persistent", &world.record);
    assert_eq!(kinds, ["hint", "merge", "record", "row"]);
    assert!(known(&id));
    let (kinds, id) = visit("session", &world.record);
    assert_eq!(kinds, ["hint", "merge", "row"]);
    assert!(id.len() == 32 && !known(&id));
    let (kinds, id) = visit("memory", "");
    assert_eq!(kinds, [""; 0]);
    assert!(id.len() == 32 && !known(&id));
}
