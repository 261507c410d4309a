//! Teams: who works together.

use crate::auth::Caller;
use crate::form::{At, Form};
use crate::items::Items;
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use opora_desk::TeamId;
use opora_desk::department::teams::{self, Team, TeamForm};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_teams, make_team)).routes(routes!(change_team))
}

/// All teams.
#[utoipa::path(get, path = "/teams", tag = "department", responses((status = OK, body = Items<Team>)))]
async fn list_teams(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<Team>>> {
    Ok(Json(state.read(&caller, |tx, _, _| teams::list(tx)).await?.into()))
}

/// Make a team.
#[utoipa::path(post, path = "/teams", tag = "department", request_body = TeamForm,
    responses((status = CREATED, body = Team), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn make_team(State(state): State<AppState>, caller: Caller, form: Form<TeamForm>) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state.post(&caller, once, StatusCode::CREATED, move |tx, actor, now| teams::create(tx, actor, &form, now)).await
}

/// Change a team.
#[utoipa::path(patch, path = "/teams/{id}", tag = "department", params(("id" = i64, Path)), request_body = TeamForm,
    responses((status = OK, body = Team), (status = NOT_FOUND, body = ProblemBody)))]
async fn change_team(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<TeamId>,
    form: Form<TeamForm>,
) -> Answer<Json<Team>> {
    let form = form.value;
    Ok(Json(state.write(&caller, move |tx, actor, now| teams::change(tx, actor, id, &form, now)).await?))
}
