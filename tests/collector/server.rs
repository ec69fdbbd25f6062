//! The running program over real sockets.

use passerby::collector::store::{Store, Through};
use serde_json::{Value, json};

use crate::support::{Served, beacon, event, fixture, folder, gzip, id, run, view};

#[test]
fn a_beacon_is_answered_and_readable_at_once() {
    let served = Served::start(&folder("beacon"), &["--quiet"]);
    let batch = beacon(1, json!([view(1, 0, 1), event(2, 5, "search"), event(2, 5, "search")]));
    let answer = served.post(&batch);
    assert_eq!(answer.status, 200);
    let expected = json!({ "batch": batch["batch"], "accepted": 2, "duplicate": 1, "rejected": [] });
    assert_eq!(answer.json(), expected);
    assert!(answer.body.starts_with("{\"batch\":\""), "the page looks for exactly this");
    let packed =
        served.request("POST /v1/batch", "Content-Encoding: gzip\r\n", &gzip(batch.to_string().as_bytes()));
    assert_eq!((packed.json()["accepted"].clone(), packed.json()["duplicate"].clone()), (json!(0), json!(3)));
    let session = served.get(&format!("/v1/sessions/{}", id("c"))).json();
    assert_eq!((&session["session"]["pageDepth"], &session["events"]), (&json!(1), &json!({ "search": 1 })));
    assert_eq!(served.get("/v1/health").json()["status"], "ok");
    assert_eq!(served.get("/v1/summary").json()["totals"][0]["together"]["sessions"], 1);
    assert_eq!(served.get("/v1/sessions/ffff").status, 404);
}

#[test]
fn pages_of_this_machine_may_send_and_no_others() {
    let served = Served::start(&folder("cors"), &["--quiet"]);
    let body = beacon(1, json!([view(1, 0, 1)])).to_string();
    for (origin, may) in [
        ("http://localhost:3000", true),
        ("http://127.0.0.1:8787", true),
        ("https://[::1]:5173", true),
        ("null", true),
        ("https://shop.example", false),
        ("http://localhost.evil.example", false),
    ] {
        let headers = format!("Origin: {origin}\r\n");
        let answer = served.request("POST /v1/batch", &headers, body.as_bytes());
        assert_eq!(answer.status, if may { 200 } else { 403 }, "{origin}");
        assert_eq!(answer.header("access-control-allow-origin"), may.then_some(origin), "{origin}");
        assert_eq!(answer.header("vary"), Some("origin"), "{origin}");
        let preflight = served.request("OPTIONS /v1/batch", &headers, b"");
        assert_eq!(preflight.status, if may { 204 } else { 403 }, "{origin}");
        assert_eq!(preflight.header("access-control-allow-methods"), may.then_some("POST"), "{origin}");
    }
    // Refusals are readable too, so that the page can explain them.
    let refused = served.request("POST /v1/batch", "Origin: null\r\n", b"{}");
    assert_eq!((refused.status, refused.header("access-control-allow-origin")), (400, Some("null")));
    // What is read has no CORS at all.
    let read = served.request("GET /v1/summary", "Origin: http://localhost:3000\r\n", b"");
    assert_eq!((read.status, read.header("access-control-allow-origin")), (200, None));
    let network = "Origin: http://localhost:3000\r\nAccess-Control-Request-Private-Network: true\r\n";
    let preflight = served.request("OPTIONS /v1/batch", network, b"");
    assert_eq!(preflight.header("access-control-allow-private-network"), Some("true"));
}

#[test]
fn another_name_for_this_machine_is_refused() {
    let served = Served::start(&folder("host"), &["--quiet"]);
    for (host, status) in
        [("localhost", 200), ("127.0.0.1:80", 200), ("[::1]:80", 200), ("evil.example", 403)]
    {
        let answer = served.request("GET /dashboard", &format!("Host: {host}\r\n"), b"");
        assert_eq!(answer.status, status, "{host}");
    }
    let absolute = served.request("GET http://evil.example/dashboard", "Host: localhost\r\n", b"");
    assert_eq!(absolute.status, 403);
}

