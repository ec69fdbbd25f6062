//! Every effect the engine may ask for. The host performs them in order.

use alloc::string::String;
use alloc::vec::Vec;

use crate::wire::text::owned;

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

/// The visitor's choice, as it is remembered.
pub const GRANTED: &str = "granted";
pub const DENIED: &str = "denied";

/// What an effect is; its numbers are the boundary's (`codes`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Send,
    SendHiding,
    Hint,
    Merge,
    Record,
    Keep,
    Forget,
    Choice,
    Purge,
    Wake,
    Changed,
    Warn,
}

/// An effect as the engine leaves it: of one shape, so that one code makes, hands over and drops all of them.
#[derive(Debug)]
pub struct Effect {
    pub kind: Kind,
    pub number: u64,
    pub text: String,
}

#[derive(Debug, Default)]
pub struct Effects(pub Vec<Effect>);

impl Effects {
    #[inline(never)]
    pub fn put(&mut self, kind: Kind, number: u64, text: &str) {
        self.0.push(Effect { kind, number, text: owned(text) });
    }
}

/// The same, for hosts written in Rust.
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
    Warn { text: String },
}

impl From<Effect> for Output {
    fn from(effect: Effect) -> Output {
        let Effect { kind, number, text } = effect;
        match kind {
            Kind::Send | Kind::SendHiding => {
                Output::Send { batch: number as u32, body: text, hiding: kind == Kind::SendHiding }
            }
            Kind::Hint => Output::Hint { text },
            Kind::Merge => Output::Merge,
            Kind::Record => Output::Record { text },
            Kind::Keep => Output::Keep { key: text },
            Kind::Forget => Output::Forget { key: text },
            Kind::Choice => Output::Choice { text: if text == GRANTED { GRANTED } else { DENIED } },
            Kind::Purge => Output::Purge,
            Kind::Wake => Output::Wake { at: number },
            Kind::Changed => {
                let topics = [Topic::Audience, Topic::Session, Topic::Delivery];
                let topic = topics.into_iter().find(|topic| topic.as_str() == text);
                Output::Changed { topic: topic.unwrap_or(Topic::Summary) }
            }
            Kind::Warn => Output::Warn { text },
        }
    }
}
