//! Carts, orders and money: each number worked out by hand.

use passerby::collector::commerce::{Step, What, carts};
use passerby::collector::report;
use passerby::collector::store::{Store, Through};
use passerby::collector::trade::Trade;
use serde_json::{Value, json};

use crate::support::{T, beacon, event, id, stored, view};

pub const HOUR: u64 = 3_600_000;

fn step(at: u64, what: What, minor: i64) -> Step {
    Step {
        at: T + at,
        what,
        order: None,
        minor: Some(minor),
        currency: Some("EUR".to_owned()),
        items: 1,
        amounts: None,
    }
}

/// State, items and worth of each cart, by the time of the last step.
fn told(steps: &[Step]) -> Vec<(&'static str, i64, Option<i64>)> {
    carts(steps)
        .iter()
        .map(|cart| {
            (
                cart.state(steps.last().map_or(0, |step| step.at)),
                cart.items,
                cart.value.as_ref().map(|value| value.1),
            )
        })
        .collect()
}

#[test]
fn a_cart_is_a_run_from_the_first_item_to_the_purchase() {
    use What::{AddToCart, BeginCheckout, Cart, Purchase, RemoveFromCart};
    assert_eq!(told(&[]), []);
    assert_eq!(told(&[step(0, RemoveFromCart, 5), step(1, Purchase, 5)]), []);
    let full = [step(0, AddToCart, 1000), step(1, AddToCart, 250), step(2, RemoveFromCart, 1000)];
    assert_eq!(told(&full), [("open", 1, Some(250))]);
    assert_eq!(told(&[step(0, AddToCart, 1000), step(1, RemoveFromCart, 1000)]), [("emptied", 0, Some(0))]);
    assert_eq!(
        told(&[step(0, AddToCart, 1000), step(1, BeginCheckout, 1000)]),
        [("checkout", 1, Some(1000))]
    );
    let bought = [step(0, AddToCart, 1000), step(1, Purchase, 1000), step(2, AddToCart, 300)];
    assert_eq!(told(&bought), [("bought", 1, Some(1000)), ("open", 1, Some(300))]);
    // The whole cart, as the shop tells it.
    let whole = Step { items: 7, ..step(1, Cart, 900) };
    assert_eq!(told(&[step(0, AddToCart, 1000), whole]), [("open", 7, Some(900))]);
    // Without an amount, or in two currencies, its worth is not known.
    let francs = Step { currency: Some("CHF".to_owned()), ..step(1, AddToCart, 100) };
    assert_eq!(told(&[step(0, AddToCart, 1000), francs]), [("open", 2, None)]);
}

#[test]
fn after_a_day_a_cart_is_abandoned() {
    use What::{AddToCart, Purchase};
    let in_time = [step(0, AddToCart, 1000), step(24 * HOUR, Purchase, 1000)];
    assert_eq!(told(&in_time), [("bought", 1, Some(1000))]);
    let late = [step(0, AddToCart, 1000), step(24 * HOUR + 1, Purchase, 1000)];
    assert_eq!(told(&late), [("abandoned", 1, Some(1000))]);
    let again = [step(0, AddToCart, 1000), step(25 * HOUR, AddToCart, 500), step(26 * HOUR, Purchase, 500)];
    assert_eq!(told(&again), [("abandoned", 1, Some(1000)), ("bought", 1, Some(500))]);
}

/// One session: its events, of visitor `b`.
pub fn session(number: u64, at: u64, events: &[(&str, Value)]) -> Value {
    let mut all = vec![view(number * 100, at, 1)];
    for (place, (name, props)) in events.iter().enumerate() {
        let place = place as u64 + 1;
        let mut event = event(number * 100 + place, at + place, name);
        event["props"] = props.clone();
        all.push(event);
    }
    let mut beacon = beacon(number, json!(all));
    beacon["session"] = json!({ "id": id(&format!("c{number}")), "started": T + at });
    beacon["visitor"]["audience"] = json!("customer");
    beacon
}

pub fn totals(store: &Store) -> (Trade, Value) {
    let rows = store.sessions(&Through::Everything).unwrap();
    let totals = report::totals(&rows, T).remove(0);
    (totals.together.trade.clone(), totals.together.json())
}

pub fn order(id: &str, value: &str) -> Value {
    json!({ "transaction_id": id, "value": value, "currency": "EUR" })
}

#[test]
fn an_order_is_one_order_however_often_it_is_told() {
    let mut store = Store::memory().unwrap();
    let sessions = [
        session(1, 0, &[("purchase", order("A", "79.90")), ("purchase", order("A", "79.90"))]),
        session(2, HOUR, &[("purchase", order("A", "79.90")), ("purchase", order("B", "20"))]),
        session(3, 2 * HOUR, &[("purchase", json!({ "value": "5", "currency": "EUR" }))]),
    ];
    stored(&mut store, &sessions);
    let (trade, json) = totals(&store);
    assert_eq!((trade.purchases, trade.repeated, trade.without_amount), (3, 2, 0));
    assert_eq!(json["revenue"], json!({ "EUR": { "purchases": 3, "minorUnits": 10_490 } }));
}

