//! The page view that is open, what it says of its page, and a soft navigation that has not become one yet.

use alloc::string::String;

use super::time::Stamp;
use super::url::Url;
use super::{Cause, Config};
use crate::wire::text::owned;

/// What a page view says of its page.
#[derive(Debug)]
pub struct Page {
    pub url: String,
    pub title: String,
    pub referrer: String,
}

impl Page {
    /// As it may leave the page.
    pub fn of(url: &Url, referrer: &Url, title: String, config: &Config) -> Page {
        let keep = &config.keep_params;
        Page {
            url: url.clean(keep, config.hash),
            title,
            referrer: url.clean_referrer(referrer, keep, config.hash),
        }
    }
}

/// The page view that is open.
#[derive(Clone, Debug, Default)]
pub struct View {
    pub number: u32,
    /// The load it began in, if that is another: an engine that failed.
    pub of: String,
    /// As the page gave it: compared and classified, never sent.
    pub raw: String,
    pub raw_referrer: String,
    pub title: String,
    /// It was visible at least once.
    pub arrived: bool,
    /// Its session has ended and another tab has begun the next: it earns nothing there.
    pub left: bool,
    /// The site does not want it told: nor what was earned on it.
    pub untold: bool,
    pub totals: Totals,
    pub reported: Totals,
    pub reported_at: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Totals {
    pub engaged: u64,
    pub visible: u64,
    pub scroll: u32,
    /// Wall time of the last activity.
    pub active: u64,
}

impl Totals {
    /// Visible time alone is no news: an idle page would report for ever.
    pub fn differ(&self, other: &Totals) -> bool {
        (self.engaged, self.scroll, self.active) != (other.engaged, other.scroll, other.active)
    }
}

impl View {
    /// Something to report that may be.
    pub fn has_news(&self) -> bool {
        !self.left && !self.untold && self.totals.differ(&self.reported)
    }

    pub fn path(&self) -> &str {
        Url::parse(&self.raw).path
    }

    pub fn page(&self, config: &Config) -> Page {
        Page::of(&Url::parse(&self.raw), &Url::parse(&self.raw_referrer), owned(&self.title), config)
    }
}

/// A soft navigation whose title has not been read yet.
#[derive(Debug)]
pub struct Navigation {
    pub cause: Cause,
    pub at: Stamp,
    pub url: String,
    /// Its page view is open; only the title is missing to announce it.
    pub begun: bool,
}
