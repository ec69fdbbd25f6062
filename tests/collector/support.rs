//! What the tests share: beacons, a temporary folder, the running program, and HTTP by hand (so that a test
//! may send what no client library would).

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use passerby::collector::ingest::{self, Batch, Keep, Receipt, Refusal};
use passerby::collector::store::{Arrival, Store};
use serde_json::{Value, json};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_passerby-collector");
/// 2026-11-22 16:40:00 UTC.
pub const T: u64 = 1_795_365_600_000;

/// Thirty-two digits that begin with `name`.
pub fn id(name: &str) -> String {
    format!("{name:0<32}")
}

/// A beacon of load `a`, visitor `b`, session `c`, whose timeline began at `T`.
pub fn beacon(number: u64, events: Value) -> Value {
    json!({
        "passerby": 1, "batch": format!("{}:{number}", id("a")), "site": "shop", "sent": T + 60_000,
        "start": T,
        "definition": "d1", "visitor": { "id": id("b") }, "session": { "id": id("c"), "started": T },
        "load": id("a"), "events": events,
    })
}

pub fn view(seq: u64, t: u64, number: u64) -> Value {
    let page = json!({ "url": format!("https://shop.example/{number}"), "title": format!("Page {number}") });
    json!({ "seq": seq, "t": t, "name": "page_view", "view": number, "page": page })
}

pub fn event(seq: u64, t: u64, name: &str) -> Value {
    json!({ "seq": seq, "t": t, "name": name, "view": 1, "props": { "plan": "pro" } })
}

pub fn engagement(seq: u64, t: u64, view: u64, engaged: u64, last: u64) -> Value {
    let props = json!({ "engaged_ms": engaged, "visible_ms": engaged, "scroll": 50, "last_activity": last });
    json!({ "seq": seq, "t": t, "name": "engagement", "view": view, "props": props })
}

/// An event of these properties, second in its load.
pub fn with_props(props: Value) -> Value {
    json!({ "seq": 2, "t": 1, "name": "e", "props": props })
}

/// A list in a list, so many deep.
pub fn nested(depth: usize) -> Value {
    (0..depth).fold(json!(1), |inner, _| json!([inner]))
}

/// A body, as a collector without options reads it.
pub fn read(body: &[u8]) -> Result<Batch, Refusal> {
    ingest::read(body, &Keep::default())
}

pub fn decoded(beacon: &Value) -> Batch {
    read(beacon.to_string().as_bytes()).unwrap_or_else(|refusal| panic!("{refusal:?}"))
}

/// Stores each beacon in a transaction of its own.
pub fn stored(store: &mut Store, beacons: &[Value]) -> Vec<Receipt> {
    let one = |beacon| {
        let batch = decoded(beacon);
        store.ingest(&[Arrival { batch: &batch, received: None }]).unwrap().remove(0)
    };
    beacons.iter().map(one).collect()
}

/// The lines of `export`.
pub fn exported(store: &Store) -> String {
    let mut lines = Vec::new();
    store.export(&mut lines).unwrap().unwrap();
    String::from_utf8(lines).unwrap()
}

pub fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// An empty folder of this name, below the build's own.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs a command of the program to its end: exit code, standard output, standard error.
pub fn run(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(PROGRAM).args(arguments).stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// The program, serving.
pub struct Served {
    pub child: Child,
    pub address: String,
    output: BufReader<std::process::ChildStdout>,
}

pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// A header's value, if it is there.
    pub fn header(&self, name: &str) -> Option<&str> {
        let line = self
            .head
            .lines()
            .find(|line| line.split_once(':').is_some_and(|(field, _)| field.eq_ignore_ascii_case(name)))?;
        line.split_once(':').map(|(_, value)| value.trim())
    }
}

impl Served {
    /// Starts `serve` with a free port and waits until it says where.
    pub fn start(data: &Path, arguments: &[&str]) -> Served {
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--port", "0", "--data"]).arg(data).args(arguments);
        command.env_remove("PORT").env_remove("PASSERBY_TOKEN");
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let url = line.trim().rsplit(' ').next().unwrap();
        let port = url.rsplit(':').next().unwrap();
        Served { child, address: format!("127.0.0.1:{port}"), output }
    }

    pub fn send(&self, head: &str, body: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        stream
    }

    /// `headers` are whole lines with their ends; Host and Content-Length are given unless named.
    pub fn request(&self, line: &str, headers: &str, body: &[u8]) -> Answer {
        let headers_named = headers.to_lowercase();
        let names = |name: &str| headers_named.lines().any(|line| line.starts_with(name));
        let host = if names("host:") { "" } else { "Host: localhost\r\n" };
        let length = format!("Content-Length: {}\r\n", body.len());
        let length = if names("transfer-encoding:") { "" } else { &length };
        let head = format!("{line} HTTP/1.1\r\n{host}{headers}{length}Connection: close\r\n\r\n");
        let mut bytes = Vec::new();
        self.send(&head, body).read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.request(&format!("GET {path}"), "", b"")
    }

    pub fn post(&self, beacon: &Value) -> Answer {
        self.request("POST /v1/batch", "", beacon.to_string().as_bytes())
    }

    /// Waits for the next line with this in it.
    pub fn says(&mut self, part: &str) -> String {
        let mut line = String::new();
        while !line.contains(part) {
            line.clear();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "ended without: {part}");
        }
        line
    }

    /// SIGTERM, then the rest of its output and its exit code.
    pub fn terminate(mut self) -> (i32, String) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap().code().unwrap(), rest)
    }

    /// SIGKILL: no drain, no farewell.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
