//! SLA policies: which tickets are promised what, in whose hours, and what happens when it is too late.

use super::metric::Metric;
use crate::tickets::{Priority, Status, filter};
use crate::{Actor, CalendarId, Error, Permission, PolicyId, Result, TeamId, audit, calendars, error};
use opora_base::{FromRow, Row, Time, Tx, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The longest target: a year.
const LONGEST: i64 = 366 * 86_400;
const MOST: i64 = 200;

/// A target for each priority, in seconds of the policy's hours; none: nothing is promised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Target {
    /// For what can wait.
    pub low: Option<i64>,
    /// For most tickets.
    pub normal: Option<i64>,
    /// For what goes before.
    pub high: Option<i64>,
    /// For what must be done now.
    pub urgent: Option<i64>,
}

impl Target {
    /// For a ticket of this priority, in seconds.
    pub fn of(&self, priority: Priority) -> Option<i64> {
        match priority {
            Priority::Low => self.low,
            Priority::Normal => self.normal,
            Priority::High => self.high,
            Priority::Urgent => self.urgent,
        }
    }

    fn all(&self) -> impl Iterator<Item = i64> {
        [self.low, self.normal, self.high, self.urgent].into_iter().flatten()
    }
}

/// What happens when it is too late. Whoever has the ticket is told in any case, or its team, or those who lead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Escalation {
    /// Those who lead are told too.
    pub tell_leads: bool,
    /// The ticket gets at least this priority.
    pub priority: Option<Priority>,
    /// It goes to this team.
    pub team_id: Option<TeamId>,
}

/// A policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SlaPolicy)]
pub struct Policy {
    /// Its number.
    pub id: PolicyId,
    /// Its name.
    pub name: String,
    /// The first policy that fits a ticket decides.
    pub position: i64,
    /// Is it in force?
    pub active: bool,
    /// Which tickets it is for, in the filter language.
    pub filter: String,
    /// In whose working hours; none: by the wall clock.
    pub calendar_id: Option<i64>,
    /// What is promised, by metric.
    pub targets: BTreeMap<Metric, Target>,
    /// In these statuses a solution is not waited for.
    pub pauses: Vec<Status>,
    /// After so much of the time people are warned, in per cent.
    pub warn_percent: i64,
    /// What happens when it is too late.
    pub escalation: Escalation,
    /// Why it cannot be used at present; empty while it can.
    pub broken: String,
    /// Grows with every change.
    pub version: i64,
}

const COLUMNS: &str =
    "id, name, position, active, filter, calendar_id, targets, pauses, warn_percent, escalation, broken, version";

impl FromRow for Policy {
    fn from_row(row: &Row<'_>) -> opora_base::Result<Self> {
        Ok(Policy {
            id: row.get(0)?,
            name: row.get(1)?,
            position: row.get(2)?,
            active: row.get(3)?,
            filter: row.get(4)?,
            calendar_id: row.get(5)?,
            targets: kept(row, 6)?,
            pauses: kept(row, 7)?,
            warn_percent: row.get(8)?,
            escalation: kept(row, 9)?,
            broken: row.get(10)?,
            version: row.get(11)?,
        })
    }
}

fn kept<T: serde::de::DeserializeOwned + Default>(row: &Row<'_>, at: usize) -> opora_base::Result<T> {
    Ok(serde_json::from_value(Value::clone(&row.get(at)?)).unwrap_or_default())
}

/// What a policy is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = SlaPolicyForm)]
pub struct PolicyForm {
    /// The version this person saw.
    pub version: Option<i64>,
    /// Its name.
    pub name: String,
    /// Is it in force?
    #[serde(default = "yes")]
    pub active: bool,
    /// Which tickets it is for; empty: all.
    #[serde(default)]
    pub filter: String,
    /// In whose working hours; none: by the wall clock.
    pub calendar_id: Option<i64>,
    /// What is promised, by metric.
    pub targets: BTreeMap<Metric, Target>,
    /// In these statuses a solution is not waited for.
    #[serde(default = "waiting_and_on_hold")]
    pub pauses: Vec<Status>,
    /// After so much of the time people are warned, in per cent.
    #[serde(default = "usual_warning")]
    pub warn_percent: i64,
    /// What happens when it is too late.
    #[serde(default)]
    pub escalation: Escalation,
}

