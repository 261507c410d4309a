//! Imports remember how far they came, so that one that was interrupted goes on where it stopped.

use crate::{InboundId, InboxId, Result};
use opora_base::{Time, Tx, params};

/// How far an import of this source into this inbox came.
pub fn position(tx: &mut Tx<'_>, source: &str, inbox: InboxId) -> Result<u64> {
    let position: Option<i64> =
        tx.opt("SELECT position FROM import_run WHERE source = $1 AND inbox_id = $2", params![source, inbox])?;
    Ok(position.and_then(|p| u64::try_from(p).ok()).unwrap_or(0))
}

/// Everything before `position` is kept.
pub fn advance(tx: &mut Tx<'_>, source: &str, inbox: InboxId, position: u64, finished: bool, now: Time) -> Result<()> {
    let position = i64::try_from(position).unwrap_or(i64::MAX);
    tx.exec(
        "INSERT INTO import_run (source, inbox_id, position, imported, finished, updated_at) VALUES ($1, $2, $3, 0, $4, $5)
         ON CONFLICT (source, inbox_id) DO UPDATE SET position = excluded.position, finished = excluded.finished,
           updated_at = excluded.updated_at",
        params![source, inbox, position, finished, now.0],
    )?;
    Ok(())
}

/// What became of the mails accepted after this one: by state.
pub fn outcomes(tx: &mut Tx<'_>, after: InboundId) -> Result<Vec<(String, i64)>> {
    Ok(tx.query(
        "SELECT state, count(*) FROM inbound WHERE id > $1 AND route = 'import' GROUP BY state ORDER BY state",
        params![after],
    )?)
}

/// The last mail accepted so far.
pub fn last(tx: &mut Tx<'_>) -> Result<InboundId> {
    Ok(tx.one("SELECT COALESCE(max(id), 0) FROM inbound", &[])?)
}
