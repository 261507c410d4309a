//! Somebody is answering: a claim that begins with the first kept words of an answer and ends with the answer, so that two
//! people do not write the same one. A claim is never a lock on the ticket: notes and changes go on, and anybody may take
//! it over.

use super::row;
use crate::{Actor, AgentId, Error, Permission, Result, TicketId};
use opora_base::event;
use opora_base::{FromRow, Row, Time, Tx, params};
use serde::Serialize;
use serde_json::json;
use std::time::Duration;
use utoipa::ToSchema;

/// A claim lasts so long after the last kept words.
pub const LASTS: Duration = Duration::from_secs(5 * 60);
/// Words are kept every second or two; the claim is written anew only when this much of it is gone.
const RENEWED_AFTER: Duration = Duration::from_secs(60);

/// Somebody who is answering.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Answering {
    /// Who.
    pub agent_id: AgentId,
    /// Their name.
    pub name: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Time,
    /// Until when, unless they write on.
    #[schema(value_type = String, format = DateTime)]
    pub until: Time,
}

impl FromRow for Answering {
    fn from_row(row: &Row<'_>) -> opora_base::Result<Self> {
        Ok(Answering { agent_id: row.get(0)?, name: row.get(1)?, since: Time(row.get(2)?), until: Time(row.get(3)?) })
    }
}

/// Who is answering this ticket now.
pub fn of(tx: &mut Tx<'_>, ticket: TicketId, now: Time) -> Result<Option<Answering>> {
    Ok(tx.opt(
        "SELECT c.agent_id, a.name, c.since, c.until FROM ticket_answering c JOIN agent a ON a.id = c.agent_id
         WHERE c.ticket_id = $1 AND c.until > $2",
        params![ticket, now.0],
    )?)
}

/// I answer, unless somebody else does; with `take_over` whoever does.
pub fn claim(tx: &mut Tx<'_>, actor: &Actor, ticket: TicketId, take_over: bool, now: Time) -> Result<Answering> {
    let me = actor.agent_id()?;
    actor.need(Permission::TicketReply)?;
    row::get(tx, actor, ticket)?;
    let held = of(tx, ticket, now)?;
    if let Some(held) = held.as_ref().filter(|held| held.agent_id != me && !take_over) {
        return Err(Error::BeingAnswered(Box::new(held.clone())));
    }
    hold(tx, actor, me, ticket, held.as_ref(), now)?;
    of(tx, ticket, now)?.ok_or(Error::NotFound("answering"))
}

/// Words of an answer were kept: the claim is mine if nobody has it, and lasts on if I have it.
pub(super) fn goes_on(tx: &mut Tx<'_>, actor: &Actor, ticket: TicketId, now: Time) -> Result<()> {
    let Some(me) = actor.agent.filter(|_| actor.may(Permission::TicketReply)) else { return Ok(()) };
    match of(tx, ticket, now)? {
        Some(held) if held.agent_id != me || held.until.since(now) > LASTS - RENEWED_AFTER => Ok(()),
        held => hold(tx, actor, me, ticket, held.as_ref(), now),
    }
}

fn hold(
    tx: &mut Tx<'_>,
    actor: &Actor,
    me: AgentId,
    ticket: TicketId,
    held: Option<&Answering>,
    now: Time,
) -> Result<()> {
    let since = held.filter(|held| held.agent_id == me).map_or(now, |held| held.since);
    tx.exec(
        "INSERT INTO ticket_answering (ticket_id, agent_id, since, until) VALUES ($1, $2, $3, $4)
         ON CONFLICT (ticket_id) DO UPDATE SET agent_id = excluded.agent_id, since = excluded.since, until = excluded.until",
        params![ticket, me, since.0, now.plus(LASTS).0],
    )?;
    let from = held.map(|held| held.agent_id).filter(|from| *from != me);
    told(tx, actor, ticket, from, now)
}

/// I answer no more. Says nothing when I did not.
pub fn release(tx: &mut Tx<'_>, actor: &Actor, ticket: TicketId, now: Time) -> Result<()> {
    let me = actor.agent_id()?;
    if tx.exec("DELETE FROM ticket_answering WHERE ticket_id = $1 AND agent_id = $2", params![ticket, me])? > 0 {
        told(tx, actor, ticket, None, now)?;
    }
    Ok(())
}

/// An answer is about to go: not past somebody who is writing one, unless that is meant. Ends the claim.
pub(super) fn answered(tx: &mut Tx<'_>, actor: &Actor, ticket: TicketId, take_over: bool, now: Time) -> Result<()> {
    let Some(held) = of(tx, ticket, now)? else { return Ok(()) };
    let mine = actor.agent == Some(held.agent_id);
    if !mine && !take_over {
        return Err(Error::BeingAnswered(Box::new(held)));
    }
    tx.exec("DELETE FROM ticket_answering WHERE ticket_id = $1", params![ticket])?;
    told(tx, actor, ticket, Some(held.agent_id).filter(|_| !mine), now)
}

/// Screens at the ticket are told; who was taken over from is notified.
fn told(tx: &mut Tx<'_>, actor: &Actor, ticket: TicketId, from: Option<AgentId>, now: Time) -> Result<()> {
    let what = json!({ "ticket": ticket, "from": from });
    event::append(tx, EVENT, 0, actor.author(), &what, now)?;
    Ok(())
}

/// What the log calls a change of who answers.
pub const EVENT: &str = "answering.changed";
