//! Support plans, and the lists of steps with which customers are taken in.

use crate::auth::Caller;
use crate::form::{Asked, At, Form};
use crate::items::Items;
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use opora_desk::onboarding::steps::{self, OnboardingStart, OnboardingStep, StepForm};
use opora_desk::onboarding::templates::{self, OnboardingTemplate, OnboardingTemplateForm};
use opora_desk::plans::{self, Plan, PlanForm};
use opora_desk::{OrganizationId, Permission, PlanId};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_plans, make_plan))
        .routes(routes!(change_plan, remove_plan))
        .routes(routes!(list_onboarding_templates, make_onboarding_template))
        .routes(routes!(change_onboarding_template, remove_onboarding_template))
        .routes(routes!(list_onboarding, start_onboarding))
        .routes(routes!(onboarding_to_do))
        .routes(routes!(change_onboarding_step, remove_onboarding_step))
}

/// Whose steps.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ToDoParams {
    /// Only mine.
    #[serde(default)]
    mine: bool,
}

/// Support plans, by name.
#[utoipa::path(get, path = "/plans", tag = "plans", responses((status = OK, body = Items<Plan>)))]
async fn list_plans(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<Plan>>> {
    let plans = state.read(&caller, |tx, actor, _| {
        actor.need(Permission::TicketView)?;
        plans::list(tx)
    });
    Ok(Json(plans.await?.into()))
}

/// Make a support plan.
#[utoipa::path(post, path = "/plans", tag = "plans", request_body = PlanForm,
    responses((status = CREATED, body = Plan), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn make_plan(State(state): State<AppState>, caller: Caller, form: Form<PlanForm>) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state.post(&caller, once, StatusCode::CREATED, move |tx, actor, now| plans::create(tx, actor, &form, now)).await
}

/// Change a support plan; what is absent stays.
#[utoipa::path(patch, path = "/plans/{id}", tag = "plans", params(("id" = i64, Path)), request_body = PlanForm,
    responses((status = OK, body = Plan), (status = NOT_FOUND, body = ProblemBody), (status = CONFLICT, body = ProblemBody)))]
async fn change_plan(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<PlanId>,
    form: Form<PlanForm>,
) -> Answer<Json<Plan>> {
    let form = form.value;
    Ok(Json(state.write(&caller, move |tx, actor, now| plans::change(tx, actor, id, &form, now)).await?))
}

/// Remove a support plan that no organization has.
#[utoipa::path(delete, path = "/plans/{id}", tag = "plans", params(("id" = i64, Path)),
    responses((status = NO_CONTENT), (status = UNPROCESSABLE_ENTITY, body = ProblemBody, description = "`in_use`")))]
async fn remove_plan(State(state): State<AppState>, caller: Caller, At(id): At<PlanId>) -> Answer<StatusCode> {
    state.write(&caller, move |tx, actor, now| plans::delete(tx, actor, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists of steps with which customers are taken in.
#[utoipa::path(get, path = "/onboarding-templates", tag = "plans",
    responses((status = OK, body = Items<OnboardingTemplate>)))]
async fn list_onboarding_templates(
    State(state): State<AppState>,
    caller: Caller,
) -> Answer<Json<Items<OnboardingTemplate>>> {
    Ok(Json(state.read(&caller, |tx, actor, _| templates::list(tx, actor)).await?.into()))
}

/// Make a list of steps.
#[utoipa::path(post, path = "/onboarding-templates", tag = "plans", request_body = OnboardingTemplateForm,
    responses((status = CREATED, body = OnboardingTemplate), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn make_onboarding_template(
    State(state): State<AppState>,
    caller: Caller,
    form: Form<OnboardingTemplateForm>,
) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state.post(&caller, once, StatusCode::CREATED, move |tx, actor, now| templates::create(tx, actor, &form, now)).await
}

/// Change a list of steps; what was begun with it goes on as it began.
#[utoipa::path(patch, path = "/onboarding-templates/{id}", tag = "plans", params(("id" = i64, Path)),
    request_body = OnboardingTemplateForm, responses((status = OK, body = OnboardingTemplate),
    (status = NOT_FOUND, body = ProblemBody), (status = CONFLICT, body = ProblemBody)))]
async fn change_onboarding_template(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<i64>,
    form: Form<OnboardingTemplateForm>,
) -> Answer<Json<OnboardingTemplate>> {
    let form = form.value;
    Ok(Json(state.write(&caller, move |tx, actor, now| templates::change(tx, actor, id, &form, now)).await?))
}

/// Remove a list of steps.
#[utoipa::path(delete, path = "/onboarding-templates/{id}", tag = "plans", params(("id" = i64, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ProblemBody)))]
async fn remove_onboarding_template(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<i64>,
) -> Answer<StatusCode> {
    state.write(&caller, move |tx, actor, now| templates::delete(tx, actor, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The steps of taking an organization in.
#[utoipa::path(get, path = "/organizations/{id}/onboarding", tag = "plans", params(("id" = i64, Path)),
    responses((status = OK, body = Items<OnboardingStep>), (status = NOT_FOUND, body = ProblemBody)))]
async fn list_onboarding(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<OrganizationId>,
) -> Answer<Json<Items<OnboardingStep>>> {
    Ok(Json(state.read(&caller, move |tx, actor, now| steps::of(tx, actor, id, now)).await?.into()))
}

/// Begin to take an organization in.
#[utoipa::path(post, path = "/organizations/{id}/onboarding", tag = "plans", params(("id" = i64, Path)),
    request_body = OnboardingStart, responses((status = CREATED, body = Items<OnboardingStep>),
    (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn start_onboarding(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<OrganizationId>,
    form: Form<OnboardingStart>,
) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state
        .post(&caller, once, StatusCode::CREATED, move |tx, actor, now| {
            Ok(Items::from(steps::start(tx, actor, id, &form, now)?))
        })
        .await
}

/// What is still to be done to take customers in, the oldest first.
#[utoipa::path(get, path = "/onboarding-steps", tag = "plans", params(ToDoParams),
    responses((status = OK, body = Items<OnboardingStep>)))]
async fn onboarding_to_do(
    State(state): State<AppState>,
    caller: Caller,
    Asked(params): Asked<ToDoParams>,
) -> Answer<Json<Items<OnboardingStep>>> {
    Ok(Json(state.read(&caller, move |tx, actor, now| steps::to_do(tx, actor, params.mine, now)).await?.into()))
}

/// Change a step of taking an organization in; what is absent stays.
#[utoipa::path(patch, path = "/onboarding-steps/{id}", tag = "plans", params(("id" = i64, Path)),
    request_body = StepForm, responses((status = OK, body = OnboardingStep), (status = NOT_FOUND, body = ProblemBody),
    (status = CONFLICT, body = ProblemBody)))]
async fn change_onboarding_step(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<i64>,
    form: Form<StepForm>,
) -> Answer<Json<OnboardingStep>> {
    let form = form.value;
    Ok(Json(state.write(&caller, move |tx, actor, now| steps::change(tx, actor, id, &form, now)).await?))
}

/// Remove a step of taking an organization in.
#[utoipa::path(delete, path = "/onboarding-steps/{id}", tag = "plans", params(("id" = i64, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ProblemBody)))]
async fn remove_onboarding_step(State(state): State<AppState>, caller: Caller, At(id): At<i64>) -> Answer<StatusCode> {
    state.write(&caller, move |tx, actor, now| steps::delete(tx, actor, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}
