//! Every fact the outside may report.

/// Why there is a page view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A document was loaded (or a prerendered one activated).
    Load,
    /// History grew: `pushState` or a Navigation API push.
    Push,
    /// The current history entry was replaced.
    Replace,
    /// Back, forward or `history.go`.
    Traverse,
    /// The page came back from the back/forward cache.
    Restore,
    /// A new session began on a page that was already open.
    Session,
    /// Another engine took the place of one that trapped: the page view is known already.
    Replaced,
}

impl Cause {
    pub const fn as_str(self) -> &'static str {
        match self {
            Cause::Load => "load",
            Cause::Push => "push",
            Cause::Replace => "replace",
            Cause::Traverse => "traverse",
            Cause::Restore => "restore",
            Cause::Session | Cause::Replaced => "session",
        }
    }
}

/// What the visitor said about being measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    Granted,
    Denied,
}

/// One fact, reported as it happened. Strings are hostile: the engine bounds and redacts them.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// What the browser says of itself, and the word `webdriver` if a program drives it; before the first `Page`.
    Device {
        user_agent: &'a str,
        touch_points: u32,
        language: &'a str,
    },
    /// Global Privacy Control or Do Not Track is on.
    Signal {
        on: bool,
    },
    /// The stored or spoken consent choice.
    Consent {
        choice: Choice,
    },
    /// What localStorage holds: before the first `Page`, when another tab wrote it, and on every return
    /// to the page. Empty when there is none.
    Hint {
        text: &'a str,
    },
    /// The document is here, is visible to the person if `Visible` said so, and has this title now.
    Page {
        cause: Cause,
        url: &'a str,
        title: &'a str,
        referrer: &'a str,
    },
    /// The URL changed without a load. Its title follows as `Titled`.
    Navigated {
        cause: Cause,
        url: &'a str,
    },
    /// The title a frame after `Navigated`, or at hide, or before the next task's `Navigated`.
    Titled {
        title: &'a str,
    },
    Visible {
        on: bool,
    },
    Focused {
        on: bool,
    },
    /// Trusted input: pointer, key, touch, wheel, scroll.
    Active,
    /// How much of the page has been in view, in whole percent.
    Scrolled {
        percent: u32,
    },
    /// At least one media element is playing.
    Playing {
        on: bool,
    },
    /// `props` is a JSON object or empty.
    Track {
        name: &'a str,
        props: &'a str,
    },
    /// `page()`: a page view on demand.
    View {
        title: &'a str,
        props: &'a str,
    },
    Identify {
        customer: &'a str,
        traits: &'a str,
    },
    /// Properties that go with every later event.
    Set {
        props: &'a str,
    },
    /// Log-out: a new anonymous visitor. `erase`: who was here is to be forgotten, with what is not yet delivered.
    Reset {
        erase: bool,
    },
    /// The page is going away or into the back/forward cache: the last chance to send.
    Hide,
    /// Send what there is.
    Flush,
    /// The instant asked for by `Output::Wake` has come.
    Wake,
    /// How a `Send` ended. `status` 0: no answer; 1: refused here, before anything left. `retry_after` is the
    /// header's text.
    Sent {
        batch: u32,
        status: u32,
        body: &'a str,
        retry_after: &'a str,
    },
    /// Inside the transaction that `Output::Merge` opened: the record as stored, or empty.
    Record {
        text: &'a str,
    },
    /// Inside the same transaction: one row of the stored queue.
    Row {
        key: &'a str,
        text: &'a str,
    },
    /// The transaction that `Output::Merge` opened has ended; `ok` false: storage cannot be used.
    Merged {
        ok: bool,
    },
}
