//! A ticket waits until the organization's owner has said whether a stranger may ask.
//!
//! The owner gets a letter with two links. A link carries the case's number and a signature over it and the time it was asked:
//! it works once, until it expires, and opening it changes nothing, for mail scanners open links; a button on the page does.
//! When nobody answers in time the ticket goes back to work with a warning: nothing is lost by waiting.

use super::Entitlement;
use super::authorised;
use super::settle::{By, Stranger, settle};
use crate::notifications::digest;
use crate::tickets::{self, Change, Standing, Status};
use crate::{Actor, ContactId, Error, OrganizationId, Result, TicketId, error};
use opora_base::event::{self, Author};
use opora_base::{Time, Tx, job, params, setting, timer};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// The timer that ends the wait.
pub const TIMER: &str = "ticket.held";
/// The kind of the letter in its queue.
pub const LETTER: &str = "stranger";
/// How long an owner has.
pub const PATIENCE: Duration = Duration::from_secs(3 * 86_400);
const SECRET: &str = "entitlement.secret";

/// Whom to ask about strangers: the owner, if they have an address mail reaches.
pub(super) fn owner_of(tx: &mut Tx<'_>, organization: OrganizationId, now: Time) -> Result<Option<ContactId>> {
    let list = authorised::of(tx, organization)?;
    let owner = list.into_iter().find(|one| one.is_owner && one.asks_at(now));
    Ok(owner.filter(|owner| error::address("owner", &owner.address).is_ok()).map(|owner| owner.contact_id))
}

/// Puts the ticket on hold and asks the owner. Who was asked already and may still answer is not asked again.
pub(super) fn begin(
    tx: &mut Tx<'_>,
    ticket: &Standing,
    stranger: &Stranger,
    owner: ContactId,
    now: Time,
) -> Result<()> {
    let asked = stranger.state == Entitlement::Held && stranger.expires_at.is_some_and(|until| until > now.0);
    if asked {
        return Ok(());
    }
    let until = now.plus(PATIENCE);
    let from = if ticket.status.is_active() { ticket.status } else { Status::Open };
    tx.exec(
        "UPDATE stranger SET state = 'held', owner_id = $2, asked_at = $3, expires_at = $4, held_from = $5,
           decided_by = NULL, decided_at = NULL, agent_id = NULL WHERE id = $1",
        params![stranger.id, owner, now.0, until.0, from],
    )?;
    timer::set(tx, TIMER, ticket.id.0, until)?;
    let key = format!("stranger:{}:{}", stranger.id, now.0);
    let payload = json!({ "kind": LETTER, "case": stranger.id });
    job::enqueue(tx, &job::NewJob { queue: digest::QUEUE, dedupe_key: &key, payload: &payload, run_at: now }, now)?;
    let what = json!({ "stranger": stranger.contact_id, "owner": owner, "until": until });
    event::append(tx, "ticket.owner_asked", ticket.id.0, Author::System, &what, now)?;
    lay_down(tx, ticket.id, now)
}

/// On hold, and nobody waits for us meanwhile.
pub(super) fn lay_down(tx: &mut Tx<'_>, ticket: TicketId, now: Time) -> Result<()> {
    let standing = Standing::lock(tx, ticket)?;
    let change = Change { status: Some(Status::OnHold), ..Change::default() };
    tickets::apply(tx, &Actor::system(), &standing, &change, now)
}

/// The time is over in which an owner could have answered: the ticket goes back to work, with a warning.
pub fn over(tx: &mut Tx<'_>, ticket: TicketId, now: Time) -> Result<()> {
    let late: Vec<Stranger> = Stranger::of_ticket(tx, ticket)?
        .into_iter()
        .filter(|stranger| {
            stranger.state == Entitlement::Held && stranger.expires_at.is_none_or(|until| until <= now.0)
        })
        .collect();
    for stranger in &late {
        stranger.decided(tx, Entitlement::Stranger, &By::Time, now)?;
    }
    settle(tx, ticket, &By::Time, now)
}

/// What a link lets its holder decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// For which organization.
    pub organization: String,
    /// Who wants to ask for it.
    pub stranger: String,
    /// From which address.
    pub address: String,
    /// About what.
    pub subject: String,
    /// The language of whoever is asked: "ru" or "en".
    pub locale: String,
}

/// The signed part of a link.
pub(super) fn token(tx: &mut Tx<'_>, stranger: &Stranger) -> Result<String> {
    let secret = match setting::get::<String>(tx, SECRET)? {
        Some(secret) => secret,
        None => {
            let secret = format!("{:032x}{:032x}", rand::random::<u128>(), rand::random::<u128>());
            setting::put(tx, SECRET, &secret)?;
            secret
        }
    };
    Ok(format!("{}-{}", stranger.id, signature(&secret, stranger)))
}

/// Half of a SHA-256: what is left out cannot be continued.
fn signature(secret: &str, stranger: &Stranger) -> String {
    let asked = stranger.asked_at.unwrap_or_default();
    let hash = Sha256::digest(format!("{secret}:{}:{asked}:{secret}", stranger.id).as_bytes());
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The case a link is about, while it may be decided.
fn by_token(tx: &mut Tx<'_>, token: &str, now: Time) -> Result<Stranger> {
    let (id, signed) = token.split_once('-').ok_or(Error::LinkExpired)?;
    let stranger = Stranger::get(tx, id.parse().map_err(|_| Error::LinkExpired)?)?;
    let secret: String = setting::get(tx, SECRET)?.ok_or(Error::LinkExpired)?;
    let open = stranger.state == Entitlement::Held && stranger.expires_at.is_some_and(|until| until > now.0);
    if open && same(signed, &signature(&secret, &stranger)) { Ok(stranger) } else { Err(Error::LinkExpired) }
}

/// Compares without telling by its time how far they agree.
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

/// What a link asks. Asking changes nothing.
pub fn asked(tx: &mut Tx<'_>, token: &str, now: Time) -> Result<Asked> {
    let stranger = by_token(tx, token, now)?;
    describe(tx, &stranger)
}

pub(super) fn describe(tx: &mut Tx<'_>, stranger: &Stranger) -> Result<Asked> {
    let (organization, name, address, subject, own, inbox): (String, String, String, String, Option<String>, String) =
        tx.one(
            "SELECT o.name, c.name, c.address, t.subject, w.locale, i.locale
             FROM stranger s JOIN organization o ON o.id = s.organization_id JOIN contact c ON c.id = s.contact_id
             JOIN ticket t ON t.id = s.ticket_id JOIN inbox i ON i.id = t.inbox_id
             LEFT JOIN contact w ON w.id = s.owner_id WHERE s.id = $1",
            params![stranger.id],
        )?;
    let locale = own.filter(|locale| !locale.is_empty()).unwrap_or(inbox);
    Ok(Asked {
        organization,
        stranger: name,
        address,
        subject,
        locale: if locale == "ru" { "ru" } else { "en" }.to_owned(),
    })
}

/// The owner says yes or no. Works once.
pub fn decide(tx: &mut Tx<'_>, token: &str, yes: bool, now: Time) -> Result<Asked> {
    let stranger = by_token(tx, token, now)?;
    let asked = describe(tx, &stranger)?;
    let by = stranger.owner_id.map_or(By::Time, By::Owner);
    let state = if yes { Entitlement::Confirmed } else { Entitlement::Refused };
    stranger.decided(tx, state, &by, now)?;
    settle(tx, stranger.ticket_id, &by, now)?;
    Ok(asked)
}
