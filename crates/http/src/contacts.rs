//! Contacts and organizations: who writes to us, and for whom.

use crate::auth::{BaseUrl, Caller};
use crate::form::{Asked, At, Form};
use crate::items::Items;
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use opora_desk::contacts::fields::{self, Field};
use opora_desk::contacts::merge::{self, MergePreview, Merged, Pair};
use opora_desk::contacts::organizations::{self, Organization, OrganizationChange, OrganizationPage};
use opora_desk::contacts::{self, Contact, ContactAsk, ContactChange, ContactPage};
use opora_desk::{ContactId, OrganizationId, entitlement};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_contacts, make_contact))
        .routes(routes!(preview_merge))
        .routes(routes!(merge_contacts))
        .routes(routes!(undo_merge))
        .routes(routes!(open_contact, change_contact))
        .routes(routes!(list_organizations, make_organization))
        .routes(routes!(open_organization, change_organization))
        .routes(routes!(list_fields, put_fields))
}

/// Which contacts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ContactParams {
    /// Part of a name or an address; empty is everybody.
    #[serde(default)]
    q: String,
    /// Only those of this organization.
    organization: Option<i64>,
    /// "name"; by number when absent.
    #[serde(default)]
    sort: String,
    /// `next_cursor` of the page before; empty for the first.
    #[serde(default)]
    cursor: String,
    /// How many, 50 unless said, at most 1,000.
    limit: Option<i64>,
}

/// Which organizations.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OrganizationParams {
    /// Part of a name; empty is all.
    #[serde(default)]
    q: String,
    /// `next_cursor` of the page before; empty for the first.
    #[serde(default)]
    cursor: String,
    /// How many, 50 unless said, at most 1,000.
    limit: Option<i64>,
}

/// Whose fields.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FieldParams {
    /// "contact" or "organization".
    of: String,
}

/// All fields.
#[derive(Debug, Deserialize, ToSchema)]
struct FieldsForm {
    /// In their order.
    items: Vec<Field>,
}

/// A contact that is back.
#[derive(Debug, Serialize, ToSchema)]
struct Restored {
    /// As it was.
    contact: Contact,
}

/// List contacts by part of a name or of any address; a telephone number is found however it is written.
#[utoipa::path(get, path = "/contacts", tag = "contacts", params(ContactParams), responses((status = OK, body = ContactPage)))]
async fn list_contacts(
    State(state): State<AppState>,
    caller: Caller,
    Asked(params): Asked<ContactParams>,
) -> Answer<Json<ContactPage>> {
    let ask = ContactAsk {
        text: params.q,
        organization: params.organization.map(OrganizationId),
        by_name: params.sort == "name",
        cursor: params.cursor,
        limit: params.limit.unwrap_or(50),
    };
    Ok(Json(state.read(&caller, move |tx, actor, _| contacts::list(tx, actor, &ask)).await?))
}

/// Make a contact.
#[utoipa::path(post, path = "/contacts", tag = "contacts", request_body = ContactChange,
    responses((status = CREATED, body = Contact), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn make_contact(State(state): State<AppState>, caller: Caller, form: Form<ContactChange>) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state.post(&caller, once, StatusCode::CREATED, move |tx, actor, now| contacts::create(tx, actor, &form, now)).await
}

/// A contact, whole.
#[utoipa::path(get, path = "/contacts/{id}", tag = "contacts", params(("id" = i64, Path)),
    responses((status = OK, body = Contact), (status = NOT_FOUND, body = ProblemBody)))]
async fn open_contact(State(state): State<AppState>, caller: Caller, At(id): At<ContactId>) -> Answer<Json<Contact>> {
    Ok(Json(state.read(&caller, move |tx, actor, _| contacts::get(tx, actor, id)).await?))
}

/// Change a contact; what is absent stays.
#[utoipa::path(patch, path = "/contacts/{id}", tag = "contacts", params(("id" = i64, Path)), request_body = ContactChange,
    responses((status = OK, body = Contact), (status = NOT_FOUND, body = ProblemBody), (status = CONFLICT, body = ProblemBody)))]
async fn change_contact(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<ContactId>,
    form: Form<ContactChange>,
) -> Answer<Json<Contact>> {
    let change = form.value;
    Ok(Json(state.write(&caller, move |tx, actor, now| contacts::change(tx, actor, id, &change, now)).await?))
}

/// What would become of two contacts made one.
#[utoipa::path(post, path = "/contacts/merge/preview", tag = "contacts", request_body = Pair,
    responses((status = OK, body = MergePreview), (status = NOT_FOUND, body = ProblemBody)))]
async fn preview_merge(State(state): State<AppState>, caller: Caller, form: Form<Pair>) -> Answer<Json<MergePreview>> {
    let pair = form.value;
    Ok(Json(state.read(&caller, move |tx, actor, _| merge::preview(tx, actor, pair)).await?))
}

