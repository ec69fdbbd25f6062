//! A collector as small as it can be: acknowledges like ours, counts each (load, seq) once, and folds
//! sessions with the engine's own code from the JSON that arrived, read by serde_json.

use std::collections::{BTreeMap, HashMap, HashSet};

use passerby::engine::fold::{Fact, Session};
use passerby::engine::{Audience, Config};
use serde_json::Value;

/// How the other end behaves.
#[derive(Clone, Debug, PartialEq)]
pub enum Mood {
    Up,
    /// Nothing arrives.
    Down,
    /// Everything arrives, no answer comes back.
    Lossy,
    /// Says 200 and knows nothing of batches, as a captive portal does.
    Portal,
    /// Answers with this status and stores nothing.
    Status(u32),
    /// Takes a batch or leaves it: 422 if there is anything in it to refuse.
    Strict,
}

#[derive(Debug)]
pub struct Collector {
    pub mood: Mood,
    /// More events than this in one batch are answered with 413.
    pub most: usize,
    /// Event names it refuses.
    pub refused: Vec<String>,
    pub retry_after: String,
    pub posts: usize,
    pub duplicates: usize,
    pub events: Vec<Stored>,
    seen: HashSet<(String, u64)>,
    /// Which session a provisional one turned out to be.
    became: HashMap<String, String>,
}

/// One event, with what the fold needs of its batch.
#[derive(Debug)]
pub struct Stored {
    pub load: String,
    pub seq: u64,
    pub visitor: String,
    pub session: String,
    started: u64,
    start: u64,
    audience: Audience,
    pub event: Value,
}

#[derive(Debug)]
pub struct Reply {
    pub status: u32,
    pub body: String,
}

/// A session as the collector sees it.
#[derive(Debug, Default)]
pub struct Folded {
    pub id: String,
    pub visitor: String,
    pub fold: Session,
}

