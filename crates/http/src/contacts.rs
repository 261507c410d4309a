//! Contacts: who writes to us.

use crate::auth::Caller;
use crate::form::{Asked, At, Form};
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use opora_desk::ContactId;
use opora_desk::contacts::{self, Contact, ContactChange, ContactPage};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_contacts)).routes(routes!(open_contact, change_contact))
}

/// Which contacts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ContactParams {
    /// Part of a name or an address; empty is everybody.
    #[serde(default)]
    q: String,
    /// `next_cursor` of the page before; empty for the first.
    cursor: Option<String>,
    /// How many, 50 unless said, at most 1,000.
    limit: Option<i64>,
}

/// List contacts by part of a name or an address.
#[utoipa::path(get, path = "/contacts", tag = "contacts", params(ContactParams), responses((status = OK, body = ContactPage)))]
async fn list_contacts(
    State(state): State<AppState>,
    caller: Caller,
    Asked(ask): Asked<ContactParams>,
) -> Answer<Json<ContactPage>> {
    let limit = ask.limit.unwrap_or(50);
    let page = state.read(&caller, move |tx, actor, _| contacts::list(tx, actor, &ask.q, ask.cursor.as_deref(), limit));
    Ok(Json(page.await?))
}

/// A contact, whole.
#[utoipa::path(get, path = "/contacts/{id}", tag = "contacts", params(("id" = i64, Path)),
    responses((status = OK, body = Contact), (status = NOT_FOUND, body = ProblemBody)))]
async fn open_contact(State(state): State<AppState>, caller: Caller, At(id): At<ContactId>) -> Answer<Json<Contact>> {
    Ok(Json(state.read(&caller, move |tx, actor, _| contacts::get(tx, actor, id)).await?))
}

/// Change a contact; what is absent stays.
#[utoipa::path(patch, path = "/contacts/{id}", tag = "contacts", params(("id" = i64, Path)), request_body = ContactChange,
    responses((status = OK, body = Contact), (status = NOT_FOUND, body = ProblemBody)))]
async fn change_contact(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<ContactId>,
    form: Form<ContactChange>,
) -> Answer<Json<Contact>> {
    let change = form.value;
    Ok(Json(state.write(&caller, move |tx, actor, now| contacts::change(tx, actor, id, &change, now)).await?))
}