/// Make two contacts one. It can be taken back for a day.
#[utoipa::path(post, path = "/contacts/merge", tag = "contacts", request_body = Pair,
    responses((status = OK, body = Merged), (status = NOT_FOUND, body = ProblemBody)))]
async fn merge_contacts(State(state): State<AppState>, caller: Caller, form: Form<Pair>) -> Answer<Response> {
    let (pair, once) = (form.value, form.once);
    state.post(&caller, once, StatusCode::OK, move |tx, actor, now| merge::merge(tx, actor, pair, now)).await
}

/// Make two contacts of one again.
#[utoipa::path(post, path = "/contacts/merges/{id}/undo", tag = "contacts", params(("id" = i64, Path)),
    responses((status = OK, body = Restored), (status = CONFLICT, body = ProblemBody, description = "`already_sent`: too late; `merged_onward`: take the later merge back first")))]
async fn undo_merge(State(state): State<AppState>, caller: Caller, At(id): At<i64>) -> Answer<Json<Restored>> {
    let contact = state.write(&caller, move |tx, actor, now| merge::undo(tx, actor, id, now)).await?;
    Ok(Json(Restored { contact }))
}

/// Organizations by name.
#[utoipa::path(get, path = "/organizations", tag = "contacts", params(OrganizationParams),
    responses((status = OK, body = OrganizationPage)))]
async fn list_organizations(
    State(state): State<AppState>,
    caller: Caller,
    Asked(ask): Asked<OrganizationParams>,
) -> Answer<Json<OrganizationPage>> {
    let limit = ask.limit.unwrap_or(50);
    let page =
        state.read(&caller, move |tx, actor, now| organizations::list(tx, actor, &ask.q, &ask.cursor, limit, now));
    Ok(Json(page.await?))
}

/// Make an organization.
#[utoipa::path(post, path = "/organizations", tag = "contacts", request_body = OrganizationChange,
    responses((status = CREATED, body = Organization), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn make_organization(
    State(state): State<AppState>,
    caller: Caller,
    BaseUrl(base): BaseUrl,
    form: Form<OrganizationChange>,
) -> Answer<Response> {
    // Its keys are secrets.
    let (form, once) = (form.value, form.once.sealed());
    let made = move |tx: &mut opora_base::Tx<'_>, actor: &opora_desk::Actor, now| {
        if form.stranger_policy.is_some() {
            entitlement::remember_base_url(tx, &base)?;
        }
        organizations::create(tx, actor, &form, now)
    };
    state.post(&caller, once, StatusCode::CREATED, made).await
}

/// An organization, whole.
#[utoipa::path(get, path = "/organizations/{id}", tag = "contacts", params(("id" = i64, Path)),
    responses((status = OK, body = Organization), (status = NOT_FOUND, body = ProblemBody)))]
async fn open_organization(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<OrganizationId>,
) -> Answer<Json<Organization>> {
    Ok(Json(state.read(&caller, move |tx, actor, _| organizations::get(tx, actor, id)).await?))
}

/// Change an organization; what is absent stays.
#[utoipa::path(patch, path = "/organizations/{id}", tag = "contacts", params(("id" = i64, Path)),
    request_body = OrganizationChange, responses((status = OK, body = Organization),
    (status = NOT_FOUND, body = ProblemBody), (status = CONFLICT, body = ProblemBody)))]
async fn change_organization(
    State(state): State<AppState>,
    caller: Caller,
    BaseUrl(base): BaseUrl,
    At(id): At<OrganizationId>,
    form: Form<OrganizationChange>,
) -> Answer<Json<Organization>> {
    let change = form.value;
    let changed = state.write(&caller, move |tx, actor, now| {
        if change.stranger_policy.is_some() {
            entitlement::remember_base_url(tx, &base)?;
        }
        organizations::change(tx, actor, id, &change, now)
    });
    Ok(Json(changed.await?))
}

/// The department's own fields of contacts or organizations.
#[utoipa::path(get, path = "/fields", tag = "contacts", params(FieldParams), responses((status = OK, body = Items<Field>)))]
async fn list_fields(
    State(state): State<AppState>,
    caller: Caller,
    Asked(params): Asked<FieldParams>,
) -> Answer<Json<Items<Field>>> {
    Ok(Json(state.read(&caller, move |tx, _, _| fields::list(tx, &params.of)).await?.into()))
}

/// All of the department's own fields anew.
#[utoipa::path(put, path = "/fields", tag = "contacts", params(FieldParams), request_body = FieldsForm,
    responses((status = OK, body = Items<Field>), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn put_fields(
    State(state): State<AppState>,
    caller: Caller,
    Asked(params): Asked<FieldParams>,
    form: Form<FieldsForm>,
) -> Answer<Json<Items<Field>>> {
    let wanted = form.value.items;
    let put = state.write(&caller, move |tx, actor, now| fields::put(tx, actor, &params.of, &wanted, now));
    Ok(Json(put.await?.into()))
}
