//! Who may ask for an organization: its list, its places and training, what a ticket's reader should know, strangers.

use crate::auth::{BaseUrl, Caller};
use crate::form::{At, Form};
use crate::items::Items;
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use opora_desk::contacts::locations::{self, Location, LocationForm};
use opora_desk::contacts::training::{self, Training, TrainingForm};
use opora_desk::entitlement::authorised::{self, AuthorisedContact, AuthorisedForm, AuthorisedList};
use opora_desk::entitlement::shown::{self, TicketEntitlement};
use opora_desk::entitlement::{self, StrangerRule, VerdictForm};
use opora_desk::{LocationId, OrganizationId, Permission, TicketId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_authorised, authorise))
        .routes(routes!(change_authorised, revoke_authorised))
        .routes(routes!(list_locations, make_location))
        .routes(routes!(change_location, remove_location))
        .routes(routes!(show_training, add_training))
        .routes(routes!(show_entitlement, judge_strangers))
        .routes(routes!(show_stranger_rule, put_stranger_rule))
}

/// Whom an organization has named, and how many it may name.
#[utoipa::path(get, path = "/organizations/{id}/authorised", tag = "entitlement", params(("id" = i64, Path)),
    responses((status = OK, body = AuthorisedList), (status = NOT_FOUND, body = ProblemBody)))]
async fn list_authorised(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<OrganizationId>,
) -> Answer<Json<AuthorisedList>> {
    Ok(Json(state.read(&caller, move |tx, actor, now| authorised::list(tx, actor, id, now)).await?))
}

/// Put a contact on an organization's list.
#[utoipa::path(post, path = "/organizations/{id}/authorised", tag = "entitlement", params(("id" = i64, Path)),
    request_body = AuthorisedForm, responses((status = CREATED, body = AuthorisedContact),
    (status = CONFLICT, body = ProblemBody, description = "`quota_reached`"),
    (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn authorise(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<OrganizationId>,
    form: Form<AuthorisedForm>,
) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    let grant =
        move |tx: &mut opora_base::Tx<'_>, actor: &opora_desk::Actor, now| authorised::grant(tx, actor, id, &form, now);
    state.post(&caller, once, StatusCode::CREATED, grant).await
}

/// Change what somebody on the list may do; what is absent stays.
#[utoipa::path(patch, path = "/authorised/{id}", tag = "entitlement", params(("id" = i64, Path)),
    request_body = AuthorisedForm, responses((status = OK, body = AuthorisedContact),
    (status = NOT_FOUND, body = ProblemBody), (status = CONFLICT, body = ProblemBody)))]
async fn change_authorised(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<i64>,
    form: Form<AuthorisedForm>,
) -> Answer<Json<AuthorisedContact>> {
    let form = form.value;
    Ok(Json(state.write(&caller, move |tx, actor, now| authorised::change(tx, actor, id, &form, now)).await?))
}

/// Take somebody off the list.
#[utoipa::path(delete, path = "/authorised/{id}", tag = "entitlement", params(("id" = i64, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ProblemBody)))]
async fn revoke_authorised(State(state): State<AppState>, caller: Caller, At(id): At<i64>) -> Answer<StatusCode> {
    state.write(&caller, move |tx, actor, now| authorised::revoke(tx, actor, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The places of an organization.
#[utoipa::path(get, path = "/organizations/{id}/locations", tag = "entitlement", params(("id" = i64, Path)),
    responses((status = OK, body = Items<Location>), (status = NOT_FOUND, body = ProblemBody)))]
async fn list_locations(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<OrganizationId>,
) -> Answer<Json<Items<Location>>> {
    Ok(Json(state.read(&caller, move |tx, actor, _| locations::of(tx, actor, id)).await?.into()))
}

/// Note a place of an organization.
#[utoipa::path(post, path = "/organizations/{id}/locations", tag = "entitlement", params(("id" = i64, Path)),
    request_body = LocationForm, responses((status = CREATED, body = Location),
    (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn make_location(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<OrganizationId>,
    form: Form<LocationForm>,
) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    let made =
        move |tx: &mut opora_base::Tx<'_>, actor: &opora_desk::Actor, now| locations::create(tx, actor, id, &form, now);
    state.post(&caller, once, StatusCode::CREATED, made).await
}

/// Change a place; what is absent stays.
#[utoipa::path(patch, path = "/locations/{id}", tag = "entitlement", params(("id" = i64, Path)),
    request_body = LocationForm, responses((status = OK, body = Location), (status = NOT_FOUND, body = ProblemBody),
    (status = CONFLICT, body = ProblemBody)))]
