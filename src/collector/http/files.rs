//! Files of a folder, for the demo and for built parts. Development serving: nothing is cached.

use std::path::{Path, PathBuf};

use axum::Router;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE, HeaderName, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::middleware::map_response;
use axum::response::Response;
use tower_http::services::ServeDir;

use super::{not_found, refused, respond};
use crate::collector::ingest::Refusal;

/// `shared`: pages of other origins may load these files as modules (they are the SDK's own public parts).
pub fn folder(path: &Path, shared: bool) -> Router {
    let root = path.to_owned();
    let others = Router::new().fallback(move |uri: Uri| index(root, uri));
    // ServeDir refuses every path with `..` in it, encoded or not.
    let files = ServeDir::new(path).fallback(others);
    Router::new().fallback_service(files).layer(map_response(move |response| dress(response, shared)))
}

/// Sites route below a folder by themselves: `/app/goods/lantern` is `app/index.html`, unless it looks like a file.
/// What stands below no folder with an index is not there.
async fn index(root: PathBuf, uri: Uri) -> Response {
    let (folder, rest) = uri.path().trim_start_matches('/').split_once('/').unwrap_or_default();
    let word =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if !folder.is_empty()
        && word(folder)
        && rest.split('/').all(word)
        && let Ok(page) = std::fs::read(root.join(folder).join("index.html"))
    {
        return respond(200, "text/html", page);
    }
    // The site's own page, for people: it is measured like any other. What calls the API gets JSON.
    match std::fs::read(root.join("404.html")) {
        Ok(page) if folder != "v1" => respond(404, "text/html", page),
        _ => not_found().await,
    }
}

async fn dress(mut response: Response, shared: bool) -> Response {
    match response.status() {
        StatusCode::NOT_FOUND if !response.headers().contains_key(CONTENT_TYPE) => return not_found().await,
        StatusCode::METHOD_NOT_ALLOWED => {
            return refused(&Refusal::new(405, "method", "Files take GET and HEAD."));
        }
        _ => {}
    }
    let headers = response.headers_mut();
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let with_charset = match kind {
        Some("text/html") => Some("text/html; charset=utf-8"),
        Some("text/javascript" | "application/javascript") => Some("text/javascript; charset=utf-8"),
        Some("text/css") => Some("text/css; charset=utf-8"),
        Some("text/plain") => Some("text/plain; charset=utf-8"),
        _ => None,
    };
    if let Some(kind) = with_charset {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    if shared {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        let policy = HeaderName::from_static("cross-origin-resource-policy");
        headers.insert(policy, HeaderValue::from_static("cross-origin"));
    }
    response
}
