//! Orders as careless and hostile senders tell them: ids that are none, money below zero, refunds of what nobody paid.

use passerby::collector::report;
use passerby::collector::store::{Store, Through};
use passerby::collector::table;
use serde_json::{Value, json};

use crate::commerce::{HOUR, order, session, totals};
use crate::support::{T, folder, id, stored};

type Events<'a> = &'a [(&'a str, Value)];

/// A store with one session of these events.
fn told(events: Events) -> Store {
    let mut store = Store::memory().unwrap();
    stored(&mut store, &[session(1, 0, events)]);
    store
}

fn left_out(store: &Store) -> String {
    table::left_out(&report::totals(&store.sessions(&Through::Everything).unwrap(), T))
}

fn of(mut session: Value, visitor: &str, audience: &str) -> Value {
    session["visitor"] = json!({ "id": id(visitor), "audience": audience });
    session
}

/// Purchases, those told again, and revenue.
fn bought(events: Events) -> (u64, u64, i64) {
    let (trade, _) = totals(&told(events));
    (trade.purchases, trade.repeated, trade.revenue.get("EUR").map_or(0, |(_, minor)| *minor))
}

#[test]
fn an_id_that_is_none_makes_no_two_orders_one() {
    let nobody = [json!("ada@shop.example"), json!(""), json!("  "), json!({}), json!([]), json!(true)];
    for id in nobody {
        let purchase =
            |value: u32| ("purchase", json!({ "transaction_id": id, "value": value, "currency": "EUR" }));
        assert_eq!(bought(&[purchase(5), purchase(7), purchase(7)]), (3, 0, 1_900), "{id}");
        let failed = ("order_error", json!({ "order": id }));
        let (trade, _) = totals(&told(&[failed.clone(), failed]));
        assert_eq!(trade.order_errors, 2, "{id}");
    }
    // Another key may hold an address as well; and nobody's refund is of all nobody's orders.
    let purchase = ("purchase", order("a@b.example", "5"));
    let store = told(&[purchase.clone(), purchase, ("refund", order("a@b.example", "3"))]);
    assert_eq!(totals(&store).0.refunds["EUR"], (1, 300));
}

#[test]
fn a_number_and_its_text_are_one_order() {
    let with = |id: Value| ("purchase", json!({ "transaction_id": id, "value": 5, "currency": "EUR" }));
    assert_eq!(bought(&[with(json!(7)), with(json!("7"))]), (1, 1, 500));
    assert_eq!(bought(&[with(json!(7)), with(json!("8")), with(json!(-7))]), (3, 0, 1_500));
}

#[test]
fn a_purchase_below_zero_is_one_without_money() {
    let store = told(&[
        ("purchase", order("A", "10")),
        ("purchase", order("B", "-4")),
        ("add_to_cart", json!({ "value": -9, "currency": "EUR" })),
    ]);
    let (trade, _) = totals(&store);
    assert_eq!((trade.purchases, trade.without_amount, trade.revenue["EUR"]), (2, 1, (1, 1_000)));
    assert!(trade.cart_value.is_empty(), "{trade:?}");
    assert_eq!(
        left_out(&store),
        "1 purchase without a readable value and currency: counted, and no revenue."
    );
}

#[test]
fn a_refund_without_an_id_is_of_what_the_same_visitor_paid_last() {
    let refund = |value: Value| ("refund", json!({ "value": value, "currency": "EUR" }));
    let bought = [("purchase", order("A", "10")), ("purchase", order("B", "5"))];
    let after = |refunds: Events| {
        let (trade, _) = totals(&told(&[&bought, refunds].concat()));
        (trade.refunds.get("EUR").copied().unwrap_or_default(), trade.refunds_short)
    };
    assert_eq!(after(&[refund(json!(7))]), ((1, 700), 0));
    // Some tell it as less than nothing.
    assert_eq!(after(&[refund(json!("-7"))]), ((1, 700), 0));
    assert_eq!(after(&[refund(json!(7)), refund(json!(7)), refund(json!(7))]), ((3, 1_500), 1));
    // What is gone from an order cannot be taken off twice, whoever comes first.
    assert_eq!(after(&[refund(json!(12)), ("refund", json!({ "transaction_id": "A" }))]), ((2, 1_500), 0));
    assert_eq!(after(&[("refund", json!({ "transaction_id": "B" })), refund(json!(12))]), ((2, 1_500), 1));
    // Without an amount, in another currency, or with one that cannot be read, nobody knows how much.
    let dollars = ("refund", json!({ "value": 3, "currency": "USD" }));
    let unread = ("refund", json!({ "transaction_id": "A", "value": "some", "currency": "EUR" }));
    let bare = ("refund", json!({ "value": 3 }));
    let part = ("refund", json!({ "transaction_id": "A", "items": [{ "item_id": "boots" }] }));
    assert_eq!(after(&[("refund", json!({})), dollars, unread, bare, part]), ((0, 0), 5));
}

/// Minor units taken off an order of 10.000 of this currency, and refunds that were of more or of nothing.
fn refunded(currency: &str, refund: Value) -> (i64, u64) {
    let bought = json!({ "transaction_id": "A", "value": 10, "currency": currency });
    let mut refund = refund;
    refund["transaction_id"] = json!("A");
    let (trade, _) = totals(&told(&[("purchase", bought), ("refund", refund)]));
    (trade.refunds.get(currency).map_or(0, |(_, minor)| *minor), trade.refunds_short)
}

#[test]
fn a_refund_without_a_currency_is_in_that_of_its_order() {
    for (currency, value, minor) in
        [("EUR", json!(3), 300), ("KWD", json!("-2.5"), 2_500), ("JPY", json!("4"), 4)]
    {
        assert_eq!(refunded(currency, json!({ "value": value })), (minor, 0), "{currency}");
    }
    assert_eq!(refunded("EUR", json!({ "value": 12 })), (1_000, 1));
    // One that is none was not left out; nor is it known what somebody paid whose order has no money.
    assert_eq!(refunded("EUR", json!({ "value": 3, "currency": "Euro" })), (0, 1));
    let (trade, _) = totals(&told(&[
        ("purchase", json!({ "transaction_id": "A", "value": 10 })),
        ("refund", json!({ "transaction_id": "A", "value": 3 })),
    ]));
    assert_eq!((trade.refunds.len(), trade.refunds_short), (0, 1));
}

#[test]
fn a_refund_of_items_is_of_their_prices() {
    let two = json!([{ "price": "1.25", "quantity": 2 }, { "item_id": "boots", "price": 4.5 }]);
    assert_eq!(refunded("EUR", json!({ "items": two })), (700, 0));
    assert_eq!(refunded("EUR", json!({ "items": two, "currency": "EUR" })), (700, 0));
    assert_eq!(refunded("EUR", json!({ "items": two, "currency": "USD" })), (0, 1));
    assert_eq!(refunded("EUR", json!({ "items": two, "value": 3 })), (300, 0));
    assert_eq!(refunded("EUR", json!({ "items": [{ "price": 8, "quantity": "2" }] })), (1_000, 1));
    // No items at all: it is all of the order.
    assert_eq!(refunded("EUR", json!({ "items": [] })), (1_000, 0));
    for unknown in [
        json!([{ "price": 1 }, { "item_id": "boots" }]),
        json!([{ "price": 1, "quantity": 0.5 }]),
        json!([{ "price": 1, "quantity": -1 }]),
        json!([{ "price": "free" }]),
        json!(2),
    ] {
        assert_eq!(refunded("EUR", json!({ "items": unknown })), (0, 1), "{unknown}");
    }
    let items = ("refund", json!({ "items": two, "currency": "EUR" }));
    assert_eq!(totals(&told(&[("purchase", order("A", "10")), items])).0.refunds["EUR"], (1, 700));
}

#[test]
fn no_refund_brings_any_column_below_zero() {
    let mut store = Store::memory().unwrap();
    let anonymous = [("refund", order("A", "30")), ("refund", json!({ "value": 9, "currency": "EUR" }))];
    stored(
        &mut store,
        &[
            of(session(1, 0, &[("purchase", order("A", "30"))]), "b", "customer"),
            // At the desk of whoever answers the telephone.
            of(session(2, HOUR, &anonymous), "e", "user"),
        ],
    );
    let all = report::totals(&store.sessions(&Through::Everything).unwrap(), T).remove(0);
    assert_eq!((all.customers.trade.net()["EUR"], all.users.trade.net().len()), (0, 0));
    assert_eq!((all.together.trade.refunds["EUR"], all.users.trade.refunds_short), ((1, 3_000), 1));
    let said = left_out(&store);
    assert!(
        said.starts_with("1 refund of more than is left of what was paid, or of an order nobody paid"),
        "{said}"
    );
}

#[test]
fn an_order_that_fails_and_is_bought_after_all_is_one_order() {
    let failed = |id| ("order_error", json!({ "order": id }));
    for events in [
        [failed("A"), ("purchase", order("A", "5")), ("purchase", order("B", "5"))],
        [("purchase", order("A", "5")), failed("A"), ("purchase", order("B", "5"))],
    ] {
        let (trade, json) = totals(&told(&events));
        assert_eq!((trade.orders, trade.order_errors), (2, 1));
        assert_eq!(json["orderErrorRate"], json!(0.5));
    }
}

#[test]
fn what_a_test_buys_takes_no_order_from_people() {
    let mut store = Store::memory().unwrap();
    let purchase = [("purchase", order("1001", "5"))];
    let mut test = of(session(1, 0, &purchase), "e", "customer");
    test["bot"] = json!("test");
    stored(&mut store, &[test, of(session(2, HOUR, &purchase), "b", "customer")]);
    let all = report::totals(&store.sessions(&Through::Everything).unwrap(), T);
    let told = all.iter().map(|totals| (totals.bot.as_deref(), totals.together.trade.revenue["EUR"]));
    assert_eq!(told.collect::<Vec<_>>(), [(None, (1, 500)), (Some("test"), (1, 500))]);
}

#[test]
fn who_logs_in_to_pay_has_filled_the_cart_before() {
    let mut store = Store::memory().unwrap();
    let add = ("add_to_cart", json!({ "value": 5, "currency": "EUR" }));
    let mut paid = session(2, HOUR, &[("purchase", order("A", "5"))]);
    paid["visitor"]["customer"] = json!("C-1");
    stored(&mut store, &[session(1, 0, &[add]), paid]);
    let rows = store.sessions(&Through::Everything).unwrap();
    let all = report::totals(&rows, T).remove(0).together;
    assert_eq!((all.visitors, all.trade.carts, all.trade.carts_bought), (1, 1, 1));
    let people = passerby::collector::visitors::people(&store, &rows, rows.len(), 0, "").unwrap();
    assert_eq!(people.iter().map(|person| person.who.as_str()).collect::<Vec<_>>(), ["C-1"]);
    // The same number at another site is another customer's.
    let mut elsewhere = session(3, HOUR, &[]);
    elsewhere["site"] = json!("blog");
    elsewhere["visitor"]["customer"] = json!("C-1");
    stored(&mut store, &[elsewhere]);
    let rows = store.sessions(&Through::Everything).unwrap();
    assert_eq!(report::totals(&rows, T).remove(0).together.visitors, 2);
}

#[test]
fn a_store_of_the_version_before_is_counted_by_the_rules_of_this_one() {
    let folder = folder("version_5");
    let mut store = Store::create(&folder).unwrap();
    stored(&mut store, &[session(1, 0, &[("purchase", order("", "5")), ("purchase", order("", "5"))])]);
    drop(store);
    let db = rusqlite::Connection::open(folder.join(passerby::collector::store::FILE)).unwrap();
    let as_before =
        "UPDATE sessions SET purchases = replace(purchases, 'null', '\"\"'); PRAGMA user_version = 5";
    db.execute_batch(as_before).unwrap();
    drop(db);
    let (trade, _) = totals(&Store::open(&folder).unwrap());
    assert_eq!((trade.purchases, trade.repeated), (2, 0));
}

#[test]
fn a_store_of_version_6_learns_what_refunds_gave_back() {
    let folder = folder("version_6");
    let mut store = Store::create(&folder).unwrap();
    let refund = ("refund", json!({ "transaction_id": "A", "value": 3 }));
    stored(&mut store, &[session(1, 0, &[("purchase", order("A", "10")), refund])]);
    drop(store);
    let db = rusqlite::Connection::open(folder.join(passerby::collector::store::FILE)).unwrap();
    let as_before = "DROP INDEX sessions_of_customer; PRAGMA user_version = 6;
                     UPDATE sessions SET steps = json_remove(json_set(steps, '$[0].minor', 0), '$[0].amounts')";
    db.execute_batch(as_before).unwrap();
    drop(db);
    assert_eq!(totals(&Store::open(&folder).unwrap()).0.refunds["EUR"], (1, 300));
}