fn yes() -> bool {
    true
}

fn usual_warning() -> i64 {
    75
}

fn waiting_and_on_hold() -> Vec<Status> {
    vec![Status::Waiting, Status::OnHold]
}

/// All policies, in the order in which they are asked.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Policy>> {
    Ok(tx.query(&format!("SELECT {COLUMNS} FROM sla_policy ORDER BY position, id"), &[])?)
}

/// One policy.
pub fn get(tx: &mut Tx<'_>, id: PolicyId) -> Result<Policy> {
    let row = tx.opt(&format!("SELECT {COLUMNS} FROM sla_policy WHERE id = $1"), params![id])?;
    row.ok_or(Error::NotFound("policy"))
}

/// Makes a policy, the last one asked.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, form: &PolicyForm, now: Time) -> Result<Policy> {
    actor.need(Permission::SettingsManage)?;
    let name = checked(tx, form, None)?;
    let (count, last): (i64, Option<i64>) =
        tx.opt("SELECT count(*), max(position) FROM sla_policy", &[])?.unwrap_or_default();
    if count >= MOST {
        return Err(Error::field("name", "too_many", format!("at most {MOST} policies")));
    }
    let id: PolicyId = tx.one(
        "INSERT INTO sla_policy (name, name_key, position, active, filter, calendar_id, targets, pauses, warn_percent,
           escalation, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id",
        params![
            &name,
            &name.to_lowercase(),
            last.unwrap_or(0) + 1,
            form.active,
            form.filter.trim(),
            form.calendar_id,
            json!(form.targets),
            json!(form.pauses),
            form.warn_percent,
            json!(form.escalation),
            now.0
        ],
    )?;
    let policy = get(tx, id)?;
    audit::record(tx, actor, told("created", None, Some(&policy)), now)?;
    super::review::ask(tx, "policy", None)?;
    Ok(policy)
}

/// Changes a policy; what it says now is reckoned anew for every ticket that is not done.
pub fn change(tx: &mut Tx<'_>, actor: &Actor, id: PolicyId, form: &PolicyForm, now: Time) -> Result<Policy> {
    actor.need(Permission::SettingsManage)?;
    let before = get(tx, id)?;
    if form.version.is_some_and(|seen| seen < before.version) {
        return Err(Error::TicketChanged { fields: vec!["policy".to_owned()] });
    }
    let name = checked(tx, form, Some(id))?;
    tx.exec(
        "UPDATE sla_policy SET name = $2, name_key = $3, active = $4, filter = $5, calendar_id = $6, targets = $7,
           pauses = $8, warn_percent = $9, escalation = $10, broken = '', version = version + 1 WHERE id = $1",
        params![
            id,
            &name,
            &name.to_lowercase(),
            form.active,
            form.filter.trim(),
            form.calendar_id,
            json!(form.targets),
            json!(form.pauses),
            form.warn_percent,
            json!(form.escalation)
        ],
    )?;
    let policy = get(tx, id)?;
    audit::record(tx, actor, told("changed", Some(&before), Some(&policy)), now)?;
    super::review::ask(tx, "policy", None)?;
    Ok(policy)
}

/// Takes a policy away; its clocks that still run go with it, what they measured stays.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, id: PolicyId, now: Time) -> Result<()> {
    actor.need(Permission::SettingsManage)?;
    let before = get(tx, id)?;
    tx.exec("DELETE FROM sla_policy WHERE id = $1", params![id])?;
    audit::record(tx, actor, told("deleted", Some(&before), None), now)?;
    super::review::ask(tx, "policy", None)
}

