//! User, potential customer or customer; and the stage.

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