#[test]
fn what_is_no_beacon_gets_a_reason() {
    let served = Served::start(&folder("refusals"), &["--quiet"]);
    let broken = served.request("POST /v1/batch", "", b"{\"passerby\":1,\"batch\":7}");
    assert_eq!(broken.status, 400);
    let expected = json!({
        "error": "`batch` must be a string.", "reason": "malformed", "field": "batch", "position": 22,
    });
    assert_eq!(broken.json(), expected);
    let spaces = vec![b' '; 65 * 1024];
    for (line, headers, body, status) in [
        ("POST /v1/batch", "", spaces.as_slice(), 413),
        ("POST /v1/batch", "Content-Encoding: br\r\n", b"x", 415),
        ("PUT /v1/batch", "", b"", 405),
        ("TRACE /v1/batch", "", b"", 405),
        ("POST /v1/health", "", b"", 405),
        ("GET /nothing", "", b"", 404),
        ("GET /v1/batch", "", b"", 200),
        ("HEAD /v1/batch", "", b"", 200),
        ("POST /v1/batch", "Content-Type: image/png\r\n", b"{}", 400),
        ("POST /v1/batch", "Transfer-Encoding: chunked\r\n", b"2\r\n{}\r\n0\r\n\r\n", 400),
    ] {
        let answer = served.request(line, headers, body);
        assert_eq!(answer.status, status, "{line} {headers}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{line}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{line}");
        if status >= 400 {
            assert!(answer.json()["error"].is_string(), "{line}: {}", answer.body);
        }
    }
    assert_eq!(served.request("PUT /v1/batch", "", b"").header("allow"), Some("POST, OPTIONS, GET, HEAD"));
    // Contradictory lengths never reach us.
    let smuggled = "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n";
    assert_ne!(served.request("POST /v1/batch", smuggled, b"0\r\n\r\nGET / HTTP/1.1\r\n\r\n").status, 200);
    assert!(Store::open(&folder_of("refusals")).unwrap().sessions(&Through::Everything).unwrap().is_empty());
}

