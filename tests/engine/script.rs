//! The language of the golden files: one line, one thing that somebody does.

use passerby::engine::{Cause, Choice, Input};

use crate::collector::Mood;
use crate::world::{Life, Open, World};

/// A line's words; `"two words"` and `title="two words"` are one.
pub fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted, mut depth) = (Vec::new(), String::new(), false, 0);
    for character in line.chars() {
        match character {
            '{' | '[' if !quoted => depth += 1,
            '}' | ']' if !quoted => depth -= 1,
            _ => {}
        }
        match character {
            // JSON keeps its quotes.
            '"' => {
                quoted = !quoted;
                if depth > 0 {
                    word.push('"');
                }
            }
            ' ' if !quoted && depth == 0 => words.push(std::mem::take(&mut word)),
            _ => word.push(character),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// `1h30m`, `1.5s`, `250ms`, `0`.
pub fn millis(text: &str) -> u64 {
    let mut sum = 0.0;
    let mut number = String::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let unit = ["ms", "d", "h", "m", "s"].into_iter().find(|unit| rest.starts_with(unit));
        let Some(unit) = unit else {
            number.push(character);
            rest = &rest[1..];
            continue;
        };
        let size = match unit {
            "ms" => 1.0,
            "s" => 1e3,
            "m" => 6e4,
            "h" => 3.6e6,
            _ => 8.64e7,
        };
        sum += number.parse::<f64>().unwrap_or_else(|_| panic!("not a time: {text}")) * size;
        number.clear();
        rest = &rest[unit.len()..];
    }
    assert!(number.is_empty() || number == "0", "a time without a unit: {text}");
    sum.round() as u64
}

struct Words<'a>(&'a [String]);

impl<'a> Words<'a> {
    fn at(&self, at: usize) -> &'a str {
        let plain = self.0.iter().filter(|word| named(word).is_none());
        plain.map(String::as_str).nth(at).unwrap_or_default()
    }

    fn has(&self, word: &str) -> bool {
        self.0.iter().any(|other| other == word)
    }

    fn get(&self, key: &str) -> &'a str {
        self.0
            .iter()
            .filter_map(|word| named(word))
            .find(|(name, _)| *name == key)
            .map_or("", |(_, value)| value)
    }
}

/// Only these are named: URLs and JSON hold equals signs too.
fn named(word: &str) -> Option<(&str, &str)> {
    word.split_once('=').filter(|(name, _)| ["title", "referrer"].contains(name))
}

fn resolve(current: &str, to: &str) -> String {
    let host = current.find("://").map_or(0, |at| at + 3);
    let origin = host + current[host..].find('/').unwrap_or(current.len() - host);
    match to.chars().next() {
        Some('/') => format!("{}{to}", &current[..origin]),
        Some('#') => format!("{}{to}", current.split('#').next().unwrap_or_default()),
        _ => to.into(),
    }
}

/// Does what a line says; false if no such thing can be said.
pub fn act(world: &mut World, tab: &str, line: &[String]) -> bool {
    let (verb, rest) = line.split_first().expect("a verb");
    let args = Words(rest);
    matches_world(world, verb, &args)
        || matches_document(world, tab, verb, &args)
        || world.tabs.iter().any(|other| other.name == tab)
            && matches_page(world, world.named(tab), verb, &args)
}

/// What happens to the device, the network and storage.
fn matches_world(world: &mut World, verb: &str, args: &Words) -> bool {
    match verb {
        "wait" => {}
        "options" => args.0.iter().for_each(|option| world.options += &format!("\n{option}")),
        "sleep" => world.wall += millis(args.at(0)),
        "sleep-ticking" => world.pass(millis(args.at(0))),
        "clock" => match args.at(0).split_at(1) {
            ("-", span) => world.wall -= millis(span),
            (_, span) => world.wall += millis(span),
        },
        "latency" => world.latency = millis(args.at(0)),
        "slowness" => world.slowness = millis(args.at(0)),
        "hearing" => world.hearing = millis(args.at(0)),
        // Another tab has not written yet when this one begins.
        "forget-hint" => world.hint.clear(),
        // A browser that is killed forgets the last minute of localStorage.
        "remember-hint" => world.hint_before.clone_from(&world.hint),
        "recall-hint" => world.hint.clone_from(&world.hint_before),
        "storage" => world.broken = args.has("broken"),
        "collector" => return set_collector(world, args),
        _ => return false,
    }
    true
}

