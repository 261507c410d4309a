//! The workspace, built into the binary: its pages, with headers that let browsers keep what never changes and forbid
//! what the workspace never does.
//!
//! Files named after their content are kept for ever; the page itself is asked for every time. Any other address without
//! a dot is the page too: the workspace knows its own paths. What is worth it was packed when the workspace was built, as
//! small as can be, and goes out as it lies.

use crate::problem::Problem;
use crate::sentences::Code;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

#[derive(RustEmbed)]
#[folder = "../../web/workspace/dist"]
struct Dist;

const PAGE: &str = "index.html";

/// How a file may be packed, the smallest first: the name of the coding and the ending of its twin.
const PACKED: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

/// Answers whatever is not the API.
pub(crate) async fn serve(request: Request<axum::body::Body>) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Problem::new(Code::NotFound).into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::new(Code::MethodNotAllowed).into_response();
    }
    let headers = request.headers();
    match Dist::get(path).filter(|_| !path.is_empty()) {
        Some(file) if path != PAGE => answer(path, file, headers),
        None if path.rsplit('/').next().is_some_and(|name| name.contains('.')) => StatusCode::NOT_FOUND.into_response(),
        _ => match Dist::get(PAGE) {
            Some(file) => answer(PAGE, file, headers),
            None => (StatusCode::NOT_FOUND, "The workspace is not built into this binary.").into_response(),
        },
    }
}

fn answer(path: &str, file: EmbeddedFile, asked: &HeaderMap) -> Response {
    let policy = (path == PAGE).then(|| policy(&file.data)).and_then(|policy| HeaderValue::from_str(&policy).ok());
    let kept = if is_hashed(path) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let kind = file.metadata.mimetype().to_owned();
    let (coding, file) = packed(path, asked).map_or((None, file), |(coding, twin)| (Some(coding), twin));
    let tag = format!("\"{}\"", STANDARD.encode(&file.metadata.sha256_hash()[..12]));
    let known = asked.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = ([(header::CONTENT_TYPE, kind)], file.data.into_owned()).into_response();
        if let Some(coding) = coding {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        if let Some(policy) = policy {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// The smallest twin that the other side can unpack.
fn packed(path: &str, asked: &HeaderMap) -> Option<(&'static str, EmbeddedFile)> {
    let accepted = asked.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    let twins = PACKED.iter().filter(|(coding, _)| accepts(accepted, coding));
    twins.into_iter().find_map(|(coding, ending)| Some((*coding, Dist::get(&format!("{path}.{ending}"))?)))
}

/// Does the list name this coding, and not only to refuse it?
fn accepts(list: &str, coding: &str) -> bool {
    list.split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let refused = parts.any(|part| {
            part.split_once('=')
                .is_some_and(|(key, value)| key.trim().eq_ignore_ascii_case("q") && value.trim().parse() == Ok(0.0))
        });
        named && !refused
    })
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
    fn a_packed_twin_goes_only_to_whoever_can_unpack_it() {
        assert!(accepts("gzip, deflate, br, zstd", "br"));
        assert!(accepts("BR;q=0.5", "br"));
        assert!(!accepts("gzip, br;q=0", "br"));
        assert!(!accepts("gzip; q=0.000", "gzip"));
        assert!(!accepts("", "gzip"));
        assert!(!accepts("brotli", "br"));
    }

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
