//! Laws of redaction, and each kind of secret where it was once seen to slip through.

use passerby::engine::redact;
use proptest::prelude::*;
use serde_json::Value;

use crate::visits::few;

const SECRETS: [&str; 7] = [
    "joe.smith@example.com",
    "joe%40example.com",
    "4111111111111111",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "0123456789abcdef0123456789abcdef",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
];

fn text(given: &str) -> String {
    let mut out = String::new();
    redact::text(given, &mut out);
    out
}

fn properties(given: &str) -> String {
    let mut out = String::new();
    redact::properties(given, &mut out);
    out
}

/// Members of an object, as a value.
fn read(members: &str) -> Value {
    let object = format!("{{{members}}}");
    serde_json::from_str(&object).unwrap_or_else(|error| panic!("{error}: {object}"))
}

fn check(members: &str, expected: &str) {
    let out = properties(members);
    read(&out);
    assert_eq!(out, expected);
    assert_eq!(properties(&out), expected, "twice");
}

#[test]
fn an_escape_is_no_part_of_the_word_after_it() {
    check(r#""a":"x\njoe@example.com""#, r#""a":"x\n[redacted]""#);
    check(r#""a":"x\t4111111111111111""#, r#""a":"x\t[redacted]""#);
    check(r#""a":"\b0123456789abcdef""#, r#""a":"\b[redacted]""#);
    check(r#""a":"\u000a4111111111111111""#, r#""a":"\u000a[redacted]""#);
    check(r#""a":"say \"joe@example.com\" \\ twice""#, r#""a":"say \"[redacted]\" \\ twice""#);
}

#[test]
fn a_key_that_names_a_secret_hides_its_value_and_no_other() {
    check(r#""password":"abc def","b":"abc""#, r#""password":"[redacted] [redacted]","b":"abc""#);
    check(r#""cvc":123,"n":123"#, r#""cvc":"[redacted]","n":123"#);
    check(r#""token":{"a":"abc"},"b":["x",1]"#, r#""token":{"a":"abc"},"b":["x",1]"#);
}

#[test]
fn a_key_is_redacted_too() {
    check(r#""joe@example.com":1"#, r#""[redacted]":1"#);
}

#[test]
fn ids_stay_and_addresses_do_not() {
    check(r#""order_id":"4111111111111111""#, r#""order_id":"4111111111111111""#);
    check(r#""user_id":"joe@example.com""#, r#""user_id":"[redacted]""#);
    check(r#""n":4111111111111111"#, r#""n":"[redacted]""#);
    check(r#""price":"19.99","when":1772445600000"#, r#""price":"19.99","when":1772445600000"#);
}

#[test]
fn white_space_of_any_kind_joins_a_card_number() {
    assert_eq!(text("4111\t1111\n1111 1111"), "[redacted]");
}

#[test]
fn digits_after_a_card_number_do_not_hide_it() {
    assert_eq!(text("4111 1111 1111 1111 12/27"), "[redacted] 12/27");
    assert_eq!(text("4111 1111 1111 1111 4111111111111111"), "[redacted] [redacted]");
}

#[test]
fn an_address_at_the_limit_is_not_cut_into_a_word() {
    let out = text(&format!("{} joe.smith@example.com", "x".repeat(1005)));
    assert!(!out.contains("joe"), "{out}");
}

/// JSON values as `JSON.stringify` may write them.
fn json() -> impl Strategy<Value = Value> {
    let secret = prop::sample::select(&SECRETS[..]).prop_map(String::from);
    let word = prop_oneof![2 => "[a-z0-9é\n\t\"\\\\ .@-]{0,12}", 1 => secret];
    let words = prop::collection::vec(word, 0..4);
    let leaf = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
        words.prop_map(|words| Value::from(words.join(" "))),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-zA-Z_ @.\"]{0,9}|token|user_id", inner, 0..4)
                .prop_map(|map| Value::from(map.into_iter().collect::<serde_json::Map<_, _>>())),
        ]
    })
}

/// Which kind of value stands where: redaction replaces leaves by strings and touches nothing else.
fn same_shape(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Array(before), Value::Array(after)) => {
            before.len() == after.len()
                && before.iter().zip(after).all(|(before, after)| same_shape(before, after))
        }
        // Two keys that were secrets have become one.
        (Value::Object(before), Value::Object(after)) => after.len() <= before.len(),
        (_, Value::String(_)) => !before.is_array() && !before.is_object(),
        _ => before == after,
    }
}

proptest! {
    #![proptest_config(few(200))]

    #[test]
    fn a_planted_secret_never_survives(
        before in "[ -~éß]{0,40}[ /&?=,(\"\n]|", after in "([ /&?,)\"\n][ -~éß]{0,40})?", at in 0..SECRETS.len(),
    ) {
        let given = format!("{before}{}{after}", SECRETS[at]);
        prop_assert!(!text(&given).contains(SECRETS[at]), "{}", text(&given));
        let member = format!("\"note\":{}", Value::from(given));
        let out = properties(&member);
        read(&out);
        prop_assert!(!out.contains(SECRETS[at]), "{} -> {}", member, out);
    }

    #[test]
    fn redacting_twice_changes_nothing(given in "[ -~éß\n\t]{0,60}", at in 0..SECRETS.len(), value in json()) {
        let once = text(&format!("{given} {}", SECRETS[at]));
        prop_assert_eq!(text(&once), once.clone());
        let members = format!("\"a\":{value},\"b\":{}", Value::from(given));
        let once = properties(&members);
        prop_assert_eq!(properties(&once), once);
    }

    #[test]
    fn what_is_redacted_is_still_the_same_json(value in json()) {
        let members = format!("\"a\":{value}");
        let (before, after) = (read(&members), read(&properties(&members)));
        prop_assert!(same_shape(&before["a"], &after["a"]), "{} -> {}", before, after);
    }

    #[test]
    fn whatever_comes_comes_out_bounded(given in "\\PC{0,300}", times in 1..400_usize) {
        // The mark may be longer than what it hides.
        prop_assert!(text(&given.repeat(times)).len() <= 2 * 1024);
        // Not JSON at all: nothing is promised but that it ends.
        properties(&given);
    }
}
