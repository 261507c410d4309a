//! Trying an inbox's servers, before its settings are kept or after. Who connects is the binary's choice.

use crate::auth::Caller;
use crate::form::{At, Form};
use crate::language::Language;
use crate::problem::{Answer, Problem, ProblemBody};
use crate::sentences::Code;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use futures::future::BoxFuture;
use opora_desk::department::inboxes::{self, InboxForm};
use opora_desk::{InboxId, Permission};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// A server to be tried.
#[derive(Clone, Debug)]
pub struct Trial {
    /// `smtp://…` or `imap://…`.
    pub url: String,
    /// The password as it was just typed …
    pub password: Option<String>,
    /// … or purpose and seal of the one that is kept.
    pub sealed: Option<(String, Vec<u8>)>,
    /// In which language to say what is wrong.
    pub russian: bool,
}

/// How far a trial came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Step {
    /// "address", "connect", "tls", "login" or "ready".
    pub step: &'static str,
    /// That went well.
    pub ok: bool,
    /// What is wrong and what to do; empty when nothing is.
    pub detail: String,
}

/// What became of a trial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Check {
    /// Everything went well.
    pub ok: bool,
    /// What kind of trouble it is, for programs.
    pub code: Option<String>,
    /// One after the other, up to the one that went wrong.
    pub steps: Vec<Step>,
}

/// Whoever can reach mail servers.
pub trait Probe: Send + Sync + 'static {
    /// Connects, protects, logs in, says good-bye. Sends and reads nothing.
    fn try_out(&self, trial: Trial) -> BoxFuture<'static, Check>;
}

/// What became of both trials; nothing for a server the inbox does not have.
#[derive(Debug, Serialize, ToSchema)]
struct Checks {
    /// Answers leave by it.
    smtp: Option<Check>,
    /// Mail is fetched from it.
    imap: Option<Check>,
}

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(try_form)).routes(routes!(try_inbox))
}

/// Try the servers of a form before it is kept.
#[utoipa::path(post, path = "/inboxes/test", tag = "department", request_body = InboxForm,
    responses((status = OK, body = Checks), (status = FORBIDDEN, body = ProblemBody)))]
async fn try_form(
    State(state): State<AppState>,
    caller: Caller,
    language: Language,
    form: Form<InboxForm>,
) -> Answer<Json<Checks>> {
    caller.actor.need(Permission::InboxManage)?;
    let form = form.value;
    let smtp = trial(form.smtp_url, form.smtp_password, None, language);
    let imap = trial(form.imap_url, form.imap_password, None, language);
    checks(&state, smtp, imap).await
}

/// Try the servers of an inbox. A form says what is about to be different.
#[utoipa::path(post, path = "/inboxes/{id}/test", tag = "department", params(("id" = i64, Path)),
    request_body = InboxForm, responses((status = OK, body = Checks), (status = NOT_FOUND, body = ProblemBody)))]
async fn try_inbox(
    State(state): State<AppState>,
    caller: Caller,
    language: Language,
    At(id): At<InboxId>,
    form: Form<InboxForm>,
) -> Answer<Json<Checks>> {
    caller.actor.need(Permission::InboxManage)?;
    let kept = state.read(&caller, move |tx, _, _| {
        let inbox = inboxes::get(tx, id)?;
        Ok((inbox, inboxes::sealed_password(tx, id, "smtp")?, inboxes::sealed_password(tx, id, "imap")?))
    });
    let (inbox, smtp_sealed, imap_sealed) = kept.await?;
    let form = form.value;
    // A kept password goes to no other server than the one it was given for.
    let same = |asked: &Option<String>, kept: &Option<inboxes::Server>| {
        asked.is_none() || asked.as_deref() == kept.as_ref().map(|server| server.url.as_str())
    };
    let smtp_sealed = smtp_sealed.filter(|_| same(&form.smtp_url, &inbox.smtp));
    let imap_sealed = imap_sealed.filter(|_| same(&form.imap_url, &inbox.imap));
    let smtp = trial(form.smtp_url.or(inbox.smtp.map(|s| s.url)), form.smtp_password, smtp_sealed, language);
    let imap = trial(form.imap_url.or(inbox.imap.map(|s| s.url)), form.imap_password, imap_sealed, language);
    checks(&state, smtp, imap).await
}

fn trial(
    url: Option<String>,
    password: Option<String>,
    sealed: Option<(String, Vec<u8>)>,
    language: Language,
) -> Option<Trial> {
    let url = url.filter(|url| !url.trim().is_empty())?;
    let password = password.filter(|password| !password.is_empty());
    Some(Trial { url: url.trim().to_owned(), password, sealed, russian: language == Language::Ru })
}

async fn checks(state: &AppState, smtp: Option<Trial>, imap: Option<Trial>) -> Answer<Json<Checks>> {
    let one = |trial: Option<Trial>| async {
        let Some(trial) = trial else { return Ok(None) };
        let probe = state.probe.as_ref().ok_or_else(|| Problem::new(Code::Busy))?;
        Ok::<_, Problem>(Some(probe.try_out(trial).await))
    };
    let (smtp, imap) = tokio::join!(one(smtp), one(imap));
    Ok(Json(Checks { smtp: smtp?, imap: imap? }))
}
