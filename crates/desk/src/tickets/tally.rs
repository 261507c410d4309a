//! How many tickets are where, exactly, without counting them.
//!
//! Every change writes −1 for where the ticket stood and +1 for where it stands now, in its own transaction; a count is
//! the sum of those rows, which [`fold`] keeps few. Nobody updates a shared counter, so two agents never wait for each
//! other (docs/decisions/0004).

use crate::{AgentId, InboxId, Result, TeamId, tickets::Status};
use opora_base::{Sql, Tx, params};
use std::collections::BTreeMap;

/// Where a ticket stands, as far as counts care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its status.
    pub status: Status,
    /// Its inbox.
    pub inbox: InboxId,
    /// Its team.
    pub team: Option<TeamId>,
    /// Who has it.
    pub assignee: Option<AgentId>,
}

/// `n` tickets more stand there.
pub fn add(tx: &mut Tx<'_>, place: &Place, n: i64) -> Result<()> {
    tx.exec(
        "INSERT INTO ticket_tally (status, inbox_id, team_id, assignee_id, n) VALUES ($1, $2, $3, $4, $5)",
        params![place.status, place.inbox, place.team.map_or(0, |t| t.0), place.assignee.map_or(0, |a| a.0), n],
    )?;
    Ok(())
}

/// A ticket came into being there.
pub fn added(tx: &mut Tx<'_>, place: &Place) -> Result<()> {
    add(tx, place, 1)
}

/// A ticket moved.
pub fn moved(tx: &mut Tx<'_>, from: &Place, to: &Place) -> Result<()> {
    if from == to {
        return Ok(());
    }
    add(tx, from, -1)?;
    add(tx, to, 1)
}

/// How many tickets stand where `condition` (over the tally's own columns) says.
pub fn count(tx: &mut Tx<'_>, condition: &Sql) -> Result<i64> {
    let sql = format!("SELECT CAST(COALESCE(sum(n), 0) AS {{int}}) FROM ticket_tally WHERE {}", condition.text());
    Ok(tx.one(&sql, condition.args())?)
}

/// More rows than this are worth folding.
pub const WORTH_FOLDING: i64 = 400;

/// How many rows were written since the last folding, at most.
pub fn length(tx: &mut Tx<'_>) -> Result<i64> {
    Ok(tx.one("SELECT count(*) FROM ticket_tally", &[])?)
}

/// Replaces all rows by one per place. Run it at READ COMMITTED: it takes exactly the rows it deletes, so that rows
/// written meanwhile are neither lost nor counted twice.
pub fn fold(tx: &mut Tx<'_>) -> Result<()> {
    let taken: Vec<(Status, i64, i64, i64, i64)> =
        tx.query("DELETE FROM ticket_tally RETURNING status, inbox_id, team_id, assignee_id, n", &[])?;
    let mut sums: BTreeMap<(&'static str, i64, i64, i64), i64> = BTreeMap::new();
    for (status, inbox, team, assignee, n) in taken {
        *sums.entry((status.text(), inbox, team, assignee)).or_default() += n;
    }
    for ((status, inbox, team, assignee), n) in sums.into_iter().filter(|(_, n)| *n != 0) {
        tx.exec(
            "INSERT INTO ticket_tally (status, inbox_id, team_id, assignee_id, n) VALUES ($1, $2, $3, $4, $5)",
            params![status, inbox, team, assignee, n],
        )?;
    }
    Ok(())
}
