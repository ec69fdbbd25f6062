//! What programs read: health, one session, and totals. No CORS: other origins' pages may not.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::json;

use super::{App, Shared, bearer, json, refused};
use crate::collector::ingest::Refusal;
use crate::collector::store::{Fault, Listed, Store, Through};
use crate::collector::{log, report, session, text};

pub async fn health(State(shared): App) -> Response {
    match ask(&shared, |store| store.drops().map(drop)).await {
        Ok(()) => json(200, &json!({ "status": "ok", "passerby": crate::collector::decode::VERSION })),
        Err(refusal) => refused(&refusal),
    }
}

pub async fn session(State(shared): App, Path(id): Path<String>, request: Request) -> Response {
    if let Err(refusal) = may_read(&shared, request.headers(), request.uri().query()) {
        return refused(&refusal);
    }
    let found = ask(&shared, move |store| match store.find(&id)? {
        Listed::One { site, id } => {
            let folded = store.session(&site, &id, &Through::Everything)?;
            Ok(match folded {
                Some(folded) => Ok(session::json(store, &site, &id, &folded, text::now())?),
                None => Err(Refusal::new(404, "not_found", "No session has this id.")),
            })
        }
        Listed::None => Ok(Err(Refusal::new(404, "not_found", "No session has this id."))),
        Listed::Several(count) => Ok(Err(Refusal::new(
            404,
            "ambiguous",
            format!("{count} sessions begin so: give more of the id."),
        ))),
    });
    match found.await.and_then(|found| found) {
        Ok(session) => json(200, &session),
        Err(refusal) => refused(&refusal),
    }
}

pub async fn summary(State(shared): App, request: Request) -> Response {
    if let Err(refusal) = may_read(&shared, request.headers(), request.uri().query()) {
        return refused(&refusal);
    }
    let summary = ask(&shared, |store| {
        Ok(report::summary_json(&store.sessions(&Through::Everything)?, &store.drops()?, text::now()))
    });
    match summary.await {
        Ok(summary) => json(200, &summary),
        Err(refusal) => refused(&refusal),
    }
}

pub fn may_read(shared: &Shared, headers: &HeaderMap, query: Option<&str>) -> Result<(), Refusal> {
    shared.access.read(bearer(headers), query)
}

/// Reads from the store on a thread that may block. Readers have their own connection: they never wait for
/// the writer, nor it for them.
pub async fn ask<T: Send + 'static>(
    shared: &Arc<Shared>,
    question: impl FnOnce(&Store) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Refusal> {
    let shared = shared.clone();
    let read = move || question(&Store::open(&shared.data)?.ignoring(&shared.returns));
    let answer = tokio::task::spawn_blocking(read).await;
    answer.unwrap_or_else(|_| Err(Fault("The reading thread ended.".to_owned()))).map_err(|fault| {
        log::complain(&fault.0);
        Refusal::new(503, "store", "The store cannot be read now: try again.")
    })
}
