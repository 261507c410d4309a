//! Where everything hangs together: the API under `/api/v1`, the workspace everywhere else, and the layers around them.

use crate::state::AppState;
use crate::{
    agents, attachments, audit, brands, calendars, confirm, contacts, demo, drafts, entitlement, filter, guard, health,
    imports, inboxes, links, live, mass, me, messages, metrics, notifications, openapi, plans, probe, problem,
    quarantine, request_id, roles, roster, routing, search, session, setup, sla, start, talks, teams, templates,
    tickets, views, web,
};
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Extension, Router};
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// Answers smaller than this are not worth compressing.
const WORTH_COMPRESSING: u64 = 4_096;

/// Everything under `/api/v1`, ordinary requests and those that may take their time.
fn api() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(openapi::head())
        .merge(setup::routes())
        .merge(session::routes())
        .merge(start::routes())
        .merge(me::routes())
        .merge(links::routes())
        .merge(agents::routes())
        .merge(teams::routes())
        .merge(roles::routes())
        .merge(brands::routes())
        .merge(calendars::routes())
        .merge(inboxes::routes())
        .merge(views::routes())
        .merge(filter::routes())
        .merge(tickets::routes())
        .merge(routing::routes())
        .merge(messages::routes())
        .merge(imports::routes())
        .merge(audit::routes())
        .merge(notifications::routes())
        .merge(mass::routes())
        .merge(templates::routes())
        .merge(sla::routes())
        .merge(drafts::routes())
        .merge(talks::routes())
        .merge(contacts::routes())
        .merge(roster::routes())
        .merge(plans::routes())
        .merge(entitlement::routes())
        .merge(search::routes())
        .merge(quarantine::routes())
        .merge(demo::routes())
}

/// Requests that end when they end: uploads, downloads, the live socket.
fn patient_api() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(attachments::routes())
        .merge(probe::routes())
        .merge(imports::patient_routes())
        .merge(inboxes::patient_routes())
        .merge(live::routes())
}

/// The API's description.
pub fn description() -> OpenApi {
    api().merge(patient_api()).into_openapi()
}

/// The whole edge over this state.
pub fn router(state: AppState) -> Router {
    // The recorder must be there before the first figure.
    metrics::recorder();
    let (ordinary, _) = api().split_for_parts();
    let (patient, _) = patient_api().layer(DefaultBodyLimit::disable()).split_for_parts();
    let answerer = start::Answerer(ordinary.clone().with_state(state.clone()));
    let v1 = ordinary
        .layer(Extension(answerer))
        .layer(from_fn_with_state(state.clone(), guard::patience))
        .merge(patient)
        .merge(openapi::routes(&description()))
        .method_not_allowed_fallback(|| async {
            problem::Problem::new(crate::sentences::Code::MethodNotAllowed).into_response()
        })
        .layer(from_fn(guard::same_site));
    let compression = CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(
        SizeAbove::new(WORTH_COMPRESSING)
            .and(NotForContentType::IMAGES)
            .and(NotForContentType::const_new("application/zip"))
            .and(NotForContentType::const_new("application/octet-stream")),
    );
    Router::new()
        .nest("/api/v1", v1)
        .merge(confirm::routes())
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(metrics::show))
        .route("/calendar/{file}", get(roster::calendar))
        .fallback(web::serve)
        .layer(CatchPanicLayer::custom(guard::panicked))
        .layer(from_fn(problem::in_their_language))
        .layer(compression)
        .layer(from_fn(guard::careful_headers))
        .layer(from_fn(metrics::observe))
        .layer(from_fn(request_id::number))
        .with_state(state)
}
