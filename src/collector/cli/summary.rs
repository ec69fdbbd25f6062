//! `summary`: what came in, for people or as JSON.

use std::collections::HashMap;
use std::process::ExitCode;

use serde_json::Value;

use super::Summary;
use crate::collector::report;
use crate::collector::store::{Fault, Folded, Listed, Store, Through};
use crate::collector::table;
use crate::collector::text::{duration, printable, short, utc};

pub fn run(options: &Summary) -> Result<ExitCode, String> {
    let through = through(&options.through)?;
    let store = Store::open(&options.data.folder).map_err(|fault| fault.to_string())?;
    let store = store.ignoring(&options.returns.ignore_referrers);
    let text = match &options.session {
        Some(id) => session(&store, id, &through, options.json),
        None => sessions(&store, &through, options),
    };
    super::print(&text?)
}

/// `LOAD:SEQ` pairs.
fn through(pairs: &[String]) -> Result<Through, String> {
    if pairs.is_empty() {
        return Ok(Through::Everything);
    }
    let mut loads: HashMap<String, u64> = HashMap::new();
    for pair in pairs {
        let read = pair.split_once(':').and_then(|(load, seq)| Some((load, seq.parse::<u64>().ok()?)));
        let Some((load, seq)) = read.filter(|(load, _)| load.len() == 32) else {
            return Err(format!("`{pair}` is no LOAD:SEQ: write a load's 32 digits, a colon and a number."));
        };
        let last = loads.entry(load.to_owned()).or_default();
        *last = seq.max(*last);
    }
    Ok(Through::Loads(loads))
}

fn sessions(store: &Store, through: &Through, options: &Summary) -> Result<String, String> {
    let read = || Ok::<_, Fault>((store.sessions(through)?, store.drops()?));
    let (sessions, drops) = read().map_err(|fault| fault.to_string())?;
    if options.json {
        return Ok(format!("{:#}\n", report::summary_json(&sessions, &drops)));
    }
    if sessions.is_empty() {
        return Ok("No data: no session has been stored yet.\n".to_owned());
    }
    let mut text = format!("{}\n\n", table::sessions(&sessions, options.limit));
    if sessions.len() > options.limit {
        text.push_str(&format!(
            "The {} newest of {}; --limit shows more.\n\n",
            options.limit,
            sessions.len()
        ));
    }
    text.push_str(&format!("{}\n", table::head_count(&sessions)));
    for totals in report::totals(&sessions) {
        text.push_str(&format!("\n{}\n{}\n", table::totals(&totals), table::definition(&totals.definition)));
    }
    if !drops.is_empty() {
        let counts: Vec<String> =
            drops.iter().map(|(reason, count)| format!("{} {count}", printable(reason))).collect();
        text.push_str(&format!("Events the pages dropped: {}.\n", counts.join(", ")));
    }
    Ok(text)
}

fn session(store: &Store, id: &str, through: &Through, json: bool) -> Result<String, String> {
    let (site, id) = match store.find(id).map_err(|fault| fault.to_string())? {
        Listed::One { site, id } => (site, id),
        Listed::None => {
            return Err(format!("No session has the id {}: `summary` lists them.", short(id, 40)));
        }
        Listed::Several(count) => {
            return Err(format!("{count} sessions begin with {}: give more of the id.", short(id, 40)));
        }
    };
    let read = || match store.session(&site, &id, through)? {
        Some(folded) => report::session_json(store, &site, &id, &folded).map(|value| Some((folded, value))),
        None => Ok(None),
    };
    let Some((folded, value)) = read().map_err(|fault: Fault| fault.to_string())? else {
        return Err("None of this session's events belongs to the loads named with --through.".to_owned());
    };
    if json { Ok(format!("{value:#}\n")) } else { Ok(in_words(&folded, &value)) }
}

fn in_words(folded: &Folded, value: &Value) -> String {
    let text = |value: &Value| match value.as_str() {
        Some("") | None => "–".to_owned(),
        Some(text) => short(text, 100),
    };
    let time = |value: &Value| duration(value.as_u64().unwrap_or_default());
    let yes_no = |value: &Value| if value.as_bool().unwrap_or_default() { "yes" } else { "no" };
    let (session, audience) = (&value["session"], &value["audience"]);
    let mut words = format!(
        "Session {}, started {} UTC\n\n  audience    {} ({}), stage {}, relationship {}\n  duration    {}\n  \
         engaged     {}\n  page depth  {}\n  bounced     {}\n  engaged?    {}\n  entry       {}\n  \
         channel     {}\n  source      {}\n",
        text(&session["id"]),
        utc(folded.session.started),
        text(&audience["is"]),
        text(&audience["reason"]),
        text(&audience["stage"]),
        text(&audience["relationship"]).replace('_', " "),
        time(&session["durationMs"]),
        time(&session["engagedMs"]),
        session["pageDepth"],
        yes_no(&session["bounced"]),
        yes_no(&session["engaged"]),
        text(&session["entry"]),
        text(&session["channel"]),
        text(&session["source"]),
    );
    words.push_str("\nPages\n");
    for page in session["pages"].as_array().into_iter().flatten() {
        words.push_str(&format!(
            "  {:>12} {:>12} engaged {:>4} %  {}  {}\n",
            time(&page["durationMs"]),
            time(&page["engagedMs"]),
            page["scrollDepth"].as_u64().unwrap_or_default(),
            text(&page["url"]),
            text(&page["title"]),
        ));
    }
    words.push_str("\nEvents\n");
    for (name, count) in value["events"].as_object().into_iter().flatten() {
        words.push_str(&format!("  {count:>5}  {}\n", short(name, 100)));
    }
    format!("{words}\n{}\n", table::definition(&folded.definition))
}
