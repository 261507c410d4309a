//! Taking back: an answer that has not left becomes a draft again and its ticket stands as before; a note is gone.
//!
//! An answer puts back only what it changed itself: a status or an owner that somebody has changed since is theirs. Who
//! waits and what the list shows follows from the messages that remain.

use super::model::{Message, MessageKind, MessageState, Status};
use super::reply::{count, job_key};
use super::row::{NOBODY_WAITS, Standing, preview};
use super::{change, draft, message, snooze};
use crate::sla::promise;
use crate::{Actor, AgentId, Error, MessageId, Result, TicketId};
use opora_base::{Time, Tx, event, job, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Where a ticket stood, asleep or not, and whose it was.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Stood {
    status: Status,
    snoozed_until: Option<i64>,
    assignee_id: Option<AgentId>,
}

/// What an answer made of its ticket.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Answered {
    before: Stood,
    after: Stood,
}

impl Stood {
    fn of(ticket: &Standing) -> Stood {
        Stood { status: ticket.status, snoozed_until: ticket.snoozed_until, assignee_id: ticket.assignee_id }
    }

    /// Does it stand at the same place, asleep until the same time?
    fn is_like(&self, other: &Stood) -> bool {
        (self.status, self.snoozed_until) == (other.status, other.snoozed_until)
    }
}

impl Answered {
    pub(super) fn of(before: &Standing, after: &Standing) -> Answered {
        Answered { before: Stood::of(before), after: Stood::of(after) }
    }

    /// What the job that sends the answer knows of it. An answer that was held or tried again knows nothing any more.
    fn known(tx: &mut Tx<'_>, answer: MessageId) -> Result<Option<Answered>> {
        let payload: Option<Value> =
            tx.opt("SELECT payload FROM job WHERE dedupe_key = $1", params![&job_key(answer)])?;
        Ok(payload.and_then(|payload| serde_json::from_value(payload.get("answered")?.clone()).ok()))
    }
}

