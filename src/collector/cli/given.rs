//! What is given on the command line, checked: a list or a rule that can never hold is refused at once, in words that
//! show how it is written.

use clap::builder::RangedI64ValueParser;

use crate::collector::store::MONTHS;

pub fn at_least_one() -> RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..)
}

pub fn months() -> RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=i64::from(MONTHS))
}

/// A list with commas, without the spaces beside them; `is` says what each item is.
fn list(text: &str, is: impl Fn(&str) -> bool, so: &str) -> Result<String, String> {
    let items: Vec<&str> = text.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
    match items.iter().find(|item| !is(item)) {
        Some(wrong) => Err(format!("`{wrong}` is none: {so}")),
        None => Ok(items.join(",")),
    }
}

/// As the page writes the host of a referrer: in lower case and without `www.`.
pub fn hosts(text: &str) -> Result<String, String> {
    let text = text.to_ascii_lowercase();
    let host =
        |item: &str| item.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '.'));
    let list = list(&text, host, "name hosts, as bank.example,sso.example")?;
    Ok(list.split(',').map(|item| item.strip_prefix("www.").unwrap_or(item)).collect::<Vec<_>>().join(","))
}

pub fn params(text: &str) -> Result<String, String> {
    let name = |item: &str| !item.contains(['=', '&', '?', '#', ' ', '/']);
    list(text, name, "name query parameters, as q,page")
}

/// How `summary` is asked, and what a segment is.
pub const SUMMARY: &str = "\
Examples:
  passerby-collector summary --json
  passerby-collector summary --session 3f2a91c0 --json
  passerby-collector summary --session 3f2a91c0 --through 0a1b…:41,9c8d…:7
  passerby-collector summary --segment 'loyal readers: sessions>=3&page_view>=3'
  passerby-collector summary --segment 'pro: plan=pro' --segment 'lost: idle_days>=30,score<20'

A segment is a name, a colon, and rules with commas between, of which one must hold. In a rule, &
stands between what must all hold:
  purchase>=1    so many of an event, or of sessions, purchases, days, audience_days, idle_days,
                 page_view, engaged_seconds, score; sessions<3 is fewer
  plan=pro       a trait of the session's last identify(); or audience=, stage=, relationship=,
                 channel=, source=
  /blog/*        the path of the page they came in by; * is any text";

/// One `name: rule`, or several with semicolons between, as the page's `data-segments`.
pub fn segments(text: &str) -> Result<String, String> {
    let all: Vec<&str> = text.split(';').map(str::trim).filter(|one| !one.is_empty()).collect();
    if all.is_empty() {
        return Err(format!("a segment has a name and a rule, as {EXAMPLE}"));
    }
    for one in &all {
        let (name, rule) = one.split_once(':').unwrap_or(("", one));
        if name.trim().is_empty() {
            return Err(format!("`{one}` has no name: write it before a colon, as {EXAMPLE}"));
        }
        for condition in rule.split([',', '&']) {
            segment_condition(condition.trim()).map_err(|wrong| format!("{wrong}, as {EXAMPLE}"))?;
        }
    }
    Ok(all.join(";"))
}

const EXAMPLE: &str =
    "\"loyal readers: sessions>=3&page_view>=3\", \"pro: plan=pro\" or \"of the blog: /blog/*\"";

/// What a condition may say of these, for else it never holds.
const KNOWN: [(&str, &[&str]); 3] = [
    ("audience", &["user", "potential", "customer"]),
    ("stage", &["discover", "shop", "buy", "own", "advocate"]),
    ("relationship", &["first_experience", "building", "loyalty", "advocacy"]),
];

const SIGNS: [char; 3] = ['<', '>', '='];

/// Whether this can hold of a visitor at all, by the grammar of `engine::rules`.
fn segment_condition(condition: &str) -> Result<(), String> {
    if condition.starts_with('/') {
        return match condition.contains(['?', '#', ' ']) {
            true => {
                Err(format!("`{condition}` is no path: it has no query, fragment or space; * is any text"))
            }
            false => Ok(()),
        };
    }
    let Some(at) = condition.find(SIGNS) else {
        return Err(match condition {
            "" => "a condition is missing between the signs".to_owned(),
            event => format!("`{event}` alone never holds of a visitor: write {event}>=1 of an event"),
        });
    };
    let (name, rest) = condition.split_at(at);
    let value = rest.trim_start_matches(SIGNS);
    let (name, sign, value) = (name.trim(), &rest[..rest.len() - value.len()], value.trim());
    if name.is_empty() {
        return Err(format!("`{condition}` has no name before its sign"));
    }
    let known = KNOWN.iter().find(|(known, _)| *known == name);
    match (sign, known) {
        (">=" | "<", Some(_)) => Err(format!("`{condition}` counts what is no number: write {name}=")),
        (">=" | "<", None) => match value.bytes().all(|digit| digit.is_ascii_digit()) {
            true if !value.trim_start_matches('0').is_empty() => Ok(()),
            _ => Err(format!("`{condition}` needs a whole number from 1 after `{sign}`")),
        },
        ("=", Some((_, texts))) if !texts.contains(&value) => {
            Err(format!("`{condition}` never holds: {name} is one of {}", texts.join(", ")))
        }
        ("=", _) if value.is_empty() || value.starts_with('"') && value.ends_with('"') => {
            Err(format!("`{condition}` needs a text without quotes after `=`"))
        }
        ("=", _) if !name.ends_with('!') => Ok(()),
        _ => Err(format!("`{condition}` has a sign that is none: write >=, < or =")),
    }
}
