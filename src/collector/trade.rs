//! Trade: what sessions came to. Orders, what was paid for them and given back, and carts.
//!
//! A purchase whose `transaction_id` came before is the same purchase (a thank-you page that was loaded again): it is
//! counted once, and told. One without a readable amount and currency is a purchase without money.
//!
//! A refund takes off no more than was paid, from the order that it names, or from the same visitor's latest ones if
//! it names none; and it does so where the purchase was counted, so that no column, definition or kind of bot has
//! less than nothing. What takes off less than it says is told. One that names its order and no currency means the
//! order's.
//!
//! People, tests and each kind of bot have orders of their own: what a test buys under a number takes no order away
//! from who buys under the same. Currencies are never mixed.

use std::collections::{BTreeMap, HashMap};

use super::commerce::{Cart, Step, What, carts};
use super::ingest::Millis;
use super::names::{Name, Names};
use super::store::SessionRow;

/// Count and minor units of each currency.
pub type Money = BTreeMap<String, (u64, i64)>;

fn add(money: &mut Money, currency: &str, count: u64, minor: i64) {
    let (counted, sum) = money.entry(currency.to_owned()).or_default();
    *counted += count;
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
    /// Refunds that took off less than they say, or nothing.
    pub refunds_short: u64,
    /// Orders, bought or failed, each once; and of them, those that failed.
    pub orders: u64,
    pub order_errors: u64,
    pub carts: u64,
    pub carts_bought: u64,
    /// Carts that may still be bought: younger than 24 hours.
    pub carts_open: u64,
    /// The last cart that the session had to do with, as it was left in whichever; of several sessions none.
    pub cart: Option<Cart>,
    /// At the last change.
    pub cart_value: Money,
}

impl Trade {
    pub fn add(&mut self, other: &Trade) {
        self.purchases += other.purchases;
        self.without_amount += other.without_amount;
        self.repeated += other.repeated;
        self.refunds_short += other.refunds_short;
        self.orders += other.orders;
        self.order_errors += other.order_errors;
        self.carts += other.carts;
        self.carts_bought += other.carts_bought;
        self.carts_open += other.carts_open;
        for (ours, theirs) in [
            (&mut self.revenue, &other.revenue),
            (&mut self.refunds, &other.refunds),
            (&mut self.cart_value, &other.cart_value),
        ] {
            for (currency, (count, minor)) in theirs {
                add(ours, currency, *count, *minor);
            }
        }
    }

    /// Revenue without what was refunded.
    pub fn net(&self) -> BTreeMap<String, i64> {
        let refunded = |currency| self.refunds.get(currency).map_or(0, |(_, minor)| *minor);
        let revenue = self.revenue.iter();
        revenue
            .map(|(currency, (_, minor))| (currency.clone(), minor.saturating_sub(refunded(currency))))
            .collect()
    }

    /// Orders that failed ÷ orders.
    pub fn error_rate(&self) -> Option<f64> {
        (self.orders > 0).then(|| self.order_errors as f64 / self.orders as f64)
    }

    /// 1 − carts bought ÷ carts: one that is still open is not bought yet.
    pub fn abandonment(&self) -> Option<f64> {
        (self.carts > 0).then(|| 1.0 - self.carts_bought as f64 / self.carts as f64)
    }
}

/// People, tests, or a kind of bot.
type Kind<'a> = Option<&'a str>;

/// Of each visitor, the number of the session and what happened.
type Visitors<'a> = HashMap<(Kind<'a>, Name<'a>), Vec<(usize, &'a Step)>>;

/// What each of these sessions has come to by now, in their order. A cart is counted in the session it began in.
pub fn trades(sessions: &[SessionRow], now: Millis) -> Vec<Trade> {
    let names = Names::of(sessions);
    let mut trades = vec![Trade::default(); sessions.len()];
    let mut steps: Vec<(usize, Step)> = Vec::new();
    for (at, session) in sessions.iter().enumerate() {
        steps.extend(session.steps.iter().map(|step| (at, step.clone())));
        steps.extend(session.purchases.iter().map(|purchase| (at, Step::from(purchase))));
    }
    // In the same millisecond an order is bought before it is refunded, and after its cart was filled.
    steps.sort_by_key(|(_, step)| (step.at, step.what == What::Refund));
    let mut orders = Orders::default();
    let mut visitors = Visitors::new();
    for (at, step) in &steps {
        let session = &sessions[*at];
        let who = (session.bot.as_deref(), names.who(session));
        // A thank-you page that is loaded again does not buy what is in the cart by now.
        if orders.take(who, *at, step, &mut trades) {
            visitors.entry(who).or_default().push((*at, step));
        }
    }
    orders.count(&mut trades);
    for steps in visitors.values() {
        for cart in carts(steps.iter().map(|(_, step)| *step)) {
            let trade = &mut trades[steps[cart.steps[0]].0];
            trade.carts += 1;
            trade.carts_bought += u64::from(cart.bought);
            trade.carts_open += u64::from(cart.is_open(now));
            if let Some((currency, minor)) = &cart.value {
                add(&mut trade.cart_value, currency, 1, *minor);
            }
            for step in &cart.steps {
                trades[steps[*step].0].cart = Some(cart.clone());
            }
        }
    }
    trades
}

