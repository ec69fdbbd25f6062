//! Laws of redaction, and each kind of secret where it was once seen to slip through.

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
    check(
        r#""token":{"a":["abc",{"b":1}]},"b":["x",1]"#,
        r#""token":{"[redacted]":["[redacted]",{"[redacted]":"[redacted]"}]},"b":["x",1]"#,
    );
    check(
        r#""a":{"token":["[redacted]",{"a":"b"}],"c":1}"#,
        r#""a":{"token":["[redacted]",{"[redacted]":"[redacted]"}],"c":1}"#,
    );
    check(
        r#""api key":"abc","password 2":"abc","user[password][0]":"abc","a":"abc""#,
        r#""api key":"[redacted]","password 2":"[redacted]","user[password][0]":"[redacted]","a":"abc""#,
    );
    check(
        r#""author":"Ada","passengers":2,"shipping":"x","side":"left""#,
        r#""author":"Ada","passengers":2,"shipping":"x","side":"left""#,
    );
}

#[test]
fn what_follows_the_name_of_a_secret_in_a_text_is_hidden() {
    assert_eq!(
        text("token=abc123, and api_key: d!f x"),
        "token=[redacted], [redacted] [redacted]: [redacted]![redacted] [redacted]"
    );
    assert_eq!(text("Authorization: Bearer abc, then"), "Authorization: [redacted] [redacted], [redacted]");
    assert_eq!(text("{\"password\": \"abc\"}"), "{\"password\": \"[redacted]\"}");
    check(
        r#""body":"{\"password\":\"abc\",\"a\":1}","b":"abc""#,
        r#""body":"{\"password\":\"[redacted]\",\"[redacted]\":[redacted]}","b":"abc""#,
    );
    for (given, expected) in [
        (r#"{\"password\":{\"value\":\"Zq\"},\"a\":1}"#, "Zq"),
        (r#"{\"password\":[\"a\",\"Zq\"]}"#, "Zq"),
        (r#"{\"password\":\"a Zq\"}"#, "Zq"),
        (r#"{\"password\":\"a,Zq;Zq&Zq\\\\Zq\"}"#, "Zq"),
        ("password='a Zq'", "Zq"),
        ("Authorization: Basic Zq", "Zq"),
        ("authorization: bearer Zq", "Zq"),
    ] {
        let member = format!("\"a\":\"{given}\",\"b\":\"abc\"");
        let out = properties(&member);
        read(&out);
        assert!(!out.contains(expected), "{out}");
        assert!(out.ends_with(r#","b":"abc""#), "{out}");
        assert_eq!(properties(&out), out);
        assert!(!text(&given.replace('\\', "")).contains(expected), "{given}");
    }
    check(r#""label":"Your token:","value":"abc""#, r#""label":"Your token:","value":"abc""#);
    assert_eq!(text("?abc&password: x y"), "?[redacted] [redacted] [redacted]");
    assert_eq!(text("/a?b&api_key= x"), "/a?[redacted] [redacted]");
    assert_eq!(text("?abc&password : x"), "?[redacted] : [redacted]");
    assert_eq!(text("?abc&size: x"), "?[redacted] x");
    check(
        r#""a":"?b&password: abc","c":"?d&token:","e":"abc""#,
        r#""a":"?[redacted] [redacted]","c":"?[redacted]","e":"abc""#,
    );
}

#[test]
fn what_stands_under_the_name_of_a_secret_in_a_path_is_hidden() {
    assert_eq!(text("/reset-password/Hunter2/done"), "/reset-password/[redacted]/done");
    assert_eq!(text("/password/reset/Zq11"), "/password/reset/[redacted]");
    assert_eq!(text("/token/v1/Zq11 x1"), "/token/[redacted]/[redacted] x1");
    assert_eq!(text("https://a.b/token/abc123?x=y"), "https://a.b/token/[redacted]?[redacted]");
    assert_eq!(text("/shop;jsessionid=abc/cart"), "/shop;jsessionid=[redacted]/[redacted]");
    assert_eq!(text("/api_keys/AB:CD/x"), "/api_keys/[redacted]:[redacted]/x");
    check(r#""path":"/Token/1a","b":"1a""#, r#""path":"/Token/[redacted]","b":"1a""#);
    for plain in
        ["/password/new", "/token/", "/pass/3-days", "/pin/12345", "Tokens / Sessions", "/passport/1A"]
    {
        assert_eq!(text(plain), plain);
    }
}

#[test]
fn a_url_in_a_text_loses_query_and_fragment() {
    assert_eq!(text("see https://a.b/c?code=abc&d=e#f (new)"), "see https://a.b/c?[redacted] (new)");
    assert_eq!(text("/x#abc"), "/x#[redacted]");
    check(
        r#""href":"https://a.b/c#abc","path":"/x?y=abc","n":1"#,
        r#""href":"https://a.b/c#[redacted]","path":"/x?[redacted]","n":1"#,
    );
    assert_eq!(text("Really? Yes. C# is item #1"), "Really? Yes. C# is item #1");
}

#[test]
fn names_of_products_files_and_hosts_are_no_tokens() {
    for plain in [
        "samsung-galaxy-s24-ultra-5g-256gb",
        "checkoutStep2Completed",
        "MacBook-Pro-M3-14in-512GB",
        "covid19-2020q4-report-v2-final",
        "myCoolEventNameVersion2",
        "assets.3f2a91c0.d3f4k5j6h7x8z9.example",
        "Donaudampfschifffahrtsgesellschaft",
        "%E4%B8%AD%E6%96%87%E7%BD%91%E7%AB%99",
    ] {
        assert_eq!(text(plain), plain);
    }
}

#[test]
fn a_key_is_redacted_too() {
    check(r#""joe@example.com":1"#, r#""[redacted]":1"#);
}

#[test]
fn ids_stay_and_addresses_do_not() {
    check(r#""order_id":"4111111111111111""#, r#""order_id":"4111111111111111""#);
    check(r#""user_id":"joe@example.com""#, r#""user_id":"[redacted]""#);
    check(
        r#""customer":"550e8400-e29b-41d4-a716-446655440000""#,
        r#""customer":"550e8400-e29b-41d4-a716-446655440000""#,
    );
    check(r#""orderId":"Zk3xQ9vT2mB7nL0pRs5yWd8u""#, r#""orderId":"Zk3xQ9vT2mB7nL0pRs5yWd8u""#);
    check(r#""paid":"4111 1111 1111 1111""#, r#""paid":"[redacted]""#);
    check(
        r#""valid":"4111111111111111","PAID":"4111111111111111""#,
        r#""valid":"[redacted]","PAID":"[redacted]""#,
    );
    check(r#""n":4111111111111111"#, r#""n":"[redacted]""#);
    check(r#""price":"19.99","when":1772445600000"#, r#""price":"19.99","when":1772445600000"#);
}

#[test]
fn white_space_of_any_kind_joins_a_card_number() {
    assert_eq!(text("4111\t1111\n1111 1111"), "[redacted]");
}

#[test]
fn of_a_query_only_known_campaign_names_and_the_chosen_parameters_are_kept() {
    let url = "https://u:p@a.b/c?utm_source=x&utm_password=y&ref=z&code=w#f";
    assert_eq!(Url::parse(url).clean("ref", false), "https://a.b/c?utm_source=x&ref=z");
    assert_eq!(Url::parse("/c?ref=Zk3xQ9vT2mB7nL0pRs5yWd8u").clean("ref", true), "/c?ref=[redacted]");
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
