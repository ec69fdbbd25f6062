//! Ingest: the bytes of one beacon become a [`Batch`], or a [`Refusal`] that says what is wrong and where.
//!
//! Pure: no socket, no clock, no database, so the same code runs behind HTTP, in `replay` and at the far
//! end of the simulation. Two kinds of fault are kept apart. A malformed *batch* is refused as a whole
//! (400, naming field and position): half a batch must never be stored. An *event* that is well-formed
//! but over a limit is left out and listed in `rejected`; its neighbours are accepted.
//!
//! Not here: whether an event is new (`store`), who may send (`http::access`).

use super::decode;
use super::line;
use super::unpack;
use crate::engine::Config;

/// Milliseconds since 1970, or within a timeline.
pub type Millis = u64;

/// What the URLs of a batch may keep; a site that lets its pages send more says so here too.
#[derive(Clone, Debug)]
pub struct Keep {
    /// Query parameters beside those of campaigns, with commas between.
    pub params: String,
    /// Routes in fragments, `#/cart`.
    pub fragments: bool,
}

impl Default for Keep {
    fn default() -> Keep {
        let page = Config::default();
        Keep { params: page.keep_params, fragments: page.hash }
    }
}

/// One decoded and validated batch of wire format v1.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    pub id: String,
    pub site: String,
    pub load: String,
    /// Wall time at which the page sent it, by the page's clock.
    pub sent: Millis,
    /// The timeline's `t` at that moment.
    pub clock: Option<Millis>,
    /// Wall time at which the timeline began, by the page's clock.
    pub start: Millis,
    /// Written early for `fetchLater`: corrects no clock.
    pub frozen: bool,
    pub definition: String,
    pub visitor: Visitor,
    pub session: Visit,
    pub device: Option<String>,
    /// Why this is no person's doing: `webdriver`, `headless`, `prerender`, `never_visible`, as the page says;
    /// `crawler`, as its User-Agent does; or `test`, the site's own.
    pub bot: Option<String>,
    pub language: Option<String>,
    pub events: Vec<Event>,
    pub rejected: Vec<Rejected>,
    /// Reason → events the page dropped since its last batch.
    pub dropped: Vec<(String, u64)>,
    /// The smallest `seq`, rejected events included: audience and stage are as of that event.
    pub first_seq: Option<u64>,
    /// The wall time of that event.
    pub first_at: Option<Millis>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Visitor {
    pub id: String,
    pub was: Vec<String>,
    pub audience: Option<String>,
    pub stage: Option<String>,
    pub sessions: Option<u64>,
    pub first_seen: Option<Millis>,
    pub customer: Option<String>,
}

/// The session's context.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Visit {
    pub id: String,
    pub was: Vec<String>,
    pub started: Millis,
    pub entry: Option<String>,
    pub channel: Option<String>,
    pub source: Option<String>,
    pub medium: Option<String>,
    pub campaign: Option<String>,
    /// JSON text, as sent.
    pub first_touch: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event {
    pub seq: u64,
    pub t: Millis,
    pub name: String,
    pub view: Option<u32>,
    pub url: Option<String>,
    pub title: Option<String>,
    pub referrer: Option<String>,
    /// JSON text, as sent: numbers keep every digit.
    pub props: Option<String>,
}

/// An event left out of an otherwise accepted batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejected {
    pub seq: u64,
    pub reason: &'static str,
}

/// Why a whole batch was refused. The page keeps it, except after a 413, when it splits it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    /// One word for programs.
    pub reason: &'static str,
    /// One sentence for people.
    pub error: String,
    /// Path of the field at fault, such as `events[3].seq`.
    pub field: Option<String>,
    /// Byte offset in the (inflated) JSON.
    pub position: Option<usize>,
    /// Seconds after which to try again.
    pub retry_after: Option<u64>,
}

impl Refusal {
    pub fn new(status: u16, reason: &'static str, error: impl Into<String>) -> Refusal {
        let retry_after = (status == 503).then_some(5);
        Refusal { status, reason, error: error.into(), field: None, position: None, retry_after }
    }

    pub fn json(&self) -> serde_json::Value {
        let mut body = serde_json::json!({ "error": self.error, "reason": self.reason });
        if let Some(field) = &self.field {
            body["field"] = field.as_str().into();
        }
        if let Some(position) = self.position {
            body["position"] = position.into();
        }
        body
    }
}

/// What became of a batch, once it is committed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    pub batch: String,
    pub accepted: u64,
    pub duplicate: u64,
    pub rejected: Vec<Rejected>,
}

impl Receipt {
    pub fn json(&self) -> serde_json::Value {
        let rejected: Vec<_> = self
            .rejected
            .iter()
            .map(|event| serde_json::json!({ "seq": event.seq, "reason": event.reason }))
            .collect();
        serde_json::json!({
            "batch": self.batch,
            "accepted": self.accepted,
            "duplicate": self.duplicate,
            "rejected": rejected,
        })
    }
}

/// The bytes of one request's body, plain or gzip, to a batch.
pub fn read(body: &[u8], keep: &Keep) -> Result<Batch, Refusal> {
    decode::batch(&unpack::text(body)?, keep)
}

/// One line of a log, as a batch. It may be as long as a body is once inflated: logs are written unpacked.
pub fn line(line: &[u8]) -> Result<String, Refusal> {
    let text = unpack::plain(line.to_vec())?;
    Ok(line::batch(&text).into_owned())
}

/// Such a batch.
pub fn read_line(text: &str, keep: &Keep) -> Result<Batch, Refusal> {
    decode::batch(text, keep)
}

/// Who is to be forgotten: a browser may have had several visitors before its collector could be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    pub site: String,
    pub visitors: Vec<String>,
}

/// The body of an erasure, plain or gzip.
pub fn read_erasure(body: &[u8]) -> Result<Erasure, Refusal> {
    decode::erasure(&unpack::text(body)?)
}
