//! Brands: what customers take us for.

use crate::auth::Caller;
use crate::form::{At, Form};
use crate::items::Items;
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use opora_desk::BrandId;
use opora_desk::department::brands::{self, Brand, BrandChange, BrandForm};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_brands, make_brand)).routes(routes!(change_brand))
}

/// All brands.
#[utoipa::path(get, path = "/brands", tag = "department", responses((status = OK, body = Items<Brand>)))]
async fn list_brands(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<Brand>>> {
    Ok(Json(state.read(&caller, |tx, _, _| brands::list(tx)).await?.into()))
}

/// Make a brand.
#[utoipa::path(post, path = "/brands", tag = "department", request_body = BrandForm,
    responses((status = CREATED, body = Brand), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn make_brand(State(state): State<AppState>, caller: Caller, form: Form<BrandForm>) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state.post(&caller, once, StatusCode::CREATED, move |tx, actor, now| brands::create(tx, actor, &form, now)).await
}

/// Change a brand.
#[utoipa::path(patch, path = "/brands/{id}", tag = "department", params(("id" = i64, Path)), request_body = BrandChange,
    responses((status = OK, body = Brand), (status = NOT_FOUND, body = ProblemBody)))]
async fn change_brand(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<BrandId>,
    form: Form<BrandChange>,
) -> Answer<Json<Brand>> {
    let form = form.value;
    Ok(Json(state.write(&caller, move |tx, actor, now| brands::change(tx, actor, id, &form, now)).await?))
}
