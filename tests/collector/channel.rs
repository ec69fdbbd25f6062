//! Channels: every case by hand, and that page and collector never say different things of one visit.

use passerby::collector::channel::{entries, is_return, kind, name, refined};
use passerby::collector::store::{Arrival, SessionRow, Store, Through};
use passerby::collector::{ingest, session as whole};
use passerby::engine::channel::{OPEN, classify};
use passerby::engine::url::Url;
use serde_json::{Value, json};

use crate::support::{T, beacon, exported, id, stored, view};

/// What the page says of one arrival.
fn page(query: &str, referrer: &str) -> [String; 4] {
    classify(&Url::parse(&format!("https://shop.example/?{query}")), &Url::parse(referrer))
}

fn is_open(channel: &str) -> bool {
    OPEN.split(',').any(|open| open == channel)
}

#[test]
fn each_arrival_has_the_channel_that_ga4_gives_it() {
    let lines = include_str!("channels.txt").lines();
    let cases: Vec<_> = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert!(cases.len() >= 150, "{}", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let columns: Vec<_> = case.split('|').map(str::trim).collect();
        let [channel, in_page, query, referrer] = columns[..] else { panic!("four columns: {case}") };
        let [said, source, medium, campaign] = page(query, referrer);
        let in_full = refined(&said, &source, &medium, &campaign);
        let expected = if in_page == "=" { channel } else { in_page };
        if (said.as_str(), in_full.as_str()) != (expected, channel) {
            wrong.push(format!("{case}\n    is {in_full}, in the page {said}"));
        }
        if !is_open(&said) && said != name(&source, &medium, &campaign, kind(&source)) {
            wrong.push(format!("{case}\n    the page contradicts the table"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every site of the long list and some that are on none, with every medium that a rule names: where the page speaks,
/// the whole table says the same. But for one thing: a medium that names its channel is believed in the page already,
/// which the long list would overrule.
#[test]
fn the_page_never_contradicts_the_whole_table() {
    let media = [
        "",
        "referral",
        "organic",
        "cpc",
        "ppc",
        "cpm",
        "cpa",
        "paid",
        "paidsocial",
        "retargeting",
        "display",
        "banner",
        "social",
        "sm",
        "social-media",
        "video",
        "email",
        "e-mail",
        "affiliate",
        "audio",
        "sms",
        "push",
        "mobile",
        "app",
        "link",
        "flyer",
    ];
    let campaigns = ["", "spring", "shop", "workshop", "cross-network"];
    let listed = entries().map(|(_, name)| name.trim_start_matches('+'));
    let others =
        ["", "partner", "blog.example", "google.de", "m.facebook.com", "mail.google.com", "amazon.fr"];
    let (mut asked, mut answered, mut believed) = (0, 0, 0);
    for source in listed.chain(others) {
        for medium in media {
            for campaign in campaigns {
                let query = format!("utm_source={source}&utm_medium={medium}&utm_campaign={campaign}");
                let [said, source, medium, campaign] = page(&query, "");
                asked += 1;
                if is_open(&said) {
                    continue;
                }
                answered += 1;
                let whole = name(&source, &medium, &campaign, kind(&source));
                let names_it = ["email", "e-mail", "social", "sm", "social-media"].contains(&medium.as_str());
                if said != whole && names_it && !kind(&source).is_empty() {
                    believed += 1;
                } else {
                    assert_eq!(said, whole, "{query}");
                }
                assert_eq!(refined(&said, &source, &medium, &campaign), said, "{query}");
            }
        }
    }
    assert!(asked > 50_000 && answered > 5_000 && believed > 100, "{asked} {answered} {believed}");
}

/// A session that began with this referrer, an hour after the one before.
fn session(number: u64, origin: Value) -> Value {
    let start = T + number * 3_600_000;
    let mut beacon = beacon(number, json!([view(number, 0, 1)]));
    beacon["start"] = json!(start);
    beacon["sent"] = json!(start);
    beacon["session"] = origin;
    beacon["session"]["id"] = json!(id(&format!("c{number}")));
    beacon["session"]["started"] = json!(start);
    beacon
}

/// Channel and source, the oldest first.
fn origins(rows: &[SessionRow]) -> Vec<(String, String)> {
    let mut rows: Vec<_> = rows.iter().collect();
    rows.sort_by_key(|row| row.started);
    let or_none = |text: &Option<String>| text.as_deref().unwrap_or("none").to_owned();
    rows.into_iter().map(|row| (or_none(&row.channel), or_none(&row.source))).collect()
}

#[test]
fn a_return_from_a_payment_replaces_no_channel() {
    let mut store = Store::memory().unwrap();
    let referral = |source: &str| json!({ "channel": "referral", "source": source, "medium": "referral" });
    let email = json!({ "channel": "email", "source": "news", "medium": "email", "campaign": "april" });
    stored(
        &mut store,
        &[
            session(1, referral("checkout.stripe.com")),
            session(2, email),
            session(3, referral("paypal.com")),
            session(4, referral("login.bank.example")),
            session(5, referral("paypal.fans.example")),
        ],
    );
    let all = Through::Everything;
    let rows = store.sessions(&all).unwrap();
    let expected = [
        ("direct", "none"),
        ("email", "news"),
        ("email", "news"),
        ("referral", "login.bank.example"),
        ("referral", "paypal.fans.example"),
    ];
    let expected = expected.map(|(channel, source)| (channel.to_owned(), source.to_owned()));
    assert_eq!(origins(&rows), expected);
    assert_eq!(
        rows.iter().find(|row| row.started == T + 3 * 3_600_000).unwrap().campaign.as_deref(),
        Some("april")
    );
    let third = id("c3");
    let folded = store.session("shop", &third, &all).unwrap().unwrap();
    let one = whole::json(&store, "shop", &third, &folded, T).unwrap();
    assert_eq!((&one["session"]["channel"], &one["session"]["source"]), (&json!("email"), &json!("news")));
    // The site's own list.
    let store = store.ignoring("bank.example");
    assert_eq!(origins(&store.sessions(&all).unwrap())[3].0, "email");
}

/// Channel, source and campaign of each exported event or forwarded batch, by session.
fn placed(line: &Value) -> (Value, Value, Value) {
    let session = &line["session"];
    (session["channel"].clone(), session["source"].clone(), session["campaign"].clone())
}

#[test]
fn export_and_forward_tell_the_origin_that_the_summary_tells() {
    let mut store = Store::memory().unwrap();
    let referral = |source: &str| json!({ "channel": "referral", "source": source, "medium": "referral" });
    let mut email = json!({ "channel": "email", "source": "news", "medium": "email", "campaign": "april" });
    email["first_touch"] = referral("checkout.stripe.com");
    let mut found = referral("boards.example");
    found["first_touch"] = json!({ "channel": "referral", "source": "quora.com", "medium": "referral" });
    stored(
        &mut store,
        &[
            session(1, referral("checkout.stripe.com")),
            session(2, email),
            session(3, referral("paypal.com")),
            session(4, referral("quora.com")),
            session(5, found),
        ],
    );
    let lines = exported(&store);
    let events: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let none = Value::Null;
    let expected = [
        (json!("direct"), none.clone(), none.clone()),
        (json!("email"), json!("news"), json!("april")),
        (json!("email"), json!("news"), json!("april")),
        (json!("organic_social"), json!("quora.com"), none.clone()),
        (json!("referral"), json!("boards.example"), none),
    ];
    assert_eq!(events.iter().map(placed).collect::<Vec<_>>(), expected);
    // The first touch, as the first session's own origin.
    assert_eq!(events[1]["session"]["first_touch"], json!({ "channel": "direct" }));
    assert_eq!(events[4]["session"]["first_touch"]["channel"], "organic_social");
    let mut arrival = 0;
    for expected in &expected {
        let arrived = store.arrived(arrival).unwrap().unwrap();
        arrival = arrived.id;
        assert_eq!(placed(&serde_json::from_str(&arrived.batch(&[], T)).unwrap()), *expected);
    }
    // What has been exported is what is replayed.
    let mut again = Store::memory().unwrap();
    for line in lines.lines() {
        let batch = ingest::line(line.as_bytes()).unwrap();
        let batch = ingest::read_line(&batch, &ingest::Keep::default()).unwrap();
        again.ingest(&[Arrival { batch: &batch, received: None }]).unwrap();
    }
    let origins = |store: &Store| origins(&store.sessions(&Through::Everything).unwrap());
    assert_eq!(origins(&again), origins(&store));
}

#[test]
fn of_two_sessions_begun_in_one_millisecond_all_say_the_same() {
    let mut store = Store::memory().unwrap();
    let email = json!({ "channel": "email", "source": "news", "medium": "email" });
    let payment = json!({ "channel": "referral", "source": "paypal.com", "medium": "referral" });
    let (first, mut second) = (session(1, email), session(2, payment));
    for field in ["start", "sent"] {
        second[field] = first[field].clone();
    }
    second["session"]["started"] = first["session"]["started"].clone();
    stored(&mut store, &[second, first]);
    for row in store.sessions(&Through::Everything).unwrap() {
        assert_eq!(row.channel.as_deref(), Some("email"));
        let told = store.origin(&row.site, &row.id).unwrap().unwrap();
        assert_eq!(told[0].as_deref(), Some("email"));
    }
}

#[test]
fn a_site_may_ignore_a_referrer_that_has_a_channel() {
    let mut store = Store::memory().unwrap();
    let email = json!({ "channel": "email", "source": "news", "medium": "email" });
    let login = json!({ "channel": "organic_social", "source": "facebook.com", "medium": "referral" });
    let payment = json!({ "channel": "referral", "source": "pay.amazon.com", "medium": "referral" });
    let post = json!({ "channel": "organic_social", "source": "facebook.com", "medium": "social" });
    stored(&mut store, &[session(1, email), session(2, login), session(3, payment), session(4, post)]);
    let store = store.ignoring("facebook.com,pay.amazon.com");
    let channels =
        origins(&store.sessions(&Through::Everything).unwrap()).into_iter().map(|(channel, _)| channel);
    assert_eq!(channels.collect::<Vec<_>>(), ["email", "email", "email", "organic_social"]);
}

#[test]
fn payment_providers_are_known_wherever_they_take_the_payment() {
    for (host, is) in [
        ("paypal.com", true),
        ("checkout.stripe.com", true),
        ("pay.klarna.com", true),
        ("payments.worldpay.com", true),
        ("live.adyen.com", true),
        ("www.mollie.com", true),
        ("secure.authorize.net", true),
        ("checkout.com", true),
        ("sagepay.co.uk", true),
        ("geo.cardinalcommerce.com", true),
        ("checkout.shop.example", false),
        ("paypal.fans.example", false),
        ("mypaypal.com", false),
        ("paypal", false),
        ("", false),
    ] {
        assert_eq!(is_return(host, ""), is, "{host}");
    }
    assert!(is_return("sso.example", "bank.example,sso.example"));
    assert!(is_return("a.sso.example", "sso.example"));
    assert!(!is_return("notsso.example", "sso.example"));
}
