//! The commands, as people and scripts run them.

use std::io::Write;
use std::process::{Command, Stdio};

use passerby::collector::store::{Store, Through};
use serde_json::{Value, json};

use crate::support::{
    PROGRAM, Served, beacon, engagement, event, exported, fixture, folder, id, run, stored, view,
};

fn visit() -> Vec<Value> {
    vec![
        beacon(1, json!([view(1, 0, 1), event(2, 50, "search")])),
        beacon(2, json!([engagement(3, 12_000, 1, 11_000, 11_500), view(4, 12_000, 2)])),
        serde_json::from_str(&fixture("valid-full.json")).unwrap(),
    ]
}

fn lines(beacons: &[Value]) -> String {
    beacons.iter().map(|beacon| format!("{beacon}\n")).collect()
}

#[test]
fn a_replay_equals_live_ingest() {
    let base = folder("replay");
    let (log, live, again) = (base.join("log.ndjson"), base.join("live"), base.join("again"));
    std::fs::write(&log, lines(&visit())).unwrap();
    let served = Served::start(&live, &["--quiet"]);
    for beacon in visit() {
        assert_eq!(served.post(&beacon).status, 200);
    }
    let (code, output, _) = run(&["replay", log.to_str().unwrap(), "--data", again.to_str().unwrap()]);
    assert_eq!(
        (code, output.as_str()),
        (0, "3 batches: 12 events accepted, 0 known before, 0 rejected; 0 bad lines.\n")
    );
    let read = |data| Store::open(data).unwrap().sessions(&Through::Everything).unwrap();
    assert_eq!(read(&again), read(&live));
    // The same log to the collector that has it all.
    let to = format!("http://{}/v1/batch", served.address);
    let (code, output, _) = run(&["replay", log.to_str().unwrap(), "--to", &to]);
    assert_eq!(
        (code, output.as_str()),
        (0, "3 batches: 0 events accepted, 12 known before, 0 rejected; 0 bad lines.\n")
    );
}

#[test]
fn a_replay_names_bad_lines_and_takes_the_rest() {
    let base = folder("replay_bad");
    let mut visit = lines(&visit()[..2]);
    visit.insert_str(0, "not json\n\n{\"passerby\":9}\n");
    visit.push_str(&format!("{}\n", beacon(3, json!([event(9, 9, "")]))));
    visit.push_str("{\"cut\":");
    std::fs::write(base.join("log"), visit).unwrap();
    let (log, data) = (base.join("log"), base.join("data"));
    let (code, output, error) = run(&["replay", log.to_str().unwrap(), "--data", data.to_str().unwrap()]);
    assert_eq!(
        (code, output.as_str()),
        (1, "3 batches: 4 events accepted, 0 known before, 1 rejected; 3 bad lines.\n")
    );
    for beginning in [
        "line 1: ",
        "line 3: This collector reads wire format 1, not 9",
        "line 6: event 9 rejected: name_empty",
        "line 7: ",
    ] {
        assert!(error.lines().any(|line| line.starts_with(beginning)), "{beginning} in {error}");
    }
    let (code, _, error) = run(&["replay", "no/such/file"]);
    assert_eq!(code, 1);
    assert!(error.starts_with("Cannot read no/such/file"), "{error}");
    let (code, _, error) = run(&["replay", log.to_str().unwrap(), "--to", "ftp://a.example"]);
    assert_eq!(code, 1);
    assert!(error.contains("http://"), "{error}");
}

