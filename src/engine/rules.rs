//! Declared rules: what makes a potential customer, a customer, a member of a segment. Page and collector read them
//! with this code; what a condition looks at, each brings itself as [`Facts`].
//!
//! ```text
//! purchase,view_item>=3&days<7,plan=pro      any of these rules; & joins what must all hold
//!
//! sign_up           this event has just happened
//! /members/*        the page has such a path; * is any text
//! view_item>=3      at least so often, or so many; < is fewer
//! plan=pro          a trait says so
//! ```
//!
//! What is written in another way never holds.

use crate::wire::json::parse_number;
use crate::wire::text::{Parts, cut, part};

pub trait Facts {
    /// The event that has just happened.
    fn event(&self) -> &str;
    /// The path of the page.
    fn path(&self) -> &str;
    /// How often an event has happened, or how many there are of something else that has a name.
    fn number(&self, name: &str) -> u64;
    /// Whether `name=value` is so of a trait.
    fn says(&self, condition: &str) -> bool;
}

/// The first of these rules that holds; empty if none does.
#[inline(never)]
pub fn first<'r>(rules: &'r str, facts: &impl Facts) -> &'r str {
    for rule in Parts(rules, b',') {
        let mut all = !rule.is_empty();
        for condition in Parts(rule, b'&') {
            all &= holds(condition, facts);
        }
        if all {
            return rule;
        }
    }
    ""
}

fn holds(condition: &str, facts: &impl Facts) -> bool {
    let (name, value) = cut(condition, b'=');
    let (less, limit) = cut(condition, b'<');
    if condition.starts_with('/') {
        is_like(facts.path(), condition)
    } else if let Some(name) = name.strip_suffix('>') {
        let least = parse_number(value);
        least > 0 && facts.number(name) >= least
    } else if !value.is_empty() {
        facts.says(condition)
    } else if !limit.is_empty() {
        facts.number(less) < parse_number(limit)
    } else {
        facts.event() == condition
    }
}

/// `*` is the longest or the shortest text that will do: patterns are short and the site's own.
fn is_like(path: &str, pattern: &str) -> bool {
    let (begin, rest) = cut(pattern, b'*');
    let Some(left) = path.strip_prefix(begin) else { return false };
    if begin.len() == pattern.len() {
        return left.is_empty();
    }
    (0..=left.len()).any(|at| is_like(part(left, at, left.len()), rest))
}
