//! The workspace, built into the binary: its pages, with headers that let browsers keep what never changes and forbid
//! what the workspace never does.
//!
//! Files named after their content are kept for ever; the page itself is asked for every time. Any other address without
//! a dot is the page too: the workspace knows its own paths.

use crate::problem::Problem;
use crate::sentences::Code;
use axum::http::{HeaderValue, Method, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

#[derive(RustEmbed)]
#[folder = "../../web/workspace/dist"]
struct Dist;

const PAGE: &str = "index.html";

/// Answers whatever is not the API.
pub(crate) async fn serve(request: Request<axum::body::Body>) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Problem::new(Code::NotFound).into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::new(Code::MethodNotAllowed).into_response();
    }
    let asked_for = request.headers().get(header::IF_NONE_MATCH);
    match Dist::get(path).filter(|_| !path.is_empty()) {
        Some(file) if path != PAGE => answer(path, file, asked_for),
        None if path.rsplit('/').next().is_some_and(|name| name.contains('.')) => StatusCode::NOT_FOUND.into_response(),
        _ => match Dist::get(PAGE) {
            Some(file) => answer(PAGE, file, asked_for),
            None => (StatusCode::NOT_FOUND, "The workspace is not built into this binary.").into_response(),
        },
    }
}

fn answer(path: &str, file: EmbeddedFile, asked_for: Option<&HeaderValue>) -> Response {
    let tag = format!("\"{}\"", STANDARD.encode(&file.metadata.sha256_hash()[..12]));
    let kept = if is_hashed(path) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = if asked_for.is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let policy = (path == PAGE).then(|| policy(&file.data));
        let mut response =
            ([(header::CONTENT_TYPE, file.metadata.mimetype().to_owned())], file.data.into_owned()).into_response();
        if let Some(policy) = policy.and_then(|p| HeaderValue::from_str(&p).ok()) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// Vite names what it builds after its content: `assets/index-B7xk2q.js`.
fn is_hashed(path: &str) -> bool {
    path.starts_with("assets/")
}

/// What the page may do. Mail is shown in a sandboxed `srcdoc` frame without scripts, which inherits this policy: hence
/// pictures from anywhere (the server blocks remote ones until they are asked for) and inline styles.
fn policy(page: &[u8]) -> String {
    let mut scripts = String::from("'self'");
    for script in inline_scripts(&String::from_utf8_lossy(page)) {
        scripts.push_str(&format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script.as_bytes()))));
    }
    format!(
        "default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: https: http:; \
         font-src 'self' data:; connect-src 'self'; media-src 'self' blob:; frame-src 'self'; worker-src 'self'; \
         manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// The scripts written into the page itself (one that chooses the theme before the first paint).
fn inline_scripts(page: &str) -> Vec<&str> {
    let mut scripts = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find("<script") {
        let Some((tag, after)) = rest[at..].split_once('>') else { break };
        let Some((body, next)) = after.split_once("</script>") else { break };
        if !tag.contains("src=") {
            scripts.push(body);
        }
        rest = next;
    }
    scripts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_written_into_the_page_is_allowed_by_its_hash_and_no_other() {
        let page = r#"<script src="/assets/a.js"></script><script>theme()</script>"#;
        assert_eq!(inline_scripts(page), ["theme()"]);
        let policy = policy(page.as_bytes());
        let hash = STANDARD.encode(Sha256::digest(b"theme()"));
        assert!(policy.contains(&format!("script-src 'self' 'sha256-{hash}';")), "{policy}");
        assert!(!policy.contains("script-src 'self' 'unsafe"), "{policy}");
    }
}
