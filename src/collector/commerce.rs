//! Commerce: carts, purchases, refunds and failed orders, from what the sessions' events say of them.
//!
//! A *cart* is a visitor's run from the first `add_to_cart`, over as many sessions as it takes. It ends with a
//! purchase; one that does not within 24 hours of its beginning is abandoned, and what is added later begins another.
//!
//! A purchase whose `transaction_id` came before is the same purchase (a thank-you page that was loaded again): it is
//! counted once, and told. One without a readable amount and currency is a purchase without money. A refund takes off
//! no more than was paid. Money is in minor units of its currency, and currencies are never mixed.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::facts::{Purchase, Row};
use super::ingest::Millis;
use super::props::Props;
use super::store::SessionRow;

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
    pub minor: Option<i64>,
    pub currency: Option<String>,
    /// How many items it is about.
    pub items: i64,
}

impl Step {
    pub fn read(row: &Row) -> Option<Step> {
        let what = What::of(row.name)?;
        let props = Props::read(row.props);
        let Purchase { at, order, revenue_minor, currency } = Purchase::read(row);
        let order = order.or_else(|| props.decimal("order"));
        Some(Step { at, what, order, minor: revenue_minor, currency, items: items(&props) })
    }
}

impl From<&Purchase> for Step {
    fn from(purchase: &Purchase) -> Step {
        let Purchase { at, order, revenue_minor, currency } = purchase.clone();
        Step { at, what: What::Purchase, order, minor: revenue_minor, currency, items: 0 }
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
}

impl Cart {
    pub fn state(&self) -> &'static str {
        match self {
            Cart { bought: true, .. } => "bought",
            Cart { items: ..=0, .. } => "emptied",
            Cart { checkout: true, .. } => "checkout",
            _ => "open",
        }
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
pub fn carts(steps: &[Step]) -> Vec<Cart> {
    let mut carts: Vec<Cart> = Vec::new();
    for step in steps {
        let open = carts.last_mut().filter(|cart| !cart.bought && step.at - cart.begun <= CART_MS);
        match (step.what, open) {
            (What::AddToCart, None) => carts.push(Cart {
                begun: step.at,
                items: step.items,
                value: step.currency.clone().zip(step.minor),
                checkout: false,
                bought: false,
            }),
            (What::AddToCart, Some(cart)) => cart.change(step, 1),
            (What::RemoveFromCart, Some(cart)) => cart.change(step, -1),
            (What::Cart, Some(cart)) => cart.change(step, 0),
            (What::BeginCheckout, Some(cart)) => cart.checkout = true,
            (What::Purchase, Some(cart)) => cart.bought = true,
            _ => {}
        }
    }
    carts
}

/// Count and minor units of each currency.
pub type Money = BTreeMap<String, (u64, i64)>;

fn add(money: &mut Money, currency: &str, minor: i64) {
    let (count, sum) = money.entry(currency.to_owned()).or_default();
    *count += 1;
    *sum = sum.saturating_add(minor);
}

/// What one session, or several, came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trade {
    /// Purchases, each once.
    pub purchases: u64,
    /// Those that name no readable amount and currency.
    pub without_amount: u64,
    /// Purchases that were told again.
    pub repeated: u64,
    pub revenue: Money,
    pub refunds: Money,
    /// Orders that failed, each once.
    pub order_errors: u64,
    pub carts: u64,
    pub carts_bought: u64,
    /// At the last change.
    pub cart_value: Money,
}

impl Trade {
    pub fn add(&mut self, other: &Trade) {
        self.purchases += other.purchases;
        self.without_amount += other.without_amount;
        self.repeated += other.repeated;
        self.order_errors += other.order_errors;
        self.carts += other.carts;
        self.carts_bought += other.carts_bought;
        for (ours, theirs) in [
            (&mut self.revenue, &other.revenue),
            (&mut self.refunds, &other.refunds),
            (&mut self.cart_value, &other.cart_value),
        ] {
            for (currency, (count, minor)) in theirs {
                let (all, sum) = ours.entry(currency.clone()).or_default();
                *all += count;
                *sum = sum.saturating_add(*minor);
            }
        }
    }

    /// Revenue without what was refunded.
    pub fn net(&self) -> BTreeMap<String, i64> {
        let mut net: BTreeMap<String, i64> =
            self.revenue.iter().map(|(currency, (_, minor))| (currency.clone(), *minor)).collect();
        for (currency, (_, minor)) in &self.refunds {
            let sum = net.entry(currency.clone()).or_default();
            *sum = sum.saturating_sub(*minor);
        }
        net
    }

