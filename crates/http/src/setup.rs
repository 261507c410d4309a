//! The first start: is anybody here yet, and the page that makes the first administrator.

use crate::auth::{self, BaseUrl, Caller, From as Visiting};
use crate::form::Form;
use crate::myself::{Myself, myself};
use crate::problem::{Answer, Problem, ProblemBody};
use crate::sentences::Code;
use crate::session::SignedIn;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use opora_desk::department::first_run::{self as steps, FirstRun};
use opora_desk::people::{agents, login, setup};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(is_needed, set_up))
        .routes(routes!(first_run))
        .routes(routes!(dismiss_first_run))
        .routes(routes!(show_first_run))
}

/// What a stranger may know.
#[derive(Debug, Serialize, ToSchema)]
struct Setup {
    /// Nobody is here yet: show the setup page.
    needed: bool,
    /// This is a demonstration.
    demo: bool,
    /// Our version.
    version: &'static str,
}

/// The first administrator.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct SetupForm {
    /// What customers shall know the department as.
    department: String,
    /// The administrator's name.
    name: String,
    /// Their login.
    email: String,
    /// Their password, at least 8 characters.
    password: String,
    /// "ru" or "en".
    #[serde(default)]
    locale: String,
}

/// Is the department still to be set up?
#[utoipa::path(get, path = "/setup", tag = "session", security(()), responses((status = OK, body = Setup)))]
async fn is_needed(State(state): State<AppState>) -> Answer<Json<Setup>> {
    let needed = state.store.read(setup::is_needed).await?;
    Ok(Json(Setup { needed, demo: state.config.demo, version: env!("CARGO_PKG_VERSION") }))
}

/// Make the first administrator and sign them in.
#[utoipa::path(post, path = "/setup", tag = "session", security(()), request_body = SetupForm,
    responses((status = OK, body = Myself), (status = CONFLICT, body = ProblemBody, description = "`already_set_up`")))]
async fn set_up(
    State(state): State<AppState>,
    Visiting(visitor): Visiting,
    base: BaseUrl,
    form: Form<SetupForm>,
) -> Answer<SignedIn> {
    let form = form.value;
    // Hashing is too dear for strangers who come too late.
    if !state.store.read(setup::is_needed).await? {
        return Err(Problem::new(Code::AlreadySetUp));
    }
    let hash = state.hashing.turn().await?.hash(form.password.clone()).await?;
    let (now, demo) = (state.now(), state.config.demo);
    let (me, cookie) = state
        .store
        .write(move |tx| {
            let admin =
                setup::FirstAdmin { email: &form.email, name: &form.name, password_hash: &hash, locale: &form.locale };
            let id = setup::first_admin(tx, &form.department, &admin, now)?;
            let cookie = login::begin_session(tx, id, &visitor, now)?;
            let actor = agents::actor(tx, id)?;
            Ok::<_, opora_desk::Error>((myself(tx, &actor, demo)?, cookie))
        })
        .await?;
    Ok(SignedIn(auth::begin_cookie(&cookie, &base)?, me))
}

/// How far the department has come in its first steps.
#[utoipa::path(get, path = "/first-run", tag = "department", responses((status = OK, body = FirstRun)))]
async fn first_run(State(state): State<AppState>, caller: Caller) -> Answer<Json<FirstRun>> {
    Ok(Json(state.read(&caller, |tx, actor, _| steps::state(tx, actor)).await?))
}

/// Put the guide through the first steps away.
#[utoipa::path(post, path = "/first-run/dismiss", tag = "department",
    responses((status = NO_CONTENT), (status = FORBIDDEN, body = ProblemBody)))]
async fn dismiss_first_run(State(state): State<AppState>, caller: Caller) -> Answer<StatusCode> {
    state.write(&caller, |tx, actor, _| steps::dismiss(tx, actor, true)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Bring the guide through the first steps back.
#[utoipa::path(post, path = "/first-run/show", tag = "department",
    responses((status = NO_CONTENT), (status = FORBIDDEN, body = ProblemBody)))]
async fn show_first_run(State(state): State<AppState>, caller: Caller) -> Answer<StatusCode> {
    state.write(&caller, |tx, actor, _| steps::dismiss(tx, actor, false)).await?;
    Ok(StatusCode::NO_CONTENT)
}
