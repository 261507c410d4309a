//! Who takes what: the most urgent ticket one may take.

use crate::auth::Caller;
use crate::form::Form;
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use opora_desk::TicketId;
use opora_desk::routing::{self, Next};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const MOST_BESIDES: usize = 1_000;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(take_next)).routes(routes!(count_free))
}

/// What one has had before one's eyes already.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct NextForm {
    /// Tickets that are not to be given again, at most 1,000.
    besides: Vec<TicketId>,
}

/// Take the single most urgent ticket I may take; nothing (204) when there is none.
#[utoipa::path(post, path = "/tickets/next", tag = "tickets", request_body = NextForm,
    responses((status = OK, body = Next), (status = NO_CONTENT), (status = FORBIDDEN, body = ProblemBody)))]
async fn take_next(State(state): State<AppState>, caller: Caller, form: Form<NextForm>) -> Answer<Response> {
    let besides = form.value.besides;
    if besides.len() > MOST_BESIDES {
        return Err(opora_desk::Error::field("besides", "too_many", format!("at most {MOST_BESIDES}")).into());
    }
    let next = state.write(&caller, move |tx, actor, now| routing::next(tx, actor, &besides, now)).await?;
    Ok(next.map_or_else(|| StatusCode::NO_CONTENT.into_response(), |next| Json(next).into_response()))
}

/// How much is free.
#[derive(Debug, Serialize, ToSchema)]
struct FreeTickets {
    /// Tickets nobody has that I may take.
    count: i64,
}

/// How many tickets are free for me to take.
#[utoipa::path(get, path = "/tickets/free", tag = "tickets", responses((status = OK, body = FreeTickets)))]
async fn count_free(State(state): State<AppState>, caller: Caller) -> Answer<Json<FreeTickets>> {
    let count = state.read(&caller, |tx, actor, _| routing::free_for(tx, actor)).await?;
    Ok(Json(FreeTickets { count }))
}
