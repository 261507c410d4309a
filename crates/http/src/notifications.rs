//! What concerns me: the list behind the bell, what I have seen, how I want to be told.

use crate::auth::{BaseUrl, Caller};
use crate::form::{Asked, At, Form};
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use opora_desk::notifications::push::{self, Device, PushForm};
use opora_desk::notifications::{self, NotificationPage, NotificationSettings, Seen};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_notifications))
        .routes(routes!(mark_seen))
        .routes(routes!(show_settings, change_settings))
        .routes(routes!(show_push, begin_push))
        .routes(routes!(end_push))
        .routes(routes!(try_push))
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PageParams {
    /// `next_cursor` of the page before; empty for the first.
    #[serde(default)]
    cursor: String,
    /// How many, 50 unless said, at most 200.
    limit: Option<i64>,
}

/// How many are left.
#[derive(Debug, Serialize, ToSchema)]
struct Unread {
    /// Not seen yet.
    unread: i64,
}

/// What concerns me, the latest first.
#[utoipa::path(get, path = "/notifications", tag = "me", params(PageParams),
    responses((status = OK, body = NotificationPage)))]
async fn list_notifications(
    State(state): State<AppState>,
    caller: Caller,
    Asked(params): Asked<PageParams>,
) -> Answer<Json<NotificationPage>> {
    let limit = params.limit.unwrap_or(50);
    let page = state.read(&caller, move |tx, actor, _| notifications::list(tx, actor, &params.cursor, limit));
    Ok(Json(page.await?))
}

/// Note that I have seen some of it.
#[utoipa::path(post, path = "/notifications/read", tag = "me", request_body = Seen,
    responses((status = OK, body = Unread), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn mark_seen(State(state): State<AppState>, caller: Caller, form: Form<Seen>) -> Answer<Json<Unread>> {
    let seen = form.value;
    let unread = state.write(&caller, move |tx, actor, _| notifications::mark_seen(tx, actor, &seen)).await?;
    Ok(Json(Unread { unread }))
}

/// How I want to be told.
#[utoipa::path(get, path = "/me/notification-settings", tag = "me",
    responses((status = OK, body = NotificationSettings)))]
async fn show_settings(State(state): State<AppState>, caller: Caller) -> Answer<Json<NotificationSettings>> {
    Ok(Json(state.read(&caller, |tx, actor, _| notifications::settings(tx, actor)).await?))
}

/// Change how I want to be told.
#[utoipa::path(put, path = "/me/notification-settings", tag = "me", request_body = NotificationSettings,
    responses((status = OK, body = NotificationSettings), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn change_settings(
    State(state): State<AppState>,
    caller: Caller,
    BaseUrl(base): BaseUrl,
    form: Form<NotificationSettings>,
) -> Answer<Json<NotificationSettings>> {
    let wanted = form.value;
    let kept = state.write(&caller, move |tx, actor, _| {
        let kept = notifications::put_settings(tx, actor, &wanted)?;
        notifications::remember_base_url(tx, actor, &base)?;
        Ok(kept)
    });
    Ok(Json(kept.await?))
}

/// What a browser needs to be told while no page is open, and which of mine are.
#[derive(Debug, Serialize, ToSchema)]
struct Push {
    /// The server's key for the browser (VAPID), base64url.
    public_key: String,
    /// My browsers.
    subscriptions: Vec<Device>,
}

/// A browser that is told from now on.
#[derive(Debug, Serialize, ToSchema)]
struct Subscribed {
    /// Its number.
    id: i64,
}

/// The server's key for browsers, and which of mine are told while no page is open.
#[utoipa::path(get, path = "/me/push", tag = "me", responses((status = OK, body = Push)))]
async fn show_push(State(state): State<AppState>, caller: Caller) -> Answer<Json<Push>> {
    let push = state.read(&caller, |tx, actor, _| {
        Ok(Push { public_key: push::public_key(tx)?, subscriptions: push::devices(tx, actor)? })
    });
    Ok(Json(push.await?))
}

/// Have this browser told while no page is open, as long as I am signed in here.
#[utoipa::path(post, path = "/me/push", tag = "me", request_body = PushForm, responses(
    (status = CREATED, body = Subscribed), (status = OK, body = Subscribed, description = "It was known."),
    (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn begin_push(
    State(state): State<AppState>,
    caller: Caller,
    form: Form<PushForm>,
) -> Answer<(StatusCode, Json<Subscribed>)> {
    let session = caller.in_person()?;
    let form = form.value;
    let done = state.write(&caller, move |tx, actor, now| push::subscribe(tx, actor, session, &form, now)).await?;
    let status = if done.1 { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(Subscribed { id: done.0 })))
}

/// Have one of my browsers told no more.
#[utoipa::path(delete, path = "/me/push/{id}", tag = "me", params(("id" = i64, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ProblemBody)))]
async fn end_push(State(state): State<AppState>, caller: Caller, At(id): At<i64>) -> Answer<StatusCode> {
    state.write(&caller, move |tx, actor, _| push::unsubscribe(tx, actor, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send one of my browsers a word to see whether it comes.
#[utoipa::path(post, path = "/me/push/{id}/test", tag = "me", params(("id" = i64, Path)),
    responses((status = ACCEPTED), (status = NOT_FOUND, body = ProblemBody)))]
async fn try_push(State(state): State<AppState>, caller: Caller, At(id): At<i64>) -> Answer<StatusCode> {
    state.write(&caller, move |tx, actor, now| push::try_out(tx, actor, id, now)).await?;
    Ok(StatusCode::ACCEPTED)
}
