//! User, potential customer or customer; and the five stages.

use crate::wire::text::listed;

/// Ordered: never downgraded by silence, so the larger of two wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    #[default]
    User,
    Potential,
    Customer,
}

impl Audience {
    pub const fn as_str(self) -> &'static str {
        match self {
            Audience::User => "user",
            Audience::Potential => "potential",
            Audience::Customer => "customer",
        }
    }

    pub fn parse(text: &str) -> Audience {
        match text {
            "customer" => Audience::Customer,
            "potential" => Audience::Potential,
            _ => Audience::User,
        }
    }
}

impl From<u64> for Audience {
    fn from(number: u64) -> Audience {
        match number {
            0 => Audience::User,
            1 => Audience::Potential,
            _ => Audience::Customer,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    #[default]
    Discover,
    Shop,
    Buy,
    Own,
    Advocate,
}

impl Stage {
    pub const fn as_str(self) -> &'static str {
        match self {
            Stage::Discover => "discover",
            Stage::Shop => "shop",
            Stage::Buy => "buy",
            Stage::Own => "own",
            Stage::Advocate => "advocate",
        }
    }

    /// What an event of this name shows, for somebody of this audience.
    pub fn after(name: &str, audience: Audience) -> Stage {
        if listed("view_item,view_item_list,select_item,search,add_to_cart,view_cart", name) {
            Stage::Shop
        } else if listed("begin_checkout,add_shipping_info,add_payment_info,purchase", name) {
            Stage::Buy
        } else if audience == Audience::Customer && listed("share,review", name) {
            Stage::Advocate
        } else {
            Stage::Discover
        }
    }
}

impl From<u64> for Stage {
    fn from(number: u64) -> Stage {
        match number {
            0 => Stage::Discover,
            1 => Stage::Shop,
            2 => Stage::Buy,
            3 => Stage::Own,
            _ => Stage::Advocate,
        }
    }
}
