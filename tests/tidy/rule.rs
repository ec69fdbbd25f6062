//! Violations, and the list of those that are allowed.

use std::collections::BTreeMap;
use std::fmt;

use crate::source::File;

/// One place where a rule is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub path: String,
    /// Counted from 1.
    pub line: usize,
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

impl Violation {
    pub fn new(file: &File, line: usize, what: impl Into<String>) -> Violation {
        Violation { path: file.path.clone(), line, what: what.into() }
    }
}

pub type Rule = fn(&[File]) -> Vec<Violation>;

const ALLOWED: &str = include_str!("allowed.txt");

/// Fails with every violation that `allowed.txt` does not list, and with every entry that is listed and
/// no longer needed: the list may only shrink.
pub fn holds(name: &str, rule: Rule) {
    let complaints = judge(name, rule(&crate::source::all()), ALLOWED);
    assert!(complaints.is_empty(), "{name}:\n{}", complaints.join("\n"));
}

/// `allowed` has lines `rule | path | what | times | reason`.
pub fn judge(name: &str, found: Vec<Violation>, allowed: &str) -> Vec<String> {
    let mut left: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for line in allowed.lines().filter(|line| line.starts_with(&format!("{name} | "))) {
        let [_, path, what, times, reason] = line.splitn(5, " | ").collect::<Vec<_>>()[..] else {
            return vec![format!("allowed.txt: a line needs five parts: {line}")];
        };
        if reason.trim().is_empty() {
            return vec![format!("allowed.txt: a line needs a reason: {line}")];
        }
        left.insert((path, what), times.parse().expect("times is a number"));
    }
    let mut complaints = Vec::new();
    for violation in &found {
        match left.get_mut(&(violation.path.as_str(), violation.what.as_str())) {
            Some(times) if *times > 0 => *times -= 1,
            _ => complaints.push(violation.to_string()),
        }
    }
    for ((path, what), times) in left.iter().filter(|(_, times)| **times > 0) {
        complaints.push(format!("allowed.txt allows {path} {times} times too often: {what}"));
    }
    complaints
}

/// The violations of each line for which `broken` names something.
pub fn by_line(file: &File, text: &str, broken: impl Fn(&str) -> Vec<String>) -> Vec<Violation> {
    let lines = text.lines().enumerate();
    lines
        .flat_map(|(at, line)| broken(line).into_iter().map(move |what| Violation::new(file, at + 1, what)))
        .collect()
}

/// Each of `words` that stands in `line`, once for each time; a word that begins or ends with a letter
/// must not be part of a longer one.
pub fn words_in(line: &str, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for word in words {
        found.extend(
            line.match_indices(word).filter(|(at, _)| whole(line, *at, word)).map(|_| (*word).to_owned()),
        );
    }
    found
}

fn whole(line: &str, at: usize, word: &str) -> bool {
    let letter = |c: char| c.is_alphanumeric() || c == '_';
    let joined =
        |edge: Option<char>, beside: Option<char>| edge.is_some_and(letter) && beside.is_some_and(letter);
    !joined(word.chars().next(), line[..at].chars().next_back())
        && !joined(word.chars().next_back(), line[at + word.len()..].chars().next())
}
