//! Figures for the person on call, in Prometheus' text form: requests by route and status, the store's work and queues,
//! live sockets, memory.

use crate::state::AppState;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use opora_base::job;
use opora_desk::{self as desk, mailroom::quarantine};
use std::sync::OnceLock;
use std::time::Instant;

/// Seconds.
const BUCKETS: &[f64] = &[0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// The process's one recorder; whoever asks first installs it. `None` when another recorder was there before.
pub fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), BUCKETS)
                .and_then(PrometheusBuilder::install_recorder)
                .inspect_err(|error| tracing::warn!(%error, "no metrics"))
                .ok()
        })
        .as_ref()
}

/// Counts and times a request by its route.
pub(crate) async fn observe(request: Request, next: Next) -> Response {
    // Anybody can make up a method: only those we answer are told apart.
    let method = match *request.method() {
        Method::GET | Method::HEAD | Method::POST | Method::PUT | Method::PATCH | Method::DELETE => {
            request.method().as_str()
        }
        _ => "other",
    };
    let method = method.to_owned();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let begun = Instant::now();
    let response = next.run(request).await;
    let (took, status) = (begun.elapsed(), response.status().as_u16());
    let labels = [("method", method), ("route", route), ("status", status.to_string())];
    tracing::debug!(route = %labels[1].1, status, micros = took.as_micros() as u64, "answered");
    metrics::histogram!("opora_http_request_seconds", &labels).record(took.as_secs_f64());
    response
}

/// Everything, in Prometheus' text form.
pub(crate) async fn show(State(state): State<AppState>) -> Response {
    let stats = state.store.stats();
    for (name, value) in [
        ("opora_store_writes_total", stats.writes),
        ("opora_store_commits_total", stats.groups),
        ("opora_store_reads_total", stats.reads),
        ("opora_store_retries_total", stats.retries),
        ("opora_store_reruns_total", stats.reruns),
        ("opora_store_lost_connections_total", stats.lost),
        ("opora_store_slow_writes_total", stats.slow),
        ("opora_store_commit_microseconds_total", stats.commit_micros),
    ] {
        metrics::counter!(name).absolute(value);
    }
    metrics::gauge!("opora_store_waiting_writes").set(stats.waiting_writes as f64);
    metrics::gauge!("opora_store_waiting_reads").set(stats.waiting_reads as f64);
    metrics::gauge!("opora_live_sockets").set(state.hub.len() as f64);
    show_queues(&state).await;
    if let Some(bytes) = resident_bytes() {
        metrics::gauge!("process_resident_memory_bytes").set(bytes as f64);
    }
    let text = recorder().map(PrometheusHandle::render).unwrap_or_default();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

/// What waits: jobs by queue and state, mail to be received, mail for a person to look at. A busy store leaves the figures
/// as they were.
async fn show_queues(state: &AppState) {
    let asked = state.store.read(|tx| Ok::<_, desk::Error>((job::lengths(tx)?, quarantine::backlog(tx)?))).await;
    let Ok((jobs, (waiting, quarantined))) = asked else { return };
    for (queue, state, length) in jobs {
        metrics::gauge!("opora_jobs", "queue" => queue, "state" => state).set(length as f64);
    }
    metrics::gauge!("opora_mail_waiting").set(waiting as f64);
    metrics::gauge!("opora_mail_quarantined").set(quarantined as f64);
}

/// How much memory the process holds, where the system says so.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kb| kb * 1024)
}
