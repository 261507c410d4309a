//! A mail becomes what it is: a ticket, a message in one, a notice about a message of ours, or something set aside.
//!
//! One transaction per mail, begun by locking the mail's own row: whoever comes second finds it done. The rules, in the
//! order they are asked, are those of docs/mail.md.

use super::understand::{Understood, inline_mark};
use super::{accept, report, thread};
use crate::department::inboxes::{self, Inbox};
use crate::entitlement::{self, Heard};
use crate::plans;
use crate::tickets::{
    self, Address, Attachment, MessageKind, MessageState, NOBODY_WAITS, NewTicket, Opening, Priority, Recipients,
    Standing, Status, Writer, files, message,
};
use crate::{Actor, ContactId, InboundId, InboxId, MessageId, Result, TicketId, contacts, error};
use opora_base::event::{self, Author};
use opora_base::{Time, Tx, params};
use opora_mail::Auto;
use serde_json::{Value, json};
use std::time::Duration;

/// Historic mail older than this arrives closed.
const STILL_OPEN: Duration = Duration::from_secs(14 * 86_400);
/// So many messages of one sender in one ticket within [`LOOP_WINDOW`] are two machines talking.
const LOOP_MESSAGES: i64 = 20;
const LOOP_WINDOW: Duration = Duration::from_secs(600);

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is a message now.
    Message(TicketId, MessageId),
    /// It is the same as one we have.
    Duplicate,
    /// It was ours, coming back.
    Own,
    /// A machine's mail that belongs nowhere: kept, shown on request, opens nothing.
    Aside(&'static str),
    /// A person must look at it.
    Quarantined,
    /// Somebody else received it meanwhile.
    Gone,
}

/// The row of a mail, locked.
pub(super) struct Inbound {
    pub(super) id: InboundId,
    pub(super) inbox: Option<InboxId>,
    pub(super) envelope_from: String,
    pub(super) envelope_to: Vec<String>,
    pub(super) historic: bool,
    pub(super) received_at: Time,
}

impl Inbound {
    /// Locks the mail's row if it still stands in one of these states.
    pub(super) fn lock(tx: &mut Tx<'_>, id: InboundId, states: &[&str]) -> Result<Option<Inbound>> {
        type Columns = (Option<InboxId>, String, Value, bool, i64, String);
        let row: Option<Columns> = tx.opt(
            "SELECT inbox_id, envelope_from, envelope_to, historic, received_at, state FROM inbound WHERE id = $1 {for_update}",
            params![id],
        )?;
        Ok(row.filter(|row| states.contains(&row.5.as_str())).map(|(inbox, from, to, historic, at, _)| Inbound {
            id,
            inbox,
            envelope_from: from,
            envelope_to: serde_json::from_value(to).unwrap_or_default(),
            historic,
            received_at: Time(at),
        }))
    }
}

/// How a mail is to be received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// By the rules.
    ByTheRules,
    /// A person said: make a ticket of it.
    AsTicket,
}

/// Receives a mail that was understood. `now` dates what the program does; the mail itself has its own time.
pub(crate) fn receive(tx: &mut Tx<'_>, id: InboundId, mail: &Understood, how: How, now: Time) -> Result<Outcome> {
    let states: &[&str] = if how == How::AsTicket { &["quarantined", "aside"] } else { &["new"] };
    let Some(inbound) = Inbound::lock(tx, id, states)? else { return Ok(Outcome::Gone) };
    let outcome = decide(tx, &inbound, mail, how, now)?;
    let (state, message) = match outcome {
        Outcome::Message(_, message) => ("done", Some(message)),
        Outcome::Duplicate => ("duplicate", None),
        Outcome::Own => ("own", None),
        Outcome::Aside(_) => ("aside", None),
        Outcome::Quarantined | Outcome::Gone => return Ok(outcome),
    };
    let code = if let Outcome::Aside(code) = outcome { Some(code) } else { None };
    tx.exec(
        "UPDATE inbound SET state = $2, reason_code = $3, reason = NULL, fingerprint = $4, message_id = $5, subject = $6,
           from_text = $7 WHERE id = $1",
        params![id, state, code, &mail.fingerprint, message, &short(&mail.subject), &short(&from_text(mail))],
    )?;
    Ok(outcome)
}

