//! Conversations among colleagues beside a ticket, and who is answering it.

use crate::auth::Caller;
use crate::form::{Asked, At, Form};
use crate::items::Items;
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use crate::words;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use opora_desk::tickets::answering::{self, Answering};
use opora_desk::tickets::talks::{self, OpenTalk, Talk, TalkChange, TalkForm, TalkMessage};
use opora_desk::{AttachmentId, TicketId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(ticket_talks, begin_talk))
        .routes(routes!(open_talk, change_talk))
        .routes(routes!(say_in_talk))
        .routes(routes!(claim_answer, release_answer))
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PageParams {
    /// `next_cursor` of the page before; empty for the latest messages.
    #[serde(default)]
    cursor: String,
    /// How many, 100 unless said, at most 200.
    limit: Option<i64>,
}

/// Words among colleagues.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct SayForm {
    /// As HTML.
    body_html: String,
    /// Uploads that go with them.
    #[serde(default)]
    attachments: Vec<AttachmentId>,
}

/// Who is to answer.
#[derive(Debug, Default, Clone, Deserialize, ToSchema)]
#[serde(default)]
struct ClaimForm {
    /// Take it over from whoever is answering.
    take_over: bool,
}

/// Who is answering.
#[derive(Debug, Serialize, ToSchema)]
struct Claimed {
    /// I, from now on.
    answering: Answering,
}

/// The conversations among colleagues beside a ticket.
#[utoipa::path(get, path = "/tickets/{id}/talks", tag = "talks", params(("id" = i64, Path)),
    responses((status = OK, body = Items<Talk>), (status = NOT_FOUND, body = ProblemBody)))]
async fn ticket_talks(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<TicketId>,
) -> Answer<Json<Items<Talk>>> {
    Ok(Json(state.read(&caller, move |tx, actor, _| talks::list(tx, actor, id)).await?.into()))
}

/// Ask colleagues about a ticket.
#[utoipa::path(post, path = "/tickets/{id}/talks", tag = "talks", params(("id" = i64, Path)), request_body = TalkForm,
    responses((status = CREATED, body = OpenTalk), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn begin_talk(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<TicketId>,
    form: Form<TalkForm>,
) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    let words = words::ready(Some(form.body_html.clone()), None).await?;
    state
        .post(&caller, once, StatusCode::CREATED, move |tx, actor, now| talks::begin(tx, actor, id, &form, &words, now))
        .await
}

/// Open a conversation; what is shown counts as read.
#[utoipa::path(get, path = "/talks/{id}", tag = "talks", params(("id" = i64, Path), PageParams),
    responses((status = OK, body = OpenTalk), (status = NOT_FOUND, body = ProblemBody)))]
async fn open_talk(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<i64>,
    Asked(params): Asked<PageParams>,
) -> Answer<Json<OpenTalk>> {
    let limit = params.limit.unwrap_or(100);
    let talk = state.read(&caller, move |tx, actor, _| talks::open(tx, actor, id, &params.cursor, limit)).await?;
    if talk.talk.unread > 0 {
        state.write(&caller, move |tx, actor, _| talks::mark_seen(tx, actor, id)).await?;
    }
    Ok(Json(talk))
}

/// Change a conversation's subject, people or state.
#[utoipa::path(patch, path = "/talks/{id}", tag = "talks", params(("id" = i64, Path)), request_body = TalkChange,
    responses((status = OK, body = Talk), (status = CONFLICT, body = ProblemBody, description = "`ticket_changed`")))]
async fn change_talk(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<i64>,
    form: Form<TalkChange>,
) -> Answer<Json<Talk>> {
    let change = form.value;
    Ok(Json(state.write(&caller, move |tx, actor, now| talks::change(tx, actor, id, &change, now)).await?))
}

/// Say something in a conversation.
#[utoipa::path(post, path = "/talks/{id}/messages", tag = "talks", params(("id" = i64, Path)), request_body = SayForm,
    responses((status = CREATED, body = TalkMessage), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn say_in_talk(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<i64>,
    form: Form<SayForm>,
) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    let words = words::ready(Some(form.body_html), None).await?;
    let files = form.attachments;
    state
        .post(&caller, once, StatusCode::CREATED, move |tx, actor, now| talks::say(tx, actor, id, &words, &files, now))
        .await
}

/// Say that I am answering this ticket, or take the answer over.
#[utoipa::path(post, path = "/tickets/{id}/answering", tag = "messages", params(("id" = i64, Path)), request_body = ClaimForm,
    responses((status = OK, body = Claimed), (status = CONFLICT, body = ProblemBody, description = "`being_answered`, with `answering`")))]
async fn claim_answer(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<TicketId>,
    form: Form<ClaimForm>,
) -> Answer<Json<Claimed>> {
    let take_over = form.value.take_over;
    let claim = state.write(&caller, move |tx, actor, now| answering::claim(tx, actor, id, take_over, now));
    Ok(Json(Claimed { answering: claim.await? }))
}

/// Say that I am not answering any more.
#[utoipa::path(delete, path = "/tickets/{id}/answering", tag = "messages", params(("id" = i64, Path)),
    responses((status = NO_CONTENT)))]
async fn release_answer(State(state): State<AppState>, caller: Caller, At(id): At<TicketId>) -> Answer<StatusCode> {
    state.write(&caller, move |tx, actor, now| answering::release(tx, actor, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}
