//! Support plans: what a customer has bought [S2.1].
//!
//! A plan decides to which team its tickets go and whether they are the account manager's, how many contacts may be
//! authorised, how much training a year it holds, and what the customer is told about it. How fast it is answered is not
//! here: policies of time choose by the plan's name. Two plans come with the house; both can be changed or removed.

mod presets;

pub use presets::ensure_presets;

use crate::present::present;
use crate::{Actor, AgentId, ContactId, Error, Permission, PlanId, Result, TeamId, TicketId, audit, department, error};
use opora_base::event::{self, Author};
use opora_base::{Time, Tx, params};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// No list of a department is longer.
const MOST: i64 = 100;
/// A day a week, all year.
const MOST_MINUTES: i64 = 60 * 8 * 52;

/// Whose the tickets of a plan are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlanAssignee {
    /// Nobody's until somebody takes them.
    #[default]
    None,
    /// The organization's account manager's.
    AccountManager,
}

impl PlanAssignee {
    const fn text(self) -> &'static str {
        match self {
            PlanAssignee::None => "none",
            PlanAssignee::AccountManager => "account_manager",
        }
    }
}

impl opora_base::Col for PlanAssignee {
    fn from_datum(datum: opora_base::Datum<'_>) -> Option<Self> {
        match datum {
            opora_base::Datum::Text("none") => Some(PlanAssignee::None),
            opora_base::Datum::Text("account_manager") => Some(PlanAssignee::AccountManager),
            _ => None,
        }
    }
}

opora_base::row! {
    /// A support plan.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
    pub struct Plan {
        /// Its number.
        pub id: PlanId,
        /// Its name; filters say `plan:"…"`.
        pub name: String,
        /// How many contacts of an organization may be authorised; `null` is any number.
        pub contact_quota: Option<i64>,
        /// Minutes of training a year.
        pub training_minutes: i64,
        /// Per cent off paid work.
        pub discount_percent: i64,
        /// Organizations with this plan have an account manager.
        pub needs_account_manager: bool,
        /// To which team its tickets go; `null` leaves them where they came in.
        pub team_id: Option<TeamId>,
        /// By which calendar its hours are counted; `null` is the department's.
        pub calendar_id: Option<i64>,
        /// Whose its tickets are.
        pub assignee: PlanAssignee,
        /// What customers are told about it.
        pub customer_text: String,
        /// Grows with every change.
        pub version: i64,
    }
}

/// A plan as somebody wants it; what is absent stays, or is as usual.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct PlanForm {
    /// The version this person saw.
    pub version: Option<i64>,
    /// Its name.
    pub name: Option<String>,
    /// How many contacts may be authorised; `null` is any number.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<i64>)]
    pub contact_quota: Option<Option<i64>>,
    /// Minutes of training a year.
    pub training_minutes: Option<i64>,
    /// Per cent off paid work.
    pub discount_percent: Option<i64>,
    /// Organizations with this plan have an account manager.
    pub needs_account_manager: Option<bool>,
    /// To which team its tickets go.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Option<Option<TeamId>>,
    /// By which calendar its hours are counted.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<i64>)]
    pub calendar_id: Option<Option<i64>>,
    /// Whose its tickets are.
    pub assignee: Option<PlanAssignee>,
    /// What customers are told about it.
    pub customer_text: Option<String>,
}

/// All plans, by name.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Plan>> {
    Ok(tx.query(&format!("SELECT {} FROM plan ORDER BY name_key", Plan::COLS), &[])?)
}

/// One plan.
pub fn get(tx: &mut Tx<'_>, id: PlanId) -> Result<Plan> {
    let plan: Option<Plan> = tx.opt(&format!("SELECT {} FROM plan WHERE id = $1", Plan::COLS), params![id])?;
    plan.ok_or(Error::NotFound("plan"))
}

/// Makes a plan.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, form: &PlanForm, now: Time) -> Result<Plan> {
    actor.need(Permission::SettingsManage)?;
    let many: i64 = tx.one("SELECT count(*) FROM plan", &[])?;
    if many >= MOST {
        return Err(Error::field("name", "too_many", format!("at most {MOST} plans")));
    }
    let plan = insert(tx, form, now)?;
    tell(tx, actor, "created", None, &plan, now)?;
    Ok(plan)
}

fn insert(tx: &mut Tx<'_>, form: &PlanForm, now: Time) -> Result<Plan> {
    let blank = Plan {
        id: PlanId(0),
        name: String::new(),
        contact_quota: None,
        training_minutes: 0,
        discount_percent: 0,
        needs_account_manager: false,
        team_id: None,
        calendar_id: None,
        assignee: PlanAssignee::None,
        customer_text: String::new(),
        version: 1,
    };
    let plan = blank.changed(tx, &PlanForm { name: Some(form.name.clone().unwrap_or_default()), ..form.clone() })?;
    let id: PlanId = tx.one(
        "INSERT INTO plan (name, name_key, contact_quota, training_minutes, discount_percent, needs_account_manager,
           team_id, calendar_id, assignee, customer_text, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id",
        params![
            &plan.name,
            &plan.name.to_lowercase(),
            plan.contact_quota,
            plan.training_minutes,
            plan.discount_percent,
            plan.needs_account_manager,
            plan.team_id,
            plan.calendar_id,
            plan.assignee.text(),
            &plan.customer_text,
            now.0
        ],
    )?;
    get(tx, id)
}

