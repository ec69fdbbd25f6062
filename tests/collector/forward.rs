//! Forwarding: each destination gets everything, at its own pace, once where once is possible.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use passerby::collector::store::Store;
use serde_json::{Value, json};

use crate::elsewhere::{Elsewhere, Post};
use crate::support::{PROGRAM, beacon, engagement, event, folder, id, run, stored, view};

const YES: fn() -> Option<(u16, String)> = || Some((200, "{}".into()));

/// A data folder that holds so many batches: a page view and nine events in each, of one load.
pub fn filled(name: &str, batches: u64) -> PathBuf {
    let data = folder(name);
    let mut store = Store::create(&data).unwrap();
    let all: Vec<Value> = (0..batches).map(batch).collect();
    stored(&mut store, &all);
    data
}

pub fn batch(number: u64) -> Value {
    let first = number * 10 + 1;
    let mut events = vec![view(first, number * 1000, number + 1)];
    events.extend((1..10).map(|at| event(first + at, number * 1000 + at, &format!("e{}", first + at))));
    beacon(number + 1, Value::Array(events))
}

pub fn forward(data: &Path, arguments: &[&str]) -> (i32, String, String) {
    run(&[&["forward", "--once", "--data", data.to_str().unwrap()], arguments].concat())
}

fn start(data: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new(PROGRAM);
    command.args(["forward", "--data"]).arg(data).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// How often each id came, in what was posted to a system whose events stand in `batch` under `id`.
fn ids(posts: &[Post], id: &str) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for post in posts {
        for event in post.json()["batch"].as_array().expect("events") {
            *counts.entry(event[id].as_str().expect(id).to_owned()).or_default() += 1;
        }
    }
    counts
}

#[test]
fn two_destinations_get_everything_though_one_is_down_half_the_time() {
    let data = filled("forward_half", 6);
    let up = Elsewhere::start(|_, _| YES());
    // Every second request fails; half of those after it has been taken, with the answer lost.
    let taken = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let keep = taken.clone();
    let half = Elsewhere::start(move |post, before| match before % 4 {
        0 => Some((503, String::new())),
        2 => {
            keep.lock().unwrap().push(post.clone());
            None
        }
        _ => {
            keep.lock().unwrap().push(post.clone());
            YES()
        }
    });
    let (first, second) = (format!("posthog={},key=k", up.url), format!("segment={},key=k", half.url));
    let (code, output, _) = forward(&data, &["--to", &first, "--to", &second]);
    assert_eq!(code, 0, "{output}");
    for url in [&up.url, &half.url] {
        assert!(
            output.lines().any(|line| line.contains(url.as_str()) && line.ends_with("60 events forwarded")),
            "{output}"
        );
    }
    let once = ids(&up.posts(), "uuid");
    assert_eq!((once.len(), once.values().sum::<usize>()), (60, 60), "each once where nothing fails");
    let taken = ids(&taken.lock().unwrap(), "messageId");
    assert_eq!(taken.len(), 60, "and each at least once, under one id, where half does");
    assert!(taken.keys().all(|id| once.contains_key(id)), "the ids are the events', not the systems'");
    assert!(half.posts().len() > 6);
}

#[test]
fn a_dead_destination_delays_no_other_and_a_restart_goes_on_where_it_was() {
    let data = filled("forward_dead", 3);
    let up = Elsewhere::start(|_, _| YES());
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (dead, alive) = (format!("segment=http://{nobody},key=k"), format!("posthog={},key=k", up.url));
    let mut child = start(&data, &["--to", &dead, "--to", &alive]);
    up.until(|posts| ids(posts, "uuid").len() == 30);
    // What arrives meanwhile goes on too.
    stored(&mut Store::create(&data).unwrap(), &[batch(3)]);
    up.until(|posts| ids(posts, "uuid").len() == 40);
    let (code, _, error) = forward(&data, &["--to", &alive]);
    assert_eq!(code, 1);
    assert!(error.contains("Another `forward`"), "{error}");
    child.kill().unwrap();
    child.wait().unwrap();
    let before = ids(&up.posts(), "uuid");
    stored(&mut Store::create(&data).unwrap(), &[batch(4)]);
    let (code, output, error) = forward(&data, &["--to", &alive]);
    assert_eq!(code, 0, "{output}{error}");
    let after = ids(&up.posts(), "uuid");
    assert_eq!(after.len(), 50);
    // The answer to the very last request may have been under way when it was killed.
    let again = before.iter().filter(|(id, count)| after[*id] > **count).count();
    assert!(again == 0 || again == 10, "{again} were sent again");
}

