//! HTTP: the routes, and what every answer has in common.
//!
//! | route                 | what                                                                       |
//! |-----------------------|----------------------------------------------------------------------------|
//! | `POST /v1/batch`      | takes a beacon; `GET` says what it is for                                   |
//! | `POST /v1/erase`      | `{"site", "visitor"}`: deletes the visitor and refuses the id from now on    |
//! | `GET /v1/health`      | 200 while batches can be stored                                             |
//! | `GET /v1/sessions/ID` | one session, as `summary --session ID --json`                               |
//! | `GET /v1/summary`     | recent sessions and totals, as `summary --json`                             |
//! | `GET /dashboard`, `/` | the same for people (`/` is the demo's when a folder is served)             |
//! | `GET /dist/...`       | built files                                                                 |

pub mod access;
mod batch;
mod dashboard;
mod files;
pub mod rate;
mod read;
pub mod server;

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{
    ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::Value;

use self::access::Access;
use self::rate::Rate;
use super::ingest::{Keep, Refusal};
use super::writer::Writer;

/// What requests share.
pub struct Shared {
    pub access: Access,
    pub writer: Writer,
    pub rate: Rate,
    pub data: PathBuf,
    /// What URLs may keep.
    pub keep: Keep,
    /// Referrers that say nothing, beside payments.
    pub returns: String,
    /// Prints one line for each batch.
    pub log: bool,
}

type App = State<Arc<Shared>>;

/// Folders to serve beside the collector's own routes.
#[derive(Clone, Debug, Default)]
pub struct Folders {
    pub www: Option<PathBuf>,
    pub dist: Option<PathBuf>,
}

pub fn router(shared: Arc<Shared>, folders: &Folders) -> Router {
    let mut router = Router::new()
        .route(
            "/v1/batch",
            get(batch::explain).post(batch::take).options(batch::preflight).fallback(wrong_method),
        )
        .route("/v1/erase", post(batch::erase).options(batch::preflight).fallback(wrong_method))
        .route("/v1/health", get(read::health).fallback(wrong_method))
        .route("/v1/sessions/{id}", get(read::session).fallback(wrong_method))
        .route("/v1/summary", get(read::summary).fallback(wrong_method))
        .route("/dashboard", get(dashboard::page).fallback(wrong_method))
        .route("/dashboard.css", get(dashboard::style).fallback(wrong_method));
    if let Some(dist) = &folders.dist {
        router = router.nest_service("/dist", files::folder(dist, true));
    }
    router = match &folders.www {
        Some(www) => router.fallback_service(files::folder(www, false)),
        None => router.route("/", get(dashboard::page).fallback(wrong_method)).fallback(not_found),
    };
    router.layer(from_fn_with_state(shared.clone(), every_request)).with_state(shared)
}

/// The Host check before, and the headers after, whatever the route.
async fn every_request(State(shared): App, request: Request, next: Next) -> Response {
    let authority = request.uri().authority().map(|authority| authority.as_str());
    let host = authority.or_else(|| header(request.headers(), HOST));
    let mut response = match shared.access.host(host) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refused(&refusal),
    };
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

async fn not_found() -> Response {
    let error = "Nothing here. Beacons go to POST /v1/batch; people go to /dashboard.";
    refused(&Refusal::new(404, "not_found", error))
}

async fn wrong_method(request: Request) -> Response {
    let allow = match request.uri().path() {
        "/v1/batch" => "POST, OPTIONS, GET, HEAD",
        "/v1/erase" => "POST, OPTIONS",
        _ => "GET, HEAD",
    };
    let error = format!("This address takes {allow}.");
    let mut response = refused(&Refusal::new(405, "method", error));
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
    response
}

fn header(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The Origin; one that is no text counts as a foreign one, not as none.
fn origin(headers: &HeaderMap) -> Option<&str> {
    headers.get(ORIGIN).map(|value| value.to_str().unwrap_or("unreadable"))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    header(headers, AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "))
}

fn json(status: u16, body: &Value) -> Response {
    respond(status, "application/json; charset=utf-8", format!("{body}\n"))
}

fn refused(refusal: &Refusal) -> Response {
    json(refusal.status, &refusal.json())
}

fn respond(status: u16, content_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
