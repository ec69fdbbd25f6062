//! `summary`: what came in, for people or as JSON.

use std::collections::HashMap;
use std::process::ExitCode;

use serde_json::Value;

use super::Summary;
use crate::collector::reader::is_id;
use crate::collector::report;
use crate::collector::session;
use crate::collector::store::{Fault, Folded, Listed, Store, Through};
use crate::collector::table;
use crate::collector::text::{count, duration, money, now, printable, short, utc};
use crate::collector::visitors;

pub fn run(options: &Summary) -> Result<ExitCode, String> {
    let through = through(&options.through)?;
    let store = Store::open(&options.data.folder).map_err(|fault| fault.to_string())?;
    let store = store.ignoring(&options.returns.ignore_referrers);
    let text = match &options.session {
        Some(id) => in_full(&store, id, &through, options),
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
        let Some((load, seq)) = read.filter(|(load, _)| is_id(load)) else {
            return Err(format!("`{pair}` is no LOAD:SEQ: write a load's 32 digits, a colon and a number."));
        };
        let last = loads.entry(load.to_owned()).or_default();
        *last = seq.max(*last);
    }
    Ok(Through::Loads(loads))
}

fn sessions(store: &Store, through: &Through, options: &Summary) -> Result<String, String> {
    let now = now();
    let read = || {
        let sessions = store.sessions(through)?;
        let newest = options.limit as usize;
        let people = visitors::people(store, &sessions, newest, now, &options.segments.join(";"))?;
        Ok::<_, Fault>((people, sessions, store.drops()?))
    };
    let (people, sessions, drops) = read().map_err(|fault| fault.to_string())?;
    if options.json {
        let mut all = report::summary_json(&sessions, &drops, now);
        all["visitors"] = visitors::people_json(&people);
        return Ok(format!("{all:#}\n"));
    }
    if sessions.is_empty() {
        return Ok("No data: no session has been stored yet.\n".to_owned());
    }
    let limit = options.limit as usize;
    let mut text = format!("The newest sessions\n\n{}\n\n", table::sessions(&sessions, limit));
    if sessions.len() > limit {
        text.push_str(&format!("The {} newest of {}; --limit shows more.\n\n", limit, sessions.len()));
    }
    let heads = table::head_count(&sessions);
    let people = match people.is_empty() {
        true => "None but bots and tests.".to_owned(),
        false => table::people(&people),
    };
    text.push_str(&format!("Their visitors\n\n{people}\n\n{heads}\n"));
    let all = report::totals(&sessions, now);
    for totals in &all {
        let (title, about) = (table::title(totals), table::definition(&totals.definition));
        text.push_str(&format!("\n{title}\n\n{}\n\n{about}\n", table::totals(totals)));
    }
    let left_out = table::left_out(&all);
    if !left_out.is_empty() {
        text.push_str(&format!("{left_out}\n"));
    }
    if !drops.is_empty() {
        let counts: Vec<String> =
            drops.iter().map(|(reason, count)| format!("{} {count}", printable(reason))).collect();
        text.push_str(&format!("Events the pages dropped: {}.\n", counts.join(", ")));
    }
    Ok(text)
}

fn in_full(store: &Store, id: &str, through: &Through, options: &Summary) -> Result<String, String> {
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
        Some(folded) => {
            let mut value = session::json(store, &site, &id, &folded, now())?;
            let score = visitors::measure(store, &site, &id, &folded, now(), &options.segments.join(";"))?;
            value["engagement"] = visitors::json(&score);
            Ok(Some((folded, value)))
        }
        None => Ok(None),
    };
    let Some((folded, value)) = read().map_err(|fault: Fault| fault.to_string())? else {
        return Err("None of this session's events belongs to the loads named with --through.".to_owned());
    };
    if options.json { Ok(format!("{value:#}\n")) } else { Ok(in_words(&folded, &value)) }
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
    if let Some(state) = value["cart"]["state"].as_str() {
        let worth = value["cart"]["valueMinor"].as_i64().zip(value["cart"]["currency"].as_str());
        let worth = worth.map_or(String::new(), |(minor, currency)| format!(", {}", money(minor, currency)));
        let items = value["cart"]["items"].as_u64().unwrap_or_default();
        words.push_str(&format!("  cart        {state}, {}{worth}\n", count(items, "item")));
    }
    let engagement = &value["engagement"];
    let parts: Vec<String> = engagement["parts"].as_object().into_iter().flatten().map(part).collect();
    words.push_str(&format!("  score       {} of 100: {}\n", engagement["score"], parts.join(", ")));
    for segment in engagement["segments"].as_array().into_iter().flatten() {
        words.push_str(&format!("  segment     {}\n", text(segment)));
    }
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

fn part((name, points): (&String, &Value)) -> String {
    format!("{} {points}", name.replace('_', " "))
}