#[test]
fn what_may_have_been_taken_is_never_sent_again_to_a_system_that_counts_twice() {
    let data = filled("forward_ambiguous", 3);
    let lossy = Elsewhere::start(|_, before| if before == 1 { None } else { YES() });
    let to = format!("umami={},key=w", lossy.url);
    let (code, output, error) = forward(&data, &["--to", &to]);
    assert_eq!(code, 0, "{error}");
    assert!(output.contains("20 events forwarded, 10 unconfirmed"), "{output}");
    let posts = lossy.posts();
    assert_eq!(posts.len(), 3, "one request a batch, none twice");
    let (code, output, _) = forward(&data, &["--to", &to]);
    assert_eq!((code, lossy.posts().len()), (0, 3), "{output}");
}

#[test]
fn a_refusal_by_position_and_one_without_are_obeyed() {
    let data = filled("forward_refused", 1);
    let named = Elsewhere::start(|post, _| match post.body.contains("\"e4\"") {
        true => Some((400, json!({"code": 400, "events_with_invalid_fields": {"x": [3]}}).to_string())),
        false => YES(),
    });
    let unnamed = Elsewhere::start(|post, _| match post.body.contains("\"e7\"") {
        true => Some((400, String::new())),
        false => YES(),
    });
    let (first, second) =
        (format!("amplitude={},key=k", named.url), format!("posthog={},key=k", unnamed.url));
    let (code, output, _) = forward(&data, &["--to", &first, "--to", &second]);
    assert_eq!(code, 0);
    assert_eq!(output.matches("9 events forwarded, 1 refused").count(), 2, "{output}");
    let last = named.posts().pop().unwrap().json();
    let types: Vec<_> =
        last["events"].as_array().unwrap().iter().map(|event| event["event_type"].clone()).collect();
    assert_eq!(types.len(), 9);
    assert!(!types.contains(&"e4".into()) && types.contains(&"e7".into()), "{types:?}");
}

#[test]
fn events_carry_their_page_and_engagement_what_it_adds() {
    let data = folder("forward_pages");
    let mut store = Store::create(&data).unwrap();
    let events = json!([view(1, 0, 1), event(2, 50, "search"), engagement(3, 4_000, 1, 3_000, 3_500)]);
    // The rest of the same page view comes with a later batch.
    let more = json!([engagement(4, 9_000, 1, 8_000, 8_500), event(5, 9_500, "share")]);
    // Its engine fails, and another goes on with it.
    let mut after = beacon(3, json!([engagement(1, 20_000, 1, 12_000, 19_000)]));
    after["events"][0]["props"]["load_id"] = after["load"].clone();
    after["load"] = id("e").into();
    stored(&mut store, &[beacon(1, events), beacon(2, more), after]);
    let up = Elsewhere::start(|_, _| YES());
    let config = data.join("destinations.txt");
    std::fs::write(&config, format!("# where to\n\nposthog={},key=k,name=hog,header=X-Team: data\n", up.url))
        .unwrap();
    let (code, output, error) = forward(&data, &["--config", config.to_str().unwrap()]);
    assert_eq!((code, output.as_str()), (0, "hog: 6 events forwarded\n"), "{error}");
    let posts = up.posts();
    assert!(
        posts.iter().all(|post| post.path == "/batch/" && post.head.to_lowercase().contains("x-team: data"))
    );
    let mut sent: Vec<Value> =
        posts.iter().flat_map(|post| post.json()["batch"].as_array().unwrap().clone()).collect();
    // Requests overtake each other; what happened when is in the events.
    sent.sort_by_key(|event| event["timestamp"].as_str().unwrap().to_owned());
    let of = |name: &str| {
        sent.iter()
            .filter(|event| event["event"] == name)
            .map(|event| &event["properties"])
            .collect::<Vec<_>>()
    };
    assert_eq!(of("share")[0]["$current_url"], "https://shop.example/1");
    assert_eq!(of("share")[0]["title"], "Page 1");
    let earned: Vec<_> = of("engagement").iter().map(|props| props["earned_ms"].clone()).collect();
    assert_eq!(earned, [json!(3_000), json!(5_000), json!(4_000)]);
    assert_eq!(of("engagement")[0]["session_engaged_ms"], 12_000);
    assert_eq!(of("engagement")[0]["page_depth"], 1);
}

