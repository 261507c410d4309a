//! The steps begun on an organization: who does each, by when, and who did it.

use super::templates::{self, Responsible};
use crate::contacts::organizations;
use crate::present::present;
use crate::{Actor, AgentId, Error, OrganizationId, Permission, Result, error, people};
use jiff::ToSpan;
use jiff::civil::Date;
use opora_base::{FromRow, Row, Time, Tx, event, params};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// More is not taken in, it is a project.
const MOST: i64 = 500;
/// So many of what is to do are listed.
const LISTED: i64 = 500;

/// A step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OnboardingStep {
    /// Its number.
    pub id: i64,
    /// For which organization.
    pub organization_id: OrganizationId,
    /// What that is called.
    pub organization_name: String,
    /// What the list it came from was called.
    pub list: String,
    /// What is to be done.
    pub title: String,
    /// Who is to do it.
    pub agent_id: Option<AgentId>,
    /// By which day, as 2026-01-31.
    pub due_on: String,
    /// That day is over, and it is not done.
    pub overdue: bool,
    /// When it was done.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub done_at: Option<Time>,
    /// Who did it.
    pub done_by: Option<AgentId>,
    /// Grows with every change.
    pub version: i64,
}

const SELECT: &str = "SELECT s.id, s.organization_id, o.name, s.list, s.title, s.agent_id, s.due_on, s.done_at, s.done_by, \
    s.version FROM onboarding_step s JOIN organization o ON o.id = s.organization_id";

impl FromRow for OnboardingStep {
    fn from_row(row: &Row<'_>) -> opora_base::Result<Self> {
        Ok(OnboardingStep {
            id: row.get(0)?,
            organization_id: row.get(1)?,
            organization_name: row.get(2)?,
            list: row.get(3)?,
            title: row.get(4)?,
            agent_id: row.get(5)?,
            due_on: row.get(6)?,
            overdue: false,
            done_at: row.get::<Option<i64>>(7)?.map(Time),
            done_by: row.get(8)?,
            version: row.get(9)?,
        })
    }
}

/// Beginning with a customer.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct OnboardingStart {
    /// With which list.
    pub template_id: i64,
    /// From which day, as 2026-01-31; today unless said.
    #[serde(default)]
    pub start_on: Option<String>,
}

/// A step as somebody wants it; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct StepForm {
    /// The version this person saw.
    pub version: Option<i64>,
    /// What is to be done.
    pub title: Option<String>,
    /// Who is to do it.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<AgentId>)]
    pub agent_id: Option<Option<AgentId>>,
    /// By which day.
    pub due_on: Option<String>,
    /// It is done, or is not after all.
    pub done: Option<bool>,
}

/// The steps of an organization, in their order.
pub fn of(tx: &mut Tx<'_>, actor: &Actor, id: OrganizationId, now: Time) -> Result<Vec<OnboardingStep>> {
    actor.need(Permission::TicketView)?;
    organizations::known(tx, id)?;
    let steps = tx.query(&format!("{SELECT} WHERE s.organization_id = $1 ORDER BY s.id"), params![id])?;
    with_overdue(tx, actor, steps, now)
}

/// What is still to be done everywhere, the oldest first; only one's own when asked so.
pub fn to_do(tx: &mut Tx<'_>, actor: &Actor, mine: bool, now: Time) -> Result<Vec<OnboardingStep>> {
    actor.need(Permission::TicketView)?;
    let steps = if mine {
        let sql = format!("{SELECT} WHERE s.done_at IS NULL AND s.agent_id = $1 ORDER BY s.due_on, s.id LIMIT $2");
        tx.query(&sql, params![actor.agent_id()?, LISTED])?
    } else {
        let sql = format!("{SELECT} WHERE s.done_at IS NULL ORDER BY s.due_on, s.id LIMIT $1");
        tx.query(&sql, params![LISTED])?
    };
    with_overdue(tx, actor, steps, now)
}

fn with_overdue(
    tx: &mut Tx<'_>,
    actor: &Actor,
    mut steps: Vec<OnboardingStep>,
    now: Time,
) -> Result<Vec<OnboardingStep>> {
    let today = super::today(tx, actor, now)?.to_string();
    for step in &mut steps {
        step.overdue = step.done_at.is_none() && step.due_on < today;
    }
    Ok(steps)
}

