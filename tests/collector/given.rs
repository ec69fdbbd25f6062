//! What is mistyped on the command line is refused there, and shown how it is written.

use serde_json::json;

use crate::support::{beacon, folder, run, stored, view};
use passerby::collector::store::Store;

#[test]
fn a_segment_that_can_never_hold_is_refused() {
    let data = folder("given");
    stored(&mut Store::create(&data).unwrap(), &[beacon(1, json!([view(1, 0, 1)]))]);
    let summary = |segment: &str| run(&["summary", "--data", data.to_str().unwrap(), "--segment", segment]);
    for (segment, why) in [
        ("pro: plan==pro", "a sign that is none"),
        ("pro: plan!=pro", "a sign that is none"),
        ("keen: view_item>3", "a sign that is none"),
        ("keen: view_item<=3", "a sign that is none"),
        ("keen: view_item=>3", "a sign that is none"),
        ("old: days>=x", "a whole number from 1 after `>=`"),
        ("old: days>=", "a whole number from 1 after `>=`"),
        ("old: days>=3d", "a whole number from 1 after `>=`"),
        ("all: sessions>=0", "a whole number from 1 after `>=`"),
        ("new: days<1.5", "a whole number from 1 after `<`"),
        ("pro: plan=", "a text without quotes after `=`"),
        ("pro: plan=\"pro\"", "a text without quotes after `=`"),
        ("pro: >=3", "no name before its sign"),
        ("pro: =pro", "no name before its sign"),
        ("buyers: purchase", "write purchase>=1"),
        ("buyers: audience=customers", "audience is one of user, potential, customer"),
        ("buyers: audience>=1", "write audience="),
        ("many: sessions>=1,000", "write 000>=1"),
        ("two: sessions>=1&&days<3", "a condition is missing"),
        ("none:", "a condition is missing"),
        ("of the blog: /blog?page=*", "is no path"),
        (": plan=pro", "has no name"),
        ("plan=pro", "has no name"),
        ("a: plan=pro; sessions>=2", "`sessions>=2` has no name"),
        ("", "a segment has a name and a rule"),
    ] {
        let (code, _, error) = summary(segment);
        assert_eq!(code, 2, "{segment}");
        assert!(error.contains(why) && error.contains("loyal readers: sessions>=3"), "{segment}: {error}");
    }
    for segment in [
        "loyal readers: sessions >= 3 & page_view >= 3, purchases>=1",
        "a: /blog/*; b: plan=a<b; c: Sign up!>=1",
        "pro: plan=pro&seats=12&name=Ada \"A\" L",
        "lost: idle_days>=30&score<20&stage=own&channel=email;",
    ] {
        let (code, _, error) = summary(segment);
        assert_eq!(code, 0, "{segment}: {error}");
    }
    let (_, help, _) = run(&["summary", "--help"]);
    assert!(
        help.contains("--segment 'pro: plan=pro' --segment 'lost: ") && help.contains("purchase>=1"),
        "{help}"
    );
}

#[test]
fn lists_may_have_spaces_and_hold_what_they_are_of() {
    let data = folder("given_lists");
    stored(&mut Store::create(&data).unwrap(), &[beacon(1, json!([view(1, 0, 1)]))]);
    let export =
        |hosts: &str| run(&["export", "--data", data.to_str().unwrap(), "--ignore-referrers", hosts]);
    for wrong in ["https://bank.example", "bank.example/pay", "bank.example;sso.example"] {
        let (code, _, error) = export(wrong);
        assert_eq!((code, error.contains("bank.example,sso.example")), (2, true), "{error}");
    }
    assert_eq!(export("www.Bank.example, sso.example,").0, 0);
    let (code, _, error) = run(&["replay", "-", "--keep-params", "q=1"]);
    assert_eq!((code, error.contains("name query parameters")), (2, true), "{error}");
}

#[test]
fn a_referrer_is_ignored_however_its_host_is_written() {
    let data = folder("given_hosts");
    let mut beacon = beacon(1, json!([view(1, 0, 1)]));
    for (name, text) in [("channel", "referral"), ("source", "bank.example"), ("medium", "referral")] {
        beacon["session"][name] = json!(text);
    }
    stored(&mut Store::create(&data).unwrap(), &[beacon]);
    let given = ["--data", data.to_str().unwrap(), "--ignore-referrers", "sso.example, www.Bank.example"];
    let (_, line, _) = run(&[&["export"], &given[..]].concat());
    assert!(line.contains(r#""channel":"direct""#) && !line.contains("bank.example"), "{line}");
    let (_, text, _) = run(&[&["summary", "--json"], &given[..]].concat());
    assert!(text.contains(r#""channel": "direct""#), "{text}");
}
