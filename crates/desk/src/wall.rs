//! The wall: what a lead keeps an eye on, in one look. Who waits and how long, by queue and class of question; whose deadlines
//! come first; who is on duty and how much they have in hand; where nobody will be today.

use crate::roster::check::Problem;
use crate::roster::{self, OnDuty};
use crate::routing::people::{self, Worker};
use crate::tickets::{self, NOBODY_WAITS, TicketRow};
use crate::{Actor, Permission, QuestionClassId, Result, TeamId, TicketId};
use opora_base::{Sql, Time, Tx};
use serde::Serialize;
use std::time::Duration;
use utoipa::ToSchema;

/// A deadline is near when it comes within this time.
const SOON: Duration = Duration::from_secs(3_600);
/// As many tickets are named.
const NAMED: i64 = 6;

/// How many customers wait in one queue with one class of question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WallQueue {
    /// The team; `null`: nobody's.
    pub team_id: Option<TeamId>,
    /// The class of question; `null`: none.
    pub class_id: Option<QuestionClassId>,
    /// Open tickets.
    pub open: i64,
    /// Of these, tickets whose customer waits for us.
    pub waiting: i64,
    /// Of these, tickets nobody has.
    pub unassigned: i64,
    /// Since when the first of them waits.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub oldest: Option<Time>,
}

/// Deadlines that have passed or come soon.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WallDeadlines {
    /// Passed already.
    pub late: i64,
    /// Come within an hour.
    pub soon: i64,
    /// The tickets whose deadlines are next, passed ones first, at most six.
    pub first: Vec<TicketRow>,
}

/// The wall.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Wall {
    /// At this moment.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
    /// Each queue and class with open tickets.
    pub queues: Vec<WallQueue>,
    /// The tickets whose customers wait longest, at most six.
    pub oldest: Vec<TicketRow>,
    /// What must be answered when.
    pub deadlines: WallDeadlines,
    /// Who is on duty for what, by the published roster.
    pub duty: OnDuty,
    /// Everybody who may come in, and what they have in hand.
    pub people: Vec<Worker>,
    /// Where nobody will be until the day ends, by the published roster.
    pub gaps: Vec<Problem>,
}

/// The wall as this person may see it: counts and tickets are those they see.
pub fn wall(tx: &mut Tx<'_>, actor: &Actor, now: Time) -> Result<Wall> {
    actor.need(Permission::TicketView)?;
    Ok(Wall {
        at: now,
        queues: queues(tx, actor)?,
        oldest: oldest(tx, actor)?,
        deadlines: deadlines(tx, actor, now)?,
        duty: roster::today(tx, actor, now)?,
        people: people::list(tx, actor, now)?,
        gaps: roster::gaps_today(tx, now)?,
    })
}

fn queues(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<WallQueue>> {
    let mut sql = Sql::new("SELECT t.team_id, t.class_id, count(*), count(*) FILTER (WHERE t.waiting_since <> ");
    sql.bind(NOBODY_WAITS.0);
    sql.push("), count(*) FILTER (WHERE t.assignee_id IS NULL), min(t.waiting_since) FROM ticket t WHERE t.active = TRUE AND ");
    tickets::only_seen(&mut sql, actor, "t.");
    sql.push(" GROUP BY t.team_id, t.class_id ORDER BY 6, 1, 2");
    type Row = (Option<TeamId>, Option<QuestionClassId>, i64, i64, i64, i64);
    let rows: Vec<Row> = tx.query(sql.text(), sql.args())?;
    Ok(rows
        .into_iter()
        .map(|(team_id, class_id, open, waiting, unassigned, oldest)| {
            let oldest = Some(Time(oldest)).filter(|since| *since != NOBODY_WAITS);
            WallQueue { team_id, class_id, open, waiting, unassigned, oldest }
        })
        .collect())
}

/// The first tickets by one of their moments.
fn first(tx: &mut Tx<'_>, actor: &Actor, moment: &str, none: i64) -> Result<Vec<TicketRow>> {
    let mut sql = Sql::new("SELECT t.id FROM ticket t WHERE t.active = TRUE AND ");
    tickets::only_seen(&mut sql, actor, "t.");
    sql.push(&format!(" AND {moment} < ")).bind(none);
    sql.push(&format!(" ORDER BY {moment}, t.id LIMIT ")).bind(NAMED);
    let ids: Vec<TicketId> = tx.query(sql.text(), sql.args())?;
    ids.into_iter().map(|id| tickets::row(tx, actor, id)).collect()
}

fn oldest(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<TicketRow>> {
    first(tx, actor, "t.waiting_since", NOBODY_WAITS.0)
}

fn deadlines(tx: &mut Tx<'_>, actor: &Actor, now: Time) -> Result<WallDeadlines> {
    let mut sql = Sql::new("SELECT count(*) FILTER (WHERE t.sla_due_at <= ");
    sql.bind(now.0).push("), count(*) FROM ticket t WHERE t.active = TRUE AND t.sla_due_at <= ").bind(now.plus(SOON).0);
    sql.push(" AND ");
    tickets::only_seen(&mut sql, actor, "t.");
    let (late, all): (i64, i64) = tx.one(sql.text(), sql.args())?;
    Ok(WallDeadlines { late, soon: all - late, first: first(tx, actor, "t.sla_due_at", i64::MAX)? })
}
