//! What may not be written where.

use crate::rule::{Violation, by_line, words_in};
use crate::source::File;

const PURE: [&str; 3] = ["src/engine/", "src/wire/", "src/view/"];
const OWN_WORDS: [&str; 2] = ["tests/tidy/", "tests/tidy.rs"];

/// The pure modules know no operating system: time, chance and storage are inputs.
pub fn impure(files: &[File]) -> Vec<Violation> {
    let words = ["std::", "SystemTime", "Instant", "rand", "println!", "eprintln!", "dbg!"];
    shipped(files, &PURE, &words)
}

/// The pure modules cannot fail: a panic costs the visitor bytes and the site its measurement.
pub fn fallible(files: &[File]) -> Vec<Violation> {
    let words = [
        ".unwrap()",
        ".expect(",
        "panic!",
        "unreachable!",
        "todo!",
        "unimplemented!",
        "assert!",
        "assert_eq!",
    ];
    shipped(files, &PURE, &words)
}

/// Serde quadruples the hot module. (In `view` it derives, for widget and collector only.)
pub fn serde_in_the_hot_module(files: &[File]) -> Vec<Violation> {
    let mut found = shipped(files, &["src/engine/", "src/wire/", "src/boundary/"], &["serde"]);
    found.extend(shipped(files, &["src/view/"], &["serde_json", "serde_wasm_bindgen"]));
    found
}

/// `x[i]` panics; `.get(i)` does not. A full range `x[..]` cannot, and for `x[NAME]` or `x[NAME + 1]` on an
/// array the compiler has looked.
pub fn indexing(files: &[File]) -> Vec<Violation> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.under(&PURE) && file.ends(&["rs"])) {
        found.extend(by_line(file, file.shipped(), |line| {
            let indexed = line.match_indices('[').filter(|(at, _)| {
                let before = line[..*at].chars().next_back();
                let value = before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | ')' | ']' | '?'));
                let index = line[at + 1..].split(']').next().unwrap_or("");
                value && index != ".." && !constant(index)
            });
            indexed.map(|_| "indexing".to_owned()).collect()
        }));
    }
    found
}

fn constant(index: &str) -> bool {
    let shouted = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '_' | '+' | ' ');
    index.starts_with(|c: char| c.is_ascii_uppercase()) && index.chars().all(shouted)
}

/// The host decides nothing: a number there is a rule in disguise, unless the platform set it.
pub fn numbers_in_the_host(files: &[File]) -> Vec<Violation> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.under(&["src/sdk/host/"])) {
        found.extend(by_line(file, &file.code, numbers));
    }
    found
}

fn numbers(line: &str) -> Vec<String> {
    let words = line.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.' | '$'));
    let literal = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
    words.filter(literal).filter(|word| !matches!(*word, "0" | "1" | "2")).map(str::to_owned).collect()
}

/// Nor does it know the words that definitions are made of.
pub fn definitions_in_the_host(files: &[File]) -> Vec<Violation> {
    let words = [
        "\"customer\"",
        "\"potential\"",
        "\"purchase\"",
        "bounce",
        "bounced",
        "bounceRule",
        "engagedMs",
        "pageDepth",
        "conversions",
        "sessionIdleMs",
        "idleAfterMs",
        "customerWhen",
        "potentialWhen",
    ];
    spoken(files, &["src/sdk/host/"], &words)
}

/// Text becomes nodes, never markup: Trusted Types stay clean and no title can carry a script.
pub fn markup_from_text(files: &[File]) -> Vec<Violation> {
    let words = [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "set_inner_html",
        "document.write(",
        "eval(",
        "new Function(",
    ];
    spoken(files, &["src/sdk/", "src/widget/", "src/boundary/", "www/"], &words)
}

/// An unload listener costs the page its back/forward cache and is not called on phones.
pub fn unload_listeners(files: &[File]) -> Vec<Violation> {
    let words = ["unload", "beforeunload", "onunload", "onbeforeunload"];
    spoken(files, &["src/sdk/", "src/widget/", "src/boundary/", "www/"], &words)
}

pub fn unfinished(files: &[File]) -> Vec<Violation> {
    anywhere(files, &["TODO", "FIXME", "XXX"])
}

/// A path of the machine it was written on.
pub fn machine_paths(files: &[File]) -> Vec<Violation> {
    anywhere(files, &["/work/", "/root/", "/home/", "/Users/", "C:\\Users"])
}

/// Which registry answers is the machine's business, not the repository's.
pub fn registry_hosts(files: &[File]) -> Vec<Violation> {
    anywhere(
        files,
        &["registry.npmjs.org", "static.crates.io", "index.crates.io", "deb.debian.org", "\"resolved\":"],
    )
}

/// A test that does not run proves nothing.
pub fn skipped_tests(files: &[File]) -> Vec<Violation> {
    spoken(
        files,
        &["src/", "tests/"],
        &["#[ignore", "test.skip(", "test.todo(", "test.only(", "skip: true", "only: true"],
    )
}

/// Waiting for a time instead of for a fact is slow on a good day and wrong on a bad one.
pub fn sleeping_tests(files: &[File]) -> Vec<Violation> {
    let words = ["waitForTimeout(", "thread::sleep", "setTimeout(", "sleep("];
    let mut found = spoken(files, &["tests/"], &words);
    // What a page does is not what its test does.
    found.retain(|violation| !violation.path.contains("/pages/"));
    found
}

fn shipped(files: &[File], folders: &[&str], words: &[&str]) -> Vec<Violation> {
    let files = files.iter().filter(|file| file.under(folders) && file.ends(&["rs"]));
    files.flat_map(|file| by_line(file, file.shipped(), |line| words_in(line, words))).collect()
}

fn spoken(files: &[File], folders: &[&str], words: &[&str]) -> Vec<Violation> {
    let files = files.iter().filter(|file| file.under(folders) && !file.under(&OWN_WORDS));
    files.flat_map(|file| by_line(file, &file.spoken, |line| words_in(line, words))).collect()
}

fn anywhere(files: &[File], words: &[&str]) -> Vec<Violation> {
    let files = files.iter().filter(|file| !file.under(&OWN_WORDS));
    files.flat_map(|file| by_line(file, &file.text, |line| words_in(line, words))).collect()
}
