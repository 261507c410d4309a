//! Who may do a thing alone: a named lease held by one node until a moment, renewed while it works.
//!
//! Pollers of one mailbox, the intake and the timers are leased, so that several processes on one database never race.
//! A holder that dies is succeeded when its lease runs out.

use crate::{Error, Time, Tx, params};
use std::time::Duration;

/// Takes or renews the lease `name` for `holder`. Answers whether it is theirs until `now + ttl`.
pub fn acquire(tx: &mut Tx<'_>, name: &str, holder: &str, ttl: Duration, now: Time) -> Result<bool, Error> {
    let rows = tx.exec(
        "INSERT INTO lease (name, holder, until) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
         WHERE lease.holder = excluded.holder OR lease.until < $4",
        params![name, holder, now.plus(ttl).0, now.0],
    )?;
    Ok(rows == 1)
}

/// Is the lease still theirs? Ask inside the transaction whose effect must not be doubled.
pub fn holds(tx: &mut Tx<'_>, name: &str, holder: &str) -> Result<bool, Error> {
    let row: Option<i64> =
        tx.opt("SELECT until FROM lease WHERE name = $1 AND holder = $2 {for_update}", params![name, holder])?;
    Ok(row.is_some())
}

/// Gives the lease back.
pub fn release(tx: &mut Tx<'_>, name: &str, holder: &str) -> Result<(), Error> {
    tx.exec("DELETE FROM lease WHERE name = $1 AND holder = $2", params![name, holder])?;
    Ok(())
}
