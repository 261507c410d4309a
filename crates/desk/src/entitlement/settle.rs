//! How a ticket stands, out of how each stranger in it stands; and who may say so besides the owner: an agent who knows them,
//! or the list they were put on since.

use super::authorised::{self, AuthorisedContact};
use super::{Entitlement, hold};
use crate::tickets::{self, Change, Standing, Status};
use crate::{Actor, AgentId, ContactId, Error, OrganizationId, Permission, Result, TicketId, audit};
use opora_base::event::{self, Author};
use opora_base::{Time, Tx, params, timer};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

opora_base::row! {
    /// Somebody on no list who has written in a ticket.
    #[derive(Clone, Debug)]
    pub(super) struct Stranger {
        /// The number of the case.
        pub(super) id: i64,
        pub(super) ticket_id: TicketId,
        pub(super) contact_id: ContactId,
        pub(super) organization_id: OrganizationId,
        pub(super) state: Entitlement,
        pub(super) owner_id: Option<ContactId>,
        pub(super) asked_at: Option<i64>,
        pub(super) expires_at: Option<i64>,
        pub(super) held_from: Option<String>,
        pub(super) answered_at: Option<i64>,
        pub(super) decided_by: Option<String>,
        pub(super) decided_at: Option<i64>,
        pub(super) agent_id: Option<AgentId>,
    }
}

impl Stranger {
    /// All those of a ticket.
    pub(super) fn of_ticket(tx: &mut Tx<'_>, ticket: TicketId) -> Result<Vec<Stranger>> {
        let sql = format!("SELECT {} FROM stranger WHERE ticket_id = $1 ORDER BY id", Stranger::COLS);
        Ok(tx.query(&sql, params![ticket])?)
    }

    pub(super) fn get(tx: &mut Tx<'_>, id: i64) -> Result<Stranger> {
        let row: Option<Stranger> =
            tx.opt(&format!("SELECT {} FROM stranger WHERE id = $1", Stranger::COLS), params![id])?;
        row.ok_or(Error::LinkExpired)
    }

    /// Somebody has said how they stand.
    pub(super) fn decided(&self, tx: &mut Tx<'_>, state: Entitlement, by: &By, now: Time) -> Result<()> {
        tx.exec(
            "UPDATE stranger SET state = $2, decided_by = $3, decided_at = $4, agent_id = $5 WHERE id = $1",
            params![self.id, state, by.text(), now.0, by.agent()],
        )?;
        Ok(())
    }
}

/// Who has said how somebody stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// The organization's owner.
    Owner(ContactId),
    /// A colleague, or the program in their name.
    Agent(Option<AgentId>),
    /// Nobody, until it was too late.
    Time,
}

impl By {
    const fn text(self) -> &'static str {
        match self {
            By::Owner(_) => "owner",
            By::Agent(_) => "agent",
            By::Time => "time",
        }
    }

    fn agent(self) -> Option<AgentId> {
        if let By::Agent(agent) = self { agent } else { None }
    }

    fn author(self) -> Author {
        match self {
            By::Owner(contact) => Author::Contact(contact.0),
            By::Agent(Some(agent)) => Author::Agent(agent.0),
            By::Agent(None) | By::Time => Author::System,
        }
    }
}

/// How a ticket stands now: as its most pressing stranger does. What was held for nobody any more goes back to work.
pub(super) fn settle(tx: &mut Tx<'_>, ticket: TicketId, by: &By, now: Time) -> Result<()> {
    let standing = Standing::lock(tx, ticket)?;
    let strangers = Stranger::of_ticket(tx, ticket)?;
    let Some(after) = strangers.iter().map(|stranger| stranger.state).max() else { return Ok(()) };
    let before = mark(tx, &standing, Some(after), by.author(), now)?;
    if after != Entitlement::Held && before == Some(Entitlement::Held) {
        timer::clear(tx, hold::TIMER, ticket.0)?;
        back_to_work(tx, ticket, &strangers, now)?;
    }
    Ok(())
}

/// Writes down how a ticket stands, and tells. Answers how it stood.
pub(super) fn mark(
    tx: &mut Tx<'_>,
    ticket: &Standing,
    after: Option<Entitlement>,
    by: Author,
    now: Time,
) -> Result<Option<Entitlement>> {
    let before = ticket.entitlement;
    if before != after {
        tx.exec(
            "UPDATE ticket SET entitlement = $2, version = version + 1 WHERE id = $1",
            params![ticket.id, after.map(Entitlement::text)],
        )?;
    }
    // That somebody was asked tells itself.
    if before != after && after != Some(Entitlement::Held) {
        event::append(tx, "ticket.entitlement", ticket.id.0, by, &json!({ "from": before, "to": after }), now)?;
    }
    Ok(before)
}

