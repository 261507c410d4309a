//! Roles: named sets of permissions.

use crate::auth::Caller;
use crate::form::{At, Form};
use crate::items::Items;
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use opora_desk::RoleId;
use opora_desk::people::roles::{self, Role, RoleForm};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_roles, make_role)).routes(routes!(change_role))
}

/// All roles.
#[utoipa::path(get, path = "/roles", tag = "people", responses((status = OK, body = Items<Role>)))]
async fn list_roles(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<Role>>> {
    Ok(Json(state.read(&caller, |tx, _, _| roles::list(tx)).await?.into()))
}

/// Make a role.
#[utoipa::path(post, path = "/roles", tag = "people", request_body = RoleForm,
    responses((status = CREATED, body = Role), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn make_role(State(state): State<AppState>, caller: Caller, form: Form<RoleForm>) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state.post(&caller, once, StatusCode::CREATED, move |tx, actor, now| roles::create(tx, actor, &form, now)).await
}

/// Change a role.
#[utoipa::path(patch, path = "/roles/{id}", tag = "people", params(("id" = i64, Path)), request_body = RoleForm,
    responses((status = OK, body = Role), (status = NOT_FOUND, body = ProblemBody)))]
async fn change_role(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<RoleId>,
    form: Form<RoleForm>,
) -> Answer<Json<Role>> {
    let form = form.value;
    Ok(Json(state.write(&caller, move |tx, actor, now| roles::change(tx, actor, id, &form, now)).await?))
}