fn decide(tx: &mut Tx<'_>, inbound: &Inbound, mail: &Understood, how: How, now: Time) -> Result<Outcome> {
    if !is_first(tx, inbound, mail)? && how == How::ByTheRules {
        return Ok(Outcome::Duplicate);
    }
    let inbox = match (inbox_of(tx, inbound, mail)?, how) {
        (None, How::AsTicket) => inboxes::list(tx)?.into_iter().next(),
        (found, _) => found,
    };
    let Some(inbox) = inbox else {
        quarantine(tx, inbound, mail, "no_inbox", "none of its addresses belongs to an inbox", now)?;
        return Ok(Outcome::Quarantined);
    };
    if how == How::ByTheRules {
        if is_our_own(tx, mail)? {
            return Ok(Outcome::Own);
        }
        if let Some(bounce) = &mail.class.bounce {
            return report::bounce(tx, inbound, &inbox, mail, bounce, now);
        }
        if let Some(complaint) = &mail.class.complaint {
            return report::complaint(tx, mail, complaint, now);
        }
    }
    let Some(sender) = sender(inbound, mail).or_else(|| nobody(inbound, how)) else {
        quarantine(tx, inbound, mail, "no_sender", "it does not say who wrote it", now)?;
        return Ok(Outcome::Quarantined);
    };
    let found = thread::find(tx, mail, &inbound.envelope_to, &sender.address)?;
    let automatic = !mail.class.auto.may_open_a_ticket() && how == How::ByTheRules;
    if automatic {
        return match found {
            Some(ticket) => append_machine(tx, inbound, mail, &sender, ticket),
            None => Ok(Outcome::Aside(aside_code(mail.class.auto))),
        };
    }
    if how == How::ByTheRules
        && !inbound.historic
        && is_loop(tx, &sender.address, found, &mail.subject, inbound.received_at)?
    {
        quarantine(tx, inbound, mail, "loop", "too many mails alike in ten minutes: two machines may be talking", now)?;
        return Ok(Outcome::Quarantined);
    }
    from_a_person(tx, inbound, &inbox, mail, &sender, found)
}

/// The rule of sameness: the first mail of a fingerprint is the message, any other one is it again.
fn is_first(tx: &mut Tx<'_>, inbound: &Inbound, mail: &Understood) -> Result<bool> {
    let taken = tx.exec(
        "INSERT INTO inbound_fingerprint (fingerprint, inbound_id) VALUES ($1, $2) ON CONFLICT (fingerprint) DO NOTHING",
        params![&mail.fingerprint, inbound.id],
    )?;
    if taken == 1 {
        return Ok(true);
    }
    let owner: InboundId =
        tx.one("SELECT inbound_id FROM inbound_fingerprint WHERE fingerprint = $1", params![&mail.fingerprint])?;
    Ok(owner == inbound.id)
}

fn inbox_of(tx: &mut Tx<'_>, inbound: &Inbound, mail: &Understood) -> Result<Option<Inbox>> {
    if let Some(id) = inbound.inbox {
        return inboxes::get(tx, id).map(Some);
    }
    let header = mail.to.iter().chain(&mail.cc).map(|a| a.address.as_str());
    for address in
        inbound.envelope_to.iter().map(String::as_str).chain(mail.delivered_to.iter().map(String::as_str)).chain(header)
    {
        if let Some(id) = inboxes::by_address(tx, address)? {
            return inboxes::get(tx, id).map(Some);
        }
    }
    for address in &inbound.envelope_to {
        if let Some(id) = accept::postmaster_inbox(tx, address)? {
            return inboxes::get(tx, id).map(Some);
        }
    }
    Ok(None)
}

/// A mail whose Message-ID we gave ourselves has come back: a copy to ourselves, or a list we wrote to.
fn is_our_own(tx: &mut Tx<'_>, mail: &Understood) -> Result<bool> {
    let Some(id) = mail.message_id.as_deref().filter(|id| id.starts_with("opora.")) else { return Ok(false) };
    let ours: Option<i64> = tx.opt(
        "SELECT 1 FROM mail_id i JOIN message m ON m.id = i.message_id WHERE i.mail_id = $1 AND m.kind = 'reply' LIMIT 1",
        params![id],
    )?;
    Ok(ours.is_some())
}

