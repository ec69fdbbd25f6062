//! What happened, in words: bodies and summaries as lines a person can check. Random ids become V1, S1, L1.

use std::collections::HashMap;

use serde_json::Value;

use crate::collector::{Folded, rules};
use crate::world::{Seen, World};

#[derive(Default)]
pub struct Transcript {
    names: HashMap<String, String>,
    counts: HashMap<char, usize>,
    /// The last context written out, and the events each batch has shown.
    context: String,
    bodies: HashMap<String, String>,
}

/// `1.5s`, `250ms`, `2h`: exact to the millisecond.
pub fn span(millis: u64) -> String {
    let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m")];
    let mut rest = millis;
    let mut out = String::new();
    for (size, unit) in units {
        if rest >= size {
            out += &format!("{}{unit}", rest / size);
            rest %= size;
        }
    }
    match (rest / 1000, rest % 1000) {
        (0, 0) if out.is_empty() => "0s".into(),
        (0, 0) => out,
        (seconds, 0) => format!("{out}{seconds}s"),
        (seconds, part) => format!("{out}{}s", format!("{seconds}.{part:03}").trim_end_matches('0')),
    }
}

fn yes(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}

/// A value without JSON's quotes where none are needed.
fn plain(value: &Value) -> String {
    match value.as_str() {
        Some(text) if !text.is_empty() && !text.contains([' ', '"', '=', '\n']) => text.into(),
        _ => value.to_string(),
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

impl Transcript {
    /// The short name of a random id.
    pub fn name(&mut self, kind: char, id: &str) -> String {
        if let Some(name) = self.names.get(id) {
            return name.clone();
        }
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        let name = format!("{kind}{count}");
        self.names.insert(id.into(), name.clone());
        name
    }

    pub fn seen(&mut self, seen: &Seen) -> Vec<String> {
        match seen {
            Seen::Send { body, hiding } => self.send(body, *hiding),
            Seen::Warn(text) => vec![format!("warn {text}")],
            Seen::Choice(text) => vec![format!("remember the choice: {text}")],
            Seen::Audience(now) => vec![format!("audience is {now}")],
            Seen::Purge => vec!["purge everything stored but the choice".into()],
        }
    }

    fn send(&mut self, body: &str, hiding: bool) -> Vec<String> {
        // One body, or one line an event.
        body.lines().flat_map(|body| self.send_one(body, hiding)).collect()
    }

    fn send_one(&mut self, body: &str, hiding: bool) -> Vec<String> {
        let batch: Value =
            serde_json::from_str(body).unwrap_or_else(|error| panic!("not JSON: {error}\n{body}"));
        let key = text(&batch, "batch").split_once(':').unwrap_or_default();
        let key = format!("{}:{}", self.name('L', key.0), key.1);
        let load = self.name('L', text(&batch, "load"));
        let events: Vec<Value> = match batch.get("event") {
            Some(event) => vec![event.clone()],
            None => batch["events"].as_array().cloned().unwrap_or_default(),
        };
        let mut first = format!("send {key}");
        if !key.starts_with(&format!("{load}:")) {
            first += &format!(" of {load}");
        }
        if hiding {
            first += " (hiding)";
        }
        let shown = events.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
        if self.bodies.insert(key, shown.clone()) == Some(shown) {
            let seqs = [events.first(), events.last()]
                .map(|event| event.map_or(0, |event| event["seq"].as_u64().unwrap_or(0)));
            return vec![format!("{first} again: seq {}-{}", seqs[0], seqs[1])];
        }
        let context = self.context(&batch);
        if context != self.context {
            first += &context;
            self.context = context;
        }
        if !batch["dropped"].is_null() {
            first += &format!(" dropped={}", batch["dropped"]);
        }
        let mut lines = vec![first];
        for mut event in events {
            if let Some(load) = event["props"].get_mut("load_id") {
                *load = self.name('L', load.as_str().unwrap_or_default()).into();
            }
            lines.push(event_line(&event));
        }
        lines
    }

    fn context(&mut self, batch: &Value) -> String {
        let (visitor, session) = (&batch["visitor"], &batch["session"]);
        let mut out = format!(
            " {} {}/{}",
            self.name('V', text(visitor, "id")),
            text(visitor, "audience"),
            text(visitor, "stage")
        );
        for (key, value) in members(visitor) {
            match key.as_str() {
                "customer" => out += &format!(" customer={}", plain(value)),
                "sessions" if *value != 1 => out += &format!(" sessions={value}"),
                "was" => out += &self.was('V', value),
                _ => {}
            }
        }
        if !batch["bot"].is_null() {
            out += &format!(" bot={}", plain(&batch["bot"]));
        }
        out += &format!(" {}", self.name('S', text(session, "id")));
        for (key, value) in members(session) {
            match key.as_str() {
                "id" | "started" => {}
                "was" => out += &self.was('S', value),
                "first_touch" => {
                    out += &format!(" first={}/{}", text(value, "channel"), text(value, "source"))
                }
                _ => out += &format!(" {key}={}", plain(value)),
            }
        }
        out
    }

    fn was(&mut self, kind: char, ids: &Value) -> String {
        let ids = ids.as_array().cloned().unwrap_or_default();
        ids.iter().map(|id| format!(" was={}", self.name(kind, id.as_str().unwrap_or_default()))).collect()
    }

    pub fn session(&mut self, session: &Folded) -> String {
        let totals = session.fold.totals(&rules());
        format!(
            "{} {} {} depth={} engaged_time={} duration={} bounced={} engaged={} conversions={}",
            self.name('S', &session.id),
            self.name('V', &session.visitor),
            session.fold.audience.as_str(),
            totals.page_depth,
            span(totals.engaged_time),
            span(totals.duration),
            yes(totals.bounced),
            yes(totals.engaged),
            totals.conversions,
        )
    }

    pub fn summary(&mut self, world: &World, tab: usize) -> Vec<String> {
        let summary = world.summary(tab);
        let mut lines = Vec::new();
        let session = &summary["session"];
        let millis = |value: &Value| span(value.as_u64().unwrap_or_default());
        if session.is_object() {
            lines.push(format!(
                "session {} depth={} engaged_time={} duration={} bounced={} engaged={} channel={} source={}",
                self.name('S', text(session, "id")),
                session["pageDepth"],
                millis(&session["engagedMs"]),
                millis(&session["durationMs"]),
                yes(session["bounced"] == true),
                yes(session["engaged"] == true),
                text(session, "channel"),
                text(session, "source"),
            ));
        }
        for page in session["pages"].as_array().into_iter().flatten() {
            lines.push(format!(
                "page {} {} engaged_time={} duration={} scroll={}",
                text(page, "url"),
                page["title"],
                millis(&page["engagedMs"]),
                millis(&page["durationMs"]),
                page["scrollDepth"],
            ));
        }
        let audience = &summary["audience"];
        lines.push(format!(
            "{} {} reason={} stage={} relationship={}{}",
            if summary["settled"] == true { "settled" } else { "provisional" },
            text(audience, "is"),
            plain(&audience["reason"]),
            text(audience, "stage"),
            text(audience, "relationship"),
            audience.get("traits").map_or(String::new(), |traits| format!(" traits={traits}")),
        ));
        for group in ["events", "delivery"] {
            let counts: String =
                members(&summary[group]).map(|(name, count)| format!(" {name}={count}")).collect();
            lines.push(format!("{group}{counts}"));
        }
        lines.iter().map(|line| format!("summary {line}")).collect()
    }

    pub fn explain(&mut self, world: &World, tab: usize) -> Vec<String> {
        let text = world.tabs[tab].engine.explain();
        let list: Vec<Value> =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("explain: {error}\n{text}"));
        let line = |item: &Value| {
            let is = self
                .names
                .get(item["is"].as_str().unwrap_or_default())
                .cloned()
                .unwrap_or(plain(&item["is"]));
            format!(
                "explain {}={is}: {}; {}",
                plain(&item["about"]),
                plain(&item["because"]),
                plain(&item["rule"])
            )
        };
        list.iter().map(line).collect()
    }
}

/// `  3 +12.5s page_view v1 https://shop.test/ "Home" from=https://www.google.com cause=load`
fn event_line(event: &Value) -> String {
    let t = span(event["t"].as_u64().unwrap_or_default());
    let mut out = format!("  {} t={t} {} v{}", event["seq"], text(event, "name"), event["view"]);
    let page = &event["page"];
    if page.is_object() {
        out += &format!(
            " {} {}",
            text(page, "url"),
            page["title"].as_str().map_or("\"\"".into(), |title| format!("{title:?}"))
        );
        if !text(page, "referrer").is_empty() {
            out += &format!(" from={}", text(page, "referrer"));
        }
    }
    for (key, value) in members(&event["props"]) {
        out += &format!(" {key}={}", plain(value));
    }
    out
}
