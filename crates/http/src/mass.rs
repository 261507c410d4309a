//! One change to many tickets: say the count first, begin, look, stop, take back.

use crate::auth::Caller;
use crate::form::{At, Form};
use crate::items::Items;
use crate::language::Language;
use crate::matching;
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use opora_desk::mass::{self, MassAction, Preview, Wanted};
use opora_desk::tickets::ListAsk;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(preview_action))
        .routes(routes!(list_actions, begin_action))
        .routes(routes!(show_action))
        .routes(routes!(cancel_action))
        .routes(routes!(undo_action))
}

/// The filter of a wish, read and looked up in the search index.
async fn asked(state: &AppState, wanted: &Wanted, language: Language) -> Answer<Option<ListAsk>> {
    let Some(q) = wanted.q.as_deref().filter(|_| wanted.ids.is_none()) else { return Ok(None) };
    let mut ask = ListAsk::parse(q, "", "", None, language.into())?;
    ask.matches = matching::matches(state, ask.texts()).await?;
    Ok(Some(ask))
}

/// How many tickets an action would touch.
#[utoipa::path(post, path = "/tickets/mass/preview", tag = "mass actions", request_body = Wanted, responses(
    (status = OK, body = Preview), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn preview_action(
    State(state): State<AppState>,
    caller: Caller,
    language: Language,
    form: Form<Wanted>,
) -> Answer<Json<Preview>> {
    let wanted = form.value;
    let ask = asked(&state, &wanted, language).await?;
    Ok(Json(state.read(&caller, move |tx, actor, now| mass::preview(tx, actor, &wanted, ask.as_ref(), now)).await?))
}

/// Begin a mass action. It runs by itself, also when nobody looks.
#[utoipa::path(post, path = "/mass-actions", tag = "mass actions", request_body = Wanted, responses(
    (status = ACCEPTED, body = MassAction), (status = UNPROCESSABLE_ENTITY, body = ProblemBody,
    description = "`validation`; `expected: changed` when the number is another one by now")))]
async fn begin_action(
    State(state): State<AppState>,
    caller: Caller,
    language: Language,
    form: Form<Wanted>,
) -> Answer<Response> {
    let (wanted, once) = (form.value, form.once);
    let ask = asked(&state, &wanted, language).await?;
    state
        .post(&caller, once, StatusCode::ACCEPTED, move |tx, actor, now| {
            mass::begin(tx, actor, &wanted, ask.as_ref(), now)
        })
        .await
}

/// My last mass actions.
#[utoipa::path(get, path = "/mass-actions", tag = "mass actions", responses((status = OK, body = Items<MassAction>)))]
async fn list_actions(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<MassAction>>> {
    Ok(Json(state.read(&caller, |tx, actor, _| mass::list(tx, actor)).await?.into()))
}

/// A mass action of mine.
#[utoipa::path(get, path = "/mass-actions/{id}", tag = "mass actions", params(("id" = i64, Path)),
    responses((status = OK, body = MassAction), (status = NOT_FOUND, body = ProblemBody)))]
async fn show_action(State(state): State<AppState>, caller: Caller, At(id): At<i64>) -> Answer<Json<MassAction>> {
    Ok(Json(state.read(&caller, move |tx, actor, _| mass::get(tx, actor, id)).await?))
}

/// Stop a mass action; what is done stays done.
#[utoipa::path(post, path = "/mass-actions/{id}/cancel", tag = "mass actions", params(("id" = i64, Path)),
    responses((status = OK, body = MassAction), (status = NOT_FOUND, body = ProblemBody)))]
async fn cancel_action(State(state): State<AppState>, caller: Caller, At(id): At<i64>) -> Answer<Json<MassAction>> {
    Ok(Json(state.write(&caller, move |tx, actor, now| mass::cancel(tx, actor, id, now)).await?))
}

/// Take a mass action back, within a minute after its end.
#[utoipa::path(post, path = "/mass-actions/{id}/undo", tag = "mass actions", params(("id" = i64, Path)),
    responses((status = OK, body = MassAction), (status = CONFLICT, body = ProblemBody, description = "`already_sent`")))]
async fn undo_action(State(state): State<AppState>, caller: Caller, At(id): At<i64>) -> Answer<Json<MassAction>> {
    Ok(Json(state.write(&caller, move |tx, actor, now| mass::undo(tx, actor, id, now)).await?))
}
