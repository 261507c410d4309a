//! The audit log.

use crate::auth::Caller;
use crate::form::Asked;
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use opora_desk::audit::{self, Ask, Page};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_audit))
}

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AuditParams {
    /// Part of a thing's or a person's name, or of a kind such as "inbox".
    #[serde(default)]
    q: String,
    /// `next_cursor` of the page before; empty for the first.
    #[serde(default)]
    cursor: String,
    /// How many, 50 unless said, at most 200.
    limit: Option<i64>,
}

/// Who changed the department's settings, the latest first, with before and after.
#[utoipa::path(get, path = "/audit", tag = "department", params(AuditParams),
    responses((status = OK, body = Page), (status = FORBIDDEN, body = ProblemBody)))]
async fn list_audit(
    State(state): State<AppState>,
    caller: Caller,
    Asked(params): Asked<AuditParams>,
) -> Answer<Json<Page>> {
    let ask = Ask { text: params.q, cursor: params.cursor, limit: params.limit.unwrap_or(50) };
    Ok(Json(state.read(&caller, move |tx, actor, _| audit::list(tx, actor, &ask)).await?))
}