fn back_to_work(tx: &mut Tx<'_>, ticket: TicketId, strangers: &[Stranger], now: Time) -> Result<()> {
    let standing = Standing::lock(tx, ticket)?;
    // Somebody may have taken it up, or put it to sleep, meanwhile: that stands.
    if standing.status != Status::OnHold || standing.snoozed_until.is_some() {
        return Ok(());
    }
    let from = strangers.iter().filter_map(|stranger| stranger.held_from.as_deref()).find_map(Status::parse);
    let status = from.filter(|status| status.is_active()).unwrap_or(Status::Open);
    let change = Change { status: Some(status), ..Change::default() };
    tickets::apply(tx, &Actor::system(), &standing, &change, now)
}

/// What an agent says about the strangers in a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// "Known to me": they may ask in this ticket.
    Known,
    /// They may not ask.
    Refused,
    /// The organization's owner is asked, and the ticket waits.
    Ask,
}

/// What an agent says about the strangers in a ticket.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct VerdictForm {
    /// What.
    pub verdict: Verdict,
}

/// An agent says how the strangers in a ticket stand. It is written down who said so.
pub fn judge(tx: &mut Tx<'_>, actor: &Actor, ticket: TicketId, form: VerdictForm, now: Time) -> Result<()> {
    actor.need(Permission::TicketEdit)?;
    let standing = Standing::lock_seen(tx, actor, ticket)?;
    let strangers = Stranger::of_ticket(tx, ticket)?;
    if strangers.is_empty() {
        return Err(Error::field("verdict", "no_stranger", "nobody writes in this ticket who may not"));
    }
    let by = By::Agent(actor.agent);
    let state = match form.verdict {
        Verdict::Known => Entitlement::Confirmed,
        Verdict::Refused => Entitlement::Refused,
        Verdict::Ask => Entitlement::Held,
    };
    for stranger in strangers.iter().filter(|stranger| stranger.state != Entitlement::Authorised) {
        match form.verdict {
            Verdict::Ask => {
                let owner = hold::owner_of(tx, stranger.organization_id, now)?;
                let owner = owner.ok_or_else(|| {
                    Error::field("verdict", "no_owner", "this organization has no owner with a mail address")
                })?;
                hold::begin(tx, &standing, stranger, owner, now)?;
            }
            Verdict::Known | Verdict::Refused => stranger.decided(tx, state, &by, now)?,
        }
    }
    settle(tx, ticket, &by, now)?;
    let change = audit::Change {
        verb: "changed",
        object: "entitlement",
        id: ticket.0,
        name: &standing.subject,
        before: Some(json!({ "entitlement": standing.entitlement })),
        after: Some(json!({ "entitlement": state })),
    };
    audit::record(tx, actor, change, now)
}

/// Messages went to a ticket of their own: who was a stranger in the old one is one in the new one. Nobody is asked twice.
pub(crate) fn split_off(tx: &mut Tx<'_>, old: TicketId, new: TicketId) -> Result<()> {
    tx.exec(
        "INSERT INTO stranger (ticket_id, contact_id, organization_id, state, answered_at, decided_by, decided_at, agent_id,
           created_at)
         SELECT $2, contact_id, organization_id, CASE WHEN state = 'held' THEN 'stranger' ELSE state END, answered_at,
           decided_by, decided_at, agent_id, created_at FROM stranger WHERE ticket_id = $1",
        params![old, new],
    )?;
    tx.exec(
        "UPDATE ticket SET location_id = (SELECT o.location_id FROM ticket o WHERE o.id = $1),
           entitlement = (SELECT CASE WHEN o.entitlement = 'held' THEN 'stranger' ELSE o.entitlement END
             FROM ticket o WHERE o.id = $1) WHERE id = $2",
        params![old, new],
    )?;
    Ok(())
}

/// Somebody was put on the list, or may ask now: they are no stranger any more in the tickets in which they were one.
pub(super) fn named(tx: &mut Tx<'_>, actor: &Actor, who: &AuthorisedContact, now: Time) -> Result<()> {
    if !who.asks_at(now) {
        return Ok(());
    }
    let sql = format!(
        "SELECT {} FROM stranger WHERE contact_id = $1 AND organization_id = $2 AND state IN ('stranger', 'held')",
        Stranger::COLS
    );
    let strangers: Vec<Stranger> = tx.query(&sql, params![who.contact_id, who.organization_id])?;
    let by = By::Agent(actor.agent);
    for stranger in strangers {
        stranger.decided(tx, Entitlement::Authorised, &by, now)?;
        settle(tx, stranger.ticket_id, &by, now)?;
    }
    Ok(())
}

/// May this contact ask for the organization at this moment? Nothing when it has named nobody.
pub(super) fn may_ask(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    contact: ContactId,
    now: Time,
) -> Result<Option<bool>> {
    let list = authorised::of(tx, organization)?;
    let named = list.iter().any(|one| one.counts_at(now));
    Ok(named.then(|| list.iter().any(|one| one.contact_id == contact && one.asks_at(now))))
}
