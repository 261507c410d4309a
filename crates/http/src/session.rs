//! Coming in and going out.
//!
//! A login is two transactions with the argon2 run between them; the turn at hashing is held throughout, so that
//! guesses made at the same moment are counted one after the other.

use crate::auth::{self, BaseUrl, Caller, From as Visiting};
use crate::form::Form;
use crate::myself::{Myself, myself};
use crate::problem::{Answer, Problem, ProblemBody};
use crate::sentences::Code;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use opora_desk::people::{agents, login};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(sign_in, who_am_i, sign_out))
}

/// Somebody who has just come in: their cookie and who they are.
pub(crate) struct SignedIn(pub(crate) HeaderValue, pub(crate) Myself);

impl IntoResponse for SignedIn {
    fn into_response(self) -> Response {
        ([(header::SET_COOKIE, self.0)], Json(self.1)).into_response()
    }
}

/// A login.
#[derive(Debug, Deserialize, ToSchema)]
struct LoginForm {
    /// The address.
    email: String,
    /// The password.
    password: String,
}

/// Sign in with a password.
#[utoipa::path(post, path = "/session", tag = "session", security(()), request_body = LoginForm, responses(
    (status = OK, body = Myself),
    (status = UNAUTHORIZED, body = ProblemBody, description = "`wrong_login`"),
    (status = TOO_MANY_REQUESTS, body = ProblemBody, description = "`throttled`")))]
async fn sign_in(
    State(state): State<AppState>,
    Visiting(visitor): Visiting,
    base: BaseUrl,
    form: Form<LoginForm>,
) -> Answer<SignedIn> {
    let LoginForm { email, password } = form.value;
    let turn = state.hashing.turn().await?;
    let (now, demo) = (state.now(), state.config.demo);
    let known = {
        let (email, visitor) = (email.clone(), visitor.clone());
        state.store.read(move |tx| login::knock(tx, &email, &visitor, now)).await?
    };
    let right = turn.matches(password, known.as_ref().map(|(_, hash)| hash.clone())).await?;
    let Some((agent, _)) = known.filter(|_| right) else {
        state.store.write(move |tx| login::turn_away(tx, &email, &visitor, now)).await?;
        return Err(Problem::new(Code::WrongLogin));
    };
    let (me, cookie) = state
        .store
        .write(move |tx| {
            let cookie = login::welcome(tx, agent, &email, &visitor, now)?;
            let actor = agents::actor(tx, agent)?;
            Ok::<_, opora_desk::Error>((myself(tx, &actor, demo)?, cookie))
        })
        .await?;
    Ok(SignedIn(auth::begin_cookie(&cookie, &base)?, me))
}

/// Who am I?
#[utoipa::path(get, path = "/session", tag = "session",
    responses((status = OK, body = Myself), (status = UNAUTHORIZED, body = ProblemBody, description = "`unauthenticated`")))]
async fn who_am_i(State(state): State<AppState>, caller: Caller) -> Answer<Json<Myself>> {
    let demo = state.config.demo;
    Ok(Json(state.read(&caller, move |tx, actor, _| myself(tx, actor, demo)).await?))
}

/// Sign out.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = NO_CONTENT)))]
async fn sign_out(State(state): State<AppState>, caller: Caller) -> Answer<Response> {
    let session = caller.in_person()?;
    state.write(&caller, move |tx, actor, _| login::end_session(tx, actor, session)).await?;
    state.hub.check_credentials();
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, auth::end_cookie())]).into_response())
}
