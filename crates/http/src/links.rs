//! Links sent by mail: joining the department, choosing a new password.

use crate::auth::{self, BaseUrl, Caller, From as Visiting};
use crate::form::{At, Form};
use crate::myself::{Myself, myself};
use crate::problem::{Answer, ProblemBody};
use crate::session::SignedIn;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use opora_desk::AgentId;
use opora_desk::people::links::{self, InvitationForm, LinkOwner, Purpose};
use opora_desk::people::{agents, password};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(invite))
        .routes(routes!(look_at_invitation, accept_invitation))
        .routes(routes!(ask_for_reset))
        .routes(routes!(look_at_reset, choose_password))
}

/// An invitation made.
#[derive(Debug, Serialize, ToSchema)]
struct Invitation {
    /// The colleague to come.
    id: AgentId,
    /// Where they are reached.
    email: String,
    /// The link to hand them; works once, for a week.
    link: String,
}

/// Joining.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct JoinForm {
    /// How colleagues shall know me.
    name: Option<String>,
    /// My password, at least 8 characters.
    password: String,
}

/// Whose password is to be new.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct ResetForm {
    /// Their address.
    email: String,
}

/// A new password.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct NewPasswordForm {
    /// At least 8 characters.
    password: String,
}

/// Invite a colleague.
#[utoipa::path(post, path = "/invitations", tag = "people", request_body = InvitationForm,
    responses((status = CREATED, body = Invitation), (status = FORBIDDEN, body = ProblemBody)))]
async fn invite(
    State(state): State<AppState>,
    caller: Caller,
    BaseUrl(base): BaseUrl,
    form: Form<InvitationForm>,
) -> Answer<Response> {
    let (form, once) = (form.value, form.once.sealed());
    let letters = state.letters.clone();
    state
        .post(&caller, once, StatusCode::CREATED, move |tx, actor, now| {
            let (id, secret) = links::invite(tx, actor, &form, now)?;
            let link = format!("{base}/invitation/{secret}");
            letters.post(tx, id, crate::letters::Letter::Invitation { link: link.clone() }, now)?;
            Ok(Invitation { id, email: agents::get(tx, id)?.email, link })
        })
        .await
}

/// Whom is this invitation for?
#[utoipa::path(get, path = "/invitations/{token}", tag = "people", security(()), params(("token" = String, Path)),
    responses((status = OK, body = LinkOwner), (status = NOT_FOUND, body = ProblemBody, description = "`link_expired`")))]
async fn look_at_invitation(State(state): State<AppState>, At(secret): At<String>) -> Answer<Json<LinkOwner>> {
    owner(&state, secret, Purpose::Invitation).await
}

/// Join the department.
#[utoipa::path(post, path = "/invitations/{token}", tag = "people", security(()), params(("token" = String, Path)),
    request_body = JoinForm, responses((status = OK, body = Myself), (status = NOT_FOUND, body = ProblemBody)))]
async fn accept_invitation(
    State(state): State<AppState>,
    visiting: Visiting,
    base: BaseUrl,
    At(secret): At<String>,
    form: Form<JoinForm>,
) -> Answer<SignedIn> {
    let link = Link { secret, purpose: Purpose::Invitation };
    accept(&state, visiting, base, link, form.value).await
}

/// Ask for a link to choose a new password. Always answers the same, so that nobody learns who works here.
#[utoipa::path(post, path = "/password-resets", tag = "people", security(()), request_body = ResetForm,
    responses((status = NO_CONTENT)))]
async fn ask_for_reset(
    State(state): State<AppState>,
    BaseUrl(base): BaseUrl,
    form: Form<ResetForm>,
) -> Answer<StatusCode> {
    let (form, now) = (form.value, state.now());
    let letters = state.letters.clone();
    state
        .store
        .write(move |tx| match links::request_reset(tx, &form.email, now)? {
            Some((agent, secret)) => {
                let link = format!("{base}/password-reset/{secret}");
                letters.post(tx, agent, crate::letters::Letter::PasswordReset { link }, now)
            }
            None => Ok(()),
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whose password does this link change?
#[utoipa::path(get, path = "/password-resets/{token}", tag = "people", security(()), params(("token" = String, Path)),
    responses((status = OK, body = LinkOwner), (status = NOT_FOUND, body = ProblemBody, description = "`link_expired`")))]
async fn look_at_reset(State(state): State<AppState>, At(secret): At<String>) -> Answer<Json<LinkOwner>> {
    owner(&state, secret, Purpose::Reset).await
}

/// Choose a new password and come in.
#[utoipa::path(post, path = "/password-resets/{token}", tag = "people", security(()), params(("token" = String, Path)),
    request_body = NewPasswordForm, responses((status = OK, body = Myself), (status = NOT_FOUND, body = ProblemBody)))]
async fn choose_password(
    State(state): State<AppState>,
    visiting: Visiting,
    base: BaseUrl,
    At(secret): At<String>,
    form: Form<NewPasswordForm>,
) -> Answer<SignedIn> {
    let link = Link { secret, purpose: Purpose::Reset };
    accept(&state, visiting, base, link, JoinForm { name: None, password: form.value.password }).await
}

async fn owner(state: &AppState, secret: String, purpose: Purpose) -> Answer<Json<LinkOwner>> {
    let now = state.now();
    let (_, owner) = state.store.read(move |tx| links::owner(tx, &secret, purpose, now)).await?;
    Ok(Json(owner))
}

struct Link {
    secret: String,
    purpose: Purpose,
}

async fn accept(
    state: &AppState,
    Visiting(visitor): Visiting,
    base: BaseUrl,
    link: Link,
    form: JoinForm,
) -> Answer<SignedIn> {
    // The link is looked at first: hashing is too dear for strangers without one.
    let Json(_) = owner(state, link.secret.clone(), link.purpose).await?;
    password::check(&form.password)?;
    let hash = state.hashing.turn().await?.hash(form.password).await?;
    let (now, demo) = (state.now(), state.config.demo);
    let (me, cookie) = state
        .store
        .write(move |tx| {
            let name = form.name.as_deref();
            let (id, cookie) = links::accept(tx, &link.secret, link.purpose, name, &hash, &visitor, now)?;
            let actor = agents::actor(tx, id)?;
            Ok::<_, opora_desk::Error>((myself(tx, &actor, demo)?, cookie))
        })
        .await?;
    Ok(SignedIn(auth::begin_cookie(&cookie, &base)?, me))
}