/// Takes an answer back that has not left: it becomes a draft again, above what was begun since, and the ticket stands as
/// before. Answers its words alone, for whoever has what was begun since before their eyes.
pub fn undo(tx: &mut Tx<'_>, actor: &Actor, id: MessageId, now: Time) -> Result<draft::Draft> {
    let message = message::get(tx, actor, id)?;
    let own = message.author.kind == "agent" && message.author.id == actor.agent.map(|a| a.0);
    if message.kind != MessageKind::Reply || !own {
        return Err(Error::Forbidden("message.author"));
    }
    withdraw(tx, actor, &message, now)?;
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

/// The same without a draft, whoever wrote the answer and whoever sees its ticket.
pub(crate) fn withdraw(tx: &mut Tx<'_>, actor: &Actor, answer: &Message, now: Time) -> Result<()> {
    let ticket = Standing::lock(tx, answer.ticket_id)?;
    let answered = Answered::known(tx, answer.id)?;
    let in_time = match answer.state {
        MessageState::Queued | MessageState::Scheduled => {
            answer.undo_until.is_some_and(|until| until >= now) && job::cancel(tx, &job_key(answer.id))?
        }
        MessageState::Held => true,
        _ => false,
    };
    if !in_time {
        return Err(Error::AlreadySent);
    }
    message::delete(tx, answer.id)?;
    promise::unsaid(tx, answer.id)?;
    forget(tx, &ticket, answer)?;
    if let Some(answered) = answered {
        put_back(tx, actor, answer, &answered, now)?;
    }
    event::append(tx, "message.undone", ticket.id.0, actor.author(), &json!({ "message": answer.id }), now)?;
    Ok(())
}

/// Removes a note that is to be as if it had never been written.
pub(crate) fn remove_note(tx: &mut Tx<'_>, actor: &Actor, id: MessageId, now: Time) -> Result<()> {
    let note = message::find(tx, id)?;
    let ticket = Standing::lock(tx, note.ticket_id)?;
    message::delete(tx, id)?;
    let last = newest_without(tx, &ticket, id)?;
    tx.exec(
        "UPDATE ticket SET message_count = message_count - 1, attachment_count = attachment_count - $2,
           last_message_id = $3, version = version + 1 WHERE id = $1",
        params![ticket.id, count(&note.attachments), last],
    )?;
    event::append(tx, "message.undone", ticket.id.0, actor.author(), &json!({ "message": id }), now)?;
    Ok(())
}

/// The ticket's row tells only of the messages that remain.
fn forget(tx: &mut Tx<'_>, ticket: &Standing, answer: &Message) -> Result<()> {
    let (words, author) = last_words(tx, ticket.id)?;
    let last = newest_without(tx, ticket, answer.id)?;
    let waiting_since = if ticket.status.is_active() { snooze::unanswered_since(tx, ticket.id)? } else { None };
    tx.exec(
        "UPDATE ticket SET preview = $2, last_author = $3, last_message_id = $4, waiting_since = $5,
           message_count = message_count - 1, attachment_count = attachment_count - $6, version = version + 1
         WHERE id = $1",
        params![
            ticket.id,
            &preview(&words),
            author,
            last,
            waiting_since.unwrap_or(NOBODY_WAITS.0),
            count(&answer.attachments)
        ],
    )?;
    Ok(())
}

/// What was said last between us and the customer, and by whom.
pub(super) fn last_words(tx: &mut Tx<'_>, ticket: TicketId) -> Result<(String, &'static str)> {
    let last: Option<(String, MessageKind)> = tx.opt(
        "SELECT visible, kind FROM message WHERE ticket_id = $1 AND kind IN ('customer', 'reply')
         ORDER BY id DESC LIMIT 1",
        params![ticket],
    )?;
    let (words, kind) = last.unwrap_or((String::new(), MessageKind::Customer));
    Ok((words, if kind == MessageKind::Reply { "agent" } else { "customer" }))
}

/// The message the ticket's row points at once `gone` is gone. What machines wrote never counted.
fn newest_without(tx: &mut Tx<'_>, ticket: &Standing, gone: MessageId) -> Result<i64> {
    if ticket.last_message_id != gone.0 {
        return Ok(ticket.last_message_id);
    }
    let newest: Option<i64> =
        tx.one("SELECT max(id) FROM message WHERE ticket_id = $1 AND kind <> 'auto'", params![ticket.id])?;
    Ok(newest.unwrap_or(0))
}

/// Puts back what the answer changed. When the conversation went on since, the ticket stays where that has led it; a
/// further answer of ours remembers in its place how the ticket stood before.
fn put_back(tx: &mut Tx<'_>, actor: &Actor, answer: &Message, answered: &Answered, now: Time) -> Result<()> {
    let next: Option<(MessageId, MessageKind)> = tx.opt(
        "SELECT id, kind FROM message WHERE ticket_id = $1 AND id > $2 AND kind IN ('customer', 'reply')
         ORDER BY id LIMIT 1",
        params![answer.ticket_id, answer.id],
    )?;
    match next {
        None => stand_as_before(tx, actor, answer.ticket_id, answered, now),
        Some((next, MessageKind::Reply)) => hand_on(tx, next, answered),
        Some(_) => Ok(()),
    }
}

fn stand_as_before(tx: &mut Tx<'_>, actor: &Actor, id: TicketId, answered: &Answered, now: Time) -> Result<()> {
    let ticket = Standing::lock(tx, id)?;
    let (before, after) = (&answered.before, &answered.after);
    let mut change = change::Change::default();
    if Stood::of(&ticket).is_like(after) {
        change = snooze::back_to(&ticket, before.status, before.snoozed_until, now);
    }
    if ticket.assignee_id == after.assignee_id {
        change.assignee_id = Some(before.assignee_id);
    }
    change::apply(tx, actor, &ticket, &change, now)
}

fn hand_on(tx: &mut Tx<'_>, next: MessageId, gone: &Answered) -> Result<()> {
    let Some(mut answered) = Answered::known(tx, next)? else { return Ok(()) };
    if answered.before.is_like(&gone.after) {
        (answered.before.status, answered.before.snoozed_until) = (gone.before.status, gone.before.snoozed_until);
    }
    if answered.before.assignee_id == gone.after.assignee_id {
        answered.before.assignee_id = gone.before.assignee_id;
    }
    tx.exec(
        "UPDATE job SET payload = $2 WHERE dedupe_key = $1 AND state = 'ready'",
        params![&job_key(next), json!({ "message": next, "answered": answered })],
    )?;
    Ok(())
}
