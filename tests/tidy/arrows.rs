//! Who may know whom: modules, and the dependencies that guard the wall.

use crate::rule::{Violation, by_line};
use crate::source::File;

/// The table of `src/lib.rs`: a module and what it may use beside itself.
const ARROWS: [(&str, &[&str]); 7] = [
    ("engine", &["wire"]),
    ("wire", &[]),
    ("score", &["engine", "wire"]),
    ("view", &["score"]),
    ("boundary", &["engine", "wire"]),
    ("widget", &["score", "view"]),
    ("collector", &["engine", "wire", "score", "view"]),
];

const BROWSER: [&str; 6] =
    ["wasm-bindgen", "js-sys", "web-sys", "gloo-timers", "serde-wasm-bindgen", "wasm-bindgen-test"];
const SERVER: [&str; 9] =
    ["axum", "tokio", "tower-http", "clap", "comfy-table", "indicatif", "flate2", "rusqlite", "serde_json"];

pub fn arrows(files: &[File]) -> Vec<Violation> {
    let mut found = Vec::new();
    for (module, uses) in ARROWS {
        let folder = format!("src/{module}/");
        for file in files.iter().filter(|file| file.under(&[&folder]) && file.ends(&["rs"])) {
            let climbs = file.path.matches('/').count() - 1;
            found.extend(by_line(file, &file.code, |line| {
                let named = names_after(line, "crate::").into_iter().filter(|name| {
                    *name != module && !uses.contains(name) && ARROWS.iter().any(|(other, _)| other == name)
                });
                let mut wrong: Vec<String> = named.map(|name| format!("{module} uses {name}")).collect();
                // `super::` from a file of the module stays in it; one more leaves it.
                if line.contains(&"super::".repeat(climbs + 1)) {
                    wrong.push(format!("{module} climbs out of itself"));
                }
                wrong
            }));
        }
    }
    found
}

fn names_after<'a>(line: &'a str, start: &str) -> Vec<&'a str> {
    let name = |rest: &'a str| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("");
    line.split(start).skip(1).map(name).collect()
}

/// The SDK's arrows: the host is used, and uses none of the faces.
pub fn host_imports(files: &[File]) -> Vec<Violation> {
    let faces = ["../index", "../tag", "../widget", "../server", "../stub"];
    let host = files.iter().filter(|file| file.under(&["src/sdk/host/"]));
    host.flat_map(|file| {
        by_line(file, &file.spoken, |line| {
            let imports = line.contains("import") || line.contains(" from ");
            faces
                .iter()
                .filter(|face| imports && line.contains(*face))
                .map(|face| format!("imports {face}"))
                .collect()
        })
    })
    .collect()
}

/// Browser crates exist only for wasm32 and server crates only natively, so that compiling proves the wall.
pub fn dependencies(files: &[File]) -> Vec<Violation> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.path == "Cargo.toml") {
        let mut section = "";
        for (at, line) in file.text.lines().enumerate() {
            if line.starts_with('[') {
                section = line;
            }
            let name = line.split(['=', '.', ' ']).next().unwrap_or("");
            let wasm = section.contains("cfg(target_arch = \"wasm32\")");
            let native = section.contains("cfg(not(target_arch = \"wasm32\"))");
            if section.contains("dependencies]")
                && ((BROWSER.contains(&name) && !wasm) || (SERVER.contains(&name) && !native))
            {
                found.push(Violation::new(file, at + 1, format!("{name} stands under {section}")));
            }
        }
    }
    found
}
