//! Answers already given under a caller's own key, so that a request repeated after a lost connection is not carried out
//! twice.
//!
//! The answer is kept in the transaction of the command itself: either both are there or neither. A key belongs to one
//! caller and one request (its method, path and body, by digest); it is forgotten after [`KEPT`]. What the answer means
//! is the caller's business.

use crate::{Error, Time, Tx, params};
use std::time::Duration;

/// How long an answer is kept.
pub const KEPT: Duration = Duration::from_secs(24 * 3_600);

/// An answer given before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Its status.
    pub status: u16,
    /// Its body.
    pub body: String,
}

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// Nothing: carry the request out, then [`keep`] its answer.
    New,
    /// The same request was answered already.
    Answered(Given),
    /// The key was used for another request.
    Reused,
}

/// Looks the key up. `request` is the digest of what is asked.
pub fn look_up(tx: &mut Tx<'_>, caller: i64, key: &str, request: &str, now: Time) -> Result<Known, Error> {
    let row: Option<(String, i64, String)> = tx.opt(
        "SELECT request, status, body FROM idempotent_answer WHERE agent_id = $1 AND key = $2 AND created_at > $3",
        params![caller, key, now.minus(KEPT).0],
    )?;
    Ok(match row {
        None => Known::New,
        Some((before, ..)) if before != request => Known::Reused,
        Some((_, status, body)) => Known::Answered(Given { status: u16::try_from(status).unwrap_or(200), body }),
    })
}

/// Keeps the answer in the transaction that caused it, and forgets those that are too old.
pub fn keep(tx: &mut Tx<'_>, caller: i64, key: &str, request: &str, given: &Given, now: Time) -> Result<(), Error> {
    tx.exec("DELETE FROM idempotent_answer WHERE created_at <= $1", params![now.minus(KEPT).0])?;
    tx.exec(
        "INSERT INTO idempotent_answer (agent_id, key, request, status, body, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![caller, key, request, given.status, &given.body, now.0],
    )?;
    Ok(())
}
