//! What an agent has begun to write, kept on the server.

use crate::auth::Caller;
use crate::form::{Asked, At, Form};
use crate::problem::{Answer, Problem, ProblemBody};
use crate::sentences::Code;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use opora_base::Time;
use opora_desk::TicketId;
use opora_desk::tickets;
use opora_desk::tickets::draft::{self, Draft, DraftForm, KeptDraft};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(Debug, Deserialize, IntoParams)]
struct DraftParams {
    /// "reply" or "note".
    kind: String,
}

#[derive(Debug, Deserialize, IntoParams)]
struct DropParams {
    /// "reply" or "note".
    kind: String,
    /// The `updated_at` of the draft meant; another one is not thrown away.
    #[param(value_type = Option<String>, format = DateTime)]
    over: Option<Time>,
}

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(my_draft, keep_draft, drop_draft))
}

/// My draft of one kind in this ticket.
#[utoipa::path(get, path = "/tickets/{id}/draft", tag = "messages", params(("id" = i64, Path), DraftParams),
    responses((status = OK, body = Draft), (status = NOT_FOUND, body = ProblemBody)))]
async fn my_draft(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<TicketId>,
    Asked(asked): Asked<DraftParams>,
) -> Answer<Json<Draft>> {
    let draft = state.read(&caller, move |tx, actor, _| {
        tickets::row(tx, actor, id)?;
        draft::get(tx, actor, id, &asked.kind)
    });
    draft.await?.map(Json).ok_or_else(|| Problem::new(Code::NotFound))
}

/// Keep my draft in this ticket, one of each kind. Words of an answer say that I am answering, unless somebody else is.
#[utoipa::path(put, path = "/tickets/{id}/draft", tag = "messages", params(("id" = i64, Path)), request_body = DraftForm,
    responses((status = OK, body = KeptDraft), (status = NOT_FOUND, body = ProblemBody),
    (status = CONFLICT, body = ProblemBody, description = "`draft_changed`, with `draft`")))]
async fn keep_draft(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<TicketId>,
    form: Form<DraftForm>,
) -> Answer<Json<KeptDraft>> {
    let form = form.value;
    Ok(Json(state.write(&caller, move |tx, actor, now| draft::keep(tx, actor, id, &form, now)).await?))
}

/// Throw my draft of one kind in this ticket away.
#[utoipa::path(delete, path = "/tickets/{id}/draft", tag = "messages", params(("id" = i64, Path), DropParams),
    responses((status = NO_CONTENT),
    (status = CONFLICT, body = ProblemBody, description = "`draft_changed`, with `draft`")))]
async fn drop_draft(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<TicketId>,
    Asked(DropParams { kind, over }): Asked<DropParams>,
) -> Answer<StatusCode> {
    state.write(&caller, move |tx, actor, now| draft::delete(tx, actor, id, &kind, over.map(Some), now)).await?;
    Ok(StatusCode::NO_CONTENT)
}
