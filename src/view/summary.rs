//! The summary as the page's SDK gives it (`Summary` and `Explanation` in `src/sdk/types.ts`).
//!
//! What is missing is a default, so that a newer or a damaged summary still shows what it has. The
//! visitor's `history` is left out: nothing here shows it.

use alloc::string::String;
use alloc::vec::Vec;

#[cfg(any(feature = "widget", feature = "collector"))]
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(any(feature = "widget", feature = "collector"), derive(Deserialize, Serialize))]
#[cfg_attr(any(feature = "widget", feature = "collector"), serde(default, rename_all = "camelCase"))]
pub struct Summary {
    /// False until storage has decided which visitor and session this is.
    pub settled: bool,
    pub definition: String,
    pub session: Option<Session>,
    pub audience: Audience,
    pub events: Counts,
    pub delivery: Delivery,
    pub visitor: Option<Visitor>,
}

#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(any(feature = "widget", feature = "collector"), derive(Deserialize, Serialize))]
#[cfg_attr(any(feature = "widget", feature = "collector"), serde(default, rename_all = "camelCase"))]
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
#[cfg_attr(any(feature = "widget", feature = "collector"), derive(Deserialize, Serialize))]
#[cfg_attr(any(feature = "widget", feature = "collector"), serde(default, rename_all = "camelCase"))]
pub struct Page {
    pub url: String,
    pub title: String,
    pub duration_ms: u64,
    pub engaged_ms: u64,
    /// Whole percent.
    pub scroll_depth: u64,
}

#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(any(feature = "widget", feature = "collector"), derive(Deserialize, Serialize))]
#[cfg_attr(any(feature = "widget", feature = "collector"), serde(default, rename_all = "camelCase"))]
pub struct Audience {
    pub is: String,
    pub reason: String,
    /// Unix milliseconds; 0 where nobody knows.
    pub since: u64,
    pub stage: String,
    pub relationship: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(any(feature = "widget", feature = "collector"), derive(Deserialize, Serialize))]
#[cfg_attr(any(feature = "widget", feature = "collector"), serde(default, rename_all = "camelCase"))]
pub struct Delivery {
    pub sent: u64,
    pub acknowledged: u64,
    pub unconfirmed: u64,
    pub queued: u64,
    /// Reason and events.
    pub dropped: Counts,
}

#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(any(feature = "widget", feature = "collector"), derive(Deserialize, Serialize))]
#[cfg_attr(any(feature = "widget", feature = "collector"), serde(default, rename_all = "camelCase"))]
pub struct Visitor {
    pub id: String,
    pub sessions: u64,
    /// Unix milliseconds.
    pub first_seen: u64,
}

/// Which rule made it so.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(any(feature = "widget", feature = "collector"), derive(Deserialize, Serialize))]
#[cfg_attr(any(feature = "widget", feature = "collector"), serde(default))]
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