fn sender(inbound: &Inbound, mail: &Understood) -> Option<Address> {
    let header = mail.from.clone().filter(|a| error::address("from", &a.address).is_ok());
    let envelope = || Address { name: String::new(), address: inbound.envelope_from.clone() };
    header.or_else(|| Some(envelope()).filter(|a| error::address("from", &a.address).is_ok()))
}

/// A person wants a ticket of a mail that says nowhere who wrote it: its customer has an address no mail reaches (RFC 2606),
/// so that an answer fails plainly instead of going to a stranger.
fn nobody(inbound: &Inbound, how: How) -> Option<Address> {
    (how == How::AsTicket)
        .then(|| Address { name: String::new(), address: format!("nobody.{}@unknown.invalid", inbound.id) })
}

fn aside_code(auto: Auto) -> &'static str {
    match auto {
        Auto::List | Auto::Bulk => "list",
        Auto::Receipt => "receipt",
        _ => "auto_reply",
    }
}

fn is_loop(tx: &mut Tx<'_>, sender: &str, ticket: Option<TicketId>, subject: &str, at: Time) -> Result<bool> {
    let since = at.minus(LOOP_WINDOW).0;
    let alike: i64 = match ticket {
        Some(ticket) => tx.one(
            "SELECT count(*) FROM (SELECT author_address, created_at FROM message WHERE ticket_id = $1 ORDER BY id DESC
               LIMIT 60) AS recent WHERE author_address = $2 AND created_at > $3",
            params![ticket, sender, since],
        )?,
        None => tx.one(
            "SELECT count(*) FROM (SELECT t.subject FROM ticket t JOIN contact_address a ON a.contact_id = t.contact_id
               WHERE a.address_key = $1 AND t.updated_at > $3 ORDER BY t.updated_at DESC LIMIT 60) AS recent
             WHERE subject = $2",
            params![&error::address_key(sender), subject, since],
        )?,
    };
    Ok(alike >= LOOP_MESSAGES)
}

fn from_a_person(
    tx: &mut Tx<'_>,
    inbound: &Inbound,
    inbox: &Inbox,
    mail: &Understood,
    sender: &Address,
    found: Option<TicketId>,
) -> Result<Outcome> {
    let at = if inbound.historic { mail.date.unwrap_or(inbound.received_at) } else { inbound.received_at };
    let contact = contacts::by_address(tx, &sender.address, &sender.name, at)?;
    let standing = found.map(|id| Standing::lock(tx, id)).transpose()?;
    // Historic mail continues its thread even when that was closed by age meanwhile.
    let goes_on = standing.filter(|s| s.status != Status::Closed || inbound.historic);
    let new = message_of(tx, inbound, mail, MessageKind::Customer, contact, sender, at)?;
    let assignee = goes_on.as_ref().and_then(|standing| standing.assignee_id);
    let (ticket, message) = match goes_on {
        Some(standing) => {
            if !inbound.historic && !entitlement::stays_held(tx, &standing, contact)? {
                reopen(tx, &standing, contact, at)?;
            }
            join_copies(tx, &standing, sender, contact)?;
            let message = message::insert(tx, standing.id, &new)?;
            tickets::customer_wrote(tx, standing.id, message.0, &new, at)?;
            if inbound.historic {
                nobody_waits_for_history(tx, standing.id)?;
            }
            (standing.id, message)
        }
        None => {
            let ticket = begin(tx, inbound, inbox, mail, contact, found, &new)?;
            let message = message::insert(tx, ticket, &new)?;
            tickets::points_at(tx, ticket, message)?;
            (ticket, message)
        }
    };
    // Whose it was when it came: whoever gets the ticket later is not told of it.
    let what = json!({ "message": message, "assignee": assignee });
    event::append(tx, "message.received", ticket.0, Author::Contact(contact.0), &what, at)?;
    if !inbound.historic {
        let answerable = mail.class.answerable;
        let heard = Heard { ticket, author: contact, message, by_itself: true, answerable };
        entitlement::weigh(tx, &heard, at)?;
    }
    Ok(Outcome::Message(ticket, message))
}