#[test]
fn a_summary_reads_well_and_as_json() {
    let data = folder("summary");
    stored(&mut Store::create(&data).unwrap(), &visit());
    let data = data.to_str().unwrap();
    let (code, output, _) = run(&["summary", "--data", data]);
    assert_eq!(code, 0);
    for part in ["bounce rate", "engaged rate", "customers", "2 sessions:", "no data", "Definition d1:"] {
        assert!(output.contains(part), "{part} in {output}");
    }
    let titles = ["The newest sessions\n\n", "\nTheir visitors\n\n", "\nPeople\n\n"];
    let places: Vec<_> = titles.iter().filter_map(|title| output.find(title)).collect();
    assert!(places.len() == titles.len() && places.is_sorted(), "{output}");
    let (_, output, _) = run(&["summary", "--data", data, "--session", "c000", "--json"]);
    let session: Value = serde_json::from_str(&output).unwrap();
    let session = &session["session"];
    assert_eq!(
        (&session["pageDepth"], &session["durationMs"], &session["engagedMs"]),
        (&json!(2), &json!(12_000), &json!(11_000))
    );
    let through = format!("{}:2", id("a"));
    let (_, output, _) =
        run(&["summary", "--data", data, "--session", "c000", "--json", "--through", &through]);
    assert_eq!(serde_json::from_str::<Value>(&output).unwrap()["session"]["pageDepth"], 1);
    let (_, output, _) = run(&["summary", "--data", data, "--json"]);
    assert_eq!(serde_json::from_str::<Value>(&output).unwrap()["sessions"].as_array().unwrap().len(), 2);
    let (_, output, _) = run(&["summary", "--data", data, "--session", "c000"]);
    assert!(
        output.contains("page depth  2") && output.contains("https://shop.example/2  Page 2"),
        "{output}"
    );
    for (arguments, sentence) in [
        (["--session", "ffff"], "No session has the id ffff"),
        (["--through", "abc"], "`abc` is no LOAD:SEQ"),
        (["--data", "no/such/folder"], "No data yet in no/such/folder"),
    ] {
        let base = if arguments[0] == "--data" { vec!["summary"] } else { vec!["summary", "--data", data] };
        let (code, _, error) = run(&[base, arguments.to_vec()].concat());
        assert_eq!(code, 1);
        assert!(error.starts_with(sentence) && error.lines().count() == 1, "{error}");
    }
    let (code, output, _) = run(&["summary", "--data", folder_with_nothing().to_str().unwrap()]);
    assert_eq!((code, output.as_str()), (0, "No data: no session has been stored yet.\n"));
}

fn folder_with_nothing() -> std::path::PathBuf {
    let data = folder("summary_empty");
    Store::create(&data).unwrap();
    data
}

#[test]
fn an_export_is_one_event_a_line_and_may_be_cut_off() {
    let data = folder("export");
    let mut store = Store::create(&data).unwrap();
    stored(&mut store, &visit());
    let many: Vec<Value> = (100..600).map(|n| event(n, n, "filling_the_pipe_so_that_it_breaks")).collect();
    stored(&mut store, &[beacon(9, json!(many[..400])), beacon(10, json!(many[400..]))]);
    let (code, output, _) = run(&["export", "--data", data.to_str().unwrap()]);
    assert_eq!((code, &output), (0, &exported(&store)));
    let events: Vec<Value> = output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.len(), 512);
    assert!(events.windows(2).all(|pair| pair[0]["at"].as_u64() <= pair[1]["at"].as_u64()));
    assert!(output.contains(r#""props":{"transaction_id":"T-77","value":79.9,"currency":"EUR"}"#));
    let mut child = Command::new(PROGRAM)
        .args(["export", "--data", data.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), b"".as_slice()));
}

#[test]
fn a_replay_reads_standard_input_and_the_schema_is_json() {
    let data = folder("replay_stdin");
    let mut child = Command::new(PROGRAM)
        .args(["replay", "-", "--data", data.to_str().unwrap()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(lines(&visit()).as_bytes()).unwrap();
    assert!(
        String::from_utf8(child.wait_with_output().unwrap().stdout)
            .unwrap()
            .starts_with("3 batches: 12 events")
    );
    let (code, schema, _) = run(&["schema"]);
    let schema: Value = serde_json::from_str(&schema).unwrap();
    assert_eq!((code, &schema["properties"]["passerby"]["const"]), (0, &json!(1)));
    let (code, help, _) = run(&["--help"]);
    assert!(code == 0 && help.contains("Examples:"), "{help}");
    let (code, _, _) = run(&["serve", "--site", "nonsense"]);
    assert_eq!(code, 2);
}
