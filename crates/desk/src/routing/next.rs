//! The most urgent ticket somebody may take.
//!
//! What is urgent: a ticket with a deadline by that; a ticket without one by how long its customer waits, where each
//! priority may wait so long before it counts as due. What somebody has already is asked in the same way: a ticket of their
//! own that is more urgent comes first. Two who ask at once never get the same ticket: taking it is part of the same
//! transaction.

use crate::tickets::{self, Change, NOBODY_WAITS, Priority, Standing, TicketRow};
use crate::{Actor, Permission, Result, TeamId, TicketId};
use opora_base::{Sql, Time, Tx};
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use utoipa::ToSchema;

/// Why a ticket is the most urgent one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
#[schema(as = NextReason)]
pub enum Reason {
    /// Its deadline has passed.
    Late {
        /// When it was due.
        #[schema(value_type = String, format = DateTime)]
        due_at: Time,
    },
    /// Its deadline comes first.
    Due {
        /// When it is due.
        #[schema(value_type = String, format = DateTime)]
        due_at: Time,
    },
    /// Its customer waits longest, as pressing as it is.
    Waits {
        /// Since when.
        #[schema(value_type = String, format = DateTime)]
        since: Time,
    },
    /// Nobody waits for any of them.
    NobodyWaits,
}

/// The most urgent ticket, now one's own, and why it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Next {
    /// The ticket.
    pub ticket: TicketRow,
    /// Why this one.
    pub reason: Reason,
    /// It was one's own before.
    pub own: bool,
    /// How many more are free for this person.
    pub left: i64,
}

/// A ticket of this priority may wait so long before it counts as due.
const fn patience(priority: Priority) -> Duration {
    Duration::from_secs(match priority {
        Priority::Urgent => 15 * 60,
        Priority::High => 2 * 3_600,
        Priority::Normal => 8 * 3_600,
        Priority::Low => 24 * 3_600,
    })
}

/// Gives this person the most urgent ticket among those that are free and their own, leaving out those they name. Nothing
/// when there is none.
pub fn next(tx: &mut Tx<'_>, actor: &Actor, besides: &[TicketId], now: Time) -> Result<Option<Next>> {
    actor.need(Permission::TicketEdit)?;
    let me = actor.agent_id()?;
    let teams = tickets::my_teams(tx, actor)?;
    let besides: Arc<[i64]> = besides.iter().map(|id| id.0).collect();
    let others = |sql: &mut Sql| {
        sql.push(" AND NOT ").among("t.id", &besides);
    };
    let free = |sql: &mut Sql| {
        sql.push("t.assignee_id IS NULL AND t.active = TRUE AND ");
        reachable(sql, actor, &teams);
        others(sql);
    };
    let own = |sql: &mut Sql| {
        sql.push("t.active = TRUE AND t.assignee_id = ").bind(me);
        others(sql);
    };
    let found = [(most_urgent(tx, &own, now)?, true), (most_urgent(tx, &free, now)?, false)];
    let best = found.into_iter().filter_map(|(found, own)| Some((found?, own))).min_by_key(|(found, _)| found.turn);
    let Some((Found { id, reason, .. }, own)) = best else { return Ok(None) };
    if !own {
        let standing = Standing::lock(tx, id)?;
        let take = Change { assignee_id: Some(Some(me)), ..Change::default() };
        tickets::apply(tx, actor, &standing, &take, now)?;
    }
    Ok(Some(Next { ticket: tickets::row(tx, actor, id)?, reason, own, left: free_for(tx, actor)? }))
}

/// How many tickets are free for this person.
pub fn free_for(tx: &mut Tx<'_>, actor: &Actor) -> Result<i64> {
    actor.need(Permission::TicketView)?;
    let teams = tickets::my_teams(tx, actor)?;
    let mut sql = Sql::new("SELECT count(*) FROM ticket t WHERE t.assignee_id IS NULL AND t.active = TRUE AND ");
    reachable(&mut sql, actor, &teams);
    Ok(tx.one(sql.text(), sql.args())?)
}

/// What somebody may take: what they see, of their own teams or of none. Who is in no team helps everywhere.
fn reachable(sql: &mut Sql, actor: &Actor, teams: &[TeamId]) {
    tickets::only_seen(sql, actor, "t.");
    if !teams.is_empty() {
        sql.push(" AND (t.team_id IS NULL OR ").is_in("t.team_id", teams).push(")");
    }
}

/// A ticket and how urgent it is: when its turn comes, the earlier the more urgent.
struct Found {
    turn: i64,
    id: TicketId,
    reason: Reason,
}

/// The first by each measure, each led to by an index of its own; the most urgent of those.
fn most_urgent(tx: &mut Tx<'_>, among: &dyn Fn(&mut Sql), now: Time) -> Result<Option<Found>> {
    let mut found = Vec::new();
    let mut due = Sql::new("SELECT t.id, t.sla_due_at FROM ticket t WHERE t.sla_due_at < 9223372036854775807 AND ");
    among(&mut due);
    due.push(" ORDER BY t.sla_due_at, t.id LIMIT 1");
    if let Some((id, due_at)) = tx.opt::<(TicketId, i64)>(due.text(), due.args())? {
        let at = Time(due_at);
        let reason = if at <= now { Reason::Late { due_at: at } } else { Reason::Due { due_at: at } };
        found.push(Found { turn: due_at, id, reason });
    }
    for priority in Priority::ALL {
        let mut waits = Sql::new("SELECT t.id, t.waiting_since, t.created_at FROM ticket t WHERE ");
        among(&mut waits);
        waits.push(" AND t.priority = ").bind(priority.number()).push(" ORDER BY t.waiting_since, t.id LIMIT 1");
        if let Some((id, since, created)) = tx.opt::<(TicketId, i64, i64)>(waits.text(), waits.args())? {
            let waiting = since != NOBODY_WAITS.0;
            let from = Time(if waiting { since } else { created });
            let reason = if waiting { Reason::Waits { since: from } } else { Reason::NobodyWaits };
            // Nobody waits for it: it comes after everything somebody waits for.
            let turn = if waiting { from.plus(patience(*priority)).0 } else { i64::MAX - priority.number() };
            found.push(Found { turn, id, reason });
        }
    }
    Ok(found.into_iter().min_by_key(|found| (found.turn, found.id)))
}
