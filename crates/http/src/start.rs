//! What a workspace asks for when it opens, answered in one: a department's lists are small, and asking for each of them
//! takes longer than answering.

use crate::auth::Caller;
use crate::form::Asked;
use crate::language::Language;
use crate::problem::{Answer, Problem};
use crate::state::AppState;
use crate::tickets;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, State};
use axum::http::Request;
use axum::http::request::Parts;
use axum::{Extension, Json, Router};
use futures::future::join_all;
use opora_base::event;
use opora_desk::tickets::TicketPage;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use tower::Service;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What every workspace needs, by its own address; what the asker may not have is left out. Strangers may have the first.
const QUESTIONS: [&str; 12] = [
    "/setup",
    "/session",
    "/views",
    "/agents",
    "/teams",
    "/inboxes",
    "/brands",
    "/roles",
    "/tags",
    "/first-run",
    "/notifications",
    "/mass-actions",
];
const LARGEST_ANSWER: usize = 16 * 1024 * 1024;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(start))
}

/// Who answers the questions: the API itself.
#[derive(Clone)]
pub(crate) struct Answerer(pub(crate) Router);

/// What is to be on the screen.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct StartParams {
    /// The view whose list is shown.
    #[serde(default)]
    view: String,
    /// The ticket that is open.
    ticket: Option<i64>,
}

/// What a workspace needs when it opens.
#[derive(Debug, Serialize, ToSchema)]
struct Start {
    /// The place in the log before all of this: if the live socket begins elsewhere, something happened meanwhile. How much
    /// has happened here is no stranger's business.
    seq: Option<i64>,
    /// Answers by their addresses: what `GET` of each of them gives.
    #[schema(value_type = Object)]
    answers: BTreeMap<String, Value>,
    /// The list of the view that was asked for.
    list: Option<FirstList>,
}

/// The first page of a list.
#[derive(Debug, Serialize, ToSchema)]
struct FirstList {
    /// The view's filter.
    query: String,
    /// The view's order.
    sort: String,
    /// As `/tickets` gives it.
    page: TicketPage,
}

/// What a workspace needs when it opens, in one answer; for somebody who is not signed in only `/setup`.
#[utoipa::path(get, path = "/start", tag = "session", security(()), params(StartParams),
    responses((status = OK, body = Start)))]
async fn start(
    State(state): State<AppState>,
    Extension(answerer): Extension<Answerer>,
    Asked(params): Asked<StartParams>,
    language: Language,
    mut parts: Parts,
) -> Answer<Json<Start>> {
    let caller = Caller::from_request_parts(&mut parts, &state).await.ok();
    let seq = match &caller {
        Some(caller) => Some(state.read(caller, |tx, _, _| Ok(event::end(tx)?.seq)).await?),
        None => None,
    };
    let mut paths: Vec<String> = QUESTIONS.iter().map(|path| (*path).to_owned()).collect();
    paths.extend(params.ticket.map(|id| format!("/tickets/{id}?beside=true")));
    if caller.is_none() {
        paths.truncate(1);
    }
    let asked = paths.into_iter().map(|path| ask(answerer.0.clone(), &parts, path));
    let answers: BTreeMap<String, Value> = join_all(asked).await.into_iter().flatten().collect();
    let list = match caller {
        Some(caller) => first_list(&state, &caller, language, &answers, &params.view).await,
        None => None,
    };
    Ok(Json(Start { seq, answers, list }))
}

/// The answer to one question, asked in the name of whoever asked us; nothing if there is none.
async fn ask(mut answerer: Router, asker: &Parts, path: String) -> Option<(String, Value)> {
    let mut question = Request::get(&path).body(Body::empty()).ok()?;
    *question.headers_mut() = asker.headers.clone();
    *question.extensions_mut() = asker.extensions.clone();
    let answer = answerer.call(question).await.ok()?;
    if !answer.status().is_success() {
        return None;
    }
    let body = to_bytes(answer.into_body(), LARGEST_ANSWER).await.ok()?;
    Some((path, serde_json::from_slice(&body).ok()?))
}

async fn first_list(
    state: &AppState,
    caller: &Caller,
    language: Language,
    answers: &BTreeMap<String, Value>,
    key: &str,
) -> Option<FirstList> {
    let views = answers.get("/views")?["items"].as_array()?;
    let view = views.iter().find(|view| view["key"] == key)?;
    let (query, sort) = (view["query"].as_str()?.to_owned(), view["sort"].as_str()?.to_owned());
    let page = tickets::first_page(state, caller, language, &query, &sort).await;
    // The workspace asks again by itself and shows the reason.
    let page = page.inspect_err(|problem: &Problem| tracing::debug!(?problem, key, "no first list")).ok()?;
    Some(FirstList { query, sort, page })
}
