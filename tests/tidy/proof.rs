//! Each rule can fail: fed a text that breaks it and one that does not.

use crate::rule::{Rule, Violation, judge};
use crate::source::File;
use crate::{arrows, bans, shape};

/// The rule finds exactly `lines` in this file.
fn finds(rule: Rule, path: &str, text: &str, lines: &[usize]) {
    let found = rule(&[File::new(path, text)]);
    let at: Vec<usize> = found.iter().map(|violation| violation.line).collect();
    assert_eq!(at, lines, "{path}: {found:?}");
}

#[test]
fn long_texts_are_found() {
    finds(shape::long_files, "src/a.rs", &"a();\n".repeat(301), &[1]);
    finds(shape::long_files, "src/a.rs", &"// a\n".repeat(301), &[]);
    finds(shape::very_long_files, "src/a.ts", &"// a\n".repeat(501), &[500]);
    finds(shape::long_lines, "src/a.mjs", &"é".repeat(121), &[1]);
    finds(shape::long_lines, "src/a.mjs", &"é".repeat(120), &[]);
}

#[test]
fn long_functions_are_found() {
    let body = "    a();\n".repeat(69);
    let rust = |body: &str| format!("struct A;\nfn a<'a>(\n    b: &'a str,\n) {{\n{body}}}\n");
    finds(shape::long_functions, "src/a.rs", &rust(&body), &[2]);
    finds(shape::long_functions, "src/a.rs", &format!("impl A {{\n{body}{body}}}\n"), &[]);
    finds(shape::long_functions, "src/a.rs", &rust("    a(\"}\"); // }\n"), &[]);
    finds(shape::long_functions, "src/a.ts", &format!("const a = 1;\nconst b = () => {{\n{body}}};\n"), &[2]);
    finds(
        shape::long_functions,
        "src/a.ts",
        &format!("function a(b: C): Promise<void> {{\n{body}}}\n"),
        &[1],
    );
    finds(shape::long_functions, "src/a.ts", &format!("const a = {{\n{body}}};\n"), &[]);
}

#[test]
fn what_the_pure_modules_may_not_do_is_found() {
    finds(bans::impure, "src/engine/a.rs", "use std::time::Instant;\nuse core::mem;\n", &[1, 1]);
    finds(bans::impure, "src/engine/a.rs", "mod random; // std::\nlet brand = \"std::\";\n", &[]);
    finds(bans::impure, "src/collector/a.rs", "use std::time::Instant;\n", &[]);
    finds(bans::impure, "src/wire/a.rs", "fn a() {}\n#[cfg(test)]\nmod tests { use std::fs; }\n", &[]);
    finds(bans::fallible, "src/view/a.rs", "a.unwrap();\na.unwrap_or(1);\npanic!();\n", &[1, 3]);
    finds(bans::serde_in_the_hot_module, "src/wire/a.rs", "use serde::Serialize;\n", &[1]);
    finds(bans::serde_in_the_hot_module, "src/view/a.rs", "use serde::Serialize;\n", &[]);
    finds(bans::serde_in_the_hot_module, "src/view/a.rs", "use serde_json::Value;\n", &[1]);
}

#[test]
fn indexing_is_found_and_types_are_not() {
    let fine =
        "#[derive(Debug)]\nlet a: [u8; 4] = [1, 2];\nlet b = vec![1];\nlet c = &b[..];\nfn d(e: &[u8]) {}\n";
    finds(bans::indexing, "src/engine/a.rs", fine, &[]);
    finds(bans::indexing, "src/engine/a.rs", "a[NAME];\na[NAME + 1];\n", &[]);
    finds(bans::indexing, "src/engine/a.rs", "a[0];\nb()[1];\n&c[1..];\nd[NAME + at];\n", &[1, 2, 3, 4]);
}

#[test]
fn decisions_in_the_host_are_found() {
    finds(
        bans::numbers_in_the_host,
        "src/sdk/host/a.ts",
        "a(0, 1, -1, 2);\nb > 30;\nc = 1e3; // 7\n",
        &[2, 3],
    );
    finds(bans::numbers_in_the_host, "src/sdk/host/a.ts", "utf8(base64, \"12\", /3/);\n", &[]);
    finds(bans::numbers_in_the_host, "src/sdk/a.ts", "b > 30;\n", &[]);
    finds(bans::definitions_in_the_host, "src/sdk/host/a.ts", "if (is === \"customer\") {}\n", &[1]);
    finds(arrows::host_imports, "src/sdk/host/a.ts", "import { init } from \"../index\";\n", &[1]);
    finds(arrows::host_imports, "src/sdk/host/a.ts", "import { Options } from \"../types\";\n", &[]);
}

#[test]
fn what_a_page_must_not_suffer_is_found() {
    finds(bans::markup_from_text, "src/sdk/a.ts", "a.innerHTML = b;\n// innerHTML\n", &[1]);
    finds(bans::markup_from_text, "src/widget/a.rs", "a.set_inner_html(b);\n", &[1]);
    finds(bans::unload_listeners, "src/sdk/host/a.ts", "on(\"beforeunload\", a);\nreload();\n", &[1]);
}

#[test]
fn what_does_not_belong_in_a_repository_is_found() {
    finds(bans::unfinished, "README.md", "a\nTODO: b\n", &[2]);
    finds(bans::machine_paths, "tests/a.mjs", "open('/home/me/a');\n", &[1]);
    finds(bans::registry_hosts, "package-lock.json", "{\n\"resolved\": \"a\"}\n", &[2]);
}

#[test]
fn tests_that_do_not_test_are_found() {
    finds(bans::skipped_tests, "tests/a.rs", "#[ignore]\n#[test]\n", &[1]);
    finds(bans::skipped_tests, "tests/a.mjs", "test.skip(\"a\");\n", &[1]);
    finds(bans::sleeping_tests, "tests/a.mjs", "await page.waitForTimeout(5);\n", &[1]);
    finds(bans::sleeping_tests, "tests/e2e/pages/a.js", "setTimeout(a, 5);\n", &[]);
}

#[test]
fn forbidden_arrows_are_found() {
    finds(arrows::arrows, "src/wire/a.rs", "use crate::engine::Input;\nuse crate::wire::json;\n", &[1]);
    finds(arrows::arrows, "src/engine/a.rs", "use crate::wire::json;\nuse super::super::view::Node;\n", &[2]);
    finds(arrows::arrows, "src/view/a/b.rs", "use super::super::Node;\n", &[]);
    let wasm = "[target.'cfg(target_arch = \"wasm32\")'.dependencies]";
    let cargo = &format!("[dependencies]\nweb-sys = \"1\"\n{wasm}\njs-sys = \"1\"\n");
    finds(arrows::dependencies, "Cargo.toml", cargo, &[2]);
    finds(arrows::dependencies, "Cargo.toml", "[dependencies]\naxum = \"1\"\n[features]\naxum = []\n", &[2]);
}

#[test]
fn the_list_of_exceptions_only_shrinks() {
    let violation = || Violation { path: "a.rs".into(), line: 1, what: "x".into() };
    let allowed = "rule | a.rs | x | 1 | because\n";
    assert!(judge("rule", vec![violation()], allowed).is_empty());
    assert_eq!(judge("rule", vec![violation(), violation()], allowed), ["a.rs:1: x"]);
    assert_eq!(judge("rule", vec![], allowed).len(), 1, "an exception that is not needed");
    assert_eq!(judge("other", vec![violation()], allowed).len(), 1, "an exception from another rule");
    assert_eq!(judge("rule", vec![violation()], "rule | a.rs | x | 1 | ").len(), 1, "no reason");
}
