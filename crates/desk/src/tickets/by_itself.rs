//! An answer that no person wrote. It goes the way of every answer, says of itself that it is automatic (RFC 3834), goes to
//! whoever wrote and to nobody else, and leaves the ticket as it is: the customer still waits, nobody has taken it.

use super::model::{Address, MessageKind, MessageState, Recipients, Writer};
use super::reply::{blank, chain, fresh_mail_id, job_key, reply_subject};
use super::row::Standing;
use super::words::Words;
use super::{SEND_QUEUE, message};
use crate::department::inboxes;
use crate::{MessageId, Result};
use opora_base::event::{self, Author};
use opora_base::{Time, Tx, job, params};
use serde_json::json;

/// Answers a customer's message.
pub(crate) fn answer_by_itself(
    tx: &mut Tx<'_>,
    ticket: &Standing,
    to: MessageId,
    words: &Words,
    now: Time,
) -> Result<MessageId> {
    let asked = message::find(tx, to)?;
    let inbox = inboxes::get(tx, ticket.inbox_id)?;
    let to = match asked.recipients.reply_to.is_empty() {
        true => vec![Address { name: asked.author.name, address: asked.author.address }],
        false => asked.recipients.reply_to,
    };
    let (in_reply_to, mail_refs) = chain(tx, ticket.id)?;
    let new = message::NewMessage {
        kind: MessageKind::Reply,
        author: Writer { kind: "system".to_owned(), id: None, name: String::new(), address: inbox.address.clone() },
        recipients: Recipients { to, ..Recipients::default() },
        subject: reply_subject(&ticket.subject, in_reply_to.is_some()),
        mail_id: Some(fresh_mail_id(ticket.id, &inbox.address)),
        in_reply_to,
        mail_refs,
        state: MessageState::Queued,
        ..blank(words, now)
    };
    let id = message::insert(tx, ticket.id, &new)?;
    tx.exec(
        "UPDATE ticket SET message_count = message_count + 1, version = version + 1 WHERE id = $1",
        params![ticket.id],
    )?;
    let (key, payload) = (job_key(id), json!({ "message": id }));
    job::enqueue(tx, &job::NewJob { queue: SEND_QUEUE, dedupe_key: &key, payload: &payload, run_at: now }, now)?;
    let what = json!({ "message": id, "by_itself": true });
    event::append(tx, "message.reply", ticket.id.0, Author::System, &what, now)?;
    Ok(id)
}