#[test]
fn a_new_destination_may_begin_with_now() {
    let data = filled("forward_now", 2);
    let up = Elsewhere::start(|_, _| YES());
    let to = format!("posthog={},key=k", up.url);
    assert_eq!(forward(&data, &["--from-now", "--to", &to]).0, 0);
    assert_eq!(up.posts().len(), 0);
    stored(&mut Store::create(&data).unwrap(), &[batch(2)]);
    assert_eq!(forward(&data, &["--to", &to]).0, 0);
    assert_eq!(ids(&up.posts(), "uuid").len(), 10);
}

#[test]
fn a_destination_that_is_none_says_what_to_write() {
    let data = filled("forward_wrong", 1);
    for (arguments, sentence) in [
        (vec![], "Nowhere to forward to"),
        (vec!["--to", "posthog"], "FORMAT=URL"),
        (vec!["--to", "nobody=http://a.example"], "There is no format"),
        (vec!["--to", "posthog=http://a.example"], "posthog needs key="),
        (vec!["--to", "ga4=http://a.example,key=G-1"], "ga4 needs secret="),
        (vec!["--to", "posthog=http://a.example,sercet=hidden"], "`sercet` is unknown"),
        (vec!["--to", "otlp=http://a.example", "--to", "otlp=http://a.example"], "name="),
        (vec!["--config", "no/such/file"], "Cannot read"),
    ] {
        let (code, _, error) = forward(&data, &arguments);
        assert_eq!(code, 1, "{error}");
        assert!(error.contains(sentence), "{error}");
    }
}

#[test]
fn what_stays_down_is_given_up_and_the_next_run_goes_on() {
    let data = filled("forward_down", 2);
    let up = Elsewhere::start(|_, _| YES());
    let down = Elsewhere::start(|_, before| if before < 3 { Some((503, String::new())) } else { YES() });
    let (first, second) = (format!("posthog={},key=k", up.url), format!("segment={},key=k", down.url));
    let (code, output, error) = forward(&data, &["--tries", "2", "--to", &first, "--to", &second]);
    assert_eq!(code, 1, "{output}{error}");
    assert!(error.contains("given up after 2 times in a row: it answered 503"), "{error}");
    assert_eq!((ids(&up.posts(), "uuid").len(), down.posts().len()), (20, 2), "{output}");
    let (code, output, error) = forward(&data, &["--to", &first, "--to", &second]);
    assert_eq!(code, 0, "{error}");
    assert_eq!(output.matches("20 events forwarded").count(), 2, "{output}");
}

#[test]
fn who_refuses_everything_is_no_success() {
    let data = filled("forward_all_refused", 1);
    let no = Elsewhere::start(|_, _| Some((400, String::new())));
    let to = format!("posthog={},key=wrong", no.url);
    let (code, output, error) = forward(&data, &["--to", &to]);
    assert_eq!(code, 1, "{output}");
    assert!(output.contains("0 events forwarded, 10 refused"), "{output}");
    assert!(error.contains("refused all it was sent, 10 events"), "{error}");
    let (code, _, error) = forward(&data, &["--to", &to]);
    assert_eq!(code, 0, "nothing was sent, so nothing refused: {error}");
}

