//! What concerns me: the list behind the bell, what I have seen, how I want to be told.

use crate::auth::Caller;
use crate::form::{Asked, Form};
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
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
    form: Form<NotificationSettings>,
) -> Answer<Json<NotificationSettings>> {
    let wanted = form.value;
    Ok(Json(state.write(&caller, move |tx, actor, _| notifications::put_settings(tx, actor, &wanted)).await?))
}
