//! What becomes of carts with time, as every report tells it.

use passerby::collector::store::{Store, Through};
use passerby::collector::text::now;
use passerby::collector::{report, session as whole};
use serde_json::{Value, json};

use crate::commerce::{HOUR, order, session};
use crate::support::{Served, T, folder, id, run, stored};

fn add(value: u32, items: Value) -> (&'static str, Value) {
    ("add_to_cart", json!({ "value": value, "currency": "EUR", "items": items }))
}

/// Carts of each session, the latest first, as they are at this time: in the list, and of each in full.
fn told(store: &Store, at: u64) -> Vec<Value> {
    let all = Through::Everything;
    let summary = report::summary_json(&store.sessions(&all).unwrap(), &[], T + at);
    let in_full = |row: &Value| {
        let id = row["id"].as_str().unwrap();
        let folded = store.session("shop", id, &all).unwrap().unwrap();
        whole::json(store, "shop", id, &folded, T + at).unwrap()["cart"].clone()
    };
    let rows = summary["sessions"].as_array().unwrap();
    rows.iter().inspect(|row| assert_eq!(row["cart"], in_full(row))).map(|row| row["cart"].clone()).collect()
}

/// Carts, those that are open, and the rate.
fn counted(store: &Store, at: u64) -> Value {
    let sessions = store.sessions(&Through::Everything).unwrap();
    let all = report::totals(&sessions, T + at).remove(0).together.json();
    json!([all["carts"], all["cartsOpen"], all["cartAbandonmentRate"]])
}

#[test]
fn sessions_of_one_cart_tell_the_same_of_it() {
    let mut store = Store::memory().unwrap();
    let sessions = [
        session(1, 0, &[add(10, json!([{ "quantity": 2 }, {}]))]),
        session(2, HOUR, &[add(5, json!([])), ("begin_checkout", json!({})), ("purchase", order("A", "15"))]),
        session(3, 30 * HOUR, &[add(8, json!([{}]))]),
        session(4, 31 * HOUR, &[("order_error", json!({ "order": "B" })), ("purchase", order("C", "8"))]),
        session(5, 60 * HOUR, &[add(4, json!([{}])), ("search", json!({}))]),
        session(6, 61 * HOUR, &[("search", json!({}))]),
    ];
    stored(&mut store, &sessions);
    let cart = |state, begun: u64, items, minor| {
        let begun = T + begun;
        json!({ "state": state, "begun": begun, "items": items, "valueMinor": minor, "currency": "EUR" })
    };
    let first = cart("bought", 1, 3, 1500);
    let second = cart("bought", 30 * HOUR + 1, 1, 800);
    let third = cart("open", 60 * HOUR + 1, 1, 400);
    assert_eq!(told(&store, 62 * HOUR), [Value::Null, third, second.clone(), second, first.clone(), first]);
}

#[test]
fn a_cart_is_open_for_a_day_and_then_abandoned() {
    let mut store = Store::memory().unwrap();
    let bought = [add(5, json!([{}])), ("purchase", order("A", "5"))];
    let emptied = [add(5, json!([{}])), ("remove_from_cart", json!({ "value": 5, "currency": "EUR" }))];
    let checkout = [add(7, json!([{}])), ("begin_checkout", json!({}))];
    let of = |mut session: Value, visitor: &str| {
        session["visitor"] = json!({ "id": id(visitor) });
        session
    };
    stored(
        &mut store,
        &[
            of(session(1, 0, &bought), "1"),
            of(session(2, HOUR, &emptied), "2"),
            of(session(3, 2 * HOUR, &checkout), "3"),
            of(session(4, 3 * HOUR, &[add(9, json!([{}]))]), "4"),
        ],
    );
    let states = |at| told(&store, at).iter().map(|cart| cart["state"].clone()).collect::<Vec<_>>();
    assert_eq!(states(4 * HOUR), ["open", "checkout", "emptied", "bought"]);
    assert_eq!(counted(&store, 4 * HOUR), json!([4, 3, 0.75]));
    assert_eq!(states(27 * HOUR), ["open", "abandoned", "emptied", "bought"]);
    assert_eq!(counted(&store, 27 * HOUR), json!([4, 1, 0.75]));
    // To the millisecond: what is bought now is bought in time.
    assert_eq!(states(27 * HOUR + 1)[0], "open");
    assert_eq!(states(27 * HOUR + 2), ["abandoned", "abandoned", "emptied", "bought"]);
    assert_eq!(counted(&store, 27 * HOUR + 2), json!([4, 0, 0.75]));
}

#[test]
fn what_is_bought_on_another_device_is_not_abandoned() {
    let mut store = Store::memory().unwrap();
    let at = |mut session: Value, visitor: &str| {
        session["visitor"] = json!({ "id": id(visitor), "customer": "C-1" });
        session
    };
    let sessions =
        [session(1, 0, &[add(5, json!([{}]))]), session(2, HOUR, &[("purchase", order("A", "5"))])];
    let [filled, bought] = sessions;
    stored(&mut store, &[at(filled, "1"), at(bought, "2")]);
    let states: Vec<_> = told(&store, 30 * HOUR).iter().map(|cart| cart["state"].clone()).collect();
    assert_eq!(states, ["bought", "bought"]);
}

#[test]
fn an_order_told_again_buys_no_other_cart() {
    let mut store = Store::memory().unwrap();
    let again = ("purchase", order("A", "5"));
    stored(&mut store, &[session(1, 0, &[add(5, json!([{}])), again.clone(), add(9, json!([{}])), again])]);
    assert_eq!(counted(&store, HOUR), json!([2, 1, 0.5]));
    assert_eq!(told(&store, HOUR)[0]["state"], "open");
}

#[test]
fn command_line_and_dashboard_say_how_many_are_open() {
    let data = folder("carts");
    let mut store = Store::create(&data).unwrap();
    let ago = |mut session: Value, hours: u64| {
        let start = now() - hours * HOUR;
        session["start"] = json!(start);
        session["sent"] = json!(start + 1000);
        session["session"]["started"] = json!(start);
        session
    };
    let [one, two] = [5, 9].map(|value| session(value, 0, &[add(value as u32, json!([{}]))]));
    stored(&mut store, &[ago(one, 30), ago(two, 1)]);
    drop(store);
    let folder = data.to_str().unwrap();
    let line = |words: &str, name: &str| {
        let line = words.lines().find(|line| line.trim().starts_with(name));
        line.unwrap_or_else(|| panic!("{words}")).split_whitespace().last().unwrap().to_owned()
    };
    let (_, words, _) = run(&["summary", "--data", folder]);
    assert_eq!(line(&words, "of them still open, younger than 24 h"), "1");
    let (_, words, _) = run(&["summary", "--data", folder, "--session", &id("c5")]);
    assert!(words.contains("cart        abandoned, 1 item, 5.00 EUR\n"), "{words}");
    let served = Served::start(&data, &[]);
    let page = served.get("/dashboard").body;
    assert!(page.contains("<th>of them still open, younger than 24 h</th>"), "{page}");
    assert_eq!(served.get("/v1/summary").json()["totals"][0]["together"]["cartsOpen"], 1);
    assert_eq!(served.get(&format!("/v1/sessions/{}", id("c5"))).json()["cart"]["state"], "abandoned");
}
