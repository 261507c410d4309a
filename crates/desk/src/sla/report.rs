//! How deadlines and promises were kept, and what was late.

use super::Metric;
use crate::{Actor, AgentId, Error, Permission, PolicyId, Result, TicketId, tickets};
use opora_base::{Sql, Time, Tx};
use serde::Serialize;
use utoipa::ToSchema;

/// The longest time a report is asked for.
const LONGEST: i64 = 2 * 366 * 86_400 * 1_000_000;
/// At most so many late ones are listed.
const MOST: i64 = 1_000;

/// How deadlines were kept.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SlaReport)]
pub struct Report {
    /// By metric and policy, for the clocks begun in this time.
    pub kept: Vec<Kept>,
    /// What was late in this time, the latest first.
    pub late: Vec<Late>,
    /// How many were late in all.
    pub late_total: i64,
}

/// How one metric of one policy was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SlaKept)]
pub struct Kept {
    /// What was measured.
    pub metric: Metric,
    /// By which policy; 0 for promises.
    pub policy_id: PolicyId,
    /// What that is called; empty when it is gone.
    pub policy: String,
    /// Clocks begun.
    pub begun: i64,
    /// Over in time.
    pub in_time: i64,
    /// Late, over or not.
    pub late: i64,
}

/// Something that was late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SlaLate)]
pub struct Late {
    /// The ticket.
    pub ticket_id: TicketId,
    /// What it is about.
    pub subject: String,
    /// Who has it now.
    pub assignee_id: Option<AgentId>,
    /// What was measured.
    pub metric: Metric,
    /// By which policy; empty for promises and for policies that are gone.
    pub policy: String,
    /// When it became late.
    #[schema(value_type = String, format = DateTime)]
    pub breached_at: Time,
    /// When it was over; nothing while it still waits.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub stopped_at: Option<Time>,
    /// How long after its time, by the wall clock, in seconds.
    pub late_seconds: i64,
}

fn metric(text: &str) -> Result<Metric> {
    Metric::parse(text).ok_or_else(|| Error::Storage(format!("no metric {text}")))
}

/// The report of a time, of the tickets this person may see.
pub fn of(tx: &mut Tx<'_>, actor: &Actor, from: Time, until: Time, now: Time) -> Result<Report> {
    actor.need(Permission::TicketView)?;
    if until <= from {
        return Err(Error::field("until", "out_of_range", "must lie after the beginning"));
    }
    if until.0.saturating_sub(from.0) > LONGEST {
        return Err(Error::field("until", "too_far", "at most two years"));
    }
    let within = |sql: &mut Sql, column: &str| {
        sql.push(column).push(" >= ").bind(from.0).push(" AND ").push(column).push(" < ").bind(until.0).push(" AND ");
        tickets::only_seen(sql, actor, "t.");
    };
    let mut sql = Sql::new(
        "SELECT k.metric, k.policy_id, COALESCE(p.name, ''), count(*),
           sum(CASE WHEN k.stopped_at IS NOT NULL AND k.breached_at IS NULL THEN 1 ELSE 0 END),
           sum(CASE WHEN k.breached_at IS NOT NULL THEN 1 ELSE 0 END)
         FROM sla_clock k JOIN ticket t ON t.id = k.ticket_id LEFT JOIN sla_policy p ON p.id = k.policy_id WHERE ",
    );
    within(&mut sql, "k.started_at");
    sql.push(" GROUP BY k.metric, k.policy_id, p.name, p.position ORDER BY p.position, k.policy_id, k.metric");
    let rows: Vec<(String, PolicyId, String, i64, i64, i64)> = tx.query(sql.text(), sql.args())?;
    let kept = rows.into_iter().map(|(text, policy_id, policy, begun, in_time, late)| {
        Ok(Kept { metric: metric(&text)?, policy_id, policy, begun, in_time, late })
    });
    let kept = kept.collect::<Result<Vec<_>>>()?;

    let mut count = Sql::new("SELECT count(*) FROM sla_clock k JOIN ticket t ON t.id = k.ticket_id WHERE ");
    within(&mut count, "k.breached_at");
    let mut sql = Sql::new(
        "SELECT k.ticket_id, t.subject, t.assignee_id, k.metric, COALESCE(p.name, ''), k.breached_at, k.stopped_at
         FROM sla_clock k JOIN ticket t ON t.id = k.ticket_id LEFT JOIN sla_policy p ON p.id = k.policy_id WHERE ",
    );
    within(&mut sql, "k.breached_at");
    sql.push(" ORDER BY k.breached_at DESC, k.id DESC LIMIT ").bind(MOST);
    type Row = (TicketId, String, Option<AgentId>, String, String, i64, Option<i64>);
    let rows: Vec<Row> = tx.query(sql.text(), sql.args())?;
    let late = rows.into_iter().map(|(ticket_id, subject, assignee_id, text, policy, breached, stopped)| {
        Ok(Late {
            ticket_id,
            subject,
            assignee_id,
            metric: metric(&text)?,
            policy,
            breached_at: Time(breached),
            stopped_at: stopped.map(Time),
            late_seconds: (stopped.unwrap_or(now.0) - breached).max(0) / 1_000_000,
        })
    });
    Ok(Report { kept, late: late.collect::<Result<Vec<_>>>()?, late_total: tx.one(count.text(), count.args())? })
}
