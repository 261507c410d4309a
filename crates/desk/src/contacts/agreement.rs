//! What is agreed with an organization: its plan and brand, its account manager, since and until when, which modules and
//! licence keys it has, whether it is VIP, and what is done when a stranger asks in its name.
//!
//! Licence keys are read only by those who may change contacts; they stand neither in lists nor in the audit log, which says
//! which keys were changed and never what they are.

use super::organizations::OrganizationChange;
use super::training;
use crate::entitlement::StrangerPolicy;
use crate::{
    Actor, AgentId, BrandId, Error, OrganizationId, Permission, PlanId, Result, audit, department, error, people, plans,
};
use opora_base::{Time, Tx, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

const MOST_MODULES: usize = 100;
const MOST_KEYS: usize = 50;

/// A licence key or the like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrganizationKey {
    /// What it opens.
    pub name: String,
    /// The key.
    pub value: String,
}

/// What is agreed with an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Agreement {
    /// Under which brand it is served.
    pub brand_id: Option<BrandId>,
    /// What it has bought.
    pub plan_id: Option<PlanId>,
    /// Its account manager.
    pub account_manager_id: Option<AgentId>,
    /// It comes first.
    pub vip: bool,
    /// What it uses.
    pub modules: Vec<String>,
    /// Its licence keys; absent for those who may not change contacts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys: Option<Vec<OrganizationKey>>,
    /// The first day of its contract, as 2026-01-31.
    pub contract_since: Option<String>,
    /// The last day of its contract.
    pub contract_until: Option<String>,
    /// What is done about a stranger; `null` is as the department does.
    pub stranger_policy: Option<StrangerPolicy>,
}

type Columns = (
    Option<BrandId>,
    Option<PlanId>,
    Option<AgentId>,
    bool,
    Value,
    Option<String>,
    Option<String>,
    Option<StrangerPolicy>,
);

/// What is agreed with this organization, as far as this reader may know it.
pub(super) fn of(tx: &mut Tx<'_>, actor: &Actor, id: OrganizationId) -> Result<Agreement> {
    let row: Columns = tx.one(
        "SELECT brand_id, plan_id, account_manager_id, vip, modules, contract_since, contract_until, stranger_policy
         FROM organization WHERE id = $1",
        params![id],
    )?;
    let (brand_id, plan_id, account_manager_id, vip, modules, contract_since, contract_until, stranger_policy) = row;
    let keys = if actor.may(Permission::ContactEdit) { Some(keys(tx, id)?) } else { None };
    Ok(Agreement {
        brand_id,
        plan_id,
        account_manager_id,
        vip,
        modules: serde_json::from_value(modules).unwrap_or_default(),
        keys,
        contract_since,
        contract_until,
        stranger_policy,
    })
}

fn keys(tx: &mut Tx<'_>, id: OrganizationId) -> Result<Vec<OrganizationKey>> {
    let rows: Vec<(String, String)> =
        tx.query("SELECT name, value FROM organization_key WHERE organization_id = $1 ORDER BY position", params![id])?;
    Ok(rows.into_iter().map(|(name, value)| OrganizationKey { name, value }).collect())
}

/// Writes what the change says of the agreement, and the difference into the audit log.
pub(super) fn put(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (id, name): (OrganizationId, &str),
    change: &OrganizationChange,
    now: Time,
) -> Result<()> {
    let before = of(tx, actor, id)?;
    let after = changed(tx, before.clone(), change)?;
    if after == before {
        return Ok(());
    }
    tx.exec(
        "UPDATE organization SET brand_id = $2, plan_id = $3, account_manager_id = $4, vip = $5, modules = $6,
           contract_since = $7, contract_until = $8, stranger_policy = $9 WHERE id = $1",
        params![
            id,
            after.brand_id,
            after.plan_id,
            after.account_manager_id,
            after.vip,
            json!(after.modules),
            &after.contract_since,
            &after.contract_until,
            after.stranger_policy.map(StrangerPolicy::text)
        ],
    )?;
    if after.keys != before.keys {
        put_keys(tx, id, after.keys.as_deref().unwrap_or_default())?;
    }
    if after.plan_id != before.plan_id
        && let Some(plan) = after.plan_id
    {
        training::allow(tx, id, plan, now)?;
    }
    let (told_before, told_after) = (told(&before), told(&after));
    let told = audit::Change {
        verb: "changed",
        object: "organization",
        id: id.0,
        name,
        before: Some(with_keys(told_before, &before, &after)),
        after: Some(with_keys(told_after, &after, &before)),
    };
    audit::record(tx, actor, told, now)
}