fn set_collector(world: &mut World, args: &Words) -> bool {
    let collector = &mut world.collector;
    let number = || args.at(1).parse().expect("a number");
    match args.at(0) {
        "up" => collector.mood = Mood::Up,
        "down" => collector.mood = Mood::Down,
        "lossy" => collector.mood = Mood::Lossy,
        "strict" => collector.mood = Mood::Strict,
        "portal" => collector.mood = Mood::Portal,
        "most" => collector.most = number(),
        "refuses" => collector.refused.push(args.at(1).into()),
        "retry-after" => collector.retry_after = args.at(1).into(),
        status => match status.parse() {
            Ok(status) => collector.mood = Mood::Status(status),
            Err(_) => return false,
        },
    }
    true
}

/// What happens to a document as a whole.
fn matches_document(world: &mut World, name: &str, verb: &str, args: &Words) -> bool {
    let page = Open {
        url: args.at(0),
        title: args.get("title"),
        referrer: args.get("referrer"),
        hidden: args.has("hidden"),
        prerender: args.has("prerender"),
    };
    match verb {
        "signal" => {
            world.signal = args.has("on");
            for tab in
                (0..world.tabs.len()).filter(|tab| world.tabs[*tab].life == Life::Open).collect::<Vec<_>>()
            {
                world.feed(tab, Input::Signal { on: args.has("on") });
            }
        }
        "open" => _ = world.open(name, page),
        "load" => {
            let tab = world.named(name);
            world.close(tab);
            world.open(name, page);
        }
        "close" => world.close(world.named(name)),
        "kill" => {
            let tab = world.named(name);
            world.tabs[tab].life = Life::Gone;
        }
        "trap" => world.trap(world.named(name), page.title),
        "bfcache" => world.freeze(world.named(name)),
        "restore" => world.restore(world.named(name), page.title),
        "hide" => world.hide(world.named(name)),
        "show" => world.show(world.named(name)),
        "push" | "replace" | "back" => {
            let tab = world.named(name);
            let mut steps: Vec<(Option<Cause>, String)> = Vec::new();
            let mut cause = cause_of(verb);
            for word in args.0.iter().filter(|word| named(word).is_none()) {
                match word.as_str() {
                    "push" | "replace" | "back" | "track" => cause = cause_of(word),
                    name if cause.is_none() => steps.push((cause, name.into())),
                    url => steps.push((cause, resolve(&world.tabs[tab].url, url))),
                }
            }
            world.navigate(tab, &steps, page.title);
        }
        _ => return false,
    }
    true
}

/// `track` in between is none.
fn cause_of(verb: &str) -> Option<Cause> {
    match verb {
        "push" => Some(Cause::Push),
        "replace" => Some(Cause::Replace),
        "back" => Some(Cause::Traverse),
        _ => None,
    }
}

/// What happens on a page.
fn matches_page(world: &mut World, tab: usize, verb: &str, args: &Words) -> bool {
    // Written short, meant long.
    let (first, second) = (long(args.at(0)), long(args.at(1)));
    let input = match verb {
        "focus" | "blur" => Input::Focused { on: verb == "focus" },
        "input" => Input::Active,
        "scroll" => {
            world.feed(tab, Input::Active);
            Input::Scrolled { percent: args.at(0).parse().expect("percent") }
        }
        "play" | "pause" => {
            world.tabs[tab].playing = verb == "play";
            Input::Playing { on: verb == "play" }
        }
        "track" => Input::Track { name: &first, props: &second },
        "purchase" => Input::Track { name: "purchase", props: &first },
        "identify" => Input::Identify { customer: args.at(0), traits: args.at(1) },
        "set" => Input::Set { props: args.at(0) },
        "reset" => Input::Reset { erase: false },
        "forget" => {
            world.purge();
            Input::Reset { erase: true }
        }
        "consent" => {
            Input::Consent { choice: if args.has("granted") { Choice::Granted } else { Choice::Denied } }
        }
        "page" => Input::View { title: args.get("title"), props: &first },
        "flush" => Input::Flush,
        _ => return false,
    };
    world.feed(tab, input);
    true
}

fn long(text: &str) -> String {
    // A member a line, as the snapshot writes them.
    text.replace("17000 bytes", &"x".repeat(17_000)).replace(",\"", ",\n\"")
}
