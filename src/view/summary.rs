//! The summary as the page's SDK gives it (`Summary` and `Explanation` in `src/sdk/types.ts`).
//!
//! The collector writes it with serde, the widget reads it from a plain object (`widget::read`). The
//! visitor's `history` is left out: nothing here shows it.

use alloc::string::String;
use alloc::vec::Vec;

#[cfg(feature = "collector")]
use serde::Serialize;

#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "collector", derive(Serialize))]
#[cfg_attr(feature = "collector", serde(rename_all = "camelCase"))]
pub struct Summary {
    /// False until storage has decided which visitor and session this is.
    pub settled: bool,
    pub definition: String,
    #[cfg_attr(feature = "collector", serde(skip_serializing_if = "Option::is_none"))]
    pub session: Option<Session>,
    pub audience: Audience,
    pub events: Counts,
    pub delivery: Delivery,
    #[cfg_attr(feature = "collector", serde(skip_serializing_if = "Option::is_none"))]
    pub visitor: Option<Visitor>,
}

#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "collector", derive(Serialize))]
#[cfg_attr(feature = "collector", serde(rename_all = "camelCase"))]
pub struct Session {
    pub id: String,
    /// Unix milliseconds.
    pub started: u64,
    pub duration_ms: u64,
    pub engaged_ms: u64,
    pub page_depth: u64,
    pub bounced: bool,
    pub engaged: bool,
    pub entry: String,
    pub channel: String,
    pub source: String,
    pub pages: Vec<Page>,
}

#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "collector", derive(Serialize))]
#[cfg_attr(feature = "collector", serde(rename_all = "camelCase"))]
pub struct Page {
    pub url: String,
    pub title: String,
    pub duration_ms: u64,
    pub engaged_ms: u64,
    /// Whole percent.
    pub scroll_depth: u64,
}

#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "collector", derive(Serialize))]
#[cfg_attr(feature = "collector", serde(rename_all = "camelCase"))]
pub struct Audience {
    pub is: String,
    pub reason: String,
    /// Unix milliseconds; 0 where nobody knows.
    pub since: u64,
    pub stage: String,
    pub relationship: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "collector", derive(Serialize))]
#[cfg_attr(feature = "collector", serde(rename_all = "camelCase"))]
pub struct Delivery {
    pub sent: u64,
    pub acknowledged: u64,
    pub unconfirmed: u64,
    pub queued: u64,
    /// Reason and events.
    pub dropped: Counts,
}

#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "collector", derive(Serialize))]
#[cfg_attr(feature = "collector", serde(rename_all = "camelCase"))]
pub struct Visitor {
    pub id: String,
    pub sessions: u64,
    /// Each order once.
    pub purchases: u64,
    /// Unix milliseconds.
    pub first_seen: u64,
}

/// Which rule made it so.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "collector", derive(Serialize))]
pub struct Explanation {
    pub about: String,
    pub is: String,
    pub rule: String,
    pub because: String,
}

/// Names and how often, in the order they were given: `{"page_view": 3, "purchase": 1}`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counts(pub Vec<(String, u64)>);

impl Counts {
    pub fn total(&self) -> u64 {
        self.0.iter().fold(0, |sum, (_, count)| sum.saturating_add(*count))
    }
}
