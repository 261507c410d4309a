//! A customer's message is looked at: may its writer ask for the organization the ticket is about?
//!
//! The ticket's own customer says which organization that is; when they have none, whoever wrote does. Every other writer is
//! weighed too: an answer by a colleague who is not on the list is a stranger's. What an agent or the owner has said of
//! somebody in a ticket stays said in that ticket.

use super::policy::{self, StrangerPolicy};
use super::settle::{By, Stranger, may_ask, settle};
use super::{Entitlement, answer, hold};
use crate::tickets::{NOBODY_WAITS, Standing};
use crate::{ContactId, MessageId, OrganizationId, Result, TicketId};
use opora_base::{Time, Tx, params};

/// A message of a customer that has just become part of a ticket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heard {
    /// In which ticket.
    pub(crate) ticket: TicketId,
    /// Who wrote it.
    pub(crate) author: ContactId,
    /// The message.
    pub(crate) message: MessageId,
    /// It came by itself: a ticket may be held, or answered, by the rules. A colleague who writes down a call is there to see
    /// the warning.
    pub(crate) by_itself: bool,
    /// A person wrote it to whom a machine may answer (RFC 3834).
    pub(crate) answerable: bool,
}

/// Looks at a ticket again that came before its organization had named anybody: its customer's newest message is weighed as if
/// a colleague had written it down. Nobody is asked and nobody is answered.
pub fn weigh_again(tx: &mut Tx<'_>, ticket: TicketId, now: Time) -> Result<()> {
    let newest: Option<(MessageId, ContactId)> = tx.opt(
        "SELECT m.id, t.contact_id FROM ticket t JOIN message m ON m.ticket_id = t.id AND m.kind = 'customer'
         WHERE t.id = $1 ORDER BY m.id DESC LIMIT 1",
        params![ticket],
    )?;
    match newest {
        Some((message, author)) => {
            weigh(tx, &Heard { ticket, author, message, by_itself: false, answerable: false }, now)
        }
        None => Ok(()),
    }
}

/// How the ticket stands with this message in it.
pub(crate) fn weigh(tx: &mut Tx<'_>, heard: &Heard, now: Time) -> Result<()> {
    let (theirs, writers): (Option<OrganizationId>, Option<OrganizationId>) = tx.one(
        "SELECT c.organization_id, a.organization_id FROM ticket t JOIN contact c ON c.id = t.contact_id
         JOIN contact a ON a.id = $2 WHERE t.id = $1",
        params![heard.ticket, heard.author],
    )?;
    let Some(organization) = theirs.or(writers) else { return Ok(()) };
    match may_ask(tx, organization, heard.author, now)? {
        None => Ok(()),
        Some(true) => {
            // Nothing happened: there is nothing to tell.
            tx.exec(
                "UPDATE ticket SET entitlement = 'authorised' WHERE id = $1 AND entitlement IS NULL",
                params![heard.ticket],
            )?;
            Ok(())
        }
        Some(false) => by_a_stranger(tx, heard, organization, now),
    }
}

fn by_a_stranger(tx: &mut Tx<'_>, heard: &Heard, organization: OrganizationId, now: Time) -> Result<()> {
    let policy = policy::of(tx, organization)?;
    if policy == StrangerPolicy::Nothing {
        return Ok(());
    }
    tx.exec(
        "INSERT INTO stranger (ticket_id, contact_id, organization_id, state, created_at)
         VALUES ($1, $2, $3, 'stranger', $4) ON CONFLICT (ticket_id, contact_id) DO NOTHING",
        params![heard.ticket, heard.author, organization, now.0],
    )?;
    let sql = format!("SELECT {} FROM stranger WHERE ticket_id = $1 AND contact_id = $2", Stranger::COLS);
    let stranger: Stranger = tx.one(&sql, params![heard.ticket, heard.author])?;
    match stranger.state {
        // They were on the list when they wrote last.
        Entitlement::Authorised => stranger.decided(tx, Entitlement::Stranger, &By::Agent(None), now)?,
        // Somebody has said so, and it stays said.
        Entitlement::Confirmed | Entitlement::Refused => return Ok(()),
        Entitlement::Held => return still_held(tx, heard.ticket),
        Entitlement::Stranger => {}
    }
    let asks = policy == StrangerPolicy::Hold && heard.by_itself && stranger.decided_at.is_none();
    if asks && let Some(owner) = hold::owner_of(tx, organization, now)? {
        let ticket = Standing::lock(tx, heard.ticket)?;
        hold::begin(tx, &ticket, &stranger, owner, now)?;
    }
    settle(tx, heard.ticket, &By::Agent(None), now)?;
    if policy == StrangerPolicy::Answer && heard.by_itself && heard.answerable {
        answer::once(tx, &stranger, heard.message, now)?;
    }
    Ok(())
}

/// Another word of somebody who is asked about: nobody waits for us while the owner thinks.
fn still_held(tx: &mut Tx<'_>, ticket: TicketId) -> Result<()> {
    tx.exec("UPDATE ticket SET waiting_since = $2 WHERE id = $1 AND active = FALSE", params![ticket, NOBODY_WAITS.0])?;
    Ok(())
}

/// Does this ticket stay on hold though its customer writes? Yes, when it is held because of the one who writes.
pub(crate) fn stays_held(tx: &mut Tx<'_>, ticket: &Standing, author: ContactId) -> Result<bool> {
    if ticket.entitlement != Some(Entitlement::Held) {
        return Ok(false);
    }
    let held: Option<i64> = tx.opt(
        "SELECT 1 FROM stranger WHERE ticket_id = $1 AND contact_id = $2 AND state = 'held'",
        params![ticket.id, author],
    )?;
    Ok(held.is_some())
}
