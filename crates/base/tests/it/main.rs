//! The ground floor as its users see it, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod blobs;
mod closing;
mod crash;
mod events;
mod groups;
mod jobs;
mod leases;
mod migrations;
mod postgres;
mod savepoints;
mod settings;
mod timers;
mod tls;
mod transactions;
mod values;
mod wakeups;
mod wire;