fn folder_of(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn the_dashboard_shows_hostile_text_as_text() {
    let served = Served::start(&folder("dashboard"), &["--quiet"]);
    let empty = served.get("/");
    assert!(empty.body.contains("No data yet"));
    let mut hostile: Value =
        serde_json::from_str(&fixture("valid-hostile-text.json").replace(r", half \ud83d", "")).unwrap();
    hostile["session"]["entry"] = json!("https://shop.example/<script>alert(1)</script>?token=SECRET");
    hostile["session"]["channel"] = json!("\"><img src=x>");
    hostile["definition"] = json!("<i>d</i>");
    hostile["dropped"] = json!({ "<u>": 1 });
    assert_eq!(served.post(&hostile).status, 200);
    let page = served.get("/dashboard");
    for tag in ["<script", "<img", "<i>", "<u>", "SECRET", "\u{202e}"] {
        assert!(!page.body.contains(tag), "{tag}");
    }
    assert!(page.body.contains("&lt;script&gt;"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let style = served.get("/dashboard.css");
    assert_eq!((style.status, style.header("content-type")), (200, Some("text/css; charset=utf-8")));
}

#[test]
fn folders_are_served_and_nothing_beside_them() {
    let base = folder("files");
    for (name, text) in [
        ("www/index.html", "<h1>demo</h1>"),
        ("www/app/index.html", "<h1>app</h1>"),
        ("www/shop/one.js", "1"),
        ("dist/passerby.js", "1"),
        ("secret.txt", "no"),
    ] {
        let path = base.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let (www, dist) = (base.join("www"), base.join("dist"));
    let folders = ["--quiet", "--www", www.to_str().unwrap(), "--dist", dist.to_str().unwrap()];
    let served = Served::start(&base.join("data"), &folders);
    let index = served.get("/");
    let kind = index.header("content-type");
    assert_eq!((index.body.as_str(), kind), ("<h1>demo</h1>", Some("text/html; charset=utf-8")));
    assert_eq!(index.header("cache-control"), Some("no-store"));
    let script = served.get("/dist/passerby.js");
    assert_eq!(script.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(script.header("access-control-allow-origin"), Some("*"));
    assert!(served.get("/dashboard").body.contains("<title>Passerby</title>"));
    for path in [
        "/../secret.txt",
        "/dist/../secret.txt",
        "/%2e%2e/secret.txt",
        "/dist/%2e%2e/secret.txt",
        "/dist/..%2fsecret.txt",
        "//secret.txt",
        "/dist/%2e%2e%5csecret.txt",
        "/dist/passerby.js%00",
    ] {
        let answer = served.get(path);
        assert!(answer.status >= 400 && !answer.body.contains("no\n"), "{path}: {}", answer.status);
        assert_ne!(answer.body, "no", "{path}");
    }
    assert_eq!(served.request("POST /index.html", "", b"").status, 405);
    for path in ["/app/", "/app/goods/lantern", "/app/goods/?q=../.."] {
        let answer = served.get(path);
        let kind = answer.header("content-type");
        assert_eq!((answer.status, kind), (200, Some("text/html; charset=utf-8")), "{path}");
        assert_eq!(answer.body, "<h1>app</h1>", "{path}");
    }
    for path in
        ["/nowhere", "/nowhere/", "/app/lantern.png", "/app/%2e%2e/secret", "/shop/two", "/dist/app/x"]
    {
        let answer = served.get(path);
        let told = answer.body.contains("not_found");
        assert_eq!((answer.status, told), (404, true), "{path}: {}", answer.body);
    }
    assert_eq!(served.request("POST /app/goods/lantern", "", b"").status, 405);
    std::fs::write(www.join("404.html"), "<h1>gone</h1>").unwrap();
    for (path, own) in [("/nowhere", true), ("/shop/two", true), ("/v1/two", false), ("/dist/two", false)] {
        let answer = served.get(path);
        let html = answer.header("content-type") == Some("text/html; charset=utf-8");
        assert_eq!((answer.status, answer.body == "<h1>gone</h1>", html), (404, own, own), "{path}");
    }
}

#[test]
fn a_public_address_asks_for_sites_and_for_the_token() {
    let data = folder("public");
    let (code, _, error) =
        run(&["serve", "--host", "0.0.0.0", "--port", "0", "--data", data.to_str().unwrap()]);
    assert_eq!(code, 1);
    assert!(error.contains("--site NAME=ORIGIN"), "{error}");
    let options =
        ["--quiet", "--host", "0.0.0.0", "--site", "shop=https://shop.example", "--token", "secret"];
    let served = Served::start(&data, &options);
    let body = beacon(1, json!([view(1, 0, 1)])).to_string();
    let mut other = beacon(2, json!([view(2, 0, 1)]));
    other["site"] = json!("blog");
    for (headers, body, status) in [
        ("Origin: https://shop.example\r\n", &body, 200),
        ("Origin: https://shop.example\r\n", &other.to_string(), 403),
        ("Origin: http://shop.example\r\n", &body, 403),
        ("Origin: http://localhost\r\n", &body, 403),
        ("Origin: null\r\n", &body, 403),
        ("", &body, 403),
        ("Authorization: Bearer secret\r\n", &body, 200),
    ] {
        let headers = format!("Host: collector.example\r\n{headers}");
        assert_eq!(served.request("POST /v1/batch", &headers, body.as_bytes()).status, status, "{headers}");
    }
    for path in ["/", "/dashboard", "/v1/summary", &format!("/v1/sessions/{}", id("c"))] {
        assert_eq!(served.get(path).status, 401, "{path}");
        assert_eq!(served.get(&format!("{path}?token=wrong")).status, 401, "{path}");
        assert_eq!(served.get(&format!("{path}?token=secret")).status, 200, "{path}");
        let bearer = served.request(&format!("GET {path}"), "Authorization: Bearer secret\r\n", b"");
        assert_eq!(bearer.status, 200, "{path}");
    }
    assert_eq!(served.get("/v1/health").status, 200);
}

#[test]
fn a_kill_between_append_and_reply_loses_and_doubles_nothing() {
    let data = folder("kill");
    let batch = beacon(1, json!([view(1, 0, 1), event(2, 9, "purchase")]));
    let served = Served::start(&data, &["--quiet"]);
    let body = batch.to_string();
    let head =
        format!("POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n", body.len());
    let unread = served.send(&head, body.as_bytes());
    // The reply is never read: as soon as the batch is on disk, the collector dies.
    let reader = Store::open(&data).unwrap();
    while reader.sessions(&Through::Everything).unwrap().is_empty() {
        std::thread::yield_now();
    }
    served.kill();
    drop((unread, reader));
    let served = Served::start(&data, &["--quiet"]);
    let again = served.post(&batch).json();
    assert_eq!((&again["accepted"], &again["duplicate"]), (&json!(0), &json!(2)));
    let totals = &served.get("/v1/summary").json()["sessions"][0];
    assert_eq!((&totals["pageDepth"], &totals["events"]), (&json!(1), &json!(1)));
}

#[test]
fn what_cannot_be_stored_is_a_503_and_later_stored() {
    let data = folder("cannot_store");
    let served = Served::start(&data, &["--quiet"]);
    let other = rusqlite::Connection::open(data.join("passerby.db")).unwrap();
    other.execute_batch("ALTER TABLE events RENAME TO away").unwrap();
    let batch = beacon(1, json!([view(1, 0, 1)]));
    let refused = served.post(&batch);
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("5")));
    assert!(!refused.body.contains("events"), "no inner workings: {}", refused.body);
    other.execute_batch("ALTER TABLE away RENAME TO events").unwrap();
    assert_eq!(served.post(&batch).json()["accepted"], 1);
}

#[test]
fn a_line_for_each_batch_and_a_farewell() {
    let data = folder("farewell");
    let served = Served::start(&data, &[]);
    let mut batch =
        beacon(1, json!([view(1, 0, 1), event(2, 1, "search"), event(3, 2, "search"), event(4, 2, "")]));
    batch["visitor"]["audience"] = json!("po\u{1b}[2Jt");
    batch["session"]["entry"] = json!("https://shop.example/?token=SECRET");
    assert_eq!(served.post(&batch).status, 200);
    let (code, output) = served.terminate();
    assert_eq!(code, 0);
    let line = output.lines().find(|line| line.contains("accepted")).unwrap();
    for part in ["c0000000…", "page_view, search ×2", "3 accepted", "event 4 rejected: name_empty"] {
        assert!(line.contains(part), "{part} in {line}");
    }
    assert!(!output.contains('\u{1b}') && !output.contains("SECRET"), "{output}");
    let farewell = output.lines().last().unwrap();
    assert_eq!(farewell, format!("Stopped. Everything acknowledged is in {}.", data.display()));
}

#[test]
fn a_port_in_use_is_told_in_a_sentence() {
    let served = Served::start(&folder("port"), &["--quiet"]);
    let port = served.address.rsplit(':').next().unwrap();
    let data = folder("port_taken").join("data");
    let (code, _, error) = run(&["serve", "--port", port, "--data", data.to_str().unwrap()]);
    assert_eq!(code, 1);
    assert!(error.starts_with(&format!("Port {port} is in use")) && error.lines().count() == 1, "{error}");
    assert!(!data.exists(), "a collector that cannot listen leaves no folder behind");
}

#[test]
fn an_address_that_sends_too_much_is_told_when_to_come_back() {
    let served = Served::start(&folder("rate"), &["--quiet", "--rate", "1"]);
    let body = beacon(1, json!([view(1, 0, 1)])).to_string();
    let headers = "Origin: http://localhost:3000\r\n";
    let mut answers = (0..1000).map(|_| served.request("POST /v1/batch", headers, body.as_bytes()));
    // Ten at once, and one more for each second this takes.
    assert!(answers.by_ref().take(10).all(|answer| answer.status == 200));
    let refused = answers.find(|answer| answer.status != 200).unwrap();
    assert_eq!((refused.status, &refused.json()["reason"]), (429, &json!("rate")));
    assert_eq!(refused.header("retry-after"), Some("1"));
    // So that the page of another origin may read both.
    assert_eq!(refused.header("access-control-allow-origin"), Some("http://localhost:3000"));
    assert_eq!(refused.header("access-control-expose-headers"), Some("retry-after"));
    // Reading is not counted.
    assert_eq!(served.get("/v1/health").status, 200);
}