/// An order, and the numbers of the sessions in which it was bought and failed.
#[derive(Default)]
struct Order {
    bought: Option<usize>,
    failed: Option<usize>,
    /// Of what was paid for it.
    left: Option<(String, i64)>,
}

/// All orders in the order in which they were told; by id, and those that each visitor paid in a currency.
#[derive(Default)]
struct Orders<'a> {
    all: Vec<Order>,
    /// Within a site, people or a kind of bot.
    named: HashMap<(Kind<'a>, &'a str, &'a str), usize>,
    paid: HashMap<(Kind<'a>, Name<'a>, &'a str), Vec<usize>>,
}

impl<'a> Orders<'a> {
    /// Whether it is news.
    fn take(&mut self, who: (Kind<'a>, Name<'a>), at: usize, step: &'a Step, trades: &mut [Trade]) -> bool {
        match step.what {
            What::Purchase => {
                let number = self.number(who, step);
                let (order, trade) = (&mut self.all[number], &mut trades[at]);
                if order.bought.is_some() {
                    trade.repeated += 1;
                    return false;
                }
                order.bought = Some(at);
                trade.purchases += 1;
                let money = step.currency.as_deref().zip(step.minor.filter(|minor| *minor >= 0));
                let Some((currency, minor)) = money else {
                    trade.without_amount += 1;
                    return true;
                };
                add(&mut trade.revenue, currency, 1, minor);
                order.left = Some((currency.to_owned(), minor));
                self.paid.entry((who.0, who.1, currency)).or_default().push(number);
            }
            What::Refund => self.refund(who, at, step, trades),
            What::OrderError => {
                let number = self.number(who, step);
                self.all[number].failed.get_or_insert(at);
            }
            _ => {}
        }
        true
    }

    /// The order that the step is about: one of its own if it names none.
    fn number(&mut self, (kind, (site, _)): (Kind<'a>, Name<'a>), step: &'a Step) -> usize {
        let next = self.all.len();
        let number = match &step.order {
            Some(id) => *self.named.entry((kind, site, id)).or_insert(next),
            None => next,
        };
        if number == next {
            self.all.push(Order::default());
        }
        number
    }

    fn refund(
        &mut self,
        (kind, name): (Kind<'a>, Name<'a>),
        at: usize,
        step: &'a Step,
        trades: &mut [Trade],
    ) {
        let named = step.order.as_ref().and_then(|id| self.named.get(&(kind, name.0, id)).copied());
        let paid = named.and_then(|number| self.all[number].left.as_ref());
        let currency = step.currency.as_deref().or(paid.map(|(currency, _)| currency.as_str()));
        let given = step.refunded(currency);
        let mut taken = 0;
        let mut take = |order: &mut Order| {
            // In another currency than was paid it cannot be taken off.
            let same = |paid: &str| step.currency.as_ref().is_none_or(|given| given == paid);
            let (Some(at), Some((paid, left))) = (order.bought, order.left.as_mut()) else { return true };
            let rest = if same(paid) { given.map_or(*left, |given| given - taken) } else { 0 };
            let amount = rest.min(*left);
            if amount > 0 {
                add(&mut trades[at].refunds, paid, u64::from(taken == 0), amount);
            }
            *left -= amount;
            taken += amount;
            *left == 0
        };
        match (&step.order, &step.currency, given) {
            (Some(_), ..) => {
                if let Some(number) = named {
                    take(&mut self.all[number]);
                }
            }
            (None, Some(currency), Some(_)) => {
                let paid = self.paid.entry((kind, name, currency)).or_default();
                while paid.last().is_some_and(|number| take(&mut self.all[*number])) {
                    paid.pop();
                }
            }
            _ => {}
        }
        trades[at].refunds_short += u64::from(taken == 0 || given.is_some_and(|given| given > taken));
    }

    /// An order that failed and was bought after all is one order, and belongs to the session of its purchase.
    fn count(&self, trades: &mut [Trade]) {
        for order in &self.all {
            let Some(at) = order.bought.or(order.failed) else { continue };
            trades[at].orders += 1;
            trades[at].order_errors += u64::from(order.failed.is_some());
        }
    }
}
