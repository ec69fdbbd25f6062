//! Commerce: what sessions' events say of carts and orders, step by step; and carts.
//!
//! A *cart* is a visitor's run from the first `add_to_cart`, over as many sessions as it takes. It ends with a
//! purchase; one that does not within 24 hours of its beginning is abandoned, and what is added later begins another.
//! Until then nobody knows, so what it is depends on the time at which one asks.
//!
//! Money is in minor units of its currency, and never below zero: what says so is no amount. What orders come to:
//! `trade`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::facts::{self, Purchase, Row};
use super::ingest::Millis;
use super::props::Props;
use crate::wire::money;

/// In which a cart must end with a purchase.
const CART_MS: Millis = 24 * 3_600_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    AddToCart,
    RemoveFromCart,
    /// The cart as it is now: `cart`, `view_cart`.
    Cart,
    BeginCheckout,
    Purchase,
    Refund,
    OrderError,
}

impl What {
    /// Of an event of this name; of a purchase see [`Purchase`].
    fn of(name: &str) -> Option<What> {
        Some(match name {
            "add_to_cart" => What::AddToCart,
            "remove_from_cart" => What::RemoveFromCart,
            "cart" | "view_cart" => What::Cart,
            "begin_checkout" => What::BeginCheckout,
            "refund" => What::Refund,
            "order_error" => What::OrderError,
            _ => return None,
        })
    }
}

/// One thing that happened to a cart or an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub at: Millis,
    pub what: What,
    pub order: Option<String>,
    /// Not of a refund.
    pub minor: Option<i64>,
    pub currency: Option<String>,
    /// How many items it is about.
    pub items: i64,
    /// Of a refund: what it gives back, for its currency may be the order's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amounts: Option<Amounts>,
}

/// Decimal amounts, each so many times.
pub type Amounts = Vec<(String, i64)>;

impl Step {
    pub fn read(row: &Row) -> Option<Step> {
        let what = What::of(row.name)?;
        let props = Props::read(row.props);
        let order = facts::order(&props, "transaction_id").or_else(|| facts::order(&props, "order"));
        let (minor, currency) = facts::money(&props);
        let (minor, amounts) = match what {
            What::Refund => (None, given_back(&props, currency.is_some())),
            _ => (minor.filter(|minor| *minor >= 0), None),
        };
        Some(Step { at: row.at(), what, order, minor, currency, items: items(&props), amounts })
    }

    /// What a refund gives back, in minor units; `None` is all of the order's, and 0 what nobody knows.
    pub fn refunded(&self, currency: Option<&str>) -> Option<i64> {
        let amounts = self.amounts.as_ref()?;
        let minor =
            |(amount, times): &(String, i64)| money::minor_units(amount, currency?)?.checked_mul(*times);
        let sum = amounts.iter().try_fold(0_i64, |sum, one| sum.checked_add(minor(one)?));
        // Some tell it as less than nothing.
        Some(sum.map_or(0, i64::saturating_abs))
    }
}

/// The value of a refund, or its items' prices. Without value and items it is all of the order's (GA4): `None`. Where
/// there is one that tells no amount, or a currency that is none, nobody knows of how much: no amount.
fn given_back(props: &Props, in_currency: bool) -> Option<Amounts> {
    let known = || in_currency || props.raw("currency").is_none();
    if props.raw("value").is_some() {
        return Some(
            props.decimal("value").filter(|_| known()).map(|value| (value, 1)).into_iter().collect(),
        );
    }
    match serde_json::from_str(props.raw("items")?) {
        Ok(Value::Array(items)) if items.is_empty() => None,
        Ok(Value::Array(items)) if known() => {
            Some(items.iter().map(price).collect::<Option<_>>().unwrap_or_default())
        }
        _ => Some(Vec::new()),
    }
}

