//! Opening a ticket: its row, the last page of its conversation and what happened meanwhile, in one snapshot.

use super::model::{Address, Ticket};
use super::{answering, draft, history, message, row, talks};
use crate::sla::promise;
use crate::{Actor, AgentId, LocationId, MessageId, Result, TicketId};
use opora_base::{Time, Tx, params};
use serde_json::Value;

/// Which page of the conversation is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Only messages before this one.
    pub before: Option<MessageId>,
    /// At most so many.
    pub limit: i64,
}

impl Default for Page {
    fn default() -> Self {
        Page { before: None, limit: 50 }
    }
}

/// The most messages of one page.
pub const LARGEST_PAGE: i64 = 200;

/// A ticket as this person may see it.
pub fn open(tx: &mut Tx<'_>, actor: &Actor, id: TicketId, page: &Page, now: Time) -> Result<Ticket> {
    let row = row::get(tx, actor, id)?;
    let (cc, previous, location_id): (Value, Option<TicketId>, Option<LocationId>) =
        tx.one("SELECT cc, previous_ticket_id, location_id FROM ticket WHERE id = $1", params![id])?;
    let follower_ids: Vec<AgentId> =
        tx.query("SELECT agent_id FROM ticket_follower WHERE ticket_id = $1 ORDER BY agent_id", params![id])?;
    let read: i64 = tx
        .opt(
            "SELECT message_id FROM ticket_read WHERE agent_id = $1 AND ticket_id = $2",
            params![actor.agent.map_or(0, |a| a.0), id],
        )?
        .unwrap_or(0);
    let (messages, more) = message::page(tx, id, page.before, page.limit.clamp(1, LARGEST_PAGE))?;
    // The first page's history begins with the ticket, an older page's ends just before the newer one begins.
    let from = if more { messages.first().map_or(Time(0), |m| m.created_at) } else { Time(0) };
    let until = match page.before {
        Some(before) => just_before(tx, id, before)?,
        None => Time(i64::MAX),
    };
    let events = history::of_ticket(tx, id, from, until)?;
    Ok(Ticket {
        cc: serde_json::from_value::<Vec<Address>>(cc).unwrap_or_default(),
        follower_ids,
        read_message_id: MessageId(read),
        previous_ticket_id: previous,
        location_id,
        older: messages.first().map(|m| m.id).filter(|_| more),
        messages,
        events,
        drafts: draft::all(tx, actor, id)?,
        answering: answering::of(tx, id, now)?,
        talks: talks::count(tx, actor, id)?,
        promise: promise::of(tx, id)?,
        row,
    })
}

/// The last moment before a message; before the next one when it was taken back meanwhile.
fn just_before(tx: &mut Tx<'_>, id: TicketId, message: MessageId) -> Result<Time> {
    let begins: Option<i64> = tx.opt(
        "SELECT created_at FROM message WHERE ticket_id = $1 AND id >= $2 ORDER BY id LIMIT 1",
        params![id, message],
    )?;
    Ok(Time(begins.map_or(i64::MAX, |at| at - 1)))
}

/// Notes that this person has read the ticket up to this message.
pub fn mark_read(tx: &mut Tx<'_>, actor: &Actor, id: TicketId, message: MessageId) -> Result<()> {
    row::get(tx, actor, id)?;
    read_until(tx, actor.agent_id()?, id, message)
}

/// The same for a reader who is known to see the ticket.
pub(super) fn read_until(tx: &mut Tx<'_>, agent: AgentId, id: TicketId, message: MessageId) -> Result<()> {
    tx.exec(
        "INSERT INTO ticket_read (agent_id, ticket_id, message_id) VALUES ($1, $2, $3)
         ON CONFLICT (agent_id, ticket_id) DO UPDATE SET message_id = excluded.message_id
         WHERE ticket_read.message_id < excluded.message_id",
        params![agent, id, message],
    )?;
    Ok(())
}
