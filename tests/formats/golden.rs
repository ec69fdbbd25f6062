//! One visit (`visit.json`) as each system gets it (`golden/`). UPDATE=1 writes what is new; a person has to agree.

use std::fs;
use std::path::Path;

use passerby::wire::formats::{FORMATS, Format, Target};
use serde_json::Value;

const VISIT: &str = include_str!("visit.json");

fn shown(format: &Format) -> String {
    let target = Target { url: "https://collector.example", key: "the key", secret: "the secret" };
    let request = format.request(VISIT.trim(), &target);
    let body: Value = match serde_json::from_str(&request.body) {
        Ok(value) => value,
        Err(_) => request.body.lines().map(Value::from).collect(),
    };
    let shown = serde_json::json!({"url": request.url, "content_type": request.content_type, "body": body});
    serde_json::to_string_pretty(&shown).expect("JSON") + "\n"
}

#[test]
fn each_system_gets_the_visit_as_it_is_written_down() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/golden");
    let mut wrong = Vec::new();
    for format in FORMATS {
        let path = folder.join(format!("{}.json", format.name));
        let now = shown(format);
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, &now).expect("golden files can be written");
        }
        let before = fs::read_to_string(&path).unwrap_or_default();
        if before != now {
            wrong.push(format!("{}:\n{now}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "differs (UPDATE=1 accepts it): {}", wrong.join("\n"));
}

#[test]
fn a_repeated_batch_is_the_same_to_the_byte() {
    let target = Target { url: "https://collector.example/own?a=b", key: "k", secret: "s" };
    for format in FORMATS {
        assert_eq!(format.request(VISIT, &target), format.request(VISIT, &target), "{}", format.name);
    }
}

#[test]
fn an_address_with_a_path_keeps_it() {
    for format in FORMATS {
        let url = |url| format.request(VISIT, &Target { url, key: "a b", secret: "s" }).url;
        assert!(url("https://c.example/own?a=b").starts_with("https://c.example/own?"), "{}", format.name);
        assert!(url("https://c.example/own?a=b").ends_with("a=b"), "{}", format.name);
        assert_eq!(url("https://c.example/"), url("https://c.example"), "{}", format.name);
    }
}

#[test]
fn a_batch_that_is_none_makes_a_request_without_events() {
    for format in FORMATS {
        for batch in ["", "{", "[]", "null", "{\"events\":7}"] {
            let request = format.request(batch, &Target::default());
            assert!(request.body.len() < 400, "{} of {batch}: {}", format.name, request.body);
        }
    }
}
