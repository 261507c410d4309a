//! The department's lists of steps.

use crate::{Actor, AgentId, Error, Permission, Result, audit, error, people};
use opora_base::{Time, Tx, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

const MOST: i64 = 100;
const MOST_STEPS: usize = 100;
const FARTHEST: i64 = 3_660;

/// Who is to do a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Responsible {
    /// Whoever takes it.
    #[default]
    Nobody,
    /// The organization's account manager.
    AccountManager,
    /// One certain colleague.
    Agent,
}

/// A step of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TemplateStep {
    /// What is to be done.
    pub title: String,
    /// Who is to do it.
    #[serde(default)]
    pub responsible: Responsible,
    /// Which colleague, when it is one certain one.
    #[serde(default)]
    pub agent_id: Option<AgentId>,
    /// By how many days after the start.
    #[serde(default)]
    pub after_days: i64,
}

/// A list of steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OnboardingTemplate {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What is to be done, in this order.
    pub steps: Vec<TemplateStep>,
    /// Grows with every change.
    pub version: i64,
}

/// A list as somebody wants it; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct OnboardingTemplateForm {
    /// The version this person saw.
    pub version: Option<i64>,
    /// Its name.
    pub name: Option<String>,
    /// All its steps.
    pub steps: Option<Vec<TemplateStep>>,
}

type Columns = (i64, String, Value, i64);

fn template((id, name, steps, version): Columns) -> OnboardingTemplate {
    OnboardingTemplate { id, name, steps: serde_json::from_value(steps).unwrap_or_default(), version }
}

/// All lists, by name.
pub fn list(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<OnboardingTemplate>> {
    actor.need(Permission::TicketView)?;
    let rows: Vec<Columns> =
        tx.query("SELECT id, name, steps, version FROM onboarding_template ORDER BY name_key", &[])?;
    Ok(rows.into_iter().map(template).collect())
}

/// One list.
pub fn get(tx: &mut Tx<'_>, id: i64) -> Result<OnboardingTemplate> {
    let row: Option<Columns> =
        tx.opt("SELECT id, name, steps, version FROM onboarding_template WHERE id = $1", params![id])?;
    row.map(template).ok_or(Error::NotFound("onboarding_template"))
}

/// Makes a list.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, form: &OnboardingTemplateForm, now: Time) -> Result<OnboardingTemplate> {
    actor.need(Permission::SettingsManage)?;
    let many: i64 = tx.one("SELECT count(*) FROM onboarding_template", &[])?;
    if many >= MOST {
        return Err(Error::field("name", "too_many", format!("at most {MOST}")));
    }
    let name = free_name(tx, form.name.as_deref().unwrap_or_default(), 0)?;
    let steps = checked(tx, form.steps.as_deref().unwrap_or_default())?;
    let id: i64 = tx.one(
        "INSERT INTO onboarding_template (name, name_key, steps) VALUES ($1, $2, $3) RETURNING id",
        params![&name, &name.to_lowercase(), json!(steps)],
    )?;
    let made = get(tx, id)?;
    audit::record(tx, actor, told("created", None, Some(&made), &made), now)?;
    Ok(made)
}

/// Changes a list. What was begun with it goes on as it began.
pub fn change(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: i64,
    form: &OnboardingTemplateForm,
    now: Time,
) -> Result<OnboardingTemplate> {
    actor.need(Permission::SettingsManage)?;
    let before = get(tx, id)?;
    if form.version.is_some_and(|seen| seen < before.version) {
        return Err(Error::TicketChanged { fields: vec!["onboarding_template".to_owned()] });
    }
    let name = match &form.name {
        Some(name) => free_name(tx, name, id)?,
        None => before.name.clone(),
    };
    let steps = match &form.steps {
        Some(steps) => checked(tx, steps)?,
        None => before.steps.clone(),
    };
    tx.exec(
        "UPDATE onboarding_template SET name = $2, name_key = $3, steps = $4, version = version + 1 WHERE id = $1",
        params![id, &name, &name.to_lowercase(), json!(steps)],
    )?;
    let after = get(tx, id)?;
    audit::record(tx, actor, told("changed", Some(&before), Some(&after), &after), now)?;
    Ok(after)
}

/// Removes a list. What was begun with it goes on.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, id: i64, now: Time) -> Result<()> {
    actor.need(Permission::SettingsManage)?;
    let before = get(tx, id)?;
    tx.exec("DELETE FROM onboarding_template WHERE id = $1", params![id])?;
    audit::record(tx, actor, told("deleted", Some(&before), None, &before), now)
}

fn told<'a>(
    verb: &'static str,
    before: Option<&OnboardingTemplate>,
    after: Option<&OnboardingTemplate>,
    one: &'a OnboardingTemplate,
) -> audit::Change<'a> {
    let json = |list: &OnboardingTemplate| json!(list);
    audit::Change {
        verb,
        object: "onboarding_template",
        id: one.id,
        name: &one.name,
        before: before.map(json),
        after: after.map(json),
    }
}

fn free_name(tx: &mut Tx<'_>, name: &str, own: i64) -> Result<String> {
    let name = error::line("name", name, 120)?;
    let other: Option<i64> =
        tx.opt("SELECT id FROM onboarding_template WHERE name_key = $1", params![&name.to_lowercase()])?;
    if other.is_some_and(|other| other != own) {
        return Err(Error::field("name", "taken", "a list of this name exists"));
    }
    Ok(name)
}

fn checked(tx: &mut Tx<'_>, steps: &[TemplateStep]) -> Result<Vec<TemplateStep>> {
    if steps.is_empty() {
        return Err(Error::field("steps", "required", "there is nothing to do"));
    }
    if steps.len() > MOST_STEPS {
        return Err(Error::field("steps", "too_many", format!("at most {MOST_STEPS}")));
    }
    let mut clean = Vec::with_capacity(steps.len());
    for step in steps {
        if !(0..=FARTHEST).contains(&step.after_days) {
            return Err(Error::field("steps", "out_of_range", format!("from 0 to {FARTHEST} days")));
        }
        let agent_id = match (step.responsible, step.agent_id) {
            (Responsible::Agent, None) => return Err(Error::field("steps", "required", "which colleague?")),
            (Responsible::Agent, Some(agent)) => {
                people::agents::get(tx, agent).map_err(|_| Error::field("steps", "unknown", "no such colleague"))?;
                Some(agent)
            }
            _ => None,
        };
        clean.push(TemplateStep { title: error::line("steps", &step.title, 200)?, agent_id, ..step.clone() });
    }
    Ok(clean)
}
