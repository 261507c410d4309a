//! What could not be understood, and what machines sent unasked: looked at, tried again, made a ticket, thrown away.

use crate::auth::Caller;
use crate::form::{Asked, At};
use crate::messages::as_text;
use crate::once::Once;
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use opora_desk::mailroom::quarantine::{self, LaidPage, Pile};
use opora_desk::{InboundId, TicketId};
use opora_mail::Limits;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_quarantine))
        .routes(routes!(raw_mail))
        .routes(routes!(retry_mail))
        .routes(routes!(make_ticket_of_mail))
        .routes(routes!(discard_mail))
}

/// Which pile.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PileParams {
    /// "quarantined" (the usual) or "aside" (machines' mail that belongs to no ticket).
    #[param(value_type = Option<String>)]
    pile: Option<Pile>,
    /// How many, 50 unless said, at most 1,000.
    limit: Option<i64>,
}

/// The ticket that was made.
#[derive(Debug, Serialize, ToSchema)]
struct Made {
    ticket_id: TicketId,
}

/// What lies in quarantine, the latest first.
#[utoipa::path(get, path = "/quarantine", tag = "quarantine", params(PileParams), responses((status = OK, body = LaidPage)))]
async fn list_quarantine(
    State(state): State<AppState>,
    caller: Caller,
    Asked(ask): Asked<PileParams>,
) -> Answer<Json<LaidPage>> {
    let (pile, limit) = (ask.pile.unwrap_or_default(), ask.limit.unwrap_or(50));
    Ok(Json(state.read(&caller, move |tx, actor, _| quarantine::list(tx, actor, pile, limit)).await?))
}

/// The mail as it came.
#[utoipa::path(get, path = "/quarantine/{id}/raw", tag = "quarantine", params(("id" = i64, Path)), responses(
    (status = OK, body = String, content_type = "text/plain"), (status = NOT_FOUND, body = ProblemBody)))]
async fn raw_mail(State(state): State<AppState>, caller: Caller, At(id): At<InboundId>) -> Answer<Response> {
    Ok(as_text(quarantine::raw(&state.store, &state.blobs, &caller.actor, id).await?))
}

/// Read the mail once more.
#[utoipa::path(post, path = "/quarantine/{id}/retry", tag = "quarantine", params(("id" = i64, Path)),
    responses((status = ACCEPTED), (status = NOT_FOUND, body = ProblemBody)))]
async fn retry_mail(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<InboundId>,
    once: Once,
) -> Answer<Response> {
    state.post(&caller, once, StatusCode::ACCEPTED, move |tx, actor, now| quarantine::retry(tx, actor, id, now)).await
}

/// Make a ticket of the mail anyway.
#[utoipa::path(post, path = "/quarantine/{id}/ticket", tag = "quarantine", params(("id" = i64, Path)),
    responses((status = OK, body = Made), (status = NOT_FOUND, body = ProblemBody)))]
async fn make_ticket_of_mail(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<InboundId>,
) -> Answer<Json<Made>> {
    // A mail becomes a ticket once by its nature: asked again, it is no longer there.
    let limits = Limits::default();
    let made = quarantine::make_ticket(&state.store, &state.blobs, &limits, &caller.actor, id, state.now()).await?;
    Ok(Json(Made { ticket_id: made }))
}

/// Throw the mail away.
#[utoipa::path(delete, path = "/quarantine/{id}", tag = "quarantine", params(("id" = i64, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ProblemBody)))]
async fn discard_mail(State(state): State<AppState>, caller: Caller, At(id): At<InboundId>) -> Answer<StatusCode> {
    state.write(&caller, move |tx, actor, now| quarantine::discard(tx, actor, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}
