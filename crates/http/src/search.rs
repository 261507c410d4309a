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
use opora_search::Hit;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const USUAL: usize = 20;
const MOST: usize = 100;
/// For a reader who sees only some tickets, so many hits are looked through at most.
const LOOKED_THROUGH: usize = 1_000;

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
    let sees_all = caller.actor.sight == Sight::Everything;
    let (mut items, mut skip, mut seen) = (Vec::new(), 0, 0);
    let total = loop {
        let hits = matching::search(&state, params.q.clone(), skip, limit).await?;
        let (found, last) = (hits.items.len(), hits.items.len() < limit);
        let page = state.read(&caller, move |tx, actor, _| look_up(tx, actor, &hits.items)).await?;
        seen += page.len();
        items.extend(page);
        skip += found;
        if sees_all {
            break hits.total_groups;
        }
        if last || skip >= LOOKED_THROUGH {
            break seen;
        }
    };
    items.truncate(limit);
    Ok(Json(FoundPage { items, total }))
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
