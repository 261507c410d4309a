//! Answering a customer and writing a note.

use super::model::{Address, Attachment, MessageKind, MessageState, Recipients, Status, Writer};
use super::row::{NOBODY_WAITS, Standing, preview};
use super::snooze::Snooze;
use super::undo::Answered;
use super::words::Words;
use super::{answering, change, draft, files, mentions, message, open, tally};
use crate::department::inboxes;
use crate::sla::promise::{self, PromiseForm};
use crate::templates;
use crate::{Actor, AttachmentId, Error, MessageId, Permission, Result, TicketId};
use opora_base::event::{self, Author};
use opora_base::{Time, Tx, job, params};
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;
use utoipa::ToSchema;

/// How long a sent answer can be taken back.
pub const UNDO: Duration = Duration::from_secs(10);
/// The queue of answers on their way out.
pub const SEND_QUEUE: &str = "mail.send";
/// Nothing is sent later than this.
const FARTHEST: Duration = Duration::from_secs(366 * 86_400);
const MOST_FILES: usize = 50;
const LONGEST_CHAIN: usize = 20;

/// A message to be written into a ticket.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct MessageForm {
    /// "reply" or "note".
    pub kind: String,
    /// What it says, as text.
    pub body_text: Option<String>,
    /// What it says, as HTML.
    pub body_html: Option<String>,
    /// Files uploaded before.
    pub attachments: Vec<AttachmentId>,
    /// To whom; absent: the customer.
    pub to: Option<Vec<Address>>,
    /// Copies; absent: as the ticket has them.
    pub cc: Option<Vec<Address>>,
    /// Blind copies.
    pub bcc: Option<Vec<Address>>,
    /// Where the ticket stands afterwards.
    pub status: Option<Status>,
    /// Put the ticket to sleep afterwards.
    pub snooze: Option<Snooze>,
    /// Send it at this time instead of now.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub send_at: Option<Time>,
    /// The version this person saw, when the status depends on it.
    pub version: Option<i64>,
    /// The last message this person saw; a customer's newer one stops the answer.
    pub seen_message_id: Option<MessageId>,
    /// Put the brand's greeting and closing and the inbox's signature around the words.
    pub frame: bool,
    /// Throw my draft of this kind away with it.
    pub draft_clear: bool,
    /// Send it even though somebody else is answering.
    pub take_over: bool,
    /// By when the customer hears from us next, as this answer says.
    pub promise: Option<PromiseForm>,
}

/// Writes an answer or a note. The words come ready ([`Words::new`]), made before the transaction.
pub fn write(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: TicketId,
    form: &MessageForm,
    words: &Words,
    now: Time,
) -> Result<MessageId> {
    let ticket = Standing::lock_seen(tx, actor, id)?;
    let written = match form.kind.as_str() {
        "reply" => answer(tx, actor, &ticket, form, words, now)?,
        "note" => note(tx, actor, &ticket, form, words, now)?,
        _ => return Err(Error::field("kind", "unknown", "must be \"reply\" or \"note\"")),
    };
    if form.draft_clear && actor.agent.is_some() {
        draft::delete(tx, actor, id, &form.kind, None, now)?;
    }
    if let Some(agent) = actor.agent {
        open::read_until(tx, agent, id, written)?;
    }
    if form.status.is_some() || form.snooze.is_some() {
        let standing = Standing::lock(tx, id)?;
        let then = change::Change { status: form.status, snooze: form.snooze.map(Some), ..Default::default() };
        actor.need(Permission::TicketEdit)?;
        change::apply(tx, actor, &standing, &then, now)?;
    }
    if form.kind == "reply" {
        send(tx, &ticket, written, leaves_at(form, now)?, now)?;
        if let Some(promise) = &form.promise {
            promise::with_answer(tx, actor, id, written, promise, form.send_at.unwrap_or(now), now)?;
        }
    }
    Ok(written)
}

fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    ticket: &Standing,
    form: &MessageForm,
    words: &Words,
    now: Time,
) -> Result<MessageId> {
    actor.need(Permission::TicketNote)?;
    let attachments = files::take(tx, actor, &form.attachments, &words.shown, MOST_FILES)?;
    let mentions = mentions::mentioned(tx, &words.text)?;
    let new = message::NewMessage {
        kind: MessageKind::Note,
        author: writer(tx, actor, "")?,
        recipients: Recipients::default(),
        subject: String::new(),
        attachments,
        mentions: mentions.clone(),
        ..blank(words, now)
    };
    let id = message::insert(tx, ticket.id, &new)?;
    for agent in &mentions {
        change::follow(tx, ticket.id, *agent)?;
    }
    tx.exec(
        "UPDATE ticket SET message_count = message_count + 1, attachment_count = attachment_count + $2,
           last_message_id = $3, updated_at = $4, version = version + 1 WHERE id = $1",
        params![ticket.id, count(&new.attachments), id, now.0.max(ticket.updated_at)],
    )?;
    let what = json!({ "message": id, "mentions": mentions });
    event::append(tx, "message.note", ticket.id.0, actor.author(), &what, now)?;
    Ok(id)
}

fn answer(
    tx: &mut Tx<'_>,
    actor: &Actor,
    ticket: &Standing,
    form: &MessageForm,
    words: &Words,
    now: Time,
) -> Result<MessageId> {
    actor.need(Permission::TicketReply)?;
    refuse_if_news(tx, ticket, form)?;
    let unresolved = templates::unresolved(&words.text);
    if !unresolved.is_empty() {
        return Err(Error::UnresolvedVariable(unresolved));
    }
    let leaves = leaves_at(form, now)?;
    answering::answered(tx, actor, ticket.id, form.take_over, now)?;
    let inbox = inboxes::get(tx, ticket.inbox_id)?;
    let recipients = recipients(tx, ticket, form)?;
    let attachments = files::take(tx, actor, &form.attachments, &words.shown, MOST_FILES)?;
    let (in_reply_to, mail_refs) = chain(tx, ticket.id)?;
    let words = if form.frame { super::frame::around(tx, actor, ticket, words)? } else { words.clone() };
    let new = message::NewMessage {
        kind: MessageKind::Reply,
        author: writer(tx, actor, &inbox.address)?,
        recipients,
        subject: reply_subject(&ticket.subject, in_reply_to.is_some()),
        attachments,
        mail_id: Some(fresh_mail_id(ticket.id, &inbox.address)),
        in_reply_to,
        mail_refs,
        state: if form.send_at.is_some() { MessageState::Scheduled } else { MessageState::Queued },
        undo_until: Some(leaves),
        ..blank(&words, now)
    };
    let id = message::insert(tx, ticket.id, &new)?;
    let status =
        if ticket.status == Status::Closed || ticket.status == Status::New { Status::Open } else { ticket.status };
    let waiting_since = if form.send_at.is_some() { ticket.waiting_since } else { NOBODY_WAITS.0 };
    let after = Standing { status, assignee_id: ticket.assignee_id.or(actor.agent), waiting_since, ..ticket.clone() };
    settle_answer(tx, actor, ticket, &after, id, &new, now)?;
    Ok(id)
}

/// Gives an answer to the carrier, together with what it made of its ticket: whoever takes it back needs that.
fn send(tx: &mut Tx<'_>, before: &Standing, id: MessageId, leaves: Time, now: Time) -> Result<()> {
    let answered = Answered::of(before, &Standing::lock(tx, before.id)?);
    let payload = json!({ "message": id, "answered": answered });
    let key = job_key(id);
    let send = job::NewJob { queue: SEND_QUEUE, dedupe_key: &key, payload: &payload, run_at: leaves };
    job::enqueue(tx, &send, now)?;
    Ok(())
}

/// When an answer leaves: after a moment in which it can be taken back, or when its writer wants.
fn leaves_at(form: &MessageForm, now: Time) -> Result<Time> {
    let soonest = now.plus(UNDO);
    match form.send_at {
        None => Ok(soonest),
        Some(at) if at < soonest => Err(Error::field("send_at", "past", "must lie in the future")),
        Some(at) if at > now.plus(FARTHEST) => Err(Error::field("send_at", "too_far", "at most a year ahead")),
        Some(at) => Ok(at),
    }
}