async fn change_location(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<LocationId>,
    form: Form<LocationForm>,
) -> Answer<Json<Location>> {
    let form = form.value;
    Ok(Json(state.write(&caller, move |tx, actor, now| locations::change(tx, actor, id, &form, now)).await?))
}

/// Remove a place; one that tickets or contacts point at is closed and stays.
#[utoipa::path(delete, path = "/locations/{id}", tag = "entitlement", params(("id" = i64, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ProblemBody)))]
async fn remove_location(State(state): State<AppState>, caller: Caller, At(id): At<LocationId>) -> Answer<StatusCode> {
    state.write(&caller, move |tx, actor, now| locations::delete(tx, actor, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An organization's training: what is left, and how that came.
#[utoipa::path(get, path = "/organizations/{id}/training", tag = "entitlement", params(("id" = i64, Path)),
    responses((status = OK, body = Training), (status = NOT_FOUND, body = ProblemBody)))]
async fn show_training(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<OrganizationId>,
) -> Answer<Json<Training>> {
    Ok(Json(state.read(&caller, move |tx, actor, _| training::of(tx, actor, id)).await?))
}

/// Write a lesson, a present or a correction into an organization's training.
#[utoipa::path(post, path = "/organizations/{id}/training", tag = "entitlement", params(("id" = i64, Path)),
    request_body = TrainingForm, responses((status = CREATED, body = Training),
    (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn add_training(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<OrganizationId>,
    form: Form<TrainingForm>,
) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    let add =
        move |tx: &mut opora_base::Tx<'_>, actor: &opora_desk::Actor, now| training::add(tx, actor, id, &form, now);
    state.post(&caller, once, StatusCode::CREATED, add).await
}

/// For whom a ticket's customer asks, and whether they may.
#[utoipa::path(get, path = "/tickets/{id}/entitlement", tag = "entitlement", params(("id" = i64, Path)),
    responses((status = OK, body = TicketEntitlement), (status = NOT_FOUND, body = ProblemBody)))]
async fn show_entitlement(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<TicketId>,
) -> Answer<Json<TicketEntitlement>> {
    Ok(Json(state.read(&caller, move |tx, actor, now| shown::of_ticket(tx, actor, id, now)).await?))
}

/// Say how the strangers in a ticket stand: known to me, refused, or ask their owner.
#[utoipa::path(post, path = "/tickets/{id}/entitlement", tag = "entitlement", params(("id" = i64, Path)),
    request_body = VerdictForm, responses((status = OK, body = TicketEntitlement),
    (status = UNPROCESSABLE_ENTITY, body = ProblemBody, description = "`no_stranger`, `no_owner`")))]
async fn judge_strangers(
    State(state): State<AppState>,
    caller: Caller,
    BaseUrl(base): BaseUrl,
    At(id): At<TicketId>,
    form: Form<VerdictForm>,
) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state
        .post(&caller, once, StatusCode::OK, move |tx, actor, now| {
            entitlement::judge(tx, actor, id, form, now)?;
            entitlement::remember_base_url(tx, &base)?;
            shown::of_ticket(tx, actor, id, now)
        })
        .await
}

/// What is done about strangers where an organization has no rule of its own.
#[utoipa::path(get, path = "/stranger-rule", tag = "entitlement", responses((status = OK, body = StrangerRule)))]
async fn show_stranger_rule(State(state): State<AppState>, caller: Caller) -> Answer<Json<StrangerRule>> {
    let rule = state.read(&caller, |tx, actor, _| {
        actor.need(Permission::TicketView)?;
        entitlement::department_rule(tx)
    });
    Ok(Json(rule.await?))
}

/// Change what is done about strangers.
#[utoipa::path(put, path = "/stranger-rule", tag = "entitlement", request_body = StrangerRule,
    responses((status = OK, body = StrangerRule), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn put_stranger_rule(
    State(state): State<AppState>,
    caller: Caller,
    BaseUrl(base): BaseUrl,
    form: Form<StrangerRule>,
) -> Answer<Json<StrangerRule>> {
    let rule = form.value;
    let put = state.write(&caller, move |tx, actor, now| {
        let rule = entitlement::put_department_rule(tx, actor, rule, now)?;
        entitlement::remember_base_url(tx, &base)?;
        Ok(rule)
    });
    Ok(Json(put.await?))
}
