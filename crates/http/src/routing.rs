//! Who takes what: the most urgent ticket one may take, routes, and what each colleague can take.

use crate::auth::Caller;
use crate::form::{At, Form};
use crate::items::Items;
use crate::problem::{Answer, ProblemBody};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use opora_desk::routing::people::{self, RaiseForm, Worker, WorkerForm};
use opora_desk::routing::routes::{self, Route, RouteForm};
use opora_desk::routing::{self, Next};
use opora_desk::wall::{self, Wall};
use opora_desk::{AgentId, RouteId, TicketId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const MOST_BESIDES: usize = 1_000;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(take_next))
        .routes(routes!(count_free))
        .routes(routes!(show_wall))
        .routes(routes!(list_routes, make_route))
        .routes(routes!(arrange_routes))
        .routes(routes!(show_route, change_route, remove_route))
        .routes(routes!(list_workers))
        .routes(routes!(change_worker))
        .routes(routes!(go_away))
        .routes(routes!(raise_limits))
}

/// What one has had before one's eyes already.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct NextForm {
    /// Tickets that are not to be given again, at most 1,000.
    besides: Vec<TicketId>,
}

/// Take the single most urgent ticket I may take; nothing (204) when there is none.
#[utoipa::path(post, path = "/tickets/next", tag = "tickets", request_body = NextForm,
    responses((status = OK, body = Next), (status = NO_CONTENT), (status = FORBIDDEN, body = ProblemBody)))]
async fn take_next(State(state): State<AppState>, caller: Caller, form: Form<NextForm>) -> Answer<Response> {
    let besides = form.value.besides;
    if besides.len() > MOST_BESIDES {
        return Err(opora_desk::Error::field("besides", "too_many", format!("at most {MOST_BESIDES}")).into());
    }
    let next = state.write(&caller, move |tx, actor, now| routing::next(tx, actor, &besides, now)).await?;
    Ok(next.map_or_else(|| StatusCode::NO_CONTENT.into_response(), |next| Json(next).into_response()))
}

/// How much is free.
#[derive(Debug, Serialize, ToSchema)]
struct FreeTickets {
    /// Tickets nobody has that I may take.
    count: i64,
}

/// How many tickets are free for me to take.
#[utoipa::path(get, path = "/tickets/free", tag = "tickets", responses((status = OK, body = FreeTickets)))]
async fn count_free(State(state): State<AppState>, caller: Caller) -> Answer<Json<FreeTickets>> {
    let count = state.read(&caller, |tx, actor, _| routing::free_for(tx, actor)).await?;
    Ok(Json(FreeTickets { count }))
}

/// What a lead keeps an eye on: who waits, what must be answered when, who is on duty with how much in hand, where nobody is.
#[utoipa::path(get, path = "/wall", tag = "routing",
    responses((status = OK, body = Wall), (status = FORBIDDEN, body = ProblemBody)))]
async fn show_wall(State(state): State<AppState>, caller: Caller) -> Answer<Json<Wall>> {
    Ok(Json(state.read(&caller, wall::wall).await?))
}

/// All routes, in the order in which they are asked.
#[utoipa::path(get, path = "/routes", tag = "routing", responses((status = OK, body = Items<Route>)))]
async fn list_routes(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<Route>>> {
    Ok(Json(state.read(&caller, |tx, _, _| routes::list(tx)).await?.into()))
}

/// Make a route; it is asked last. Tickets nobody has are looked at again.
#[utoipa::path(post, path = "/routes", tag = "routing", request_body = RouteForm,
    responses((status = CREATED, body = Route), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn make_route(State(state): State<AppState>, caller: Caller, form: Form<RouteForm>) -> Answer<Response> {
    let (form, once) = (form.value, form.once);
    state.post(&caller, once, StatusCode::CREATED, move |tx, actor, now| routes::create(tx, actor, &form, now)).await
}

/// In which order routes are asked.
#[derive(Debug, Deserialize, ToSchema)]
struct RouteOrder {
    /// All routes, the one asked first at the beginning.
    ids: Vec<RouteId>,
}

/// Put the routes in order.
#[utoipa::path(put, path = "/routes/order", tag = "routing", request_body = RouteOrder,
    responses((status = OK, body = Items<Route>), (status = FORBIDDEN, body = ProblemBody)))]