/// The ticket after an answer: it is the writer's, nobody waits, the list shows the new words.
fn settle_answer(
    tx: &mut Tx<'_>,
    actor: &Actor,
    ticket: &Standing,
    after: &Standing,
    id: MessageId,
    new: &message::NewMessage,
    now: Time,
) -> Result<()> {
    let fields = [("assignee_id", ticket.assignee_id != after.assignee_id), ("status", ticket.status != after.status)];
    let differing: Vec<&str> = fields.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect();
    tx.exec(
        "UPDATE ticket SET status = $2, active = $3, assignee_id = $4, preview = $5, last_author = 'agent',
           message_count = message_count + 1, attachment_count = attachment_count + $6, last_message_id = $7,
           waiting_since = $8, updated_at = $9, changed = $10, version = version + 1 WHERE id = $1",
        params![
            ticket.id,
            after.status,
            after.status.is_active(),
            after.assignee_id,
            &preview(&new.visible),
            count(&new.attachments),
            id,
            after.waiting_since,
            now.0.max(ticket.updated_at),
            &ticket.changed_with(&differing)
        ],
    )?;
    tally::moved(tx, &ticket.place(), &after.place())?;
    if ticket.assignee_id != after.assignee_id {
        let what = json!({ "from": ticket.assignee_id, "to": after.assignee_id, "by": "answer" });
        event::append(tx, "ticket.assigned", ticket.id.0, actor.author(), &what, now)?;
    }
    if ticket.status != after.status {
        let what = json!({ "from": ticket.status, "to": after.status, "by": "answer" });
        event::append(tx, "ticket.status", ticket.id.0, actor.author(), &what, now)?;
        change::keep_timer(tx, ticket.id, after.status, now)?;
    }
    event::append(tx, "message.reply", ticket.id.0, actor.author(), &json!({ "message": id }), now)?;
    Ok(())
}

/// Offers a failed answer to the mail server once more.
pub fn retry(tx: &mut Tx<'_>, actor: &Actor, id: MessageId, now: Time) -> Result<()> {
    actor.need(Permission::TicketReply)?;
    let message = message::get(tx, actor, id)?;
    if message.kind != MessageKind::Reply || !matches!(message.state, MessageState::Failed | MessageState::Held) {
        return Err(Error::AlreadySent);
    }
    let key = job_key(id);
    tx.exec("DELETE FROM job WHERE dedupe_key = $1", params![&key])?;
    tx.exec(
        "UPDATE message SET state = 'queued', state_code = NULL, state_reason = NULL, undo_until = NULL WHERE id = $1",
        params![id],
    )?;
    let send = job::NewJob { queue: SEND_QUEUE, dedupe_key: &key, payload: &json!({ "message": id }), run_at: now };
    job::enqueue(tx, &send, now)?;
    event::append(tx, "message.retried", message.ticket_id.0, actor.author(), &json!({ "message": id }), now)?;
    Ok(())
}

/// The customer wrote before answers that were to go later: none of them goes until somebody has looked.
pub(super) fn hold_scheduled(tx: &mut Tx<'_>, ticket: TicketId, now: Time) -> Result<()> {
    let scheduled: Vec<(MessageId, Option<i64>)> = tx.query(
        "SELECT id, author_id FROM message WHERE ticket_id = $1 AND state = 'scheduled' ORDER BY id",
        params![ticket],
    )?;
    for (id, author) in scheduled {
        if !job::cancel(tx, &job_key(id))? {
            continue;
        }
        tx.exec(
            "UPDATE message SET state = $2, state_code = 'customer_wrote', undo_until = NULL WHERE id = $1",
            params![id, MessageState::Held],
        )?;
        let what = json!({ "message": id, "author": author });
        event::append(tx, "message.held", ticket.0, Author::System, &what, now)?;
    }
    Ok(())
}

/// A scheduled answer leaves: from now on nobody waits for it, unless the customer has written since.
pub(crate) fn leaves(tx: &mut Tx<'_>, id: MessageId, now: Time) -> Result<()> {
    let left = tx.exec(
        "UPDATE message SET state = $2, undo_until = NULL, answered_at = $4 WHERE id = $1 AND state = $3",
        params![id, MessageState::Sending, MessageState::Scheduled, now.0],
    )?;
    if left == 1 {
        tx.exec(
            "UPDATE ticket SET waiting_since = $2, version = version + 1 WHERE id = (SELECT ticket_id FROM message WHERE id = $1)",
            params![id, NOBODY_WAITS.0],
        )?;
    }
    Ok(())
}

/// With what [`job_key`] begins; the message's number follows.
pub(crate) const JOB_KEY: &str = "mail:";

/// The key of the job that sends a message.
pub fn job_key(id: MessageId) -> String {
    format!("{JOB_KEY}{id}")
}

