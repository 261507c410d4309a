//! What clocks go by: who wrote when, where the ticket stands and whose it is.

use super::metric::Metric;
use super::promise::{self, Latest};
use crate::tickets::{NOBODY_WAITS, Priority, Standing, Status};
use crate::{AgentId, Result, TeamId, TicketId};
use opora_base::{Time, Tx, params};

/// A ticket as clocks see it.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub id: TicketId,
    pub created_at: Time,
    pub status: Status,
    pub priority: Priority,
    pub team: Option<TeamId>,
    pub assignee: Option<AgentId>,
    /// The customer's message that opened it; nothing when one of us began.
    pub asked_at: Option<Time>,
    /// Our first answer.
    pub answered_at: Option<Time>,
    /// The last one.
    pub last_answer_at: Option<Time>,
    /// The customer's first message that has no answer yet.
    pub waiting_since: Option<Time>,
    /// The last thing promised.
    pub promise: Option<Latest>,
}

/// An answer counts when it goes.
const ANSWERS: &str = "SELECT COALESCE(answered_at, created_at) FROM message
     WHERE ticket_id = $1 AND kind = 'reply' AND state NOT IN ('scheduled', 'held')";

/// The first answer that went after this moment.
pub(super) fn answered_after(tx: &mut Tx<'_>, ticket: TicketId, after: Time) -> Result<Option<Time>> {
    let sql = format!("{ANSWERS} AND COALESCE(answered_at, created_at) > $2 ORDER BY id LIMIT 1");
    Ok(tx.opt::<i64>(&sql, params![ticket, after.0])?.map(Time))
}

impl Facts {
    pub fn read(tx: &mut Tx<'_>, ticket: &Standing) -> Result<Facts> {
        let id = ticket.id;
        let created_at = tx.one("SELECT created_at FROM ticket WHERE id = $1", params![id])?;
        let first: Option<(String, i64)> = tx.opt(
            "SELECT kind, created_at FROM message WHERE ticket_id = $1 AND kind IN ('customer', 'reply') ORDER BY id LIMIT 1",
            params![id],
        )?;
        let answered: Option<i64> = tx.opt(&format!("{ANSWERS} ORDER BY id LIMIT 1"), params![id])?;
        let last: Option<i64> = match answered {
            Some(_) => tx.opt(&format!("{ANSWERS} ORDER BY id DESC LIMIT 1"), params![id])?,
            None => None,
        };
        let active = ticket.status.is_active();
        Ok(Facts {
            id,
            created_at: Time(created_at),
            status: ticket.status,
            priority: ticket.priority,
            team: ticket.team_id,
            assignee: ticket.assignee_id,
            asked_at: first.filter(|(kind, _)| kind == "customer").map(|(_, at)| Time(at)),
            answered_at: answered.map(Time),
            last_answer_at: last.map(Time),
            promise: promise::latest(tx, id)?,
            waiting_since: Some(Time(ticket.waiting_since)).filter(|since| active && *since != NOBODY_WAITS),
        })
    }

    /// The clock this metric needs now: for whom, since when, and whether it is over. `now` is when things came to stand so.
    pub fn wanted(&self, metric: Metric, now: Time) -> Option<Wanted> {
        let done = self.status.is_done().then_some(now);
        match metric {
            Metric::FirstResponse => {
                Some(Wanted { scope: 0, since: Since::At(self.asked_at?), over: self.answered_at.or(done) })
            }
            Metric::NextResponse => {
                // What opened the ticket is the first response's affair until it is answered.
                let since = self.waiting_since?;
                let first = self.asked_at.is_some() && self.answered_at.is_none_or(|answered| since < answered);
                (!first).then_some(Wanted { scope: 0, since: Since::At(since), over: None })
            }
            Metric::Resolution => Some(Wanted { scope: 0, since: Since::At(self.created_at), over: done }),
            Metric::PickUp => {
                let team = self.team.filter(|_| self.assignee.is_none() && done.is_none())?;
                Some(Wanted { scope: team.0, since: Since::Now, over: None })
            }
            Metric::Promise => {
                let promise = self.promise.as_ref().filter(|promise| !promise.withdrawn)?;
                Some(Wanted { scope: 0, since: Since::At(promise.made_at), over: promise.over.or(done) })
            }
            Metric::TeamTime => {
                let team = self.team.filter(|_| done.is_none())?;
                Some(Wanted { scope: team.0, since: Since::Now, over: None })
            }
        }
    }

    /// When a clock that is wanted no longer was over. An answer from before it began did not end it: its promise is gone.
    pub fn ended(&self, metric: Metric, started_at: Time, now: Time) -> Time {
        match metric {
            Metric::NextResponse => self.last_answer_at.filter(|at| *at >= started_at).unwrap_or(now).min(now),
            _ => now,
        }
    }
}

/// Since when a clock runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Since {
    /// A moment the ticket itself tells.
    At(Time),
    /// Since things came to stand so.
    Now,
}

/// A clock a ticket needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub scope: i64,
    pub since: Since,
    pub over: Option<Time>,
}
