//! One storage facade, two engines.
//!
//! The rooms above say what they want in one SQL text with `$n` parameters and a dozen [dialect tokens](Dialect), inside
//! a closure that gets a [`Tx`]; whether SQLite or PostgreSQL keeps the rows is a matter of configuration.
//!
//! - [`Store::write`]: one durable transaction. When it answers `Ok`, the transaction is committed and synced.
//! - [`Store::write_rc`]: the same at READ COMMITTED, for taking jobs with `{skip_locked}`.
//! - [`Store::read`]: a snapshot over any number of statements.
//! - [`Store::get`]: one statement, the cheapest read.
//!
//! Three rules for a closure. It is `FnMut` and may run more than once (a serialisation failure, a lost connection, a
//! neighbour that destroyed the group), so it has no effect outside the transaction. It never waits for another call of
//! the store. And it is short: on SQLite everybody shares one writer, so parse, hash and render before, write inside.
//!
//! A failed statement poisons its transaction on both engines: an error may be swallowed only through
//! [`Tx::savepoint`]. This room knows no table but its own `migration`. The measurements behind its shape are in
//! `docs/decisions/0001-one-storage-facade.md`.

mod call;
mod config;
mod dialect;
mod error;
mod lite;
mod migrate;
mod param;
mod pg;
mod queue;
mod row;
mod shared;
mod sql;
mod statement;
mod stats;
mod store;
mod tx;
mod wake;

pub use config::{Config, Database};
pub use dialect::{Dialect, expand};
pub use migrate::{Migrated, Migration};
pub use param::{Id, Json, P};
pub use row::{Col, Datum, FromRow, Row};
pub use sql::Sql;
pub use stats::Stats;
pub use store::Store;
pub use tx::Tx;