async fn arrange_routes(
    State(state): State<AppState>,
    caller: Caller,
    form: Form<RouteOrder>,
) -> Answer<Json<Items<Route>>> {
    let order = form.value.ids;
    Ok(Json(state.write(&caller, move |tx, actor, now| routes::arrange(tx, actor, &order, now)).await?.into()))
}

/// One route.
#[utoipa::path(get, path = "/routes/{id}", tag = "routing", params(("id" = i64, Path)),
    responses((status = OK, body = Route), (status = NOT_FOUND, body = ProblemBody)))]
async fn show_route(State(state): State<AppState>, caller: Caller, At(id): At<RouteId>) -> Answer<Json<Route>> {
    Ok(Json(state.read(&caller, move |tx, _, _| routes::get(tx, id)).await?))
}

/// Change a route as a whole.
#[utoipa::path(put, path = "/routes/{id}", tag = "routing", params(("id" = i64, Path)), request_body = RouteForm,
    responses((status = OK, body = Route), (status = NOT_FOUND, body = ProblemBody),
    (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn change_route(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<RouteId>,
    form: Form<RouteForm>,
) -> Answer<Json<Route>> {
    let form = form.value;
    Ok(Json(state.write(&caller, move |tx, actor, now| routes::change(tx, actor, id, &form, now)).await?))
}

/// Remove a route.
#[utoipa::path(delete, path = "/routes/{id}", tag = "routing", params(("id" = i64, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ProblemBody)))]
async fn remove_route(State(state): State<AppState>, caller: Caller, At(id): At<RouteId>) -> Answer<StatusCode> {
    state.write(&caller, move |tx, actor, now| routes::delete(tx, actor, id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Everybody: whether they are there, how much they have in hand, how much they take and what they are able to do.
#[utoipa::path(get, path = "/routing/people", tag = "routing", responses((status = OK, body = Items<Worker>)))]
async fn list_workers(State(state): State<AppState>, caller: Caller) -> Answer<Json<Items<Worker>>> {
    Ok(Json(state.read(&caller, people::list).await?.into()))
}

/// Set how much somebody takes and what they are able to do.
#[utoipa::path(put, path = "/routing/people/{id}", tag = "routing", params(("id" = i64, Path)), request_body = WorkerForm,
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ProblemBody), (status = FORBIDDEN, body = ProblemBody)))]
async fn change_worker(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<AgentId>,
    form: Form<WorkerForm>,
) -> Answer<StatusCode> {
    let form = form.value;
    state.write(&caller, move |tx, actor, now| people::set(tx, actor, id, &form, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether one takes tickets at present.
#[derive(Debug, Deserialize, ToSchema)]
struct AwayForm {
    /// Takes nothing.
    away: bool,
}

/// Say that I take nothing at present, or take again.
#[utoipa::path(put, path = "/me/away", tag = "routing", request_body = AwayForm, responses((status = NO_CONTENT)))]
async fn go_away(State(state): State<AppState>, caller: Caller, form: Form<AwayForm>) -> Answer<StatusCode> {
    let away = form.value.away;
    state.write(&caller, move |tx, actor, now| people::set_away(tx, actor, away, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take more than usual for a while, at most twice as much and for a day; without limits: as usual.
#[utoipa::path(put, path = "/me/limits", tag = "routing", request_body = RaiseForm,
    responses((status = NO_CONTENT), (status = UNPROCESSABLE_ENTITY, body = ProblemBody)))]
async fn raise_limits(State(state): State<AppState>, caller: Caller, form: Form<RaiseForm>) -> Answer<StatusCode> {
    let form = form.value;
    state.write(&caller, move |tx, actor, now| people::raise(tx, actor, &form, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}
