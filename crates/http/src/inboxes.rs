//! Inboxes: the department's doors. Raw mail can be handed in at one of them.

use crate::auth::Caller;
use crate::form::{At, Form, collect};
use crate::items::Items;
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use opora_desk::department::inboxes::{self, Inbox, InboxForm};
use opora_desk::mailroom::{self, Arrival};
use opora_desk::{InboundId, InboxId, Permission};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_inboxes, make_inbox)).routes(routes!(change_inbox))
}

/// Routes that take a mail's time.
pub(crate) fn patient_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(hand_in_mail))
}

/// A mail taken.
#[derive(Debug, Serialize, ToSchema)]
struct Taken {
    /// Its number at the door.
    inbound_id: InboundId,
}

/// All inboxes, with how their connections are doing.
#[utoipa::path(get, path = "/inboxes", tag = "department", responses((status = OK, body = Items<Inbox>)))]
async fn list_inboxes(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<Inbox>>> {
    Ok(Json(state.read(&caller, |tx, _, _| inboxes::list(tx)).await?.into()))
}

/// Make an inbox.
#[utoipa::path(post, path = "/inboxes", tag = "department", request_body = InboxForm,
    responses((status = CREATED, body = Inbox), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn make_inbox(State(state): State<AppState>, caller: Caller, form: Form<InboxForm>) -> Answer<Response> {
    let (form, once, key) = (form.value, form.once, state.key.clone());
    state
        .post(&caller, once, StatusCode::CREATED, move |tx, actor, now| inboxes::create(tx, actor, &form, &key, now))
        .await
}

/// Change an inbox; what is absent stays.
#[utoipa::path(patch, path = "/inboxes/{id}", tag = "department", params(("id" = i64, Path)), request_body = InboxForm,
    responses((status = OK, body = Inbox), (status = NOT_FOUND, body = ProblemBody)))]
async fn change_inbox(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<InboxId>,
    form: Form<InboxForm>,
) -> Answer<Json<Inbox>> {
    let (form, key) = (form.value, state.key.clone());
    Ok(Json(state.write(&caller, move |tx, actor, now| inboxes::change(tx, actor, id, &form, &key, now)).await?))
}

/// Hand in a raw mail (RFC 5322). When this answers, the mail is durable; it is read right after.
#[utoipa::path(post, path = "/inboxes/{id}/mail", tag = "department", params(("id" = i64, Path)),
    request_body(content = String, content_type = "message/rfc822"), responses(
    (status = ACCEPTED, body = Taken), (status = PAYLOAD_TOO_LARGE, body = ProblemBody)))]
async fn hand_in_mail(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<InboxId>,
    headers: HeaderMap,
    body: Body,
) -> Answer<(StatusCode, Json<Taken>)> {
    caller.actor.need(Permission::InboxManage)?;
    let inbox = state.read(&caller, move |tx, _, _| inboxes::get(tx, id)).await?;
    let _place = state.upload_place().await?;
    // A file at the limit is a third larger in a mail.
    let raw = collect(&headers, body, state.config.upload_limit.saturating_mul(3) / 2).await?;
    let arrival = Arrival {
        inbox: Some(id),
        route: "api",
        envelope_from: String::new(),
        envelope_to: vec![inbox.address],
        raw,
        historic: false,
    };
    // No Idempotency-Key is needed: the same mail handed in twice makes one message.
    let inbound_id = mailroom::accept(&state.store, &state.blobs, arrival, state.now()).await?;
    Ok((StatusCode::ACCEPTED, Json(Taken { inbound_id })))
}
