//! What another system's refusals do to what is forwarded: nothing is lost that nobody has.

use std::net::TcpListener;
use std::path::Path;

use serde_json::{Value, json};

use crate::elsewhere::{Elsewhere, read, say};
use crate::forward::{batch, filled, forward};
use crate::support::{folder, run};

/// Runs until it gives up, which it must after one try with these words; then all is there for the next run.
fn is_kept(data: &Path, to: &str, sentence: &str) {
    let (code, output, error) = forward(data, &["--tries", "1", "--to", to]);
    assert_eq!(code, 1, "{output}{error}");
    assert!(error.contains("given up after 1 time in a row") && error.contains(sentence), "{error}");
    assert!(output.ends_with(": 0 events forwarded\n"), "{output}");
    assert!(!error.contains("hidden"), "{error}");
}

#[test]
fn what_has_moved_is_not_followed() {
    let data = filled("refusals_moved", 1);
    let moved = Elsewhere::start_with(|post, before| match before {
        0 => (Some((301, String::new())), "Location: /other?token=hidden\r\n"),
        1 => (Some((302, String::new())), "Location: https://ada:hidden@a.example/x?k=hidden\r\n"),
        _ if post.path == "/batch/" => (Some((200, "{}".into())), ""),
        _ => (Some((500, String::new())), ""),
    });
    let to = format!("posthog={},key=k,name=hog", moved.url);
    is_kept(&data, &to, &format!("it answered 301 to {}/other: give that address", moved.url));
    is_kept(&data, &to, "it answered 302 to https://a.example/x: give that address");
    let (code, output, error) = forward(&data, &["--to", &to]);
    assert_eq!((code, output.as_str()), (0, "hog: 10 events forwarded\n"), "{error}");
    let heads: Vec<_> = moved.posts().iter().map(|post| post.head.starts_with("POST /batch/ ")).collect();
    assert_eq!(heads, [true; 3]);
}

#[test]
fn a_web_page_is_no_answer() {
    for format in ["posthog", "umami"] {
        let data = filled(&format!("refusals_page_{format}"), 1);
        let portal = Elsewhere::start(|_, before| match before {
            0 => Some((200, "\n<!doctype html><title>Sign in</title>".into())),
            _ => Some((200, "{}".into())),
        });
        let to = format!("{format}={},key=k", portal.url);
        is_kept(&data, &to, "it answered 200 with a web page: is the address right?");
        let (code, output, error) = forward(&data, &["--to", &to]);
        assert!(code == 0 && output.ends_with(": 10 events forwarded\n"), "{output}{error}");
    }
}

#[test]
fn a_refusal_of_the_key_keeps_the_events() {
    for (format, status, body) in [
        ("amplitude", 400, json!({"code": 400, "error": "Invalid API key: hidden"})),
        ("mixpanel", 200, json!({"status": 0, "error": "token, missing or empty"})),
        ("mixpanel", 400, json!({"status": 0})),
        ("segment", 401, Value::Null),
    ] {
        let data = filled(&format!("refusals_key_{format}_{status}"), 1);
        let no = Elsewhere::start(move |_, _| Some((status, body.to_string())));
        let to = format!("{format}={},key=hidden", no.url);
        is_kept(&data, &to, &format!("it answered {status}: are key and address right?"));
        assert_eq!(no.posts().len(), 1, "{format}");
    }
}

#[test]
fn who_refuses_all_of_a_replay_is_no_success() {
    let log = folder("refusals_replay").join("log.ndjson");
    std::fs::write(&log, format!("{}\n", batch(0))).unwrap();
    let no = Elsewhere::start(|_, _| Some((400, String::new())));
    let (code, output, error) =
        run(&["replay", log.to_str().unwrap(), "--to", &format!("posthog={},key=k", no.url)]);
    assert_eq!(code, 1, "{output}");
    assert!(output.contains("0 forwarded, 10 refused"), "{output}");
    assert!(error.contains("refused all it was sent, 10 events"), "{error}");
}

#[test]
fn a_mistake_in_a_file_of_destinations_names_its_line() {
    let data = filled("refusals_config", 1);
    let up = Elsewhere::start(|_, _| Some((200, "{}".into())));
    let config = data.join("destinations.txt");
    let write = |text: &str| std::fs::write(&config, text).unwrap();
    write(&format!("\u{feff}posthog={}, key=k, name=hog\n", up.url));
    let (code, output, error) = forward(&data, &["--config", config.to_str().unwrap()]);
    assert_eq!((code, output.as_str()), (0, "hog: 10 events forwarded\n"), "{error}");
    write("# where to\n\nposthog=https://a.example\n");
    let (code, _, error) = forward(&data, &["--config", config.to_str().unwrap()]);
    assert!(code == 1 && error.contains("destinations.txt, line 3: posthog needs key="), "{error}");
}

#[test]
fn eight_requests_are_on_their_way_and_only_what_is_before_the_first_refused_is_done() {
    let data = filled("refusals_together", 9);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let to = format!("posthog=http://{},key=k,name=hog", listener.local_addr().unwrap());
    let system = std::thread::spawn(move || {
        let next = || {
            let stream = listener.accept().unwrap().0;
            (read(&stream).unwrap().json()["batch"].as_array().unwrap().clone(), stream)
        };
        let (first, stream) = next();
        say(&stream, 200, "", "{}");
        // None is answered before all are there; the third of them is refused.
        let mut all: Vec<_> = (0..8).map(|_| next()).collect();
        all.sort_by_key(|(events, _)| events[0]["timestamp"].as_str().unwrap().to_owned());
        for (at, (_, stream)) in all.iter().enumerate() {
            say(stream, if at == 2 { 503 } else { 200 }, "", "{}");
        }
        let third = all[2].0.clone();
        let answered = |(events, stream)| {
            say(&stream, 200, "", "{}");
            events
        };
        let again: Vec<Vec<Value>> = (0..6).map(|_| answered(next())).collect();
        (first.len(), third, again)
    });
    let (code, output, error) = forward(&data, &["--to", &to]);
    assert_eq!((code, output.as_str()), (0, "hog: 90 events forwarded\n"), "{error}");
    let (first, third, again) = system.join().unwrap();
    assert_eq!((first, &again[0], again.len()), (10, &third, 6), "from the refused one on");
}