fn begin(
    tx: &mut Tx<'_>,
    inbound: &Inbound,
    inbox: &Inbox,
    mail: &Understood,
    contact: ContactId,
    previous: Option<TicketId>,
    first: &message::NewMessage,
) -> Result<TicketId> {
    let old = inbound.historic && first.at.plus(STILL_OPEN) < inbound.received_at;
    let mut opening = Opening::by_customer(first);
    if old {
        opening.waiting_since = NOBODY_WAITS;
    }
    let mut cc = Vec::new();
    for other in mail.to.iter().chain(&mail.cc) {
        let ours = inboxes::by_address(tx, &other.address)?.is_some();
        if !ours && error::address("cc", &other.address).is_ok() && cc.len() < 50 && !cc.contains(other) {
            cc.push(other.clone());
        }
    }
    let subject = opora_mail::bare_subject(&mail.subject);
    let by_plan = if inbound.historic { plans::Route::default() } else { plans::route(tx, contact)? };
    let new = NewTicket {
        subject: if subject.is_empty() { &mail.subject } else { &subject },
        status: if old { Status::Closed } else { Status::New },
        priority: Priority::Normal,
        channel: "mail",
        contact,
        inbox: inbox.id,
        brand: inbox.brand_id,
        team: by_plan.team.or(inbox.team_id),
        assignee: by_plan.assignee,
        previous,
        cc: &cc,
        tags: &[],
        opening,
        at: first.at,
    };
    let id = tickets::begin(tx, &Actor { agent: None, ..Actor::system() }, &new)?;
    by_plan.tell(tx, id, first.at)?;
    Ok(id)
}

fn nobody_waits_for_history(tx: &mut Tx<'_>, ticket: TicketId) -> Result<()> {
    tx.exec("UPDATE ticket SET waiting_since = $2 WHERE id = $1 AND active = FALSE", params![ticket, NOBODY_WAITS.0])?;
    Ok(())
}

fn reopen(tx: &mut Tx<'_>, standing: &Standing, contact: ContactId, at: Time) -> Result<()> {
    if !matches!(standing.status, Status::Waiting | Status::OnHold | Status::Solved) {
        return Ok(());
    }
    tx.exec(
        "UPDATE ticket SET status = 'open', active = TRUE, changed = $2, snoozed_until = NULL WHERE id = $1",
        params![standing.id, &standing.changed_with(&["status"])],
    )?;
    let after = Standing { status: Status::Open, ..standing.clone() };
    tickets::tally::moved(tx, &standing.place(), &after.place())?;
    tickets::keep_timer(tx, standing.id, Status::Open, at)?;
    if standing.snoozed_until.is_some() {
        tickets::stays_awake(tx, standing.id)?;
    }
    let what = json!({ "from": standing.status, "to": Status::Open });
    event::append(tx, "ticket.reopened", standing.id.0, Author::Contact(contact.0), &what, at)?;
    Ok(())
}

/// Somebody new who writes into a ticket gets the further answers too.
fn join_copies(tx: &mut Tx<'_>, standing: &Standing, sender: &Address, contact: ContactId) -> Result<()> {
    let mut cc: Vec<Address> = serde_json::from_value(standing.cc.clone()).unwrap_or_default();
    let key = error::address_key(&sender.address);
    let known = contact == standing.contact_id || cc.iter().any(|a| error::address_key(&a.address) == key);
    if !known && cc.len() < 50 && inboxes::by_address(tx, &sender.address)?.is_none() {
        cc.push(sender.clone());
        tx.exec("UPDATE ticket SET cc = $2 WHERE id = $1", params![standing.id, json!(cc)])?;
    }
    Ok(())
}

/// A machine's mail that belongs to a ticket stands in it and changes nothing else: not the status, not the wait, not the
/// place in the list.
fn append_machine(
    tx: &mut Tx<'_>,
    inbound: &Inbound,
    mail: &Understood,
    sender: &Address,
    ticket: TicketId,
) -> Result<Outcome> {
    let at = if inbound.historic { mail.date.unwrap_or(inbound.received_at) } else { inbound.received_at };
    let contact = contacts::by_address(tx, &sender.address, &sender.name, at)?;
    let new = message_of(tx, inbound, mail, MessageKind::Auto, contact, sender, at)?;
    let message = message::insert(tx, ticket, &new)?;
    tx.exec("UPDATE ticket SET message_count = message_count + 1 WHERE id = $1", params![ticket])?;
    event::append(tx, "message.auto", ticket.0, Author::Contact(contact.0), &json!({ "message": message }), at)?;
    Ok(Outcome::Message(ticket, message))
}