#[test]
fn what_an_address_may_hide_is_not_printed() {
    let data = filled("forward_hidden", 1);
    let busy = Elsewhere::start(|_, before| if before == 0 { Some((503, String::new())) } else { YES() });
    let host = busy.url.strip_prefix("http://").unwrap();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (first, second) = (
        format!("posthog=http://ada:hidden@{host}?token=hidden,key=hidden"),
        format!("otlp=http://{nobody}/x?token=hidden"),
    );
    let (code, output, error) = forward(&data, &["--tries", "2", "--to", &first, "--to", &second]);
    assert_eq!(code, 1, "{output}{error}");
    assert!(output.contains(&format!("posthog http://{host}: 10 events forwarded")), "{output}");
    assert!(error.contains(&format!("otlp http://{nobody}/x: ")), "{error}");
    assert!(!output.contains("hidden") && !error.contains("hidden"), "{output}{error}");
    assert!(busy.posts()[1].path.ends_with("token=hidden"), "{}", busy.posts()[1].path);
}

#[test]
fn a_log_is_replayed_into_another_system() {
    let base = folder("forward_replay");
    let log = base.join("log.ndjson");
    std::fs::write(&log, format!("{}\n{}\n{}\n", batch(0), batch(1), batch(0))).unwrap();
    let up = Elsewhere::start(|_, before| if before == 0 { Some((503, String::new())) } else { YES() });
    let to = format!("posthog={},key=k", up.url);
    let (code, output, error) = run(&["replay", log.to_str().unwrap(), "--to", &to]);
    assert_eq!(code, 0, "{error}");
    let words = "3 batches: 20 events accepted, 10 known before, 0 rejected; 0 bad lines.\n\
                 20 forwarded, 0 refused, 0 unconfirmed.\n";
    assert_eq!(output, words);
    assert!(error.contains("it answered 503; again in 1 s"), "{error}");
    let sent = ids(&up.posts()[1..], "uuid");
    assert_eq!((sent.len(), sent.values().sum::<usize>()), (20, 20));
}

#[test]
fn a_store_of_before_forwards_all_it_has() {
    let data = filled("forward_old", 2);
    let db = rusqlite::Connection::open(data.join("passerby.db")).unwrap();
    db.execute_batch(
        "DROP TABLE arrivals; DROP TABLE erased; ALTER TABLE sessions DROP COLUMN steps;
         ALTER TABLE batches DROP COLUMN bot; ALTER TABLE sessions DROP COLUMN bot; PRAGMA user_version = 1;",
    )
    .unwrap();
    drop(db);
    let up = Elsewhere::start(|_, _| YES());
    let to = format!("posthog={},key=k", up.url);
    assert_eq!(forward(&data, &["--to", &to]).0, 0);
    stored(&mut Store::create(&data).unwrap(), &[batch(2)]);
    assert_eq!(forward(&data, &["--to", &to]).0, 0);
    let sent = ids(&up.posts(), "uuid");
    assert_eq!((sent.len(), sent.values().sum::<usize>()), (30, 30));
}

#[test]
fn a_system_that_asks_for_patience_is_given_it() {
    let data = filled("forward_patience", 1);
    let busy = Elsewhere::start_with(|_, before| match before {
        0 => (Some((429, String::new())), "Retry-After: 2\r\n"),
        _ => (YES(), ""),
    });
    let to = format!("segment={},key=k", busy.url);
    let (code, _, error) = forward(&data, &["--to", &to]);
    assert_eq!(code, 0);
    assert!(error.contains("it answered 429; again in 2 s"), "{error}");
    assert_eq!(busy.posts().len(), 2);
}
