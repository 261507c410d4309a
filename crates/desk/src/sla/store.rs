//! Clocks in the database.

use super::clock::{Course, Kept};
use super::metric::Metric;
use crate::{PolicyId, Result, TicketId};
use opora_base::{Time, Tx, params};
use serde_json::{Value, json};

/// The end of time, where nothing is due.
pub(super) const NEVER: i64 = i64::MAX;

/// A clock as it is kept.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    pub id: i64,
    pub ticket: TicketId,
    pub metric: Metric,
    pub scope: i64,
    pub policy: PolicyId,
    pub calendar: Option<i64>,
    /// Microseconds.
    pub target: i64,
    pub warn_percent: i64,
    pub started_at: Time,
    pub course: Course,
    pub due_at: i64,
    pub breached_at: Option<Time>,
    pub warned_at: Option<Time>,
}

pub(super) const COLUMNS: &str = "id, ticket_id, metric, scope, policy_id, calendar_id, target, warn_percent, started_at, runs, due_at, \
     stopped_at, breached_at, warned_at";

impl opora_base::FromRow for Clock {
    fn from_row(row: &opora_base::Row<'_>) -> opora_base::Result<Self> {
        let metric: String = row.get(2)?;
        let runs: Value = row.get(9)?;
        let stopped_at: Option<i64> = row.get(11)?;
        let kept: Kept = serde_json::from_value(runs).unwrap_or(Kept(Vec::new()));
        Ok(Clock {
            id: row.get(0)?,
            ticket: row.get(1)?,
            metric: Metric::parse(&metric).ok_or_else(|| opora_base::Error::Db(format!("no metric {metric}")))?,
            scope: row.get(3)?,
            policy: row.get(4)?,
            calendar: row.get(5)?,
            target: row.get(6)?,
            warn_percent: row.get(7)?,
            started_at: Time(row.get(8)?),
            course: kept.course(stopped_at),
            due_at: row.get(10)?,
            breached_at: row.get::<Option<i64>>(12)?.map(Time),
            warned_at: row.get::<Option<i64>>(13)?.map(Time),
        })
    }
}

/// The clocks of a ticket, the oldest first.
pub(super) fn clocks_of(tx: &mut Tx<'_>, id: TicketId) -> Result<Vec<Clock>> {
    let sql = format!("SELECT {COLUMNS} FROM sla_clock WHERE ticket_id = $1 ORDER BY started_at, id");
    Ok(tx.query(&sql, params![id])?)
}

impl Clock {
    /// Does it say the same?
    pub fn is_like(&self, other: &Clock) -> bool {
        self.course == other.course
            && (self.due_at, self.breached_at, self.warned_at) == (other.due_at, other.breached_at, other.warned_at)
            && (self.policy, self.calendar, self.target, self.warn_percent)
                == (other.policy, other.calendar, other.target, other.warn_percent)
    }
}

/// Writes what it says now.
pub(super) fn write(tx: &mut Tx<'_>, clock: &Clock) -> Result<()> {
    tx.exec(
        "UPDATE sla_clock SET policy_id = $2, calendar_id = $3, target = $4, warn_percent = $5, runs = $6, due_at = $7,
           stopped_at = $8, breached_at = $9, warned_at = $10 WHERE id = $1",
        params![
            clock.id,
            clock.policy,
            clock.calendar,
            clock.target,
            clock.warn_percent,
            json!(clock.course.kept()),
            clock.due_at,
            clock.course.stopped_at.map(|at| at.0),
            clock.breached_at.map(|at| at.0),
            clock.warned_at.map(|at| at.0)
        ],
    )?;
    Ok(())
}

/// Writes a clock that has just begun, and gives it its number.
pub(super) fn insert(tx: &mut Tx<'_>, clock: &mut Clock) -> Result<()> {
    clock.id = tx.one(
        "INSERT INTO sla_clock (ticket_id, metric, scope, policy_id, calendar_id, target, warn_percent, started_at, runs, due_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (ticket_id, metric, scope, started_at) DO UPDATE SET stopped_at = NULL RETURNING id",
        params![
            clock.ticket,
            clock.metric.text(),
            clock.scope,
            clock.policy,
            clock.calendar,
            clock.target,
            clock.warn_percent,
            clock.started_at.0,
            json!(clock.course.kept()),
            NEVER
        ],
    )?;
    Ok(())
}
