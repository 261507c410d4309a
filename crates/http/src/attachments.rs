//! Files: uploaded before the message that carries them, downloaded by whoever may see that message.
//!
//! A file comes from strangers. It is shown inside a page only when it is a picture of a kind that cannot carry scripts;
//! everything else is saved, never opened, and even then under a policy that forbids it everything.

use crate::auth::Caller;
use crate::form::{At, too_large};
use crate::once::Once;
use crate::problem::{Answer, Problem, ProblemBody};
use crate::sentences::Code;
use crate::state::AppState;
use axum::extract::multipart::{Field, MultipartRejection};
use axum::extract::{Multipart, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use opora_desk::AttachmentId;
use opora_desk::tickets::Attachment;
use opora_desk::tickets::files::{self, File, NewFile};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Kinds a browser may show inside a page.
const SAFE_PICTURES: &[&str] = &["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"];
/// Parts of a form beside the file that are passed over.
const MOST_PARTS: usize = 10;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(upload)).routes(routes!(download))
}

/// A file.
#[derive(ToSchema)]
#[allow(dead_code)]
struct UploadForm {
    /// Its bytes, with its name.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Upload a file for a message to come.
#[utoipa::path(post, path = "/attachments", tag = "messages",
    request_body(content = UploadForm, content_type = "multipart/form-data"), responses(
    (status = CREATED, body = Attachment), (status = PAYLOAD_TOO_LARGE, body = ProblemBody)))]
async fn upload(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    mut once: Once,
    form: Result<Multipart, MultipartRejection>,
) -> Answer<Response> {
    caller.agent()?;
    let limit = state.config.upload_limit;
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    // The form around the file takes a little room of its own.
    if announced.is_some_and(|length: usize| length > limit.saturating_add(64 * 1024)) {
        return Err(too_large(limit));
    }
    let form = form.map_err(|_| Problem::new(Code::UnsupportedMediaType).about("multipart/form-data"))?;
    let _place = state.upload_place().await?;
    let (filename, content_type, bytes) = read_file(form, limit).await?;
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let digest = state.blobs.put(bytes).await?;
    once.request.push_str(&digest);
    state
        .post(&caller, once, StatusCode::CREATED, move |tx, actor, now| {
            let new = NewFile {
                filename: &filename,
                content_type: &content_type,
                content_id: None,
                inline: false,
                size,
                digest: &digest,
            };
            files::keep(tx, actor, &new, now)
        })
        .await
}

/// The part called `file`: its name, its kind, its bytes.
pub(crate) async fn read_file(mut form: Multipart, limit: usize) -> Answer<(String, String, Bytes)> {
    for _ in 0..MOST_PARTS {
        let Some(mut part) = form.next_field().await.map_err(|_| Problem::new(Code::MalformedBody))? else { break };
        if part.name() != Some("file") {
            read_part(&mut part, limit).await?;
            continue;
        }
        let filename = part.file_name().unwrap_or("file").to_owned();
        let content_type = essence(part.content_type().unwrap_or_default());
        return Ok((filename, content_type, read_part(&mut part, limit).await?));
    }
    Err(Problem::field("file", "required", "the form has no part called \"file\""))
}

async fn read_part(part: &mut Field<'_>, limit: usize) -> Answer<Bytes> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = part.chunk().await.map_err(|_| Problem::new(Code::MalformedBody))? {
        if bytes.len() + chunk.len() > limit {
            return Err(too_large(limit));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// `type/subtype` in small letters, or the kind of which nothing is known.
fn essence(content_type: &str) -> String {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let token = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b));
    match essence.split_once('/') {
        Some((kind, subtype)) if essence.len() <= 127 && token(kind) && token(subtype) => essence,
        _ => "application/octet-stream".to_owned(),
    }
}

/// Download a file.
#[utoipa::path(get, path = "/attachments/{id}", tag = "messages", params(("id" = i64, Path)), responses(
    (status = OK, body = String, content_type = "application/octet-stream"),
    (status = NOT_FOUND, body = ProblemBody)))]
async fn download(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<AttachmentId>,
    headers: HeaderMap,
) -> Answer<Response> {
    let file = state.read(&caller, move |tx, actor, _| files::get(tx, actor, id)).await?;
    let tag = format!("\"{}\"", file.digest);
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, safe_headers(&file)).into_response());
    }
    let bytes = state.blobs.get(&file.digest).await?;
    Ok((safe_headers(&file), bytes).into_response())
}

/// What keeps a stranger's file from doing anything.
fn safe_headers(file: &File) -> HeaderMap {
    let kind = essence(&file.content_type);
    let shown = SAFE_PICTURES.contains(&kind.as_str());
    let mut headers = HeaderMap::new();
    let mut put = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    put(header::CONTENT_TYPE, if shown { &kind } else { "application/octet-stream" });
    put(header::CONTENT_DISPOSITION, &disposition(if shown { "inline" } else { "attachment" }, &file.filename));
    put(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
    put(header::CACHE_CONTROL, "private, max-age=86400");
    put(header::ETAG, &format!("\"{}\"", file.digest));
    put(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    headers
}

/// RFC 6266: a plain name for old browsers, the whole one in UTF-8 beside it.
fn disposition(kind: &str, filename: &str) -> String {
    let plain: String = filename
        .chars()
        .map(|c| if c.is_ascii_graphic() && !"\"\\%;".contains(c) || c == ' ' { c } else { '_' })
        .collect();
    let mut whole = String::with_capacity(filename.len() * 3);
    for byte in filename.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            whole.push(char::from(byte));
        } else {
            whole.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_russian_name_survives_and_a_quote_does_not_break_out() {
        assert_eq!(
            disposition("attachment", "Счёт\".pdf"),
            "attachment; filename=\"_____.pdf\"; filename*=UTF-8''%D0%A1%D1%87%D1%91%D1%82%22.pdf"
        );
    }

    #[test]
    fn a_kind_that_is_no_kind_is_bytes() {
        assert_eq!(essence("Image/PNG; name=x"), "image/png");
        for odd in ["", "text", "text/", "a/b\r\nX: y", "ъ/ъ", "text/html/x"] {
            assert_eq!(essence(odd), "application/octet-stream", "{odd:?}");
        }
    }
}