/// Changes a plan. Organizations that have more authorised contacts than a new quota keep them.
pub fn change(tx: &mut Tx<'_>, actor: &Actor, id: PlanId, form: &PlanForm, now: Time) -> Result<Plan> {
    actor.need(Permission::SettingsManage)?;
    let before = get(tx, id)?;
    if form.version.is_some_and(|seen| seen < before.version) {
        return Err(Error::TicketChanged { fields: vec!["plan".to_owned()] });
    }
    let plan = before.clone().changed(tx, form)?;
    tx.exec(
        "UPDATE plan SET name = $2, name_key = $3, contact_quota = $4, training_minutes = $5, discount_percent = $6,
           needs_account_manager = $7, team_id = $8, calendar_id = $9, assignee = $10, customer_text = $11,
           version = version + 1 WHERE id = $1",
        params![
            id,
            &plan.name,
            &plan.name.to_lowercase(),
            plan.contact_quota,
            plan.training_minutes,
            plan.discount_percent,
            plan.needs_account_manager,
            plan.team_id,
            plan.calendar_id,
            plan.assignee.text(),
            &plan.customer_text
        ],
    )?;
    let plan = get(tx, id)?;
    tell(tx, actor, "changed", Some(&before), &plan, now)?;
    Ok(plan)
}

/// Removes a plan that no organization has.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, id: PlanId, now: Time) -> Result<()> {
    actor.need(Permission::SettingsManage)?;
    let before = get(tx, id)?;
    let users: i64 = tx.one("SELECT count(*) FROM organization WHERE plan_id = $1", params![id])?;
    if users > 0 {
        return Err(Error::field("id", "in_use", format!("{users} organizations have this plan")));
    }
    tx.exec("DELETE FROM plan WHERE id = $1", params![id])?;
    let change = audit::Change {
        verb: "deleted",
        object: "plan",
        id: id.0,
        name: &before.name,
        before: Some(json!(before)),
        after: None,
    };
    audit::record(tx, actor, change, now)
}

fn tell(
    tx: &mut Tx<'_>,
    actor: &Actor,
    verb: &'static str,
    before: Option<&Plan>,
    plan: &Plan,
    now: Time,
) -> Result<()> {
    let (before, after) = (before.map(|plan| json!(plan)), Some(json!(plan)));
    audit::record(
        tx,
        actor,
        audit::Change { verb, object: "plan", id: plan.id.0, name: &plan.name, before, after },
        now,
    )?;
    event::append(tx, "plan.changed", 0, actor.author(), &json!({ "plan": plan.id }), now)?;
    Ok(())
}

impl Plan {
    /// With what the form says, checked.
    fn changed(mut self, tx: &mut Tx<'_>, form: &PlanForm) -> Result<Plan> {
        if let Some(name) = &form.name {
            self.name = free_name(tx, name, self.id)?;
        }
        if let Some(quota) = form.contact_quota {
            self.contact_quota = quota.map(|quota| within("contact_quota", quota, 100_000)).transpose()?;
        }
        if let Some(minutes) = form.training_minutes {
            self.training_minutes = within("training_minutes", minutes, MOST_MINUTES)?;
        }
        if let Some(percent) = form.discount_percent {
            self.discount_percent = within("discount_percent", percent, 100)?;
        }
        if let Some(team) = form.team_id {
            if let Some(team) = team {
                department::teams::get(tx, team).map_err(|_| Error::field("team_id", "unknown", "no such team"))?;
            }
            self.team_id = team;
        }
        if let Some(calendar) = form.calendar_id {
            self.calendar_id = calendar;
        }
        self.needs_account_manager = form.needs_account_manager.unwrap_or(self.needs_account_manager);
        self.assignee = form.assignee.unwrap_or(self.assignee);
        if let Some(text) = &form.customer_text {
            self.customer_text = error::text("customer_text", text, 4_000)?;
        }
        Ok(self)
    }
}

fn within(field: &'static str, number: i64, most: i64) -> Result<i64> {
    if (0..=most).contains(&number) {
        Ok(number)
    } else {
        Err(Error::field(field, "out_of_range", format!("from 0 to {most}")))
    }
}

fn free_name(tx: &mut Tx<'_>, name: &str, own: PlanId) -> Result<String> {
    let name = error::line("name", name, 80)?;
    let other: Option<PlanId> = tx.opt("SELECT id FROM plan WHERE name_key = $1", params![&name.to_lowercase()])?;
    if other.is_some_and(|other| other != own) {
        return Err(Error::field("name", "taken", "a plan of this name exists"));
    }
    Ok(name)
}

/// Where a new ticket goes because of its customer's plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Route {
    /// The plan's team, if it has one of its own.
    pub(crate) team: Option<TeamId>,
    /// The account manager, if the plan gives tickets to them and they still work here.
    pub(crate) assignee: Option<AgentId>,
}

impl Route {
    /// The account manager is told of a ticket that is theirs from its beginning.
    pub(crate) fn tell(self, tx: &mut Tx<'_>, ticket: TicketId, at: Time) -> Result<()> {
        if let Some(assignee) = self.assignee {
            let what = json!({ "from": null, "to": assignee, "by": "plan" });
            event::append(tx, "ticket.assigned", ticket.0, Author::System, &what, at)?;
        }
        Ok(())
    }
}

/// Where the plan of this contact's organization sends a new ticket.
pub(crate) fn route(tx: &mut Tx<'_>, contact: ContactId) -> Result<Route> {
    let row: Option<(Option<TeamId>, PlanAssignee, Option<AgentId>)> = tx.opt(
        "SELECT p.team_id, p.assignee, a.id FROM contact c
         JOIN organization o ON o.id = c.organization_id
         JOIN plan p ON p.id = o.plan_id
         LEFT JOIN agent a ON a.id = o.account_manager_id AND a.active = TRUE
         WHERE c.id = $1",
        params![contact],
    )?;
    Ok(row.map_or_else(Route::default, |(team, assignee, manager)| Route {
        team,
        assignee: manager.filter(|_| assignee == PlanAssignee::AccountManager),
    }))
}