fn refuse_if_news(tx: &mut Tx<'_>, ticket: &Standing, form: &MessageForm) -> Result<()> {
    let Some(seen) = form.seen_message_id else { return Ok(()) };
    let news: Option<i64> = tx.opt(
        "SELECT id FROM message WHERE ticket_id = $1 AND id > $2 AND kind = 'customer' LIMIT 1",
        params![ticket.id, seen],
    )?;
    if news.is_some() { Err(Error::NewMessage) } else { Ok(()) }
}

fn recipients(tx: &mut Tx<'_>, ticket: &Standing, form: &MessageForm) -> Result<Recipients> {
    let usual = super::frame::usual_recipients(tx, ticket)?;
    let to = match &form.to {
        Some(to) => change::clean_addresses("to", to)?,
        None => usual.to,
    };
    let mut cc = match &form.cc {
        Some(cc) => change::clean_addresses("cc", cc)?,
        None => usual.cc,
    };
    cc.retain(|copy| !to.iter().any(|known| known.address.eq_ignore_ascii_case(&copy.address)));
    let bcc = change::clean_addresses("bcc", form.bcc.as_deref().unwrap_or_default())?;
    if to.is_empty() {
        return Err(Error::field("to", "required", "there is nobody to send this to"));
    }
    Ok(Recipients { to, cc, bcc, reply_to: Vec::new() })
}

/// What the answer refers to: the latest message of the conversation and the chain before it.
pub(super) fn chain(tx: &mut Tx<'_>, ticket: TicketId) -> Result<(Option<String>, String)> {
    let last: Option<(String, String)> = tx.opt(
        "SELECT mail_id, mail_refs FROM message
         WHERE ticket_id = $1 AND mail_id IS NOT NULL AND kind IN ('customer', 'reply') ORDER BY id DESC LIMIT 1",
        params![ticket],
    )?;
    let Some((mail_id, refs)) = last else { return Ok((None, String::new())) };
    let mut chain: Vec<&str> = refs.split(' ').filter(|one| !one.is_empty()).collect();
    chain.push(&mail_id);
    // The first names the thread, the last ones place the message in it.
    if chain.len() > LONGEST_CHAIN {
        chain.drain(1..chain.len() - LONGEST_CHAIN + 1);
    }
    Ok((Some(mail_id.clone()), chain.join(" ")))
}

/// The subject of an answer. A first message keeps the ticket's own.
pub(crate) fn reply_subject(subject: &str, answers: bool) -> String {
    if !answers {
        return subject.to_owned();
    }
    let bare = opora_mail::bare_subject(subject);
    if bare.is_empty() { "Re:".to_owned() } else { format!("Re: {bare}") }
}

/// A Message-ID nobody else has, without brackets.
pub(crate) fn fresh_mail_id(ticket: TicketId, address: &str) -> String {
    let domain = address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    format!("opora.{ticket}.{:032x}@{domain}", rand::random::<u128>())
}

/// Who writes, as the conversation remembers it.
pub(crate) fn writer(tx: &mut Tx<'_>, actor: &Actor, address: &str) -> Result<Writer> {
    let name = match actor.agent {
        Some(id) => tx.one("SELECT name FROM agent WHERE id = $1", params![id])?,
        None => String::new(),
    };
    let kind = if actor.agent.is_some() { "agent" } else { "system" };
    Ok(Writer { kind: kind.to_owned(), id: actor.agent.map(|a| a.0), name, address: address.to_owned() })
}

pub(super) fn blank(words: &Words, now: Time) -> message::NewMessage {
    let visible = opora_mail::visible_reply(&words.text);
    message::NewMessage {
        kind: MessageKind::Note,
        author: Writer { kind: "system".to_owned(), id: None, name: String::new(), address: String::new() },
        recipients: Recipients::default(),
        subject: String::new(),
        text: words.text.clone(),
        quoted_lines: i64::try_from(visible.quoted_lines).unwrap_or(0),
        visible: visible.text,
        html: Some(words.html.clone()),
        remote_images: 0,
        attachments: Vec::new(),
        mail_id: None,
        in_reply_to: None,
        mail_refs: String::new(),
        state: MessageState::Received,
        undo_until: None,
        mentions: Vec::new(),
        inbound_id: None,
        at: now,
    }
}

pub(super) fn count(attachments: &[Attachment]) -> i64 {
    i64::try_from(attachments.iter().filter(|a| !a.inline).count()).unwrap_or(0)
}
