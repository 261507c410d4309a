//! The HTTP edge: the API, the live socket, the workspace's files, health and figures.
//!
//! A handler is five to fifteen lines: find out who asks ([`auth`]), read what they send ([`form`]), call one command or
//! question of the department in one transaction ([`AppState`]), answer. Whatever goes wrong becomes problem+json in one
//! place ([`problem`]). This room knows no SQL and no rule of the department; it knows browsers, scripts and the ways
//! they misbehave.
//!
//! ```no_run
//! # async fn example(store: opora_base::Store, blobs: opora_base::blob::Blobs, key: opora_base::secret::MasterKey)
//! # -> std::io::Result<()> {
//! use opora_base::SystemClock;
//! use opora_http::{AppState, EdgeConfig, router, serve};
//! use std::sync::Arc;
//!
//! let stopping = tokio_util::sync::CancellationToken::new();
//! let state = AppState::new(store, blobs, Arc::new(SystemClock), key, EdgeConfig::default())
//!     .stopping_with(stopping.clone());
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
//! serve(listener, router(state), stopping.cancelled_owned()).await
//! # }
//! ```

mod agents;
mod attachments;
mod audit;
mod auth;
mod brands;
mod calendars;
mod confirm;
mod contacts;
mod demo;
mod drafts;
mod entitlement;
mod filter;
mod form;
mod guard;
mod hashing;
mod health;
mod imports;
mod inboxes;
mod items;
mod language;
mod letters;
mod links;
mod live;
mod mass;
mod matching;
mod me;
mod messages;
mod metrics;
mod myself;
mod notifications;
mod once;
mod openapi;
mod plans;
mod probe;
mod problem;
mod quarantine;
mod request_id;
mod roles;
mod roster;
mod router;
mod routing;
mod search;
mod sentences;
mod serve;
mod session;
mod setup;
mod sla;
mod start;
mod state;
mod talks;
mod teams;
mod templates;
mod tickets;
mod views;
mod web;
mod words;

pub use demo::{DemoLetter, DemoLogin, DemoMail, DemoMailbox, DemoMessage, DemoPerson};
pub use letters::{Letter, Letters};
pub use metrics::recorder;
pub use probe::{Check, Probe, Step, Trial};
pub use problem::{FieldProblem, Problem, ProblemBody};
pub use router::{description, router};
pub use serve::serve;
pub use state::{AppState, EdgeConfig};
