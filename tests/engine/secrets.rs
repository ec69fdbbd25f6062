//! Each kind of secret where it was once seen to slip through, and what is none.

use passerby::engine::url::Url;

use crate::redact::{properties, read, text};

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
