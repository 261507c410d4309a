//! Reports of mail systems: what could not be delivered, and what somebody called unwanted.

use super::receive::{self, Inbound, Outcome};
use super::understand::Understood;
use crate::department::inboxes::Inbox;
use crate::tickets::{self, MessageKind, MessageState, Standing, Status, Writer, message};
use crate::{MessageId, Result, TicketId, contacts};
use opora_base::event::{self, Author};
use opora_base::{Time, Tx, params};
use opora_mail::{Bounce, Complaint};
use serde_json::json;

/// A bounce stands beside the message that bounced and marks it, with the reason in plain words. One that names no message
/// of ours is kept aside.
pub(super) fn bounce(
    tx: &mut Tx<'_>,
    inbound: &Inbound,
    inbox: &Inbox,
    mail: &Understood,
    bounce: &Bounce,
    now: Time,
) -> Result<Outcome> {
    let Some((original, ticket)) = original(tx, bounce.original_message_id.as_deref(), &mail.answers)? else {
        return Ok(Outcome::Aside("bounce"));
    };
    let (code, reason) = reason(bounce, &inbox.locale);
    let contact = contacts::by_address(tx, &bouncer(inbound, mail), "", now)?;
    let sender = crate::tickets::Address { name: String::new(), address: bouncer(inbound, mail) };
    let mut new = receive::message_of(tx, inbound, mail, MessageKind::Bounce, contact, &sender, inbound.received_at)?;
    new.author = Writer { kind: "system".to_owned(), id: None, name: String::new(), address: sender.address };
    let notice = message::insert(tx, ticket, &new)?;
    tx.exec(
        "UPDATE ticket SET message_count = message_count + 1, updated_at = {greatest}(updated_at, $2), version = version + 1
         WHERE id = $1",
        params![ticket, now.0],
    )?;
    if !bounce.permanent {
        event::append(
            tx,
            "message.delayed",
            ticket.0,
            Author::System,
            &json!({ "message": original, "notice": notice }),
            now,
        )?;
        return Ok(Outcome::Message(ticket, notice));
    }
    tx.exec(
        "UPDATE message SET state = $2, state_code = $3, state_reason = $4 WHERE id = $1",
        params![original, MessageState::Failed, code, &reason],
    )?;
    for failed in &bounce.original_recipients {
        contacts::flag(tx, &failed.address, "bounce", &reason, now)?;
    }
    bring_back(tx, ticket, notice, now)?;
    let what = json!({ "message": original, "notice": notice, "code": code, "reason": reason });
    event::append(tx, "message.failed", ticket.0, Author::System, &what, now)?;
    Ok(Outcome::Message(ticket, notice))
}

/// An answer that never arrived is our turn again: the ticket comes back to the list.
pub(super) fn bring_back(tx: &mut Tx<'_>, ticket: TicketId, notice: MessageId, now: Time) -> Result<()> {
    let standing = Standing::lock(tx, ticket)?;
    tx.exec("UPDATE ticket SET last_message_id = $2 WHERE id = $1", params![ticket, notice])?;
    if matches!(standing.status, Status::Waiting | Status::Solved) {
        let change = tickets::Change { status: Some(Status::Open), ..Default::default() };
        tickets::apply(tx, &crate::Actor::system(), &standing, &change, now)?;
    }
    Ok(())
}

fn bouncer(inbound: &Inbound, mail: &Understood) -> String {
    match &mail.from {
        Some(from) if from.address.contains('@') => from.address.clone(),
        _ if inbound.envelope_from.contains('@') => inbound.envelope_from.clone(),
        _ => "mailer-daemon@localhost".to_owned(),
    }
}

fn original(tx: &mut Tx<'_>, named: Option<&str>, answers: &[String]) -> Result<Option<(MessageId, TicketId)>> {
    for id in named.into_iter().chain(answers.iter().map(String::as_str)) {
        let row = tx.opt(
            "SELECT m.id, m.ticket_id FROM mail_id i JOIN message m ON m.id = i.message_id
             WHERE i.mail_id = $1 AND m.kind = 'reply' ORDER BY m.id DESC LIMIT 1",
            params![id],
        )?;
        if row.is_some() {
            return Ok(row);
        }
    }
    Ok(None)
}

fn reason(bounce: &Bounce, locale: &str) -> (&'static str, String) {
    let mut code = "undeliverable";
    let mut sentences: Vec<String> = Vec::new();
    for failed in bounce.original_recipients.iter().take(5) {
        let explained = opora_mail::explain(failed);
        code = explained.code;
        let words = if locale == "ru" { explained.ru } else { explained.en };
        sentences.push(if failed.address.is_empty() { words } else { format!("{}: {words}", failed.address) });
    }
    if sentences.is_empty() {
        let unknown = if locale == "ru" {
            "Письмо не доставлено, причина не названа."
        } else {
            "The mail was not delivered; no reason was given."
        };
        sentences.push(unknown.to_owned());
    }
    (code, sentences.join("\n"))
}

/// A complaint is noted on the contact who complained, and in the ticket it is about.
pub(super) fn complaint(tx: &mut Tx<'_>, mail: &Understood, complaint: &Complaint, now: Time) -> Result<Outcome> {
    let found = original(tx, complaint.original_message_id.as_deref(), &mail.answers)?;
    let mut addresses: Vec<String> = complaint.original_recipient.iter().cloned().collect();
    if let (true, Some((message, _))) = (addresses.is_empty(), found) {
        let to = message::find(tx, message)?.recipients.to;
        addresses.extend(to.into_iter().map(|a| a.address));
    }
    for address in &addresses {
        contacts::flag(tx, address, "complaint", &complaint.feedback_type, now)?;
    }
    if let Some((message, ticket)) = found {
        let what = json!({ "message": message, "type": complaint.feedback_type });
        event::append(tx, "contact.complained", ticket.0, Author::System, &what, now)?;
    }
    Ok(Outcome::Aside("complaint"))
}