/// Begins with a customer: copies a list's steps, each for somebody and by a day.
pub fn start(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: OrganizationId,
    form: &OnboardingStart,
    now: Time,
) -> Result<Vec<OnboardingStep>> {
    actor.need(Permission::ContactEdit)?;
    organizations::known(tx, id)?;
    let list =
        templates::get(tx, form.template_id).map_err(|_| Error::field("template_id", "unknown", "no such list"))?;
    let begin: Date = match &form.start_on {
        Some(day) => {
            error::day("start_on", day)?.parse().map_err(|_| Error::field("start_on", "malformed", "a day"))?
        }
        None => super::today(tx, actor, now)?,
    };
    let (many, same): (i64, i64) = tx.one(
        "SELECT count(*), count(CASE WHEN list = $2 AND done_at IS NULL THEN 1 END) FROM onboarding_step
         WHERE organization_id = $1",
        params![id, &list.name],
    )?;
    if same > 0 {
        return Err(Error::field("template_id", "taken", "this list is being worked on already"));
    }
    if many + i64::try_from(list.steps.len()).unwrap_or(MOST) > MOST {
        return Err(Error::field("template_id", "too_many", format!("at most {MOST} steps")));
    }
    let manager: Option<AgentId> = tx.one("SELECT account_manager_id FROM organization WHERE id = $1", params![id])?;
    for (position, step) in list.steps.iter().enumerate() {
        let agent = match step.responsible {
            Responsible::Nobody => None,
            Responsible::AccountManager => manager,
            Responsible::Agent => step.agent_id,
        };
        let due = begin.checked_add(step.after_days.days()).unwrap_or(begin);
        tx.exec(
            "INSERT INTO onboarding_step (organization_id, list, position, title, agent_id, due_on)
             VALUES ($1, $2, $3, $4, $5, $6)",
            params![id, &list.name, i64::try_from(position).unwrap_or(0), &step.title, agent, &due.to_string()],
        )?;
    }
    tell(tx, actor, id, now)?;
    of(tx, actor, id, now)
}

/// Changes a step: it is done, it is somebody else's, it may wait.
pub fn change(tx: &mut Tx<'_>, actor: &Actor, id: i64, form: &StepForm, now: Time) -> Result<OnboardingStep> {
    actor.need(Permission::ContactEdit)?;
    let mut step = get(tx, id)?;
    if form.version.is_some_and(|seen| seen < step.version) {
        return Err(Error::TicketChanged { fields: vec!["onboarding_step".to_owned()] });
    }
    if let Some(title) = &form.title {
        step.title = error::line("title", title, 200)?;
    }
    if let Some(agent) = form.agent_id {
        if let Some(agent) = agent {
            let known = people::agents::get(tx, agent).ok().filter(|agent| agent.active);
            known.ok_or_else(|| Error::field("agent_id", "unknown", "no such colleague"))?;
        }
        step.agent_id = agent;
    }
    if let Some(day) = &form.due_on {
        step.due_on = error::day("due_on", day)?;
    }
    match form.done {
        Some(true) if step.done_at.is_none() => (step.done_at, step.done_by) = (Some(now), actor.agent),
        Some(false) => (step.done_at, step.done_by) = (None, None),
        _ => {}
    }
    tx.exec(
        "UPDATE onboarding_step SET title = $2, agent_id = $3, due_on = $4, done_at = $5, done_by = $6,
           version = version + 1 WHERE id = $1",
        params![id, &step.title, step.agent_id, &step.due_on, step.done_at.map(|at| at.0), step.done_by],
    )?;
    tell(tx, actor, step.organization_id, now)?;
    let step = get(tx, id)?;
    let shown = with_overdue(tx, actor, vec![step], now)?.pop();
    shown.ok_or(Error::NotFound("onboarding_step"))
}

/// Removes a step that is not to be done after all.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, id: i64, now: Time) -> Result<()> {
    actor.need(Permission::ContactEdit)?;
    let step = get(tx, id)?;
    tx.exec("DELETE FROM onboarding_step WHERE id = $1", params![id])?;
    tell(tx, actor, step.organization_id, now)
}

fn get(tx: &mut Tx<'_>, id: i64) -> Result<OnboardingStep> {
    let row: Option<OnboardingStep> = tx.opt(&format!("{SELECT} WHERE s.id = $1"), params![id])?;
    row.ok_or(Error::NotFound("onboarding_step"))
}

fn tell(tx: &mut Tx<'_>, actor: &Actor, organization: OrganizationId, now: Time) -> Result<()> {
    event::append(tx, "organization.changed", 0, actor.author(), &json!({ "organization": organization }), now)?;
    Ok(())
}
