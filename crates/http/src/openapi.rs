//! The API's description, generated from the handlers, and a page to browse it that needs no other server.

use crate::state::AppState;
use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::IntoResponse;
use axum::routing::get;
use bytes::Bytes;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{InfoBuilder, License, OpenApi, OpenApiBuilder, SecurityRequirement, ServerBuilder};

const PAGE: &str = include_str!("browse/index.html");
const SCRIPT: &str = include_str!("browse/browse.js");
const STYLE: &str = include_str!("browse/browse.css");
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The description's head: the handlers add the rest.
pub(crate) fn head() -> OpenApi {
    let mut api = OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Opora")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(
                    "The support department's API. Errors are application/problem+json with a stable `code`; lists are \
                     paged by cursor; every POST takes an Idempotency-Key.",
                ))
                .license(Some(License::new("AGPL-3.0-or-later")))
                .build(),
        )
        .servers(Some([ServerBuilder::new().url("/api/v1").build()]))
        .security(Some([
            SecurityRequirement::new("session", Vec::<String>::new()),
            SecurityRequirement::new("token", Vec::<String>::new()),
        ]))
        .build();
    let components = api.components.get_or_insert_default();
    components
        .add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("opora_session"))));
    components
        .add_security_scheme("token", SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()));
    api
}

/// `/openapi.json` and the page that shows it.
pub(crate) fn routes(api: &OpenApi) -> Router<AppState> {
    let json = Bytes::from(serde_json::to_vec(api).unwrap_or_default());
    let file =
        |kind: &'static str, text: &'static str| get(move || async move { ([(header::CONTENT_TYPE, kind)], text) });
    Router::new()
        .route(
            "/openapi.json",
            get(move || {
                let json = json.clone();
                async move { ([(header::CONTENT_TYPE, "application/json")], json).into_response() }
            }),
        )
        .route(
            "/docs",
            get(|| async {
                let headers: [(HeaderName, HeaderValue); 2] = [
                    (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
                    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
                ];
                (headers, PAGE)
            }),
        )
        .route("/docs/browse.js", file("text/javascript; charset=utf-8", SCRIPT))
        .route("/docs/browse.css", file("text/css; charset=utf-8", STYLE))
}