impl Default for Collector {
    fn default() -> Collector {
        Collector {
            mood: Mood::Up,
            most: usize::MAX,
            refused: Vec::new(),
            retry_after: String::new(),
            posts: 0,
            duplicates: 0,
            events: Vec::new(),
            seen: HashSet::new(),
            became: HashMap::new(),
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_string()
}

impl Collector {
    pub fn post(&mut self, body: &str) -> Reply {
        self.posts += 1;
        let plain = |status| Reply { status, body: String::new() };
        match self.mood {
            Mood::Down => return plain(0),
            Mood::Status(status) => return plain(status),
            Mood::Portal => return Reply { status: 200, body: "<html>Welcome to FreeWifi</html>".into() },
            Mood::Up | Mood::Lossy | Mood::Strict => {}
        }
        let batch = read(body);
        assert_eq!(batch["passerby"], 1, "not a batch v1: {body}");
        let events = batch["events"].as_array().expect("a batch has events");
        if events.len() > self.most {
            return plain(413);
        }
        for was in batch["session"]["was"].as_array().into_iter().flatten() {
            self.became.insert(text(was), text(&batch["session"]["id"]));
        }
        let refused = |event: &&Value| self.refused.contains(&text(&event["name"]));
        let odd: Vec<Value> = events.iter().filter(refused).map(|event| event["seq"].clone()).collect();
        if self.mood == Mood::Strict && !odd.is_empty() {
            let rejected: Vec<_> =
                odd.iter().map(|seq| serde_json::json!({"seq": seq, "reason": "refused"})).collect();
            let body = serde_json::json!({"batch": batch["batch"], "rejected": rejected});
            return Reply { status: 422, body: body.to_string() };
        }
        let (mut accepted, mut duplicate, mut rejected) = (0, 0, Vec::new());
        for event in events {
            let seq = event["seq"].as_u64().expect("seq");
            if self.refused.contains(&text(&event["name"])) {
                rejected.push(serde_json::json!({"seq": seq, "reason": "refused"}));
            } else if self.store(&batch, seq, event) {
                accepted += 1;
            } else {
                duplicate += 1;
            }
        }
        self.duplicates += duplicate;
        if self.mood == Mood::Lossy {
            return plain(0);
        }
        let reply = serde_json::json!({
            "batch": batch["batch"], "accepted": accepted, "duplicate": duplicate, "rejected": rejected,
        });
        Reply { status: 200, body: reply.to_string() }
    }

    fn store(&mut self, batch: &Value, seq: u64, event: &Value) -> bool {
        let load = text(&batch["load"]);
        if !self.seen.insert((load.clone(), seq)) {
            return false;
        }
        self.events.push(Stored {
            load,
            seq,
            visitor: text(&batch["visitor"]["id"]),
            session: text(&batch["session"]["id"]),
            started: batch["session"]["started"].as_u64().expect("started"),
            start: batch["start"].as_u64().expect("start"),
            audience: Audience::parse(&text(&batch["visitor"]["audience"])),
            event: event.clone(),
        });
        true
    }

    /// The session this id stands for, once provisional ones have been merged.
    pub fn canonical(&self, id: &str) -> String {
        let mut id = id;
        for _ in 0..self.became.len() {
            match self.became.get(id) {
                Some(next) if next != id => id = next,
                _ => break,
            }
        }
        id.to_string()
    }

    /// Every session, in the order they began to arrive.
    pub fn sessions(&self) -> Vec<Folded> {
        let mut sessions: Vec<Folded> = Vec::new();
        for stored in &self.events {
            let id = self.canonical(&stored.session);
            let at = sessions.iter().position(|session| session.id == id).unwrap_or_else(|| {
                let fold = Session { started: stored.started, ..Session::default() };
                sessions.push(Folded { id: id.clone(), fold, ..Folded::default() });
                sessions.len() - 1
            });
            let session = &mut sessions[at];
            if stored.session == id {
                session.visitor.clone_from(&stored.visitor);
            }
            session.fold.started = session.fold.started.min(stored.started);
            session.fold.apply(&stored.load, Fact::Audience { is: stored.audience });
            apply(&mut session.fold, stored);
        }
        sessions
    }

    /// The seqs that arrived, by load.
    pub fn seqs(&self) -> BTreeMap<&str, Vec<u64>> {
        let mut seqs: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
        for stored in &self.events {
            seqs.entry(&stored.load).or_default().push(stored.seq);
        }
        seqs.values_mut().for_each(|seqs| seqs.sort_unstable());
        seqs
    }
}

/// A batch v1; or one event a line, made one.
fn read(body: &str) -> Value {
    let json = |text: &str| -> Value {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("not JSON: {error}\n{body}"))
    };
    if !body.ends_with('\n') {
        return json(body);
    }
    let mut lines: Vec<Value> = body.lines().map(json).collect();
    let events: Vec<Value> = lines.iter_mut().map(|line| line["event"].take()).collect();
    let mut batch = lines.swap_remove(0);
    batch["events"] = events.into();
    batch
}

fn apply(fold: &mut Session, stored: &Stored) {
    let Stored { load, start, event, .. } = stored;
    let (props, page) = (&event["props"], &event["page"]);
    let view = event["view"].as_u64().expect("view") as u32;
    let at = start + event["t"].as_u64().expect("t");
    let number = |name: &str| props[name].as_u64().unwrap_or_default();
    match text(&event["name"]).as_str() {
        "page_view" => {
            let (url, title) = (&text(&page["url"]), &text(&page["title"]));
            fold.apply(load, Fact::View { view, at, url, title, visible: props["visible"] != false });
        }
        "engagement" => {
            let active = props["last_activity"].as_u64().map_or(0, |t| start + t);
            let (engaged, visible, scroll) =
                (number("engaged_ms"), number("visible_ms"), number("scroll") as u32);
            let of = &text(&props["load_id"]);
            fold.apply(load, Fact::Engagement { of, view, engaged, visible, scroll, active });
        }
        "audience" => fold.apply(load, Fact::Audience { is: Audience::parse(&text(&props["audience"])) }),
        name => fold.apply(load, Fact::Event { name, at, active: matches!(name, "purchase" | "identify") }),
    }
}

/// The rules a page without options has.
pub fn rules() -> passerby::engine::fold::Rules {
    Config::default().rules
}
