//! Colleagues: who is here, and who is at their desk right now.

use crate::auth::Caller;
use crate::form::{At, Form};
use crate::items::Items;
use crate::language::Language;
use crate::myself::first_face;
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use opora_desk::AgentId;
use opora_desk::department::brands::Face;
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

impl Colleague {
    fn of(state: &AppState, agent: Agent, face: Face, language: Language) -> Colleague {
        Colleague {
            public_name: agents::public_name(&agent.name, agent.number, face, language.tag()),
            online: state.hub.is_online(agent.id),
            agent,
        }
    }
}

/// Everybody, in the order of their coming.
#[utoipa::path(get, path = "/agents", tag = "people", responses((status = OK, body = Items<Colleague>)))]
async fn list_agents(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
) -> Answer<Json<Items<Colleague>>> {
    let (agents, face) = state.read(&caller, |tx, _, _| Ok((agents::list(tx)?, first_face(tx)?))).await?;
    let language = Language::of(&headers);
    let colleagues = agents.into_iter().map(|agent| Colleague::of(&state, agent, face, language));
    Ok(Json(colleagues.collect::<Vec<_>>().into()))
}

/// Change a colleague: name, role, teams, or switch them off.
#[utoipa::path(patch, path = "/agents/{id}", tag = "people", params(("id" = i64, Path)), request_body = AgentChange,
    responses((status = OK, body = Colleague), (status = FORBIDDEN, body = ProblemBody)))]
async fn change_agent(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<AgentId>,
    headers: HeaderMap,
    form: Form<AgentChange>,
) -> Answer<Json<Colleague>> {
    let change = form.value;
    let changed =
        state.write(&caller, move |tx, actor, now| Ok((agents::change(tx, actor, id, &change, now)?, first_face(tx)?)));
    let (agent, face) = changed.await?;
    state.hub.check_credentials();
    Ok(Json(Colleague::of(&state, agent, face, Language::of(&headers))))
}
