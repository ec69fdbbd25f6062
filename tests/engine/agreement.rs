//! Page and collector must say the same of a session, to the millisecond.

use passerby::engine::Input;
use passerby::engine::fold;
use serde_json::{Value, json};

use crate::collector::rules;
use crate::world::World;

/// Nobody does anything any more; all that is still on its way arrives, and each tab learns of the others.
pub fn settle(world: &mut World, open: &[usize], rest: u64) {
    for &tab in open {
        if world.tabs[tab].playing {
            world.feed(tab, Input::Playing { on: false });
        }
    }
    world.run(rest);
    // Twice: what a tab has reported is known to the others once they have read it.
    for _ in 0..2 {
        for &tab in open {
            world.feed(tab, Input::Flush);
            world.run(rest);
        }
        for &tab in open.iter().filter(|tab| world.tabs[**tab].visible).collect::<Vec<_>>() {
            world.feed(tab, Input::Visible { on: true });
            world.run(rest);
        }
        open.iter().for_each(|tab| world.feed_hint(*tab));
    }
}

/// Where page and collector disagree.
pub fn check(world: &World, open: &[usize]) -> Vec<String> {
    let sessions = world.collector.sessions();
    let mut problems = Vec::new();
    for &tab in open {
        let (summary, name) = (world.summary(tab), &world.tabs[tab].name);
        let waiting = summary["delivery"]["queued"] != 0 || !world.rows.is_empty();
        if let Some(wake) = world.tabs[tab].wake.filter(|_| !waiting) {
            problems.push(format!("{name}: nothing is left to do, and yet it will wake at {wake}"));
        }
        let session = &summary["session"];
        let id = world.collector.canonical(session["id"].as_str().unwrap_or_default());
        let Some(there) = sessions.iter().find(|other| other.id == id) else {
            // Nothing was let out: then nothing at all may be there.
            if !session.is_null() && summary["delivery"]["sent"] != 0 {
                problems.push(format!("{name}: the collector knows nothing of session {id}"));
            }
            continue;
        };
        let (here, there) = (facts_here(session), facts_there(&there.fold));
        if here != there {
            problems.push(format!(
                "{name}: page and collector disagree\n  page      {here}\n  collector {there}"
            ));
        }
    }
    problems
}

fn facts_here(session: &Value) -> Value {
    let mut facts = session.clone();
    // Pages that began in the same millisecond have no order.
    facts["pages"] = sorted(session["pages"].as_array().cloned().unwrap_or_default());
    let object = facts.as_object_mut().expect("a session");
    ["id", "entry", "channel", "source"].iter().for_each(|key| drop(object.remove(*key)));
    facts
}

fn facts_there(session: &fold::Session) -> Value {
    let totals = session.totals(&rules());
    let page = |view: &&fold::View| {
        json!({
            "url": view.url, "title": view.title, "durationMs": view.duration(), "engagedMs": view.engaged,
            "scrollDepth": view.scroll,
        })
    };
    json!({
        "started": session.started, "durationMs": totals.duration, "engagedMs": totals.engaged_time,
        "pageDepth": totals.page_depth, "bounced": totals.bounced, "engaged": totals.engaged,
        "pages": sorted(session.pages().iter().map(page).collect()),
    })
}

fn sorted(mut pages: Vec<Value>) -> Value {
    pages.sort_by_key(Value::to_string);
    pages.into()
}
