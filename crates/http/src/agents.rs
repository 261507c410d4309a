//! Colleagues: who is here, and who is at their desk right now.

use crate::auth::Caller;
use crate::form::{At, Form};
use crate::items::Items;
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use opora_desk::AgentId;
use opora_desk::department::brands;
use opora_desk::people::agents::{self, Agent, AgentChange};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_agents)).routes(routes!(change_agent))
}

/// A colleague, and whether they are here.
#[derive(Debug, Serialize, ToSchema)]
struct Colleague {
    #[serde(flatten)]
    agent: Agent,
    /// How customers of the first brand know them.
    public_name: String,
    /// A screen of theirs is open.
    online: bool,
}

/// Everybody, in the order of their coming.
#[utoipa::path(get, path = "/agents", tag = "people", responses((status = OK, body = Items<Colleague>)))]
async fn list_agents(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<Colleague>>> {
    let (agents, face) = state
        .read(&caller, |tx, _, _| {
            let face = brands::list(tx)?.first().map_or(brands::Face::FirstName, |brand| brand.face);
            Ok((agents::list(tx)?, face))
        })
        .await?;
    let online = state.hub.agents_online();
    let colleague = |agent: Agent| Colleague {
        public_name: agents::public_name(&agent.name, agent.number, face, "ru"),
        online: online.contains(&agent.id),
        agent,
    };
    Ok(Json(agents.into_iter().map(colleague).collect::<Vec<_>>().into()))
}

/// Change a colleague: name, role, teams, or switch them off.
#[utoipa::path(patch, path = "/agents/{id}", tag = "people", params(("id" = i64, Path)), request_body = AgentChange,
    responses((status = OK, body = Agent), (status = FORBIDDEN, body = ProblemBody)))]
async fn change_agent(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<AgentId>,
    form: Form<AgentChange>,
) -> Answer<Json<Agent>> {
    let change = form.value;
    let agent = state.write(&caller, move |tx, actor, now| agents::change(tx, actor, id, &change, now)).await?;
    state.hub.check_credentials();
    Ok(Json(agent))
}
