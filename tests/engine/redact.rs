//! Laws of redaction.

use passerby::engine::redact;
use passerby::engine::url::Url;
use proptest::prelude::*;
use serde_json::Value;

use crate::visits::few;

const SECRETS: [&str; 18] = [
    "joe.smith@example.com",
    "joe%40example.com",
    "4111111111111111",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "0123456789abcdef0123456789abcdef",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "joe%2540example.com",
    "joe%252540example.com",
    "ｊoe＠example.com",
    "4111%201111%201111%201111",
    "4111%2D1111%2d1111%2D1111",
    "4111\u{a0}1111\u{a0}1111\u{a0}1111",
    "Zk3xQ9vT2mB7nL0pRs5yWd8u",
    "Zk3x-9vT2_B7nL0pRs5yWd8u",
    "AKIAIOSFODNN7EXAMPLE",
    "SECPATHTOKENabcdef0123456789abcdef",
    "xoxb-123456789012-123456789012-AbC1dEf2GhI3jKl4MnO5pQr6",
];

/// What a secret may be called.
const NAMES: [&str; 23] = [
    "password",
    "Password",
    "user_password",
    "user[password]",
    "accessToken",
    "refresh-token",
    "api_key",
    "API-Key",
    "apikey",
    "CVV",
    "cvc2",
    "iban",
    "sid",
    "PHPSESSID",
    "jsessionid",
    "session_id",
    "privateKey",
    "passphrase",
    "credentials",
    "ssn",
    "aws-access-key",
    "Authorization",
    "oauth_verifier",
];

pub fn text(given: &str) -> String {
    let mut out = String::new();
    redact::text(given, &mut out);
    out
}

pub fn properties(given: &str) -> String {
    let mut out = String::new();
    redact::properties(given, &mut out);
    out
}

/// Members of an object, as a value.
pub fn read(members: &str) -> Value {
    let object = format!("{{{members}}}");
    serde_json::from_str(&object).unwrap_or_else(|error| panic!("{error}: {object}"))
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
    fn a_planted_secret_never_survives_beside_its_name(
        before in "([ !-\"$->@-~éß]{0,40}[ &,;\"\n])?", at in 0..NAMES.len(),
    ) {
        let (secret, name) = ("hunter9", NAMES[at]);
        for given in [format!("{before}{name}={secret}"), format!("{before}{name}: {secret}")] {
            prop_assert!(!text(&given).contains(secret), "{}", text(&given));
            let out = properties(&format!("\"note\":{}", Value::from(given)));
            prop_assert!(!out.contains(secret), "{}", out);
        }
        let note = Value::from(before);
        for value in ["\"a hunter9\"", "{\"value\":\"hunter9\"}", "[\"[redacted]\",{\"hunter9\":\"hunter9\"}]"] {
            let out = properties(&format!("\"note\":{note},\"in\":{{\"{name}\":{value}}}"));
            read(&out);
            prop_assert!(!out.contains(secret), "{}", out);
        }
        let url = format!("https://user:{secret}@a.b/c;{name}={secret}?{name}={secret}&{secret}#{secret}");
        for clean in [Url::parse(&url).clean("ref", false), properties(&format!("\"url\":\"/{}\"", &url[15..]))] {
            prop_assert!(!clean.contains(secret), "{}", clean);
        }
    }

    #[test]
    fn redacting_twice_changes_nothing(
        given in "([ -~éß\n\t]|[?#/=: ]|token|Bearer |sid=|%3D|%40){0,60}", at in 0..SECRETS.len(), value in json(),
    ) {
        let once = text(&format!("{given} {}", SECRETS[at]));
        prop_assert_eq!(text(&once), once.clone());
        let members = format!("\"a\":{value},\"b\":{}", Value::from(given.as_str()));
        let once = properties(&members);
        prop_assert_eq!(properties(&once), once);
        let once = Url::parse(&given).clean("ref,a", true);
        prop_assert_eq!(Url::parse(&once).clean("ref,a", true), once);
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
