//! Organizations: for whom contacts write.

use super::agreement::{self, Agreement, OrganizationKey};
use super::fields;
use crate::entitlement::StrangerPolicy;
use crate::onboarding;
use crate::pattern::holding;
use crate::present::present;
use crate::{Actor, AgentId, BrandId, Error, OrganizationId, Permission, PlanId, Result, error};
use opora_base::{Time, Tx, event, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// An organization in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrganizationRow {
    /// Its number.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// How many contacts write for it.
    pub contact_count: i64,
    /// What it has bought.
    pub plan_id: Option<PlanId>,
    /// Its account manager.
    pub account_manager_id: Option<AgentId>,
    /// It comes first.
    pub vip: bool,
    /// Steps of taking it in that should be done by now.
    pub onboarding_overdue: i64,
}

/// A page of organizations.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrganizationPage {
    /// By name.
    pub items: Vec<OrganizationRow>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
    /// How many there are in all.
    pub total: i64,
}

/// An organization.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Organization {
    /// Its number.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// What colleagues should know.
    pub notes: String,
    /// Whoever writes from these domains for the first time belongs to it.
    pub domains: Vec<String>,
    /// The department's own fields.
    #[schema(value_type = Object)]
    pub fields: BTreeMap<String, Value>,
    /// What is agreed with it.
    #[serde(flatten)]
    pub agreement: Agreement,
    /// How many contacts write for it.
    pub contact_count: i64,
    /// How many tickets they have that this reader may see.
    pub ticket_count: i64,
    /// Grows with every change.
    pub version: i64,
    /// Since when we know it.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
}

/// An organization as somebody wants it; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct OrganizationChange {
    /// The version this person saw.
    pub version: Option<i64>,
    /// Its name.
    pub name: Option<String>,
    /// What colleagues should know.
    pub notes: Option<String>,
    /// All its domains.
    pub domains: Option<Vec<String>>,
    /// The department's own fields; those left out stay, `null` empties one.
    #[schema(value_type = Option<Object>)]
    pub fields: Option<BTreeMap<String, Value>>,
    /// Under which brand it is served.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<BrandId>)]
    pub brand_id: Option<Option<BrandId>>,
    /// What it has bought.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<PlanId>)]
    pub plan_id: Option<Option<PlanId>>,
    /// Its account manager.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<AgentId>)]
    pub account_manager_id: Option<Option<AgentId>>,
    /// It comes first.
    pub vip: Option<bool>,
    /// All that it uses.
    pub modules: Option<Vec<String>>,
    /// All its licence keys.
    pub keys: Option<Vec<OrganizationKey>>,
    /// The first day of its contract, as 2026-01-31.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub contract_since: Option<Option<String>>,
    /// The last day of its contract.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub contract_until: Option<Option<String>>,
    /// What is done about a stranger; `null` is as the department does.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<StrangerPolicy>)]
    pub stranger_policy: Option<Option<StrangerPolicy>>,
}

/// Organizations whose name holds `text`, by name.
pub fn list(
    tx: &mut Tx<'_>,
    actor: &Actor,
    text: &str,
    cursor: &str,
    limit: i64,
    now: Time,
) -> Result<OrganizationPage> {
    actor.need(Permission::TicketView)?;
    let limit = limit.clamp(1, 1_000);
    let pattern = holding(&text.trim().to_lowercase());
    let today = onboarding::today(tx, actor, now)?.to_string();
    type Columns = (OrganizationId, String, String, i64, Option<PlanId>, Option<AgentId>, bool, i64);
    let rows: Vec<Columns> = tx.query(
        r"SELECT o.id, o.name, o.name_key,
           (SELECT count(*) FROM contact c WHERE c.organization_id = o.id AND c.merged_into IS NULL),
           o.plan_id, o.account_manager_id, o.vip,
           (SELECT count(*) FROM onboarding_step s
             WHERE s.organization_id = o.id AND s.done_at IS NULL AND s.due_on < $4)
         FROM organization o WHERE o.name_key > $1 AND o.name_key LIKE $2 ESCAPE '\' ORDER BY o.name_key LIMIT $3",
        params![cursor, &pattern, limit + 1, &today],
    )?;
    let total = tx.one(r"SELECT count(*) FROM organization WHERE name_key LIKE $1 ESCAPE '\'", params![&pattern])?;
    let more = rows.len() as i64 > limit;
    let shown = rows.iter().take(usize::try_from(limit).unwrap_or(0));
    let next_cursor = shown.clone().next_back().filter(|_| more).map(|row| row.2.clone());
    let row = |row: &Columns| OrganizationRow {
        id: row.0,
        name: row.1.clone(),
        contact_count: row.3,
        plan_id: row.4,
        account_manager_id: row.5,
        vip: row.6,
        onboarding_overdue: row.7,
    };
    Ok(OrganizationPage { items: shown.map(row).collect(), next_cursor, total })
}

/// Is there such an organization?
pub(crate) fn known(tx: &mut Tx<'_>, id: OrganizationId) -> Result<String> {
    let name: Option<String> = tx.opt("SELECT name FROM organization WHERE id = $1", params![id])?;
    name.ok_or(Error::NotFound("organization"))
}

