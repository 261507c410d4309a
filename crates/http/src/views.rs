//! Views with their exact counts.

use crate::auth::Caller;
use crate::items::Items;
use crate::problem::Answer;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use opora_desk::tickets::{self, Tag, View};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_views)).routes(routes!(list_tags))
}

/// My views and how many tickets each holds.
#[utoipa::path(get, path = "/views", tag = "tickets", responses((status = OK, body = Items<View>)))]
async fn list_views(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<View>>> {
    Ok(Json(state.read(&caller, tickets::views).await?.into()))
}

/// The tags in use, the most used first.
#[utoipa::path(get, path = "/tags", tag = "tickets", responses((status = OK, body = Items<Tag>)))]
async fn list_tags(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<Tag>>> {
    Ok(Json(state.read(&caller, |tx, actor, _| tickets::tags(tx, actor)).await?.into()))
}