/// Price and quantity of one of GA4's `items`.
fn price(item: &Value) -> Option<(String, i64)> {
    let price = match &item["price"] {
        Value::String(price) => price.clone(),
        Value::Number(price) => price.to_string(),
        _ => return None,
    };
    let times = match &item["quantity"] {
        Value::Null => 1,
        Value::String(times) => times.parse().ok()?,
        times => times.as_i64()?,
    };
    Some((price, times)).filter(|_| times >= 0)
}

impl From<&Purchase> for Step {
    fn from(purchase: &Purchase) -> Step {
        let Purchase { at, order, revenue_minor, currency } = purchase.clone();
        Step { at, what: What::Purchase, order, minor: revenue_minor, currency, items: 0, amounts: None }
    }
}

/// The quantities of GA4's `items`, or the number of items that is given; one if nothing is.
fn items(props: &Props) -> i64 {
    let value = props.raw("items").and_then(|raw| serde_json::from_str(raw).ok());
    match value {
        Some(Value::Array(items)) => {
            let quantity = |item: &Value| item["quantity"].as_i64().unwrap_or(1).clamp(0, 1 << 20);
            items.iter().map(quantity).sum()
        }
        Some(Value::Number(items)) => items.as_i64().unwrap_or(1).clamp(0, 1 << 20),
        _ => 1,
    }
}

/// A cart as it was left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cart {
    pub begun: Millis,
    pub items: i64,
    /// Currency and minor units, where every change told its own.
    pub value: Option<(String, i64)>,
    pub checkout: bool,
    pub bought: bool,
    /// Places of its steps among those it was read from.
    pub steps: Vec<usize>,
}

impl Cart {
    pub fn state(&self, now: Millis) -> &'static str {
        match self {
            Cart { bought: true, .. } => "bought",
            Cart { items: ..=0, .. } => "emptied",
            _ if !self.is_open(now) => "abandoned",
            Cart { checkout: true, .. } => "checkout",
            _ => "open",
        }
    }

    /// Whether it may still be bought; an emptied one may be filled again.
    pub fn is_open(&self, now: Millis) -> bool {
        !self.bought && self.lasts(now)
    }

    fn lasts(&self, at: Millis) -> bool {
        at.saturating_sub(self.begun) <= CART_MS
    }

    /// `by` items and `sign` times the step's money more; or the step's own figures, if it tells the whole cart.
    fn change(&mut self, step: &Step, sign: i64) {
        let money = step.currency.clone().zip(step.minor);
        if sign == 0 {
            self.items = step.items;
            self.value = money.or(self.value.take());
            return;
        }
        self.items = (self.items + sign * step.items).max(0);
        self.value = match (self.value.take(), money) {
            (Some((ours, sum)), Some((currency, minor))) if ours == currency => {
                Some((ours, sum.saturating_add(sign.saturating_mul(minor)).max(0)))
            }
            _ => None,
        };
    }
}

/// The carts of one visitor, from all that happened, in the order of time.
pub fn carts<'a>(steps: impl IntoIterator<Item = &'a Step>) -> Vec<Cart> {
    let mut carts: Vec<Cart> = Vec::new();
    for (place, step) in steps.into_iter().enumerate() {
        let mut open = carts.last_mut().filter(|cart| cart.is_open(step.at));
        match (step.what, &mut open) {
            (What::AddToCart, None) => {
                carts.push(Cart {
                    begun: step.at,
                    items: step.items,
                    value: step.currency.clone().zip(step.minor),
                    checkout: false,
                    bought: false,
                    steps: vec![place],
                });
                continue;
            }
            (What::AddToCart, Some(cart)) => cart.change(step, 1),
            (What::RemoveFromCart, Some(cart)) => cart.change(step, -1),
            (What::Cart, Some(cart)) => cart.change(step, 0),
            (What::BeginCheckout, Some(cart)) => cart.checkout = true,
            (What::Purchase, Some(cart)) => cart.bought = true,
            _ => continue,
        }
        open.into_iter().for_each(|cart| cart.steps.push(place));
    }
    carts
}
