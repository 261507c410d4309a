//! Search over messages, the colleagues' among themselves too: the best of each ticket, with the place where the words stand.
//!
//! The index knows tickets by number only; what a reader may not see is left out here, by the same rule as everywhere.

use crate::auth::Caller;
use crate::form::Asked;
use crate::matching;
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use opora_desk::actor::Sight;
use opora_desk::search_feed::Source;
use opora_desk::tickets::{self, TicketRow, talks};
use opora_desk::{self as desk, MessageId, Permission, TicketId};
use opora_search::{Hit, Hits, Reach};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const USUAL: usize = 20;
const MOST: usize = 100;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(search))
}

/// What to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchParams {
    /// Words, "phrases", numbers, addresses.
    #[serde(default)]
    q: String,
    /// How many, 20 unless said, at most 100.
    limit: Option<usize>,
}

/// A ticket found.
#[derive(Debug, Serialize, ToSchema)]
struct Found {
    /// The ticket.
    ticket: TicketRow,
    /// The message that answers best; absent when colleagues said it among themselves.
    message_id: Option<MessageId>,
    /// The conversation among colleagues in which the best answer stands.
    talk: Option<FoundTalk>,
    /// The place in it: escaped HTML with `<mark>` and nothing else.
    snippet_html: String,
}

/// A conversation among colleagues.
#[derive(Debug, Serialize, ToSchema)]
struct FoundTalk {
    /// Its number.
    id: i64,
    /// What it is about.
    subject: String,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
struct FoundPage {
    /// The best first.
    items: Vec<Found>,
    /// How many tickets in all (exact up to 10,000).
    total: usize,
}

/// Search messages, subjects, contacts, numbers, and what colleagues said beside them.
#[utoipa::path(get, path = "/search", tag = "search", params(SearchParams),
    responses((status = OK, body = FoundPage), (status = SERVICE_UNAVAILABLE, body = ProblemBody)))]
async fn search(
    State(state): State<AppState>,
    caller: Caller,
    Asked(params): Asked<SearchParams>,
) -> Answer<Json<FoundPage>> {
    caller.actor.need(Permission::TicketView)?;
    let limit = params.limit.unwrap_or(USUAL).clamp(1, MOST);
    let hits = match caller.actor.sight {
        Sight::Everything => matching::search(&state, params.q, None, limit).await?,
        Sight::Teams(..) => among_seen(&state, &caller, &params.q, limit).await?,
    };
    let total = hits.total_groups;
    let items = state.read(&caller, move |tx, actor, _| look_up(tx, actor, &hits.items)).await?;
    Ok(Json(FoundPage { items, total }))
}

/// For a reader who sees only some tickets: what others hold neither counts nor pushes theirs off the page.
async fn among_seen(state: &AppState, caller: &Caller, text: &str, limit: usize) -> Answer<Hits> {
    for reach in [Reach::Every, Reach::Any] {
        let found: Arc<[i64]> = matching::tickets(state, text.to_owned(), reach).await?.into();
        let seen = state.read(caller, move |tx, actor, _| tickets::seen_among(tx, actor, &found)).await?;
        if !seen.is_empty() {
            return matching::search(state, text.to_owned(), Some(seen), limit).await;
        }
    }
    Ok(Hits::default())
}

/// The tickets of these hits, without those the reader may not see.
fn look_up(tx: &mut opora_base::Tx<'_>, actor: &desk::Actor, hits: &[Hit]) -> desk::Result<Vec<Found>> {
    let mut found = Vec::with_capacity(hits.len());
    for hit in hits {
        let Ok(ticket) = i64::try_from(hit.group) else { continue };
        let ticket = match tickets::row(tx, actor, TicketId(ticket)) {
            Ok(ticket) => ticket,
            Err(desk::Error::NotFound(_)) => continue,
            Err(error) => return Err(error),
        };
        let (message_id, talk) = match Source::of_key(hit.key) {
            Source::Message(message) => (Some(message), None),
            Source::Talk(message) => (None, talks::of_message(tx, message)?),
        };
        let talk = talk.map(|(id, subject)| FoundTalk { id, subject });
        found.push(Found { ticket, message_id, talk, snippet_html: hit.snippet_html.clone() });
    }
    Ok(found)
}
