//! Is the process alive, and can it do its work?

use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use opora_desk::people::setup;
use serde::Serialize;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(3);

/// The process answers.
pub(crate) async fn live() -> &'static str {
    "ok"
}

/// What can work and what cannot.
#[derive(Debug, Serialize)]
pub(crate) struct Readiness {
    database: bool,
    search: bool,
    stopping: bool,
}

/// The process can do its work: the database answers, and nobody asked it to stop.
pub(crate) async fn ready(State(state): State<AppState>) -> (StatusCode, Json<Readiness>) {
    let answered = tokio::time::timeout(PATIENCE, state.store.read(setup::is_needed)).await;
    let readiness = Readiness {
        database: matches!(answered, Ok(Ok(_))),
        search: state.search.is_some(),
        stopping: state.stopping.is_cancelled(),
    };
    let able = readiness.database && !readiness.stopping;
    (if able { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, Json(readiness))
}
