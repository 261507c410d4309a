//! Contacts as files: one to take them from, one to take them away in.

use crate::attachments::read_file;
use crate::auth::Caller;
use crate::form::{At, Form};
use crate::problem::{Answer, Problem, ProblemBody};
use crate::sentences::Code;
use crate::state::AppState;
use axum::Json;
use axum::body::Body;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::StreamExt;
use opora_desk::Permission;
use opora_desk::contacts::import::{self, Import, ImportForm, ImportPreview};
use opora_desk::contacts::sheet::{self, Sheet};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// A larger file of contacts is another tool's work.
const LARGEST: usize = 20 * 1024 * 1024;
/// Contacts of one part of the export.
const PART: i64 = 500;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(begin_import))
        .routes(routes!(show_import))
        .routes(routes!(cancel_import))
        .routes(routes!(bad_lines))
}

/// Routes that take a file's time.
pub(crate) fn patient_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(preview_import)).routes(routes!(export_contacts))
}

async fn read(bytes: Bytes) -> Answer<Sheet> {
    let read = tokio::task::spawn_blocking(move || sheet::read(&bytes));
    Ok(read.await.map_err(Problem::internal)??)
}

/// See what a file of contacts holds, before anything is taken from it.
#[utoipa::path(post, path = "/contacts/import/preview", tag = "contacts",
    request_body(content = String, content_type = "multipart/form-data"), responses(
    (status = OK, body = ImportPreview), (status = UNPROCESSABLE_ENTITY, body = ProblemBody),
    (status = PAYLOAD_TOO_LARGE, body = ProblemBody)))]
async fn preview_import(
    State(state): State<AppState>,
    caller: Caller,
    form: Result<Multipart, MultipartRejection>,
) -> Answer<Json<ImportPreview>> {
    caller.actor.need(Permission::ContactEdit)?;
    let form = form.map_err(|_| Problem::new(Code::UnsupportedMediaType).about("multipart/form-data"))?;
    let _place = state.upload_place().await?;
    let (_, _, bytes) = read_file(form, LARGEST).await?;
    let sheet = read(bytes.clone()).await?;
    let upload = state.blobs.put(bytes).await?;
    let preview = state.read(&caller, move |tx, actor, _| import::preview(tx, actor, &upload, &sheet));
    Ok(Json(preview.await?))
}

/// Begin to take contacts from a file. It runs by itself, also when nobody looks.
#[utoipa::path(post, path = "/contacts/import", tag = "contacts", request_body = ImportForm, responses(
    (status = ACCEPTED, body = Import), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn begin_import(State(state): State<AppState>, caller: Caller, form: Form<ImportForm>) -> Answer<Response> {
    caller.actor.need(Permission::ContactEdit)?;
    let (form, once) = (form.value, form.once);
    let named = form.upload.len() == 64 && form.upload.bytes().all(|byte| byte.is_ascii_hexdigit());
    let bytes = if named { state.blobs.get(&form.upload).await.ok() } else { None };
    let bytes = bytes.ok_or_else(|| Problem::field("upload", "unknown", "no such file; preview it first"))?;
    let sheet = read(bytes).await?;
    state
        .post(&caller, once, StatusCode::ACCEPTED, move |tx, actor, now| import::begin(tx, actor, &form, &sheet, now))
        .await
}

/// How far an import of mine has come.
#[utoipa::path(get, path = "/contacts/imports/{id}", tag = "contacts", params(("id" = i64, Path)),
    responses((status = OK, body = Import), (status = NOT_FOUND, body = ProblemBody)))]
async fn show_import(State(state): State<AppState>, caller: Caller, At(id): At<i64>) -> Answer<Json<Import>> {
    Ok(Json(state.read(&caller, move |tx, actor, _| import::show(tx, actor, id)).await?))
}

/// Stop an import; what is taken stays.
#[utoipa::path(post, path = "/contacts/imports/{id}/cancel", tag = "contacts", params(("id" = i64, Path)),
    responses((status = OK, body = Import), (status = NOT_FOUND, body = ProblemBody)))]
async fn cancel_import(State(state): State<AppState>, caller: Caller, At(id): At<i64>) -> Answer<Json<Import>> {
    Ok(Json(state.write(&caller, move |tx, actor, _| import::cancel(tx, actor, id)).await?))
}

/// The lines that could not be taken, each with the reason, as a CSV file.
#[utoipa::path(get, path = "/contacts/imports/{id}/bad", tag = "contacts", params(("id" = i64, Path)),
    responses((status = OK, body = String, content_type = "text/csv"), (status = NOT_FOUND, body = ProblemBody)))]
async fn bad_lines(State(state): State<AppState>, caller: Caller, At(id): At<i64>) -> Answer<Response> {
    let file = state.read(&caller, move |tx, actor, _| import::bad_lines(tx, actor, id)).await?;
    Ok((csv_headers("not-imported.csv"), file).into_response())
}

/// All contacts as a CSV file (UTF-8, RFC 4180).
#[utoipa::path(get, path = "/contacts/export", tag = "contacts",
    responses((status = OK, body = String, content_type = "text/csv"), (status = FORBIDDEN, body = ProblemBody)))]
async fn export_contacts(State(state): State<AppState>, caller: Caller) -> Answer<Response> {
    // The first part is asked for here, so that a refusal is an answer and not a broken file.
    let first = part(&state, &caller, 0).await?;
    // Fused: whoever compresses the answer may ask once more after its end.
    let rest = futures::stream::unfold(Some(first), move |given| {
        let (state, caller) = (state.clone(), caller.clone());
        async move {
            let (bytes, next) = given?;
            let following = match next {
                Some(next) => match part(&state, &caller, next).await {
                    Ok(following) => Some(following),
                    Err(_) => return Some((Err(std::io::Error::other("the export stopped")), None)),
                },
                None => None,
            };
            Some((Ok::<_, std::io::Error>(Bytes::from(bytes)), following))
        }
    })
    .fuse();
    Ok((csv_headers("contacts.csv"), Body::from_stream(rest)).into_response())
}

/// A part of the export, and where the next one begins.
async fn part(state: &AppState, caller: &Caller, after: i64) -> Answer<(Vec<u8>, Option<i64>)> {
    let (lines, next) = state.read(caller, move |tx, actor, _| import::export(tx, actor, after, PART)).await?;
    let bytes = sheet::write(lines)?;
    // Only the first part carries the mark of UTF-8.
    let bytes = if after == 0 { bytes } else { bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes).to_vec() };
    Ok((bytes, next))
}

fn csv_headers(name: &'static str) -> [(header::HeaderName, HeaderValue); 2] {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, disposition.unwrap_or(HeaderValue::from_static("attachment"))),
    ]
}
