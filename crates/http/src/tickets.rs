//! Tickets: the list, one of them, a new one, a change, reading, and the frame of an answer.

use crate::auth::Caller;
use crate::form::{Asked, At, Form};
use crate::language::Language;
use crate::matching;
use crate::problem::{Answer, Problem, ProblemBody};
use crate::sentences::Code;
use crate::state::AppState;
use crate::words;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use opora_desk::tickets::{self, Beside, Change, Frame, ListAsk, Page, Ticket, TicketForm, TicketPage};
use opora_desk::{MessageId, TicketId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_tickets, make_ticket))
        .routes(routes!(open_ticket, change_ticket))
        .routes(routes!(mark_read))
        .routes(routes!(reply_frame))
}

/// Which tickets.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListParams {
    /// The filter: `status:new,open assignee:me "words"`. Empty is everything.
    #[serde(default)]
    q: String,
    /// "updated", "created", "id" or "waiting"; "-" before it reverses.
    #[serde(default)]
    sort: String,
    /// `next_cursor` of the page before; empty for the first.
    #[serde(default)]
    cursor: String,
    /// How many, 50 unless said, at most 1,000.
    limit: Option<i64>,
    /// Begin after so many of this order, at most 1,000,000: for jumping. Not together with `cursor`.
    skip: Option<i64>,
}

/// Which page of the conversation.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PageParams {
    /// Only messages before this one.
    before: Option<i64>,
    /// How many messages, 50 unless said, at most 200.
    limit: Option<i64>,
    /// With what stands beside the conversation: the frame of an answer, the customer, what they asked before, deadlines.
    #[serde(default)]
    beside: bool,
}

/// A ticket, and what stands beside it if that was asked for.
#[derive(Debug, Serialize, ToSchema)]
struct Opened {
    #[serde(flatten)]
    ticket: Ticket,
    #[serde(skip_serializing_if = "Option::is_none")]
    beside: Option<Beside>,
}

/// How far somebody has read.
#[derive(Debug, Deserialize, ToSchema)]
struct ReadForm {
    /// The last message seen.
    message_id: MessageId,
}

/// Which language.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FrameParams {
    /// "ru" or "en"; the customer's own when absent.
    locale: Option<String>,
}

/// List tickets by a filter, with the exact number of all that fit.
#[utoipa::path(get, path = "/tickets", tag = "tickets", params(ListParams), responses(
    (status = OK, body = TicketPage),
    (status = BAD_REQUEST, body = ProblemBody, description = "`bad_query`, with `at`")))]
async fn list_tickets(
    State(state): State<AppState>,
    caller: Caller,
    language: Language,
    Asked(params): Asked<ListParams>,
) -> Answer<Json<TicketPage>> {
    let mut ask = ListAsk::parse(&params.q, &params.sort, &params.cursor, params.limit, language.into())?;
    ask.skip(params.skip.unwrap_or(0))?;
    Ok(Json(page(&state, &caller, ask).await?))
}

async fn page(state: &AppState, caller: &Caller, mut ask: ListAsk) -> Answer<TicketPage> {
    ask.matches = matching::matches(state, ask.texts()).await?;
    state.read(caller, move |tx, actor, now| tickets::list(tx, actor, &ask, now)).await
}

/// How a list begins when nothing else is said.
pub(crate) async fn first_page(
    state: &AppState,
    caller: &Caller,
    language: Language,
    query: &str,
    sort: &str,
) -> Answer<TicketPage> {
    page(state, caller, ListAsk::parse(query, sort, "", None, language.into())?).await
}

/// Make a ticket with its first message.
#[utoipa::path(post, path = "/tickets", tag = "tickets", request_body = TicketForm, responses(
    (status = CREATED, body = Ticket), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn make_ticket(State(state): State<AppState>, caller: Caller, form: Form<TicketForm>) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    let words = words::ready(form.body_html.clone(), form.body_text.clone()).await?;
    state
        .post(&caller, once, StatusCode::CREATED, move |tx, actor, now| {
            let id = tickets::create(tx, actor, &form, &words, now)?;
            tickets::open(tx, actor, id, &Page::default(), now)
        })
        .await
}

/// Open a ticket: its last messages, what happened meanwhile, my drafts.
#[utoipa::path(get, path = "/tickets/{id}", tag = "tickets", params(("id" = i64, Path), PageParams),
    responses((status = OK, body = Opened), (status = NOT_FOUND, body = ProblemBody)))]
async fn open_ticket(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<TicketId>,
    Asked(params): Asked<PageParams>,
) -> Answer<Json<Opened>> {
    let page = Page { before: params.before.map(MessageId), limit: params.limit.unwrap_or(Page::default().limit) };
    let opened = state.read(&caller, move |tx, actor, now| {
        let ticket = tickets::open(tx, actor, id, &page, now)?;
        let beside = params.beside.then(|| tickets::beside(tx, actor, id, now)).transpose()?;
        Ok(Opened { ticket, beside })
    });
    Ok(Json(opened.await?))
}

/// Change a ticket; what is absent stays. With a `version`, a field somebody else changed since is not overwritten.
#[utoipa::path(patch, path = "/tickets/{id}", tag = "tickets", params(("id" = i64, Path)), request_body = Change, responses(
    (status = OK, body = Ticket),
    (status = CONFLICT, body = ProblemBody, description = "`ticket_changed`, with `current` (the ticket) and `fields`")))]
async fn change_ticket(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<TicketId>,
    form: Form<Change>,
) -> Answer<Json<Ticket>> {
    let change = form.value;
    let changed = state.write(&caller, move |tx, actor, now| {
        tickets::change(tx, actor, id, &change, now)?;
        tickets::open(tx, actor, id, &Page::default(), now)
    });
    match changed.await {
        Ok(ticket) => Ok(Json(ticket)),
        Err(problem) => Err(with_current(&state, &caller, id, problem).await),
    }
}

/// A conflict shows the ticket as it is now, so that the screen can tell what changed.
pub(crate) async fn with_current(state: &AppState, caller: &Caller, id: TicketId, problem: Problem) -> Problem {
    if !matches!(problem.code(), Code::TicketChanged | Code::NewMessage | Code::BeingAnswered) {
        return problem;
    }
    match state.read(caller, move |tx, actor, now| tickets::open(tx, actor, id, &Page::default(), now)).await {
        Ok(ticket) => problem.with("current", json!(ticket)),
        Err(_) => problem,
    }
}

/// Note how far I have read.
#[utoipa::path(put, path = "/tickets/{id}/read", tag = "tickets", params(("id" = i64, Path)), request_body = ReadForm,
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ProblemBody)))]
async fn mark_read(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<TicketId>,
    form: Form<ReadForm>,
) -> Answer<StatusCode> {
    let message = form.value.message_id;
    state.write(&caller, move |tx, actor, _| tickets::mark_read(tx, actor, id, message)).await?;
    state.hub.recount();
    Ok(StatusCode::NO_CONTENT)
}

/// What stands around an answer: recipients, greeting, closing, signature.
#[utoipa::path(get, path = "/tickets/{id}/reply-frame", tag = "messages", params(("id" = i64, Path), FrameParams),
    responses((status = OK, body = Frame), (status = NOT_FOUND, body = ProblemBody)))]
async fn reply_frame(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<TicketId>,
    Asked(params): Asked<FrameParams>,
) -> Answer<Json<Frame>> {
    let frame = state.read(&caller, move |tx, actor, _| tickets::frame(tx, actor, id, params.locale.as_deref()));
    Ok(Json(frame.await?))
}
