//! Messages: answering, taking back, trying again, and the original of what came in.

use crate::auth::Caller;
use crate::form::{At, Form};
use crate::once::Once;
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use crate::tickets::with_current;
use crate::words;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use opora_desk::mailroom::quarantine;
use opora_desk::tickets::draft::Draft;
use opora_desk::tickets::{self, Message, MessageForm, Page, SplitForm, Ticket};
use opora_desk::{MessageId, TicketId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(write_message))
        .routes(routes!(split_ticket))
        .routes(routes!(undo_message))
        .routes(routes!(retry_message))
        .routes(routes!(raw_message))
}

/// A message written, and the ticket afterwards.
#[derive(Debug, Serialize, ToSchema)]
struct Written {
    message: Message,
    ticket: Ticket,
}

/// Answer the customer, or write a note.
#[utoipa::path(post, path = "/tickets/{id}/messages", tag = "messages", params(("id" = i64, Path)),
    request_body = MessageForm, responses(
    (status = CREATED, body = Written),
    (status = CONFLICT, body = ProblemBody, description = "`new_message` or `ticket_changed`, with `current`")))]
async fn write_message(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<TicketId>,
    form: Form<MessageForm>,
) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    let words = words::ready(form.body_html.clone(), form.body_text.clone()).await?;
    let written = state.post(&caller, once, StatusCode::CREATED, move |tx, actor, now| {
        let message = tickets::write(tx, actor, id, &form, &words, now)?;
        let message = tickets::message(tx, actor, message)?;
        Ok(Written { message, ticket: tickets::open(tx, actor, id, &Page::default(), now)? })
    });
    match written.await {
        Ok(response) => Ok(response),
        Err(problem) => Err(with_current(&state, &caller, id, problem).await),
    }
}

/// Make a ticket of its own of a message and all that follow it; answers the new one. Whoever answers one of them by mail lands in
/// it, too.
#[utoipa::path(post, path = "/tickets/{id}/split", tag = "messages", params(("id" = i64, Path)),
    request_body = SplitForm, responses((status = CREATED, body = Ticket),
    (status = UNPROCESSABLE_ENTITY, body = ProblemBody,
    description = "`validation`: `message_id` is `unknown`, the `first`, or an answer among these is `on_its_way`")))]
async fn split_ticket(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<TicketId>,
    form: Form<SplitForm>,
) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state
        .post(&caller, once, StatusCode::CREATED, move |tx, actor, now| {
            let new = tickets::split(tx, actor, id, &form, now)?;
            tickets::open(tx, actor, new, &Page::default(), now)
        })
        .await
}

/// Take an answer back that has not left; its words become my draft again, above what was begun since. Answers them alone.
#[utoipa::path(post, path = "/messages/{id}/undo", tag = "messages", params(("id" = i64, Path)), responses(
    (status = OK, body = Draft), (status = CONFLICT, body = ProblemBody, description = "`already_sent`")))]
async fn undo_message(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<MessageId>,
    once: Once,
) -> Answer<Response> {
    state.post(&caller, once, StatusCode::OK, move |tx, actor, now| tickets::undo(tx, actor, id, now)).await
}

/// Send a failed answer again.
#[utoipa::path(post, path = "/messages/{id}/retry", tag = "messages", params(("id" = i64, Path)), responses(
    (status = OK, body = Message), (status = CONFLICT, body = ProblemBody, description = "`already_sent`")))]
async fn retry_message(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<MessageId>,
    once: Once,
) -> Answer<Response> {
    state
        .post(&caller, once, StatusCode::OK, move |tx, actor, now| {
            tickets::retry(tx, actor, id, now)?;
            tickets::message(tx, actor, id)
        })
        .await
}

/// The original mail of a message, byte for byte.
#[utoipa::path(get, path = "/messages/{id}/raw", tag = "messages", params(("id" = i64, Path)), responses(
    (status = OK, body = String, content_type = "text/plain"), (status = NOT_FOUND, body = ProblemBody)))]
async fn raw_message(State(state): State<AppState>, caller: Caller, At(id): At<MessageId>) -> Answer<Response> {
    let raw = quarantine::raw_of_message(&state.store, &state.blobs, &caller.actor, id).await?;
    Ok(as_text(raw))
}

/// Shown as text whatever it is.
pub(crate) fn as_text(raw: bytes::Bytes) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], raw).into_response()
}
