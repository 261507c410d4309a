//! What is done about a stranger: an organization's own rule, or else the department's.

use crate::templates;
use crate::{Actor, Error, OrganizationId, Permission, Result, audit};
use opora_base::{Time, Tx, params, setting};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

const RULE: &str = "entitlement.stranger";

/// What is done when somebody writes who may not ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StrangerPolicy {
    /// Nothing.
    Nothing,
    /// The agent is warned.
    #[default]
    Warn,
    /// The ticket waits until the organization's owner has confirmed; without an owner the agent is warned.
    Hold,
    /// The agent is warned, and the customer is answered with a template, once a ticket.
    Answer,
}

impl StrangerPolicy {
    /// Its name in the API and in the database.
    pub const fn text(self) -> &'static str {
        match self {
            StrangerPolicy::Nothing => "nothing",
            StrangerPolicy::Warn => "warn",
            StrangerPolicy::Hold => "hold",
            StrangerPolicy::Answer => "answer",
        }
    }
}

impl opora_base::Col for StrangerPolicy {
    fn from_datum(datum: opora_base::Datum<'_>) -> Option<Self> {
        use StrangerPolicy::{Answer, Hold, Nothing, Warn};
        let opora_base::Datum::Text(text) = datum else { return None };
        [Nothing, Warn, Hold, Answer].into_iter().find(|policy| policy.text() == text)
    }
}

/// The department's rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct StrangerRule {
    /// What is done, unless an organization has a rule of its own.
    pub policy: StrangerPolicy,
    /// With which shared template strangers are answered; `null` is a sentence of the house.
    pub template_id: Option<i64>,
}

/// The department's rule.
pub fn department_rule(tx: &mut Tx<'_>) -> Result<StrangerRule> {
    Ok(setting::get(tx, RULE)?.unwrap_or_default())
}

/// Changes the department's rule.
pub fn put_department_rule(tx: &mut Tx<'_>, actor: &Actor, rule: StrangerRule, now: Time) -> Result<StrangerRule> {
    actor.need(Permission::SettingsManage)?;
    if let Some(id) = rule.template_id {
        let shared = templates::get(tx, actor, id).ok().filter(|template| template.section == "shared");
        shared.ok_or_else(|| Error::field("template_id", "unknown", "no such template shared with everybody"))?;
    }
    let before = department_rule(tx)?;
    setting::put(tx, RULE, &rule)?;
    let change = audit::Change {
        verb: "changed",
        object: "strangers",
        id: 0,
        name: "",
        before: Some(json!(before)),
        after: Some(json!(rule)),
    };
    audit::record(tx, actor, change, now)?;
    Ok(rule)
}

/// What is done about strangers of this organization.
pub(super) fn of(tx: &mut Tx<'_>, organization: OrganizationId) -> Result<StrangerPolicy> {
    let own: Option<StrangerPolicy> =
        tx.one("SELECT stranger_policy FROM organization WHERE id = $1", params![organization])?;
    match own {
        Some(own) => Ok(own),
        None => Ok(department_rule(tx)?.policy),
    }
}
