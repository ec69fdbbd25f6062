//! `/v1/batch`: takes beacons; `/v1/erase`: what a page asks to be forgotten.
//!
//! The content type is never looked at: pages send `text/plain`, which needs no preflight. A preflight is
//! answered all the same, for senders that set a header.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, CONTENT_ENCODING, HeaderMap, HeaderName,
    HeaderValue, ORIGIN, RETRY_AFTER, USER_AGENT, VARY,
};
use axum::http::request::Parts;
use axum::response::Response;
use http_body_util::BodyExt;

use super::rate::Peer;
use super::{Shared, bearer, header, json, origin, refused};
use crate::collector::ingest::{self, Refusal};
use crate::collector::{crawlers, log, text, unpack};
use crate::wire::limits;

/// A body this small that takes longer is no page.
const BODY_TIME: Duration = Duration::from_secs(15);
/// Read on to here and throw away, so that the sender gets to see the 413.
const PATIENCE: usize = 1024 * 1024;

pub async fn take(State(shared): super::App, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let answer = match shared.rate.check(peer(&parts), &parts.headers) {
        Ok(()) => store(&shared, &parts.headers, body).await,
        Err(refusal) => Err(refusal),
    };
    answered(&shared, &parts.headers, answer)
}

/// `/v1/erase`: the visitor of a page that has been asked to forget.
pub async fn erase(State(shared): super::App, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let answer = match shared.rate.check(peer(&parts), &parts.headers) {
        Ok(()) => forget(&shared, &parts.headers, body).await,
        Err(refusal) => Err(refusal),
    };
    answered(&shared, &parts.headers, answer)
}

fn peer(parts: &Parts) -> Option<Peer> {
    parts.extensions.get().copied()
}

fn answered(shared: &Shared, headers: &HeaderMap, answer: Result<serde_json::Value, Refusal>) -> Response {
    let mut retry_after = None;
    let mut response = match answer {
        Ok(done) => json(200, &done),
        Err(refusal) => {
            retry_after = refusal.retry_after;
            refused(&refusal)
        }
    };
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        // A page of another origin may not read it otherwise.
        response.headers_mut().insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
    }
    allow(shared, headers, &mut response);
    response
}

async fn forget(shared: &Shared, headers: &HeaderMap, body: Body) -> Result<serde_json::Value, Refusal> {
    let bytes = bytes(shared, headers, body).await?;
    let ingest::Erasure { site, visitors } = ingest::read_erasure(&bytes)?;
    shared.access.site(&site, origin(headers))?;
    let answer = serde_json::json!({ "erased": visitors.join(" ") });
    let done = shared.writer.change(move |store| store.erase(&site, &visitors, text::now())).await;
    done.map(|()| answer).map_err(|fault| {
        log::complain(&fault.0);
        Refusal::new(503, "store", "The visitor could not be erased: ask again later.")
    })
}

async fn store(shared: &Arc<Shared>, headers: &HeaderMap, body: Body) -> Result<serde_json::Value, Refusal> {
    let bytes = bytes(shared, headers, body).await?;
    let mut batch = ingest::read(&bytes, &shared.keep)?;
    shared.access.site(&batch.site, origin(headers))?;
    let now = text::now();
    batch.date(now, true);
    crawlers::mark(&mut batch, header(headers, USER_AGENT));
    let line = shared.log.then(|| log::Line::of(&batch, bytes.len()));
    match shared.writer.store(batch, now).await {
        Ok(receipt) => {
            if let Some(line) = line {
                log::print(&line.with(&receipt));
            }
            Ok(receipt.json())
        }
        Err(fault) => {
            log::complain(&fault.0);
            Err(Refusal::new(503, "store", "The batch could not be stored: send it again later."))
        }
    }
}

/// The body of a request that may be sent from where it comes.
async fn bytes(shared: &Shared, headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Refusal> {
    shared.access.origin(origin(headers), bearer(headers))?;
    if !matches!(header(headers, CONTENT_ENCODING), None | Some("identity" | "gzip")) {
        let error = "Send plain JSON or gzip of it; other encodings are not read.";
        return Err(Refusal::new(415, "content_encoding", error));
    }
    let bytes = match tokio::time::timeout(BODY_TIME, collect(body)).await {
        Ok(bytes) => bytes?,
        Err(_) => return Err(Refusal::new(408, "timeout", "The body took too long to arrive.")),
    };
    if header(headers, CONTENT_ENCODING) == Some("gzip") && !unpack::is_gzip(&bytes) {
        let error = "The header says Content-Encoding: gzip, and the body is none: leave the header out.";
        return Err(Refusal::new(400, "gzip", error));
    }
    Ok(bytes)
}

/// The body's bytes, no more than one too many for the limit; whoever unpacks them refuses that one.
async fn collect(mut body: Body) -> Result<Vec<u8>, Refusal> {
    let (mut bytes, mut seen) = (Vec::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::new(400, "body", "The body ended too early."))?;
        let Ok(data) = frame.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        let room = (limits::BATCH_BYTES + 1).saturating_sub(bytes.len());
        bytes.extend_from_slice(&data[..data.len().min(room)]);
        if seen > PATIENCE {
            break;
        }
    }
    Ok(bytes)
}

pub async fn preflight(State(shared): super::App, request: Request) -> Response {
    let headers = request.headers();
    let mut response = match shared.access.origin(origin(headers), None) {
        Ok(()) => Response::new(Body::empty()),
        Err(refusal) => refused(&refusal),
    };
    if response.status().is_success() {
        *response.status_mut() = axum::http::StatusCode::NO_CONTENT;
        let set = response.headers_mut();
        set.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
        set.insert(
            ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static("authorization, content-encoding, content-type"),
        );
        set.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
        // Chromium's question before a page reaches into a more private network than its own.
        if headers.contains_key("access-control-request-private-network") {
            set.insert(
                HeaderName::from_static("access-control-allow-private-network"),
                HeaderValue::from_static("true"),
            );
        }
    }
    allow(&shared, headers, &mut response);
    response
}

/// Lets the page read the answer, if its origin may send; what is refused for its origin stays unreadable.
fn allow(shared: &Shared, headers: &HeaderMap, response: &mut Response) {
    response.headers_mut().insert(VARY, HeaderValue::from_name(ORIGIN));
    if let Some(origin) = headers.get(ORIGIN).filter(|_| shared.access.origin(origin(headers), None).is_ok())
    {
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
}

pub async fn explain() -> Response {
    json(
        200,
        &serde_json::json!({
            "this": "Passerby's collector takes beacons here: POST a batch of wire format 1, JSON or gzip.",
            "schema": "passerby-collector schema",
            "limits": {
                "bodyBytes": limits::BATCH_BYTES,
                "inflatedBytes": limits::INFLATED_BYTES,
                "events": limits::BATCH_EVENTS,
                "eventBytes": limits::EVENT_BYTES,
                "nameBytes": limits::NAME_BYTES,
                "properties": limits::PROPERTIES,
                "depth": limits::DEPTH,
                "stringBytes": limits::STRING_BYTES,
            },
        }),
    )
}
