//! Every effect the engine may ask for. The host performs them in order.

use alloc::string::String;

/// What changed, for whoever listens in the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    Audience,
    Session,
    Delivery,
    Summary,
}

impl Topic {
    pub const fn as_str(self) -> &'static str {
        match self {
            Topic::Audience => "audience",
            Topic::Session => "session",
            Topic::Delivery => "delivery",
            Topic::Summary => "summary",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Hand `body` to the network; answer with `Input::Sent`. `hiding`: no answer may come, so nothing
    /// asynchronous may stand between this call and the network.
    Send { batch: u32, body: String, hiding: bool },
    /// Write the synchronous hint to localStorage; empty removes it.
    Hint { text: String },
    /// Open one readwrite transaction over record and queue, feed `Record`, then every `Row`, then
    /// `Merged`; what comes back in between is written in the same transaction.
    Merge,
    /// Put the record.
    Record { text: String },
    /// Put the queue row of this key: ask `Engine::row` for its text at the end of the task, so that a
    /// thousand events of one task cost one write. Inside `Merge` at once: so a row of another document is
    /// claimed, by a lease.
    Keep { key: String },
    /// Delete the queue row of this key.
    Forget { key: String },
    /// Remember the visitor's choice.
    Choice { text: &'static str },
    /// Delete everything stored but the choice.
    Purge,
    /// Call back with `Input::Wake` at this monotonic millisecond; replaces the wish before.
    Wake { at: u64 },
    /// Tell whoever listens.
    Changed { topic: Topic },
    /// Tell the developer, once, in the console.
    Warn { text: &'static str },
}