/// Puts the policies in this order; those left out come after them.
pub fn arrange(tx: &mut Tx<'_>, actor: &Actor, order: &[PolicyId], now: Time) -> Result<Vec<Policy>> {
    actor.need(Permission::SettingsManage)?;
    let before = list(tx)?;
    let place = |policy: &Policy| order.iter().position(|id| *id == policy.id).unwrap_or(order.len());
    let mut after: Vec<&Policy> = before.iter().collect();
    after.sort_by_key(|policy| (place(policy), policy.position));
    for (position, policy) in (1_i64..).zip(after) {
        if policy.position != position {
            tx.exec("UPDATE sla_policy SET position = $2 WHERE id = $1", params![policy.id, position])?;
            let moved = Policy { position, ..policy.clone() };
            audit::record(tx, actor, told("changed", Some(policy), Some(&moved)), now)?;
        }
    }
    super::review::ask(tx, "policy", None)?;
    list(tx)
}

/// The policies whose hours a calendar gives.
pub(crate) fn using_calendar(tx: &mut Tx<'_>, calendar: CalendarId) -> Result<Vec<calendars::User>> {
    let names: Vec<String> =
        tx.query("SELECT name FROM sla_policy WHERE calendar_id = $1 ORDER BY position, id", params![calendar])?;
    Ok(names.into_iter().map(|name| calendars::User { kind: "sla_policy", name }).collect())
}

fn told<'a>(verb: &'static str, before: Option<&'a Policy>, after: Option<&'a Policy>) -> audit::Change<'a> {
    let one = after.or(before);
    let name = one.map_or("", |policy| policy.name.as_str());
    let (before_, after_) = (before.map(|policy| json!(policy)), after.map(|policy| json!(policy)));
    audit::Change { verb, object: "sla_policy", id: one.map_or(0, |p| p.id.0), name, before: before_, after: after_ }
}

/// The name, once everything about the form is right.
fn checked(tx: &mut Tx<'_>, form: &PolicyForm, own: Option<PolicyId>) -> Result<String> {
    let name = error::line("name", &form.name, 80)?;
    let other: Option<PolicyId> =
        tx.opt("SELECT id FROM sla_policy WHERE name_key = $1", params![&name.to_lowercase()])?;
    if other.is_some() && other != own {
        return Err(Error::field("name", "taken", "a policy of this name exists"));
    }
    filter::impersonal(tx, &form.filter)?;
    if form.targets.values().all(|target| target.all().next().is_none()) {
        return Err(Error::field("targets", "required", "a policy promises at least one thing"));
    }
    if form.targets.contains_key(&Metric::Promise) {
        return Err(Error::field("targets", "unknown", "a promise is made by a person, not by a policy"));
    }
    if form.targets.values().flat_map(Target::all).any(|seconds| !(1..=LONGEST).contains(&seconds)) {
        return Err(Error::field("targets", "out_of_range", "from a second to a year"));
    }
    if form.pauses.iter().any(|status| !matches!(status, Status::Waiting | Status::OnHold)) {
        return Err(Error::field("pauses", "unknown", "waiting and on_hold pause a clock"));
    }
    if !(1..=99).contains(&form.warn_percent) {
        return Err(Error::field("warn_percent", "out_of_range", "from 1 to 99"));
    }
    if let Some(team) = form.escalation.team_id {
        let team = crate::department::teams::get(tx, team);
        team.map_err(|_| Error::field("escalation", "unknown", "no such team"))?;
    }
    super::hours::Hours::of(tx, form.calendar_id)
        .map_err(|_| Error::field("calendar_id", "unknown", "no such calendar"))?
        .fits(form.targets.values().flat_map(Target::all).max().unwrap_or(0))
        .then_some(name)
        .ok_or_else(|| {
            Error::field("targets", "longer_than_the_calendar", "the calendar has not so many working hours")
        })
}
