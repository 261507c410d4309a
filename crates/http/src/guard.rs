//! What every answer and every change must satisfy whatever the handler: no change on behalf of another site, headers
//! that keep a browser from guessing, a limit to patience, and no panic that crosses a request.

use crate::auth::Credentials;
use crate::form::is_json;
use crate::problem::Problem;
use crate::sentences::Code;
use crate::state::AppState;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::any::Any;

/// Refuses a change that a page of another site could have caused with its visitor's cookie. Such a page can send forms
/// and plain text, but neither JSON nor a header of its own without asking us first, and we never agree.
pub(crate) async fn same_site(request: Request, next: Next) -> Response {
    if is_change(request.method()) && comes_with_cookie(request.headers()) && !is_ours(request.headers()) {
        return Problem::new(Code::CrossSite).into_response();
    }
    next.run(request).await
}

fn is_change(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn comes_with_cookie(headers: &HeaderMap) -> bool {
    matches!(Credentials::of(headers), Some(Credentials::Session(_)))
}

fn is_ours(headers: &HeaderMap) -> bool {
    let says = |name: &str, value: &str| headers.get(name).is_some_and(|v| v.as_bytes() == value.as_bytes());
    !says("sec-fetch-site", "cross-site") && (is_json(headers) || says("x-opora", "1"))
}

/// Keeps browsers from guessing types, telling other sites where somebody was, and keeping answers of the API.
pub(crate) async fn careful_headers(request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    headers.insert(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    );
    if is_api && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if is_api && !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
        );
    }
    response
}

/// Gives up on a request that takes too long. Its transaction, if one runs, still ends as it must.
pub(crate) async fn patience(State(state): State<AppState>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(state.config.patience, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(Code::Timeout).into_response(),
    }
}

/// A handler panicked: say so without its words.
pub(crate) fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let words = panic
        .downcast_ref::<&'static str>()
        .map(|s| (*s).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no words".to_owned());
    Problem::internal(format!("a handler panicked: {words}")).into_response()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt;
    use tower_http::catch_panic::CatchPanicLayer;

    #[tokio::test]
    async fn a_panic_is_answered_without_its_words() {
        async fn stumble() -> &'static str {
            panic!("the key is hunter2")
        }
        let router = Router::new()
            .route("/", get(stumble))
            .layer(CatchPanicLayer::custom(panicked))
            .layer(from_fn(crate::problem::in_their_language));
        let request = Request::builder().uri("/").header("accept-language", "ru").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), 500);
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        let body = String::from_utf8_lossy(&body).into_owned();
        assert!(body.contains("Сломалось у нас") && !body.contains("hunter2"), "{body}");
    }
}
