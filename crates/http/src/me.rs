//! What people change about themselves: name, language, theme, password, sessions, tokens.
//!
//! Passwords, sessions and tokens are changed in person only: a token must not make a token wider than itself.

use crate::auth::{Caller, From as Visiting};
use crate::form::{At, Form};
use crate::items::Items;
use crate::myself::{Myself, myself};
use crate::problem::{Answer, Problem, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use opora_desk::people::profile::ProfileChange;
use opora_desk::people::{agents, login, profile, tokens};
use opora_desk::{SessionId, TokenId};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(change_me))
        .routes(routes!(my_sessions))
        .routes(routes!(end_session))
        .routes(routes!(my_tokens, make_token))
        .routes(routes!(revoke_token))
}

/// What is to be different about me; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
struct MeForm {
    /// My name.
    name: Option<String>,
    /// "ru" or "en".
    locale: Option<String>,
    /// "system", "light" or "dark".
    theme: Option<String>,
    /// What to set for my own workspace, by name; `null` takes it away. At most 16 KiB in all.
    #[serde(default)]
    #[schema(value_type = Object)]
    preferences: serde_json::Map<String, serde_json::Value>,
    /// A new password; ends my other sessions.
    password: Option<PasswordForm>,
}

/// A new password.
#[derive(Debug, Deserialize, ToSchema)]
struct PasswordForm {
    /// The present one.
    old: String,
    /// The new one, at least 8 characters.
    new: String,
}

/// A token to be made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct TokenForm {
    /// What it is for.
    name: String,
    /// "all", or permissions by name.
    scopes: Vec<String>,
}

/// Change my name, language, theme or password.
#[utoipa::path(patch, path = "/me", tag = "me", request_body = MeForm,
    responses((status = OK, body = Myself), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn change_me(
    State(state): State<AppState>,
    caller: Caller,
    visiting: Visiting,
    form: Form<MeForm>,
) -> Answer<Json<Myself>> {
    let form = form.value;
    let hash = match form.password {
        Some(password) => Some(new_hash(&state, &caller, visiting, password).await?),
        None => None,
    };
    let change =
        ProfileChange { name: form.name, locale: form.locale, theme: form.theme, preferences: form.preferences };
    let (session, demo) = (caller.session, state.config.demo);
    let me = state
        .write(&caller, move |tx, actor, now| {
            profile::change(tx, actor, &change)?;
            if let Some(hash) = &hash {
                profile::set_password(tx, actor, hash, session, now)?;
            }
            myself(tx, actor, demo)
        })
        .await?;
    Ok(Json(me))
}

/// The hash of a new password, once the old one was right. Wrong guesses count like those at the door.
async fn new_hash(state: &AppState, caller: &Caller, visiting: Visiting, form: PasswordForm) -> Answer<String> {
    caller.in_person()?;
    let (Visiting(visitor), id) = (visiting, caller.agent()?);
    let turn = state.hashing.turn().await?;
    let (email, known) = {
        let visitor = visitor.clone();
        state
            .read(caller, move |tx, _, now| {
                let email = agents::get(tx, id)?.email;
                let known = login::knock(tx, &email, &visitor, now)?;
                Ok((email, known))
            })
            .await?
    };
    if !turn.matches(form.old, known.map(|(_, hash)| hash)).await? {
        state.write(caller, move |tx, _, now| login::turn_away(tx, &email, &visitor, now)).await?;
        return Err(Problem::field("password.old", "wrong", "this is not your present password"));
    }
    turn.hash(form.new).await
}

/// My sessions, the latest first.
#[utoipa::path(get, path = "/me/sessions", tag = "me", responses((status = OK, body = Items<login::Session>)))]
async fn my_sessions(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<login::Session>>> {
    let current = caller.session;
    let sessions = state.read(&caller, move |tx, actor, now| login::sessions(tx, actor, current, now)).await?;
    Ok(Json(sessions.into()))
}

/// End one of my sessions.
#[utoipa::path(delete, path = "/me/sessions/{id}", tag = "me", params(("id" = i64, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ProblemBody)))]
async fn end_session(State(state): State<AppState>, caller: Caller, At(id): At<SessionId>) -> Answer<StatusCode> {
    caller.in_person()?;
    state.write(&caller, move |tx, actor, _| login::end_session(tx, actor, id)).await?;
    state.hub.check_credentials();
    Ok(StatusCode::NO_CONTENT)
}

/// My API tokens.
#[utoipa::path(get, path = "/me/tokens", tag = "me", responses((status = OK, body = Items<tokens::Token>)))]
async fn my_tokens(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<tokens::Token>>> {
    Ok(Json(state.read(&caller, |tx, actor, _| tokens::list(tx, actor)).await?.into()))
}

/// Make an API token. It is shown once, in this answer.
#[utoipa::path(post, path = "/me/tokens", tag = "me", request_body = TokenForm,
    responses((status = CREATED, body = tokens::Token), (status = FORBIDDEN, body = ProblemBody, description = "`session_needed`")))]
async fn make_token(State(state): State<AppState>, caller: Caller, form: Form<TokenForm>) -> Answer<Response> {
    caller.in_person()?;
    let (form, once) = (form.value, form.once.sealed());
    state
        .post(&caller, once, StatusCode::CREATED, move |tx, actor, now| {
            tokens::create(tx, actor, &form.name, &form.scopes, now)
        })
        .await
}

/// Take one of my tokens out of use.
#[utoipa::path(delete, path = "/me/tokens/{id}", tag = "me", params(("id" = i64, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ProblemBody)))]
async fn revoke_token(State(state): State<AppState>, caller: Caller, At(id): At<TokenId>) -> Answer<StatusCode> {
    caller.in_person()?;
    state.write(&caller, move |tx, actor, now| tokens::revoke(tx, actor, id, now)).await?;
    state.hub.check_credentials();
    Ok(StatusCode::NO_CONTENT)
}