/// An organization, whole.
pub fn get(tx: &mut Tx<'_>, actor: &Actor, id: OrganizationId) -> Result<Organization> {
    actor.need(Permission::TicketView)?;
    let row: Option<(String, String, Value, i64, i64)> =
        tx.opt("SELECT name, notes, fields, version, created_at FROM organization WHERE id = $1", params![id])?;
    let (name, notes, fields, version, created_at) = row.ok_or(Error::NotFound("organization"))?;
    let mut count = opora_base::Sql::new(
        "SELECT count(*) FROM ticket t JOIN contact c ON c.id = t.contact_id WHERE c.organization_id = ",
    );
    count.bind(id).push(" AND ");
    crate::tickets::only_seen(&mut count, actor, "t.");
    Ok(Organization {
        id,
        name,
        notes,
        domains: tx
            .query("SELECT domain FROM organization_domain WHERE organization_id = $1 ORDER BY domain", params![id])?,
        fields: serde_json::from_value(fields).unwrap_or_default(),
        agreement: agreement::of(tx, actor, id)?,
        contact_count: tx
            .one("SELECT count(*) FROM contact WHERE organization_id = $1 AND merged_into IS NULL", params![id])?,
        ticket_count: tx.one(count.text(), count.args())?,
        version,
        created_at: Time(created_at),
    })
}

/// Makes an organization.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, form: &OrganizationChange, now: Time) -> Result<Organization> {
    actor.need(Permission::ContactEdit)?;
    let name = free_name(tx, form.name.as_deref().unwrap_or_default(), None)?;
    let id: OrganizationId = tx.one(
        "INSERT INTO organization (name, name_key, created_at) VALUES ($1, $2, $3) RETURNING id",
        params![&name, &name.to_lowercase(), now.0],
    )?;
    change(tx, actor, id, &OrganizationChange { version: None, ..form.clone() }, now)
}

fn free_name(tx: &mut Tx<'_>, name: &str, own: Option<OrganizationId>) -> Result<String> {
    let name = error::line("name", name, 200)?;
    let other: Option<OrganizationId> =
        tx.opt("SELECT id FROM organization WHERE name_key = $1", params![&name.to_lowercase()])?;
    if other.is_some() && other != own {
        return Err(Error::field("name", "taken", "an organization of this name exists"));
    }
    Ok(name)
}

/// Changes an organization.
pub fn change(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: OrganizationId,
    change: &OrganizationChange,
    now: Time,
) -> Result<Organization> {
    actor.need(Permission::ContactEdit)?;
    let before = get(tx, actor, id)?;
    if change.version.is_some_and(|seen| seen < before.version) {
        return Err(Error::TicketChanged { fields: vec!["organization".to_owned()] });
    }
    let name = match &change.name {
        Some(name) => free_name(tx, name, Some(id))?,
        None => before.name,
    };
    let notes = change.notes.clone().unwrap_or(before.notes);
    if notes.chars().count() > 10_000 {
        return Err(Error::field("notes", "too_long", "at most 10000 characters"));
    }
    let no_changes = BTreeMap::new();
    let fields = fields::checked(tx, "organization", &before.fields, change.fields.as_ref().unwrap_or(&no_changes))?;
    if let Some(domains) = &change.domains {
        put_domains(tx, id, domains)?;
    }
    tx.exec(
        "UPDATE organization SET name = $2, name_key = $3, notes = $4, fields = $5, version = version + 1 WHERE id = $1",
        params![id, &name, &name.to_lowercase(), &notes, &fields],
    )?;
    agreement::put(tx, actor, (id, &name), change, now)?;
    event::append(tx, "organization.changed", 0, actor.author(), &json!({ "organization": id }), now)?;
    get(tx, actor, id)
}

fn put_domains(tx: &mut Tx<'_>, id: OrganizationId, domains: &[String]) -> Result<()> {
    if domains.len() > 100 {
        return Err(Error::field("domains", "too_many", "at most 100"));
    }
    tx.exec("DELETE FROM organization_domain WHERE organization_id = $1", params![id])?;
    for domain in domains {
        let domain = domain.trim().trim_start_matches('@').to_lowercase();
        error::address("domains", &format!("x@{domain}"))?;
        let owner: Option<OrganizationId> =
            tx.opt("SELECT organization_id FROM organization_domain WHERE domain = $1", params![&domain])?;
        match owner {
            Some(owner) if owner == id => {}
            Some(_) => return Err(Error::field("domains", "taken", format!("{domain} is another organization's"))),
            None => {
                tx.exec(
                    "INSERT INTO organization_domain (domain, organization_id) VALUES ($1, $2)",
                    params![&domain, id],
                )?;
            }
        }
    }
    Ok(())
}

/// The organization of whoever writes from this address, if its domain is somebody's.
pub(super) fn by_domain(tx: &mut Tx<'_>, address_key: &str) -> Result<Option<OrganizationId>> {
    let Some((_, domain)) = address_key.rsplit_once('@') else { return Ok(None) };
    Ok(tx.opt("SELECT organization_id FROM organization_domain WHERE domain = $1", params![domain])?)
}
