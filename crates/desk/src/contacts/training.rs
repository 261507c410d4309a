//! Training an organization may have [S2.1]: its plan gives minutes each year, lessons use them. The balance is the sum of a
//! ledger in which nothing is ever changed.

use super::organizations;
use crate::{Actor, AgentId, Error, OrganizationId, Permission, PlanId, Result, error, plans};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use opora_base::{FromRow, Row, Time, Tx, event, params, timer};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// The timer that gives the next year's minutes.
pub const YEAR_TIMER: &str = "organization.training";
const MOST_MINUTES: i64 = 100_000;
/// So many entries are shown.
const SHOWN: i64 = 200;

/// An entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TrainingEntry {
    /// Its number.
    pub id: i64,
    /// Minutes given, or used when less than nothing.
    pub minutes: i64,
    /// For which year the plan gave them; `null` when a person wrote the entry.
    pub year: Option<i64>,
    /// What for.
    pub reason: String,
    /// Who wrote it.
    pub agent_id: Option<AgentId>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
}

impl FromRow for TrainingEntry {
    fn from_row(row: &Row<'_>) -> opora_base::Result<Self> {
        Ok(TrainingEntry {
            id: row.get(0)?,
            minutes: row.get(1)?,
            year: row.get(2)?,
            reason: row.get(3)?,
            agent_id: row.get(4)?,
            at: Time(row.get(5)?),
        })
    }
}

/// An organization's training.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Training {
    /// Minutes left; less than nothing when more was used than given.
    pub balance: i64,
    /// The latest first.
    pub entries: Vec<TrainingEntry>,
}

/// Something for the ledger.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct TrainingForm {
    /// Minutes: used ones are less than nothing.
    pub minutes: i64,
    /// What for.
    pub reason: String,
}

/// An organization's training, the latest entries first.
pub fn of(tx: &mut Tx<'_>, actor: &Actor, id: OrganizationId) -> Result<Training> {
    actor.need(Permission::TicketView)?;
    organizations::known(tx, id)?;
    let entries = tx.query(
        "SELECT id, minutes, year, reason, agent_id, at FROM training_entry WHERE organization_id = $1
         ORDER BY id DESC LIMIT $2",
        params![id, SHOWN],
    )?;
    Ok(Training { balance: balance(tx, id)?, entries })
}

/// Minutes left.
pub(crate) fn balance(tx: &mut Tx<'_>, id: OrganizationId) -> Result<i64> {
    Ok(tx.one(
        "SELECT CAST(COALESCE(sum(minutes), 0) AS {int}) FROM training_entry WHERE organization_id = $1",
        params![id],
    )?)
}

/// Writes an entry: a lesson given, minutes made a present of, a mistake put right.
pub fn add(tx: &mut Tx<'_>, actor: &Actor, id: OrganizationId, form: &TrainingForm, now: Time) -> Result<Training> {
    actor.need(Permission::ContactEdit)?;
    organizations::known(tx, id)?;
    if form.minutes == 0 || !(-MOST_MINUTES..=MOST_MINUTES).contains(&form.minutes) {
        return Err(Error::field("minutes", "out_of_range", format!("up to {MOST_MINUTES}, and not 0")));
    }
    let reason = error::line("reason", &form.reason, 300)?;
    enter(tx, id, form.minutes, None, &reason, actor.agent, now)?;
    event::append(tx, "organization.changed", 0, actor.author(), &json!({ "organization": id }), now)?;
    of(tx, actor, id)
}

fn enter(
    tx: &mut Tx<'_>,
    id: OrganizationId,
    minutes: i64,
    year: Option<i64>,
    reason: &str,
    agent: Option<AgentId>,
    now: Time,
) -> Result<()> {
    tx.exec(
        "INSERT INTO training_entry (organization_id, minutes, year, reason, agent_id, at) VALUES ($1, $2, $3, $4, $5, $6)",
        params![id, minutes, year, reason, agent, now.0],
    )?;
    Ok(())
}

/// Gives what the plan holds for this year, as far as it was not given yet, and remembers to do so next year. A smaller plan
/// takes nothing back.
pub(super) fn allow(tx: &mut Tx<'_>, id: OrganizationId, plan: PlanId, now: Time) -> Result<()> {
    let plan = plans::get(tx, plan)?;
    let year = year_of(now);
    let given: i64 = tx.one(
        "SELECT CAST(COALESCE(sum(minutes), 0) AS {int}) FROM training_entry WHERE organization_id = $1 AND year = $2",
        params![id, year],
    )?;
    if plan.training_minutes > given {
        enter(tx, id, plan.training_minutes - given, Some(year), &plan.name, None, now)?;
    }
    timer::set(tx, YEAR_TIMER, id.0, begins(year + 1))?;
    Ok(())
}

/// A new year has begun: the organization gets what its plan holds, if it still has one.
pub fn new_year(tx: &mut Tx<'_>, id: OrganizationId, now: Time) -> Result<()> {
    let plan: Option<Option<PlanId>> = tx.opt("SELECT plan_id FROM organization WHERE id = $1", params![id])?;
    match plan.flatten() {
        Some(plan) => allow(tx, id, plan, now),
        None => Ok(()),
    }
}

/// Years are counted in UTC: nobody's lesson begins in the hours between.
fn year_of(now: Time) -> i64 {
    Timestamp::from_microsecond(now.0).map_or(1970, |at| i64::from(at.to_zoned(TimeZone::UTC).year()))
}

fn begins(year: i64) -> Time {
    let year = i16::try_from(year).unwrap_or(i16::MAX);
    let day = jiff::civil::Date::new(year, 1, 1).and_then(|day| day.to_zoned(TimeZone::UTC));
    Time(day.map_or(i64::MAX, |at| at.timestamp().as_microsecond()))
}
