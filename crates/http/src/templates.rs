//! Templates: list, make, change, remove, fill for a ticket.

use crate::auth::Caller;
use crate::form::{Asked, At, Form};
use crate::items::Items;
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use opora_desk::TicketId;
use opora_desk::templates::{self, Filled, Template, TemplateForm};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_templates, make_template))
        .routes(routes!(show_template, change_template, remove_template))
        .routes(routes!(fill_template))
        .routes(routes!(count_use))
}

/// Which templates.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListParams {
    /// Words that name, shortcut or text must hold.
    #[serde(default)]
    q: String,
}

/// For which ticket.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FillParams {
    /// The ticket.
    ticket: i64,
    /// Where "today" is, as an IANA time zone; UTC when absent.
    #[serde(default)]
    time_zone: String,
}

/// The templates I may use, those used most first.
#[utoipa::path(get, path = "/templates", tag = "templates", params(ListParams),
    responses((status = OK, body = Items<Template>)))]
async fn list_templates(
    State(state): State<AppState>,
    caller: Caller,
    Asked(params): Asked<ListParams>,
) -> Answer<Json<Items<Template>>> {
    Ok(Json(state.read(&caller, move |tx, actor, _| templates::list(tx, actor, &params.q)).await?.into()))
}

/// One template.
#[utoipa::path(get, path = "/templates/{id}", tag = "templates", params(("id" = i64, Path)),
    responses((status = OK, body = Template), (status = NOT_FOUND, body = ProblemBody)))]
async fn show_template(State(state): State<AppState>, caller: Caller, At(id): At<i64>) -> Answer<Json<Template>> {
    Ok(Json(state.read(&caller, move |tx, actor, _| templates::get(tx, actor, id)).await?))
}

/// Make a template of my own, or with the permission `view.share` for a team or everybody.
#[utoipa::path(post, path = "/templates", tag = "templates", request_body = TemplateForm,
    responses((status = CREATED, body = Template), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn make_template(State(state): State<AppState>, caller: Caller, form: Form<TemplateForm>) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state.post(&caller, once, StatusCode::CREATED, move |tx, actor, now| templates::create(tx, actor, &form, now)).await
}

/// Change a template; what is absent stays.
#[utoipa::path(patch, path = "/templates/{id}", tag = "templates", params(("id" = i64, Path)),
    request_body = TemplateForm, responses((status = OK, body = Template), (status = NOT_FOUND, body = ProblemBody),
    (status = FORBIDDEN, body = ProblemBody)))]
async fn change_template(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<i64>,
    form: Form<TemplateForm>,
) -> Answer<Json<Template>> {
    let form = form.value;
    Ok(Json(state.write(&caller, move |tx, actor, now| templates::edit(tx, actor, id, &form, now)).await?))
}

/// Remove a template.
#[utoipa::path(delete, path = "/templates/{id}", tag = "templates", params(("id" = i64, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ProblemBody), (status = FORBIDDEN, body = ProblemBody)))]
async fn remove_template(State(state): State<AppState>, caller: Caller, At(id): At<i64>) -> Answer<StatusCode> {
    state.write(&caller, move |tx, actor, now| templates::delete(tx, actor, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A template filled for a ticket; variables without a value are named and still stand in it.
#[utoipa::path(get, path = "/templates/{id}/filled", tag = "templates", params(("id" = i64, Path), FillParams),
    responses((status = OK, body = Filled), (status = NOT_FOUND, body = ProblemBody)))]
async fn fill_template(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<i64>,
    Asked(params): Asked<FillParams>,
) -> Answer<Json<Filled>> {
    let filled = state.read(&caller, move |tx, actor, now| {
        templates::fill(tx, actor, id, TicketId(params.ticket), &params.time_zone, now)
    });
    Ok(Json(filled.await?))
}

/// Count a use of a template.
#[utoipa::path(post, path = "/templates/{id}/uses", tag = "templates", params(("id" = i64, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ProblemBody)))]
async fn count_use(State(state): State<AppState>, caller: Caller, At(id): At<i64>) -> Answer<StatusCode> {
    let counted = state.write(&caller, move |tx, actor, _| {
        templates::get(tx, actor, id)?;
        templates::used(tx, id)
    });
    counted.await?;
    Ok(StatusCode::NO_CONTENT)
}
