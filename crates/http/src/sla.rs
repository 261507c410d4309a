//! Deadlines: the policies, and the clocks of a ticket.

use crate::auth::Caller;
use crate::form::{Asked, At, Form};
use crate::items::Items;
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use opora_base::Time;
use opora_desk::sla::policy::{self, Policy, PolicyForm};
use opora_desk::sla::promise::{self, PromiseForm};
use opora_desk::sla::report::{self, Report};
use opora_desk::sla::{self, TicketClock};
use opora_desk::{PolicyId, TicketId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_policies, make_policy))
        .routes(routes!(arrange_policies))
        .routes(routes!(show_policy, change_policy, remove_policy))
        .routes(routes!(list_clocks))
        .routes(routes!(show_report))
        .routes(routes!(promise_news, withdraw_promise))
}

/// In which order policies are asked.
#[derive(Debug, Deserialize, ToSchema)]
struct SlaPolicyOrder {
    /// All policies, the one asked first at the beginning.
    ids: Vec<PolicyId>,
}

/// All SLA policies, in the order in which they are asked.
#[utoipa::path(get, path = "/sla/policies", tag = "sla", responses((status = OK, body = Items<Policy>)))]
async fn list_policies(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<Policy>>> {
    Ok(Json(state.read(&caller, |tx, _, _| policy::list(tx)).await?.into()))
}

/// Make an SLA policy; it is asked last. Tickets that are not done are reckoned in the background.
#[utoipa::path(post, path = "/sla/policies", tag = "sla", request_body = PolicyForm,
    responses((status = CREATED, body = Policy), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn make_policy(State(state): State<AppState>, caller: Caller, form: Form<PolicyForm>) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state.post(&caller, once, StatusCode::CREATED, move |tx, actor, now| policy::create(tx, actor, &form, now)).await
}

/// Put the policies in order.
#[utoipa::path(put, path = "/sla/policies/order", tag = "sla", request_body = SlaPolicyOrder,
    responses((status = OK, body = Items<Policy>), (status = FORBIDDEN, body = ProblemBody)))]
async fn arrange_policies(
    State(state): State<AppState>,
    caller: Caller,
    form: Form<SlaPolicyOrder>,
) -> Answer<Json<Items<Policy>>> {
    let order = form.value.ids;
    Ok(Json(state.write(&caller, move |tx, actor, now| policy::arrange(tx, actor, &order, now)).await?.into()))
}

/// One SLA policy.
#[utoipa::path(get, path = "/sla/policies/{id}", tag = "sla", params(("id" = i64, Path)),
    responses((status = OK, body = Policy), (status = NOT_FOUND, body = ProblemBody)))]
async fn show_policy(State(state): State<AppState>, caller: Caller, At(id): At<PolicyId>) -> Answer<Json<Policy>> {
    Ok(Json(state.read(&caller, move |tx, _, _| policy::get(tx, id)).await?))
}

/// Change an SLA policy as a whole.
#[utoipa::path(put, path = "/sla/policies/{id}", tag = "sla", params(("id" = i64, Path)), request_body = PolicyForm,
    responses((status = OK, body = Policy), (status = NOT_FOUND, body = ProblemBody),
    (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn change_policy(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<PolicyId>,
    form: Form<PolicyForm>,
) -> Answer<Json<Policy>> {
    let form = form.value;
    Ok(Json(state.write(&caller, move |tx, actor, now| policy::change(tx, actor, id, &form, now)).await?))
}

/// Remove an SLA policy. What its clocks measured stays.
#[utoipa::path(delete, path = "/sla/policies/{id}", tag = "sla", params(("id" = i64, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ProblemBody)))]
async fn remove_policy(State(state): State<AppState>, caller: Caller, At(id): At<PolicyId>) -> Answer<StatusCode> {
    state.write(&caller, move |tx, actor, now| policy::delete(tx, actor, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The clocks of a ticket: what is promised, how much has passed, when it is due, whether it was late.
#[utoipa::path(get, path = "/tickets/{id}/sla", tag = "sla", params(("id" = i64, Path)),
    responses((status = OK, body = Items<TicketClock>), (status = NOT_FOUND, body = ProblemBody)))]
async fn list_clocks(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<TicketId>,
) -> Answer<Json<Items<TicketClock>>> {
    Ok(Json(state.read(&caller, move |tx, actor, now| sla::clocks(tx, actor, id, now)).await?.into()))
}

/// Promise the customer to hear from us by then, or move what was promised.
#[utoipa::path(put, path = "/tickets/{id}/promise", tag = "sla", params(("id" = i64, Path)), request_body = PromiseForm,
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ProblemBody), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn promise_news(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<TicketId>,
    form: Form<PromiseForm>,
) -> Answer<StatusCode> {
    let form = form.value;
    state.write(&caller, move |tx, actor, now| promise::make(tx, actor, id, &form, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a promise back: nothing is due any more.
#[utoipa::path(delete, path = "/tickets/{id}/promise", tag = "sla", params(("id" = i64, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ProblemBody)))]
async fn withdraw_promise(State(state): State<AppState>, caller: Caller, At(id): At<TicketId>) -> Answer<StatusCode> {
    state.write(&caller, move |tx, actor, now| promise::withdraw(tx, actor, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Of which time.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReportParams {
    /// From.
    #[param(value_type = String, format = DateTime)]
    from: Time,
    /// Until, not included.
    #[param(value_type = String, format = DateTime)]
    until: Time,
}

/// How deadlines and promises were kept: by metric and policy, and what was late, the latest first (at most 1,000).
#[utoipa::path(get, path = "/sla/report", tag = "sla", params(ReportParams),
    responses((status = OK, body = Report), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn show_report(
    State(state): State<AppState>,
    caller: Caller,
    Asked(params): Asked<ReportParams>,
) -> Answer<Json<Report>> {
    let report = state.read(&caller, move |tx, actor, now| report::of(tx, actor, params.from, params.until, now));
    Ok(Json(report.await?))
}
