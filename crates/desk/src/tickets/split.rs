//! A conversation that has become two: from one message on it goes on as a ticket of its own.
//!
//! The messages move with their files, their originals and their Message-IDs, so that whoever answers one of them lands in the
//! new ticket, and whoever answers an earlier one in the old. Both tickets are locked meanwhile: a mail that comes in that very
//! second finds either of them as it was or as it is.

use super::model::{Address, Status};
use super::row::{NOBODY_WAITS, Standing, preview};
use super::{NewTicket, Opening, begin, change, snooze, undo};
use crate::{Actor, ContactId, Error, MessageId, Permission, Result, TicketId, entitlement, error};
use opora_base::{Time, Tx, event, params};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

/// From where on a conversation is to be a ticket of its own.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct SplitForm {
    /// The first message of the new ticket.
    pub message_id: MessageId,
    /// What the new ticket is about; as the old one when absent.
    #[serde(default)]
    pub subject: Option<String>,
}

/// Makes a ticket of a message and all that follow it. Answers the new one.
pub fn split(tx: &mut Tx<'_>, actor: &Actor, id: TicketId, form: &SplitForm, now: Time) -> Result<TicketId> {
    actor.need(Permission::TicketEdit)?;
    let old = Standing::lock_seen(tx, actor, id)?;
    let moving = moving(tx, id, form.message_id)?;
    let subject = match form.subject.as_deref() {
        Some(subject) => error::line("subject", subject, 500)?,
        None => old.subject.clone(),
    };
    let new = begin_with(tx, actor, &old, &subject, &moving, now)?;
    move_over(tx, id, new, form.message_id)?;
    tells_of_its_messages(tx, id)?;
    tells_of_its_messages(tx, new)?;
    let what = json!({ "to": new, "message": form.message_id, "count": moving.count });
    event::append(tx, "ticket.split", id.0, actor.author(), &what, now)?;
    let what = json!({ "from": id, "message": form.message_id, "count": moving.count });
    event::append(tx, "ticket.split_off", new.0, actor.author(), &what, now)?;
    Ok(new)
}

/// The messages that go.
struct Moving {
    count: i64,
    /// When the first of them was written.
    at: Time,
    /// Which customer wrote first among them.
    customer: Option<ContactId>,
}

/// One message must stay, and none that goes may be on its way out.
fn moving(tx: &mut Tx<'_>, id: TicketId, first: MessageId) -> Result<Moving> {
    let known: Option<(TicketId, i64)> =
        tx.opt("SELECT ticket_id, created_at FROM message WHERE id = $1", params![first])?;
    let Some((_, at)) = known.filter(|(ticket, _)| *ticket == id) else {
        return Err(Error::field("message_id", "unknown", "no message of this ticket"));
    };
    let before: Option<i64> =
        tx.opt("SELECT id FROM message WHERE ticket_id = $1 AND id < $2 ORDER BY id LIMIT 1", params![id, first])?;
    if before.is_none() {
        return Err(Error::field("message_id", "first", "the first message stays; nothing would be left"));
    }
    let (count, leaving): (i64, i64) = tx.one(
        "SELECT count(*), count(CASE WHEN state IN ('queued', 'scheduled', 'held', 'sending') THEN 1 END) FROM message
         WHERE ticket_id = $1 AND id >= $2",
        params![id, first],
    )?;
    if leaving > 0 {
        return Err(Error::field("message_id", "on_its_way", "an answer among these has not left yet"));
    }
    let customer: Option<Option<ContactId>> = tx.opt(
        "SELECT author_id FROM message WHERE ticket_id = $1 AND id >= $2 AND kind = 'customer' ORDER BY id LIMIT 1",
        params![id, first],
    )?;
    Ok(Moving { count, at: Time(at), customer: customer.flatten() })
}

/// The new ticket stands where the old one does; its customer is who wrote first in it.
fn begin_with(
    tx: &mut Tx<'_>,
    actor: &Actor,
    old: &Standing,
    subject: &str,
    moving: &Moving,
    now: Time,
) -> Result<TicketId> {
    let status = match old.status {
        Status::Closed | Status::Solved => Status::Open,
        _ if old.snoozed_until.is_some() => Status::Open,
        other => other,
    };
    let cc: Vec<Address> = serde_json::from_value(old.cc.clone()).unwrap_or_default();
    let tags: Vec<String> = serde_json::from_value(old.tags.clone()).unwrap_or_default();
    let channel: String = tx.one("SELECT channel FROM ticket WHERE id = $1", params![old.id])?;
    let new = NewTicket {
        subject,
        status,
        priority: old.priority,
        channel: &channel,
        contact: moving.customer.unwrap_or(old.contact_id),
        inbox: old.inbox_id,
        brand: old.brand_id,
        team: old.team_id,
        assignee: old.assignee_id,
        previous: Some(old.id),
        cc: &cc,
        tags: &tags,
        opening: Opening { updated_at: now, ..Opening::silent(moving.at) },
        at: moving.at,
    };
    let id = begin(tx, actor, &new)?;
    change::put_tags(tx, id, &tags)?;
    entitlement::split_off(tx, old.id, id)?;
    tx.exec(
        "INSERT INTO ticket_follower (ticket_id, agent_id) SELECT $2, agent_id FROM ticket_follower WHERE ticket_id = $1",
        params![old.id, id],
    )?;
    // Who has seen the messages in the old ticket has seen them in the new one.
    tx.exec(
        "INSERT INTO ticket_read (agent_id, ticket_id, message_id)
         SELECT agent_id, $2, message_id FROM ticket_read WHERE ticket_id = $1",
        params![old.id, id],
    )?;
    Ok(id)
}

/// Everything that hangs on these messages goes with them.
fn move_over(tx: &mut Tx<'_>, old: TicketId, new: TicketId, first: MessageId) -> Result<()> {
    for table in ["mail_id", "attachment", "notification"] {
        let sql = format!(
            "UPDATE {table} SET ticket_id = $3 WHERE message_id IN (SELECT id FROM message WHERE ticket_id = $1 AND id >= $2)"
        );
        tx.exec(&sql, params![old, first, new])?;
    }
    tx.exec("UPDATE message SET ticket_id = $3 WHERE ticket_id = $1 AND id >= $2", params![old, first, new])?;
    Ok(())
}

/// What the list shows of a ticket, from the messages it has now.
fn tells_of_its_messages(tx: &mut Tx<'_>, id: TicketId) -> Result<()> {
    let ticket = Standing::lock(tx, id)?;
    let (words, author) = undo::last_words(tx, id)?;
    let (count, newest): (i64, Option<i64>) = tx.one(
        "SELECT count(*), max(CASE WHEN kind <> 'auto' THEN id END) FROM message WHERE ticket_id = $1",
        params![id],
    )?;
    let files: i64 = tx.one(
        "SELECT count(*) FROM message m JOIN attachment a ON a.message_id = m.id WHERE m.ticket_id = $1 AND a.inline = FALSE",
        params![id],
    )?;
    let waiting = if ticket.status.is_active() { snooze::unanswered_since(tx, id)? } else { None };
    tx.exec(
        "UPDATE ticket SET preview = $2, last_author = $3, message_count = $4, attachment_count = $5, last_message_id = $6,
           waiting_since = $7, version = version + 1 WHERE id = $1",
        params![id, &preview(&words), author, count, files, newest.unwrap_or(0), waiting.unwrap_or(NOBODY_WAITS.0)],
    )?;
    Ok(())
}