#[test]
fn a_purchase_of_rubbish_is_a_purchase_without_money_and_is_told() {
    let rubbish = [
        json!({}),
        json!({ "transaction_id": "A", "value": "lots", "currency": "EUR" }),
        json!({ "transaction_id": "B", "value": 12 }),
        json!({ "transaction_id": "C", "value": 12, "currency": "Euro" }),
        json!({ "transaction_id": "D", "value": { "amount": 12 }, "currency": "EUR" }),
        json!({ "transaction_id": "E", "value": null, "currency": "EUR" }),
    ];
    let mut store = Store::memory().unwrap();
    let events: Vec<_> = rubbish.into_iter().map(|props| ("purchase", props)).collect();
    stored(&mut store, &[session(1, 0, &events)]);
    let (trade, json) = totals(&store);
    assert_eq!((trade.purchases, trade.without_amount, trade.repeated), (6, 6, 0));
    assert_eq!((&json["revenue"], &json["purchasesWithoutAmount"]), (&json!({}), &json!(6)));
    let rows = store.sessions(&Through::Everything).unwrap();
    let said = passerby::collector::table::left_out(&report::totals(&rows, T));
    assert_eq!(said, "6 purchases without a readable value and currency: counted, and no revenue.");
}

#[test]
fn what_is_bought_and_refunded_in_the_same_millisecond_is_both() {
    let mut store = Store::memory().unwrap();
    let mut one =
        session(1, 0, &[("purchase", order("A", "50")), ("refund", json!({ "transaction_id": "A" }))]);
    for event in one["events"].as_array_mut().unwrap() {
        event["t"] = json!(1000);
    }
    stored(&mut store, &[one]);
    let (trade, _) = totals(&store);
    assert_eq!((trade.revenue["EUR"], trade.refunds["EUR"]), ((1, 5_000), (1, 5_000)));
}

#[test]
fn a_refund_takes_off_no_more_than_was_paid() {
    let mut store = Store::memory().unwrap();
    let refund = |props| ("refund", props);
    let sessions = [
        session(
            1,
            0,
            &[
                ("purchase", order("A", "100")),
                ("purchase", order("B", "50")),
                ("purchase", order("C", "30")),
            ],
        ),
        session(
            2,
            HOUR,
            &[
                // All of it, twice; a part, and then more than is left; in another currency.
                refund(json!({ "transaction_id": "A" })),
                refund(json!({ "transaction_id": "A" })),
                refund(order("B", "20")),
                refund(order("B", "40")),
                refund(json!({ "transaction_id": "C", "value": 10, "currency": "USD" })),
                // Of an order that nobody told of: nothing was paid for it.
                refund(order("Z", "7.5")),
                refund(json!({ "transaction_id": "Y" })),
            ],
        ),
    ];
    stored(&mut store, &sessions);
    let (trade, json) = totals(&store);
    assert_eq!(trade.revenue["EUR"], (3, 18_000));
    assert_eq!(trade.refunds["EUR"], (3, 10_000 + 2_000 + 3_000));
    assert_eq!(trade.net()["EUR"], 18_000 - 15_000);
    assert_eq!((&json["netMinorUnits"], &json["refundsShort"]), (&json!({ "EUR": 3_000 }), &json!(5)));
    // Who sends it back has still bought.
    let rows = store.sessions(&Through::Everything).unwrap();
    assert!(rows.iter().all(|row| row.audience.as_str() == "customer"));
}

#[test]
fn carts_and_failed_orders_have_their_rates() {
    let mut store = Store::memory().unwrap();
    let add = |value: u32, items: Value| {
        ("add_to_cart", json!({ "value": value, "currency": "EUR", "items": items }))
    };
    let sessions = [
        session(1, 0, &[add(10, json!([{ "quantity": 2 }, {}]))]),
        // The same cart, in another session.
        session(2, HOUR, &[add(5, json!([])), ("begin_checkout", json!({})), ("purchase", order("A", "15"))]),
        session(3, 30 * HOUR, &[add(8, json!([{}])), ("order_error", json!({ "order": "B" }))]),
        session(4, 31 * HOUR, &[("order_error", json!({ "order": "B" })), ("purchase", order("C", "8"))]),
        session(5, 60 * HOUR, &[add(4, json!([{}]))]),
    ];
    stored(&mut store, &sessions);
    let (trade, json) = totals(&store);
    assert_eq!((trade.carts, trade.carts_bought), (3, 2));
    assert_eq!(json["cartAbandonmentRate"], json!(1.0 - 2.0 / 3.0));
    assert_eq!(trade.cart_value["EUR"], (3, 1_500 + 800 + 400));
    assert_eq!((trade.order_errors, json["orderErrorRate"].clone()), (1, json!(1.0 / 3.0)));
}