fn told(agreement: &Agreement) -> Value {
    json!(Agreement { keys: None, ..agreement.clone() })
}

/// The names of the keys that the other side does not have as they are here; never the keys themselves.
fn with_keys(mut told: Value, these: &Agreement, others: &Agreement) -> Value {
    let others = others.keys.as_deref().unwrap_or_default();
    let differing: Vec<&str> =
        these.keys.iter().flatten().filter(|key| !others.contains(key)).map(|key| key.name.as_str()).collect();
    told["keys"] = json!(differing);
    told
}

fn changed(tx: &mut Tx<'_>, mut agreement: Agreement, change: &OrganizationChange) -> Result<Agreement> {
    if let Some(brand) = change.brand_id {
        if let Some(brand) = brand {
            department::brands::get(tx, brand).map_err(|_| Error::field("brand_id", "unknown", "no such brand"))?;
        }
        agreement.brand_id = brand;
    }
    if let Some(plan) = change.plan_id {
        if let Some(plan) = plan {
            plans::get(tx, plan).map_err(|_| Error::field("plan_id", "unknown", "no such plan"))?;
        }
        agreement.plan_id = plan;
    }
    if let Some(manager) = change.account_manager_id.filter(|manager| *manager != agreement.account_manager_id) {
        if let Some(manager) = manager {
            let known = people::agents::get(tx, manager).ok().filter(|agent| agent.active);
            known.ok_or_else(|| Error::field("account_manager_id", "unknown", "no such colleague"))?;
        }
        agreement.account_manager_id = manager;
    }
    agreement.vip = change.vip.unwrap_or(agreement.vip);
    if let Some(modules) = &change.modules {
        agreement.modules = clean_modules(modules)?;
    }
    if let Some(keys) = &change.keys {
        agreement.keys = Some(clean_keys(keys)?);
    }
    if let Some(since) = &change.contract_since {
        agreement.contract_since = since.as_deref().map(|day| error::day("contract_since", day)).transpose()?;
    }
    if let Some(until) = &change.contract_until {
        agreement.contract_until = until.as_deref().map(|day| error::day("contract_until", day)).transpose()?;
    }
    // Days written so sort as they follow each other.
    if let (Some(since), Some(until)) = (&agreement.contract_since, &agreement.contract_until)
        && until < since
    {
        return Err(Error::field("contract_until", "before_since", "ends before it begins"));
    }
    if let Some(policy) = change.stranger_policy {
        agreement.stranger_policy = policy;
    }
    Ok(agreement)
}

fn clean_modules(modules: &[String]) -> Result<Vec<String>> {
    if modules.len() > MOST_MODULES {
        return Err(Error::field("modules", "too_many", format!("at most {MOST_MODULES}")));
    }
    let mut clean: Vec<String> = Vec::with_capacity(modules.len());
    for module in modules {
        let module = error::line("modules", module, 80)?;
        if !clean.iter().any(|known| known.to_lowercase() == module.to_lowercase()) {
            clean.push(module);
        }
    }
    Ok(clean)
}

fn clean_keys(keys: &[OrganizationKey]) -> Result<Vec<OrganizationKey>> {
    if keys.len() > MOST_KEYS {
        return Err(Error::field("keys", "too_many", format!("at most {MOST_KEYS}")));
    }
    let clean = |key: &OrganizationKey| {
        Ok(OrganizationKey {
            name: error::line("keys", &key.name, 80)?,
            value: error::line("keys", &key.value, 2_000)?,
        })
    };
    keys.iter().map(clean).collect()
}

fn put_keys(tx: &mut Tx<'_>, id: OrganizationId, keys: &[OrganizationKey]) -> Result<()> {
    tx.exec("DELETE FROM organization_key WHERE organization_id = $1", params![id])?;
    for (position, key) in keys.iter().enumerate() {
        tx.exec(
            "INSERT INTO organization_key (organization_id, position, name, value) VALUES ($1, $2, $3, $4)",
            params![id, i64::try_from(position).unwrap_or(0), &key.name, &key.value],
        )?;
    }
    Ok(())
}
