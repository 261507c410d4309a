//! Views with their exact counts, and the tags in use.

use crate::auth::Caller;
use crate::form::{At, Form};
use crate::items::Items;
use crate::matching;
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use opora_desk::actor::Sight;
use opora_desk::tickets::filter::Matches;
use opora_desk::tickets::views::{self, Arrangement, Counter, View, ViewForm};
use opora_desk::tickets::{self, Tag};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_views, make_view))
        .routes(routes!(arrange_views))
        .routes(routes!(change_view, remove_view))
        .routes(routes!(list_tags))
}

/// My views in my order, and how many tickets each holds.
#[utoipa::path(get, path = "/views", tag = "tickets", responses((status = OK, body = Items<View>)))]
async fn list_views(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<View>>> {
    let mine = state.read(&caller, |tx, actor, _| views::list(tx, actor)).await?;
    let matches = matches(&state, &mine).await?;
    let counted = state.read(&caller, move |tx, actor, now| Counter::new(&matches, now).views(tx, actor));
    Ok(Json(counted.await?.into()))
}

/// Where the words of these views are found.
pub(crate) async fn matches(state: &AppState, views: &[View]) -> Answer<Matches> {
    if state.search.is_none() {
        return Ok(Matches::default());
    }
    let shown = views.iter().filter(|view| !view.hidden);
    let filters = shown.filter_map(|view| opora_query::parse(&view.query).ok());
    matching::matches(state, filters.flat_map(|filter| Matches::texts(&filter)).collect()).await
}

/// What is counted sooner is counted every time.
const WORTH_KEEPING: Duration = Duration::from_millis(20);

/// The tags as they were counted last. Every workspace asks for them when it opens, and counting reads all there are: it may take
/// a twentieth of the time.
#[derive(Clone, Default)]
pub(crate) struct KeptTags(Arc<Mutex<Option<GoodUntil>>>);

type GoodUntil = (Instant, Vec<Tag>);

impl KeptTags {
    fn known(&self) -> Option<Vec<Tag>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(until, _)| Instant::now() < *until).map(|(_, tags)| tags.clone())
    }

    fn keep(&self, tags: &[Tag], took: Duration) {
        if took < WORTH_KEEPING {
            return;
        }
        let until = Instant::now() + took * 19;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((until, tags.to_vec()));
    }
}

/// Make a view of my own, or with the permission `view.share` for a team or everybody.
#[utoipa::path(post, path = "/views", tag = "tickets", request_body = ViewForm, responses(
    (status = CREATED, body = View), (status = BAD_REQUEST, body = ProblemBody, description = "`bad_query`, with `at`"),
    (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn make_view(State(state): State<AppState>, caller: Caller, form: Form<ViewForm>) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state.post(&caller, once, StatusCode::CREATED, move |tx, actor, now| views::create(tx, actor, &form, now)).await
}

/// Change a view; what is absent stays.
#[utoipa::path(patch, path = "/views/{key}", tag = "tickets", params(("key" = String, Path)), request_body = ViewForm,
    responses((status = OK, body = View), (status = NOT_FOUND, body = ProblemBody),
    (status = FORBIDDEN, body = ProblemBody)))]
async fn change_view(
    State(state): State<AppState>,
    caller: Caller,
    At(key): At<String>,
    form: Form<ViewForm>,
) -> Answer<Json<View>> {
    let form = form.value;
    Ok(Json(state.write(&caller, move |tx, actor, now| views::edit(tx, actor, &key, &form, now)).await?))
}

/// Remove a view. Its tickets stay where they are.
#[utoipa::path(delete, path = "/views/{key}", tag = "tickets", params(("key" = String, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ProblemBody), (status = FORBIDDEN, body = ProblemBody)))]
async fn remove_view(State(state): State<AppState>, caller: Caller, At(key): At<String>) -> Answer<StatusCode> {
    state.write(&caller, move |tx, actor, now| views::delete(tx, actor, &key, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Arrange my views.
#[utoipa::path(put, path = "/views/order", tag = "tickets", request_body = Arrangement,
    responses((status = NO_CONTENT), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn arrange_views(State(state): State<AppState>, caller: Caller, form: Form<Arrangement>) -> Answer<StatusCode> {
    let wanted = form.value;
    state.write(&caller, move |tx, actor, _| views::arrange(tx, actor, &wanted)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The tags in use in tickets I may see, the most used first.
#[utoipa::path(get, path = "/tags", tag = "tickets", responses((status = OK, body = Items<Tag>)))]
async fn list_tags(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<Tag>>> {
    let alike = caller.actor.sight == Sight::Everything;
    if let Some(known) = state.tags.known().filter(|_| alike) {
        return Ok(Json(known.into()));
    }
    let begun = Instant::now();
    let tags = state.read(&caller, |tx, actor, _| tickets::tags(tx, actor)).await?;
    if alike {
        state.tags.keep(&tags, begun.elapsed());
    }
    Ok(Json(tags.into()))
}
