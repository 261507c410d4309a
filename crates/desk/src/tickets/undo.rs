//! Taking back: an answer that has not left becomes a draft again and its ticket stands as before; a note is gone.

use super::model::{Message, MessageKind, MessageState, Status};
use super::reply::{Before, count, job_key};
use super::row::Standing;
use super::{change, draft, message, snooze, tally};
use crate::{Actor, Error, MessageId, Result};
use opora_base::{Time, Tx, event, job, params};
use serde_json::{Value, json};

/// Takes an answer back that has not left: it becomes a draft again, above what was begun since, and the ticket stands as
/// before. Answers its words alone, for whoever has what was begun since before their eyes.
pub fn undo(tx: &mut Tx<'_>, actor: &Actor, id: MessageId, now: Time) -> Result<draft::Draft> {
    let message = take_back(tx, actor, id, now)?;
    let mut form = draft::DraftForm {
        kind: "reply".to_owned(),
        body_html: message.html.unwrap_or_else(|| opora_mail::text_to_html(&message.text)),
        recipients: message.recipients,
        attachments: message.attachments,
        over: None,
    };
    let words = (form.body_html.clone(), form.attachments.clone());
    if let Some(begun) = draft::get(tx, actor, message.ticket_id, "reply")? {
        let more = begun.attachments.into_iter().filter(|file| !words.1.contains(file));
        form.body_html += &begun.body_html;
        form.attachments.extend(more);
    }
    let kept = draft::keep(tx, actor, message.ticket_id, &form, now)?.draft;
    Ok(draft::Draft { body_html: words.0, attachments: words.1, ..kept })
}

/// The same without a draft; answers what was taken back.
pub(crate) fn take_back(tx: &mut Tx<'_>, actor: &Actor, id: MessageId, now: Time) -> Result<Message> {
    let message = message::get(tx, actor, id)?;
    let own = message.author.kind == "agent" && message.author.id == actor.agent.map(|a| a.0);
    if message.kind != MessageKind::Reply || !own {
        return Err(Error::Forbidden("message.author"));
    }
    let ticket = Standing::lock(tx, message.ticket_id)?;
    let key = job_key(id);
    let payload: Option<Value> = tx.opt("SELECT payload FROM job WHERE dedupe_key = $1", params![&key])?;
    let in_time = match message.state {
        MessageState::Queued | MessageState::Scheduled => {
            message.undo_until.is_some_and(|until| until >= now) && job::cancel(tx, &key)?
        }
        MessageState::Held => true,
        _ => false,
    };
    if !in_time {
        return Err(Error::AlreadySent);
    }
    let before = payload.and_then(|p| serde_json::from_value::<Before>(p.get("before")?.clone()).ok());
    message::delete(tx, id)?;
    restore(tx, actor, &ticket, &message, before, now)?;
    Ok(message)
}

/// Removes a note that is to be as if it had never been written.
pub(crate) fn remove_note(tx: &mut Tx<'_>, actor: &Actor, id: MessageId, now: Time) -> Result<()> {
    let note = message::find(tx, id)?;
    let ticket = Standing::lock(tx, note.ticket_id)?;
    message::delete(tx, id)?;
    let last: Option<MessageId> =
        tx.opt("SELECT id FROM message WHERE ticket_id = $1 ORDER BY id DESC LIMIT 1", params![ticket.id])?;
    tx.exec(
        "UPDATE ticket SET message_count = message_count - 1, attachment_count = attachment_count - $2,
           last_message_id = $3, version = version + 1 WHERE id = $1",
        params![ticket.id, count(&note.attachments), last.map_or(0, |last| last.0)],
    )?;
    event::append(tx, "message.undone", ticket.id.0, actor.author(), &json!({ "message": id }), now)?;
    Ok(())
}

fn restore(
    tx: &mut Tx<'_>,
    actor: &Actor,
    ticket: &Standing,
    message: &Message,
    before: Option<Before>,
    now: Time,
) -> Result<()> {
    let nothing_since = ticket.last_message_id == message.id.0;
    let after = match &before {
        Some(before) if nothing_since => Standing {
            status: before.status,
            assignee_id: before.assignee_id,
            preview: before.preview.clone(),
            last_author: before.last_author.clone(),
            last_message_id: before.last_message_id,
            waiting_since: before.waiting_since,
            ..ticket.clone()
        },
        _ => ticket.clone(),
    };
    tx.exec(
        "UPDATE ticket SET status = $2, active = $3, assignee_id = $4, preview = $5, last_author = $6,
           last_message_id = $7, waiting_since = $8, message_count = message_count - 1,
           attachment_count = attachment_count - $9, version = version + 1,
           snoozed_until = CASE WHEN $2 = 'on_hold' THEN snoozed_until END WHERE id = $1",
        params![
            ticket.id,
            after.status,
            after.status.is_active(),
            after.assignee_id,
            &after.preview,
            &after.last_author,
            after.last_message_id,
            after.waiting_since,
            count(&message.attachments)
        ],
    )?;
    tally::moved(tx, &ticket.place(), &after.place())?;
    if ticket.status != after.status {
        change::keep_timer(tx, ticket.id, after.status, now)?;
    }
    if after.status != Status::OnHold {
        snooze::keep_timer(tx, ticket.id, None)?;
    }
    event::append(tx, "message.undone", ticket.id.0, actor.author(), &json!({ "message": message.id }), now)?;
    Ok(())
}