/// The message a mail becomes; its files get their numbers here.
pub(super) fn message_of(
    tx: &mut Tx<'_>,
    inbound: &Inbound,
    mail: &Understood,
    kind: MessageKind,
    contact: ContactId,
    sender: &Address,
    at: Time,
) -> Result<message::NewMessage> {
    let (attachments, html) = keep_files(tx, mail, at)?;
    Ok(message::NewMessage {
        kind,
        author: Writer {
            kind: "contact".to_owned(),
            id: Some(contact.0),
            name: sender.name.clone(),
            address: sender.address.clone(),
        },
        recipients: Recipients {
            to: mail.to.clone(),
            cc: mail.cc.clone(),
            bcc: Vec::new(),
            reply_to: mail.reply_to.clone(),
        },
        subject: mail.subject.clone(),
        text: mail.text.clone(),
        visible: mail.visible.clone(),
        quoted_lines: mail.quoted_lines,
        html,
        remote_images: mail.remote_images,
        attachments,
        mail_id: mail.message_id.clone(),
        in_reply_to: mail.answers.first().cloned(),
        mail_refs: mail.chain.clone(),
        state: MessageState::Received,
        undo_until: None,
        mentions: Vec::new(),
        inbound_id: Some(inbound.id.0),
        at,
    })
}

fn keep_files(tx: &mut Tx<'_>, mail: &Understood, at: Time) -> Result<(Vec<Attachment>, Option<String>)> {
    let mut kept = Vec::with_capacity(mail.files.len());
    let mut html = mail.html.clone();
    for (number, file) in mail.files.iter().enumerate() {
        let new = files::NewFile {
            filename: &file.filename,
            content_type: &file.content_type,
            content_id: file.content_id.as_deref(),
            inline: file.inline,
            size: i64::try_from(file.bytes.len()).unwrap_or(i64::MAX),
            digest: &file.digest,
        };
        let attachment = files::keep(tx, &Actor::system(), &new, at)?;
        if let Some(html) = html.as_mut().filter(|_| file.inline) {
            *html = html.replace(&inline_mark(number), &attachment.url);
        }
        kept.push(attachment);
    }
    Ok((kept, html))
}

/// Lays a mail aside for a person to look at.
pub(super) fn quarantine(
    tx: &mut Tx<'_>,
    inbound: &Inbound,
    mail: &Understood,
    code: &str,
    reason: &str,
    now: Time,
) -> Result<()> {
    tx.exec("DELETE FROM inbound_fingerprint WHERE inbound_id = $1", params![inbound.id])?;
    lay_aside(tx, inbound.id, code, reason, &from_text(mail), &mail.subject, now)
}

/// The same for a mail of which hardly anything is known.
pub(super) fn lay_aside(
    tx: &mut Tx<'_>,
    id: InboundId,
    code: &str,
    reason: &str,
    from: &str,
    subject: &str,
    now: Time,
) -> Result<()> {
    tx.exec(
        "UPDATE inbound SET state = 'quarantined', reason_code = $2, reason = $3, from_text = $4, subject = $5 WHERE id = $1",
        params![id, code, reason, &short(from), &short(subject)],
    )?;
    event::append(tx, "mail.quarantined", 0, Author::System, &json!({ "inbound": id, "code": code }), now)?;
    Ok(())
}

fn from_text(mail: &Understood) -> String {
    match &mail.from {
        Some(from) if from.name.is_empty() => from.address.clone(),
        Some(from) => format!("{} <{}>", from.name, from.address),
        None => String::new(),
    }
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(300).collect()
}

impl Outcome {
    /// Its name in logs and metrics.
    pub const fn text(self) -> &'static str {
        match self {
            Outcome::Message(..) => "message",
            Outcome::Duplicate => "duplicate",
            Outcome::Own => "own",
            Outcome::Aside(_) => "aside",
            Outcome::Quarantined => "quarantined",
            Outcome::Gone => "gone",
        }
    }
}
