//! The filter language for the search box and the form: the tree of a text, the text of a tree, what could come next.

use crate::auth::Caller;
use crate::form::{Asked, Form};
use crate::items::Items;
use crate::language::Language;
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use opora_desk::tickets::filter::{self, Completions, FilterKey, FilterTerm, FilterTree};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(take_apart, put_together))
        .routes(routes!(list_keys))
        .routes(routes!(list_completions))
}

/// A filter's text.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TextParams {
    /// The filter.
    #[serde(default)]
    q: String,
}

/// A filter's text and a place in it.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PlaceParams {
    /// The filter, as far as it is written.
    #[serde(default)]
    q: String,
    /// Where the cursor stands: bytes from the beginning; the end when absent.
    at: Option<usize>,
}

/// Terms to be written as text.
#[derive(Debug, Deserialize, ToSchema)]
struct TermsForm {
    /// All of them must hold.
    terms: Vec<FilterTerm>,
}

/// A filter's text.
#[derive(Debug, Serialize, ToSchema)]
struct FilterText {
    /// In its canonical spelling.
    q: String,
}

/// Take a filter apart, for a form.
#[utoipa::path(get, path = "/filter", tag = "tickets", params(TextParams), responses(
    (status = OK, body = FilterTree),
    (status = BAD_REQUEST, body = ProblemBody, description = "`bad_query`, with `at`")))]
async fn take_apart(_caller: Caller, language: Language, Asked(params): Asked<TextParams>) -> Answer<Json<FilterTree>> {
    Ok(Json(filter::tree(&params.q, language.into())?))
}

/// Write the terms of a form as a filter.
#[utoipa::path(post, path = "/filter", tag = "tickets", request_body = TermsForm, responses(
    (status = OK, body = FilterText),
    (status = BAD_REQUEST, body = ProblemBody, description = "`bad_query`")))]
async fn put_together(_caller: Caller, language: Language, form: Form<TermsForm>) -> Answer<Json<FilterText>> {
    Ok(Json(FilterText { q: filter::written(&form.value.terms, language.into())? }))
}

/// What a form can offer.
#[utoipa::path(get, path = "/filter/keys", tag = "tickets", responses((status = OK, body = Items<FilterKey>)))]
async fn list_keys(_caller: Caller, language: Language) -> Json<Items<FilterKey>> {
    Json(filter::keys(language.into()).into())
}

/// What could be written next.
#[utoipa::path(get, path = "/filter/completions", tag = "tickets", params(PlaceParams),
    responses((status = OK, body = Completions)))]
async fn list_completions(
    State(state): State<AppState>,
    caller: Caller,
    language: Language,
    Asked(params): Asked<PlaceParams>,
) -> Answer<Json<Completions>> {
    let at = params.at.unwrap_or(params.q.len());
    let asked = state.read(&caller, move |tx, actor, _| filter::complete(tx, actor, &params.q, at, language.into()));
    Ok(Json(asked.await?))
}
