//! What an agent sees of a ticket's customer before answering: for whom they ask, what that organization has bought, who
//! looks after it, who may ask for it, and what became of the strangers.

use super::authorised::{self, AuthorisedContact};
use super::policy::{self, StrangerPolicy};
use super::settle::Stranger;
use super::{Entitlement, hold};
use crate::contacts::locations::Location;
use crate::contacts::{organizations, training};
use crate::tickets::look;
use crate::{Actor, AgentId, ContactId, OrganizationId, PlanId, Result, TicketId, onboarding, plans};
use opora_base::{Time, Tx, params};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// So many of those who may ask are named.
const NAMED: usize = 20;
/// So many places are offered.
const PLACES: i64 = 500;

/// Who asks, for whom, and whether they may.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TicketEntitlement {
    /// How the ticket stands; `null` when nobody can say.
    pub entitlement: Option<Entitlement>,
    /// For whom they ask.
    pub organization: Option<OrganizationBrief>,
    /// What the ticket's customer may; `null` when they are not on the list.
    pub contact: Option<AuthorisedContact>,
    /// Who is on no list and has written in it.
    pub strangers: Vec<StrangerShown>,
    /// Who may ask for the organization, the owner first.
    pub authorised: Vec<AuthorisedContact>,
    /// What is done about strangers of this organization.
    pub policy: StrangerPolicy,
    /// There is an owner who could be asked.
    pub can_ask_owner: bool,
}

/// What an agent should know of an organization.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrganizationBrief {
    /// Its number.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// It comes first.
    pub vip: bool,
    /// What it has bought.
    pub plan: Option<PlanBrief>,
    /// Who looks after it.
    pub account_manager_id: Option<AgentId>,
    /// The last day of its contract.
    pub contract_until: Option<String>,
    /// That day is over.
    pub contract_over: bool,
    /// What it uses.
    pub modules: Vec<String>,
    /// Its places that are still there.
    pub locations: Vec<Location>,
    /// Minutes of training left.
    pub training_balance: i64,
    /// Steps of taking it in still to be done.
    pub onboarding_left: i64,
    /// Those that should be done by now.
    pub onboarding_overdue: i64,
}

/// A plan, in short.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlanBrief {
    /// Its number.
    pub id: PlanId,
    /// Its name.
    pub name: String,
    /// Per cent off paid work.
    pub discount_percent: i64,
    /// What customers are told about it.
    pub customer_text: String,
    /// It should have an account manager and has none.
    pub manager_missing: bool,
}

/// A stranger in a ticket, and what became of them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StrangerShown {
    /// Who.
    pub contact_id: ContactId,
    /// Their name.
    pub name: String,
    /// Where they are reached.
    pub address: String,
    /// How they stand.
    pub state: Entitlement,
    /// Which owner was asked.
    pub owner_name: Option<String>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub asked_at: Option<Time>,
    /// Until when their answer counts.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Time>,
    /// When they were answered by themselves.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answered_at: Option<Time>,
    /// "owner", "agent" or "time".
    pub decided_by: Option<String>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<Time>,
    /// Which colleague.
    pub agent_id: Option<AgentId>,
}

/// What an agent sees before answering in this ticket.
pub fn of_ticket(tx: &mut Tx<'_>, actor: &Actor, id: TicketId, now: Time) -> Result<TicketEntitlement> {
    actor.need(crate::Permission::TicketView)?;
    let ticket = look(tx, actor, id)?;
    let cases = Stranger::of_ticket(tx, id)?;
    let own: Option<OrganizationId> =
        tx.one("SELECT organization_id FROM contact WHERE id = $1", params![ticket.contact_id])?;
    let organization = own.or_else(|| cases.first().map(|case| case.organization_id));
    let mut strangers = Vec::with_capacity(cases.len());
    for case in &cases {
        strangers.push(shown(tx, case)?);
    }
    let (mut authorised, mut policy, mut can_ask_owner) = (Vec::new(), StrangerPolicy::Nothing, false);
    if let Some(organization) = organization {
        authorised = authorised::of(tx, organization)?;
        authorised.retain(|one| one.counts_at(now));
        policy = policy::of(tx, organization)?;
        can_ask_owner = hold::owner_of(tx, organization, now)?.is_some();
    }
    let contact = authorised.iter().find(|one| one.contact_id == ticket.contact_id).cloned();
    authorised.truncate(NAMED);
    Ok(TicketEntitlement {
        entitlement: ticket.entitlement,
        organization: organization.map(|id| brief(tx, actor, id, now)).transpose()?,
        contact,
        strangers,
        authorised,
        policy,
        can_ask_owner,
    })
}

fn shown(tx: &mut Tx<'_>, case: &Stranger) -> Result<StrangerShown> {
    let (name, address): (String, String) =
        tx.one("SELECT name, address FROM contact WHERE id = $1", params![case.contact_id])?;
    let owner_name = match case.owner_id {
        Some(owner) => tx.opt("SELECT name FROM contact WHERE id = $1", params![owner])?,
        None => None,
    };
    Ok(StrangerShown {
        contact_id: case.contact_id,
        name,
        address,
        state: case.state,
        owner_name,
        asked_at: case.asked_at.map(Time),
        expires_at: case.expires_at.map(Time),
        answered_at: case.answered_at.map(Time),
        decided_by: case.decided_by.clone(),
        decided_at: case.decided_at.map(Time),
        agent_id: case.agent_id,
    })
}

fn brief(tx: &mut Tx<'_>, actor: &Actor, id: OrganizationId, now: Time) -> Result<OrganizationBrief> {
    let name = organizations::known(tx, id)?;
    type Columns = (bool, Option<PlanId>, Option<AgentId>, Option<String>, Value);
    let (vip, plan, account_manager_id, contract_until, modules): Columns = tx.one(
        "SELECT vip, plan_id, account_manager_id, contract_until, modules FROM organization WHERE id = $1",
        params![id],
    )?;
    let plan = plan.map(|plan| plans::get(tx, plan)).transpose()?.map(|plan| PlanBrief {
        id: plan.id,
        name: plan.name,
        discount_percent: plan.discount_percent,
        customer_text: plan.customer_text,
        manager_missing: plan.needs_account_manager && account_manager_id.is_none(),
    });
    let today = onboarding::today(tx, actor, now)?.to_string();
    let (onboarding_left, onboarding_overdue): (i64, i64) = tx.one(
        "SELECT count(*), count(CASE WHEN due_on < $2 THEN 1 END) FROM onboarding_step
         WHERE organization_id = $1 AND done_at IS NULL",
        params![id, &today],
    )?;
    let sql = format!(
        "SELECT {} FROM location WHERE organization_id = $1 AND closed = FALSE ORDER BY id LIMIT $2",
        Location::COLS
    );
    Ok(OrganizationBrief {
        id,
        name,
        vip,
        plan,
        account_manager_id,
        contract_over: contract_until.as_ref().is_some_and(|until| *until < today),
        contract_until,
        modules: serde_json::from_value(modules).unwrap_or_default(),
        locations: tx.query(&sql, params![id, PLACES])?,
        training_balance: training::balance(tx, id)?,
        onboarding_left,
        onboarding_overdue,
    })
}