    /// Orders that failed ÷ orders.
    pub fn error_rate(&self) -> Option<f64> {
        let orders = self.purchases + self.order_errors;
        (orders > 0).then(|| self.order_errors as f64 / orders as f64)
    }

    pub fn abandonment(&self) -> Option<f64> {
        (self.carts > 0).then(|| 1.0 - self.carts_bought as f64 / self.carts as f64)
    }
}

/// What each of these sessions came to, in their order. A cart belongs to the session it began in.
pub fn trades(sessions: &[SessionRow]) -> Vec<Trade> {
    let mut trades = vec![Trade::default(); sessions.len()];
    let mut steps: Vec<(usize, Step)> = Vec::new();
    for (at, session) in sessions.iter().enumerate() {
        steps.extend(session.steps.iter().map(|step| (at, step.clone())));
        steps.extend(session.purchases.iter().map(|purchase| (at, Step::from(purchase))));
    }
    // In the same millisecond an order is bought before it is refunded, and after its cart was filled.
    steps.sort_by_key(|(_, step)| (step.at, step.what == What::Refund));
    orders(sessions, &steps, &mut trades);
    let mut visitors: HashMap<(&str, &str), Vec<(usize, Step)>> = HashMap::new();
    for (at, step) in &steps {
        let session = &sessions[*at];
        let who = session.customer.as_deref().unwrap_or(&session.visitor);
        visitors.entry((&session.site, who)).or_default().push((*at, step.clone()));
    }
    for steps in visitors.values() {
        let plain: Vec<Step> = steps.iter().map(|(_, step)| step.clone()).collect();
        for cart in carts(&plain) {
            let begun = steps.iter().find(|(_, step)| step.what == What::AddToCart && step.at == cart.begun);
            let Some(trade) = begun.and_then(|(at, _)| trades.get_mut(*at)) else { continue };
            trade.carts += 1;
            trade.carts_bought += u64::from(cart.bought);
            if let Some((currency, minor)) = &cart.value {
                add(&mut trade.cart_value, currency, *minor);
            }
        }
    }
    trades
}

/// Purchases, refunds and failed orders.
fn orders(sessions: &[SessionRow], steps: &[(usize, Step)], trades: &mut [Trade]) {
    // Of each order: what is left of the money that was paid for it.
    let mut paid: HashMap<(&str, &str), Option<(String, i64)>> = HashMap::new();
    let mut failed: Vec<(&str, &str)> = Vec::new();
    for (at, step) in steps {
        let trade = &mut trades[*at];
        let order = step.order.as_deref().map(|order| (sessions[*at].site.as_str(), order));
        let money = step.currency.clone().zip(step.minor);
        match step.what {
            What::Purchase if order.is_some_and(|order| paid.contains_key(&order)) => trade.repeated += 1,
            What::Purchase => {
                trade.purchases += 1;
                match &money {
                    Some((currency, minor)) => add(&mut trade.revenue, currency, *minor),
                    None => trade.without_amount += 1,
                }
                if let Some(order) = order {
                    paid.insert(order, money);
                }
            }
            What::Refund => {
                let left = order.and_then(|order| paid.get_mut(&order));
                if let Some((currency, minor)) = refunded(step, left) {
                    add(&mut trade.refunds, &currency, minor);
                }
            }
            What::OrderError if order.is_some_and(|order| failed.contains(&order)) => {}
            What::OrderError => {
                trade.order_errors += 1;
                failed.extend(order);
            }
            _ => {}
        }
    }
}

/// What a refund gives back: its own amount, or all that is left of the order's.
fn refunded(step: &Step, left: Option<&mut Option<(String, i64)>>) -> Option<(String, i64)> {
    let given = step.minor.map(i64::saturating_abs);
    match left {
        Some(Some((currency, left))) => {
            // In another currency than was paid it cannot be taken off.
            let same = step.currency.as_ref().is_none_or(|given| given == currency);
            let amount = if same { given.unwrap_or(*left).min(*left) } else { 0 };
            *left -= amount;
            (amount > 0).then(|| (currency.clone(), amount))
        }
        Some(None) => None,
        None => step.currency.clone().zip(given),
    }
}
