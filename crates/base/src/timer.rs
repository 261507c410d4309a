//! Time as a row: what must happen later, kept in the database until it happened.
//!
//! A command [`set`]s a timer in its own transaction; one loop (in the binary) sleeps until [`next_due`] and fires what
//! is [`due`], removing the row in the same transaction as the deed. One timer per kind and subject: setting it again
//! moves it.

use crate::{Error, Time, Tx, params};

/// A timer that is due.
#[derive(Clone, Debug)]
pub struct Timer {
    /// Its number.
    pub id: i64,
    /// What is to be done ("ticket.close").
    pub kind: String,
    /// To what.
    pub subject: i64,
    /// When it was due.
    pub due_at: Time,
}

/// Sets or moves the timer of this kind and subject.
pub fn set(tx: &mut Tx<'_>, kind: &str, subject: i64, due_at: Time) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO timer (kind, subject, due_at) VALUES ($1, $2, $3)
         ON CONFLICT (kind, subject) DO UPDATE SET due_at = excluded.due_at",
        params![kind, subject, due_at.0],
    )?;
    tx.wake();
    Ok(())
}

/// Forgets the timer, if there was one.
pub fn clear(tx: &mut Tx<'_>, kind: &str, subject: i64) -> Result<(), Error> {
    tx.exec("DELETE FROM timer WHERE kind = $1 AND subject = $2", params![kind, subject])?;
    Ok(())
}

/// Up to `limit` timers due at `now`, oldest first.
pub fn due(tx: &mut Tx<'_>, now: Time, limit: i64) -> Result<Vec<Timer>, Error> {
    let rows: Vec<(i64, String, i64, i64)> = tx.query(
        "SELECT id, kind, subject, due_at FROM timer WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2",
        params![now.0, limit],
    )?;
    Ok(rows.into_iter().map(|(id, kind, subject, due)| Timer { id, kind, subject, due_at: Time(due) }).collect())
}

/// Removes a timer about to be fired. False when another node fired it or it was moved meanwhile.
pub fn take(tx: &mut Tx<'_>, timer: &Timer) -> Result<bool, Error> {
    Ok(tx.exec("DELETE FROM timer WHERE id = $1 AND due_at = $2", params![timer.id, timer.due_at.0])? == 1)
}

/// When the next timer is due.
pub fn next_due(tx: &mut Tx<'_>) -> Result<Option<Time>, Error> {
    let due: Option<i64> = tx.one("SELECT min(due_at) FROM timer", &[])?;
    Ok(due.map(Time))
}
