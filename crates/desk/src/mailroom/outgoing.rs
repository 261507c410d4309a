//! Answers on their way out: what to send, and how it went.
//!
//! The binary claims jobs of [`SEND_QUEUE`], loads a [`Letter`], composes it, hands it to the mail server and settles.
//! A message keeps its Message-ID over every attempt. When the program dies between the server's "250" and [`sent`], the
//! message goes out once more under the same Message-ID: that window is the one documented in docs/decisions/0005.

use super::{report, thread};
use crate::department::{brands, inboxes};
use crate::people::agents::public_name;
use crate::tickets::{self, Address, MessageKind, MessageState, Recipients, SEND_QUEUE, files, words};
use crate::{AgentId, AttachmentId, Error, InboxId, MessageId, Result, TicketId};
use bytes::Bytes;
use opora_base::event::{self, Author};
use opora_base::job::{self, Job};
use opora_base::{Time, Tx, params};
use serde_json::{Value, json};
use std::time::Duration;

/// How long a worker may hold a message before another one takes over.
pub const LEASE: Duration = Duration::from_secs(600);
/// The pause after the first failure; it doubles.
pub const FIRST_PAUSE: Duration = Duration::from_secs(15);
/// The longest pause.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// A message that could not be handed over for so long has failed.
pub const GIVE_UP: Duration = Duration::from_secs(4 * 86_400);

/// An answer as it has to be sent.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The message.
    pub message: MessageId,
    /// Its ticket.
    pub ticket: TicketId,
    /// The inbox that sends it.
    pub inbox: InboxId,
    /// The mail server, if the inbox has one.
    pub smtp_url: Option<String>,
    /// Purpose and sealed password of that server.
    pub sealed_password: Option<(String, Vec<u8>)>,
    /// How to sign: domain, selector, purpose and sealed key.
    pub signing: Option<(String, String, String, Vec<u8>)>,
    /// The envelope's sender.
    pub envelope_from: String,
    /// The envelope's recipients, each once.
    pub envelope_to: Vec<String>,
    /// The language of the inbox, for sentences about how it went.
    pub locale: String,
    /// When the agent sent it.
    pub written_at: Time,
    /// Where the bytes of its files lie: number in the letter, digest.
    pub files: Vec<files::File>,
    parts: Parts,
}

#[derive(Clone, Debug)]
struct Parts {
    from: Address,
    reply_to: Option<String>,
    recipients: Recipients,
    subject: String,
    text: String,
    html: Option<String>,
    mail_id: String,
    in_reply_to: Option<String>,
    references: Vec<String>,
    /// No person wrote it.
    by_itself: bool,
}

/// The message a job is about.
pub fn message_of(job: &Job) -> Option<MessageId> {
    job.payload.get("message").and_then(Value::as_i64).map(MessageId)
}

/// Takes due answers. Run it in `write_rc`.
pub fn claim(tx: &mut Tx<'_>, holder: &str, limit: i64, now: Time) -> Result<Vec<Job>> {
    let jobs = job::claim(tx, SEND_QUEUE, holder, LEASE, limit, now)?;
    for message in jobs.iter().filter_map(message_of) {
        tx.exec(
            "UPDATE message SET state = $2 WHERE id = $1 AND state = 'queued'",
            params![message, MessageState::Sending],
        )?;
        tickets::leaves(tx, message, now)?;
    }
    Ok(jobs)
}

/// The answer as it has to be sent; nothing when it was taken back or sent meanwhile.
pub fn load(tx: &mut Tx<'_>, id: MessageId) -> Result<Option<Letter>> {
    let message = match tickets::find_message(tx, id) {
        Ok(message) => message,
        Err(Error::NotFound(_)) => return Ok(None),
        Err(e) => return Err(e),
    };
    if message.kind != MessageKind::Reply
        || matches!(message.state, MessageState::Sent | MessageState::Failed | MessageState::Held)
    {
        return Ok(None);
    }
    let (inbox, mail_id, in_reply_to, refs, plus): (InboxId, Option<String>, Option<String>, String, bool) = tx.one(
        "SELECT t.inbox_id, m.mail_id, m.in_reply_to, m.mail_refs, i.plus_address
         FROM message m JOIN ticket t ON t.id = m.ticket_id JOIN inbox i ON i.id = t.inbox_id WHERE m.id = $1",
        params![id],
    )?;
    let inbox = inboxes::get(tx, inbox)?;
    let name = public_face(tx, &inbox, message.author.id.map(AgentId))?;
    let everybody = message.recipients.to.iter().chain(&message.recipients.cc).chain(&message.recipients.bcc);
    let mut envelope_to: Vec<String> = Vec::new();
    for address in everybody {
        if !envelope_to.iter().any(|known| known.eq_ignore_ascii_case(&address.address)) {
            envelope_to.push(address.address.clone());
        }
    }
    let signing = match (&inbox.dkim, inboxes::sealed_password(tx, inbox.id, "dkim")?) {
        (Some(dkim), Some((purpose, sealed))) => Some((dkim.domain.clone(), dkim.selector.clone(), purpose, sealed)),
        _ => None,
    };
    let reply_to = if plus { Some(thread::plus_address(tx, message.ticket_id, &inbox.address)?) } else { None };
    Ok(Some(Letter {
        message: id,
        ticket: message.ticket_id,
        inbox: inbox.id,
        smtp_url: inbox.smtp.as_ref().map(|s| s.url.clone()),
        sealed_password: inboxes::sealed_password(tx, inbox.id, "smtp")?,
        signing,
        envelope_from: inbox.address.clone(),
        envelope_to,
        locale: inbox.locale.clone(),
        written_at: message.created_at,
        files: files::of_message(tx, id)?,
        parts: Parts {
            by_itself: message.author.kind == "system",
            from: Address { name, address: inbox.address },
            reply_to,
            recipients: message.recipients,
            subject: message.subject,
            text: message.text,
            html: message.html,
            mail_id: mail_id.unwrap_or_default(),
            in_reply_to,
            references: refs.split(' ').filter(|r| !r.is_empty()).map(str::to_owned).collect(),
        },
    }))
}

/// How the brand names whoever wrote this; the inbox's own name when nobody did.
fn public_face(tx: &mut Tx<'_>, inbox: &inboxes::Inbox, agent: Option<AgentId>) -> Result<String> {
    let Some(agent) = agent else { return Ok(inbox.name.clone()) };
    let brand = brands::get(tx, inbox.brand_id)?;
    let row: Option<(String, i64)> = tx.opt("SELECT name, number FROM agent WHERE id = $1", params![agent])?;
    Ok(row.map_or_else(|| inbox.name.clone(), |(name, number)| public_name(&name, number, brand.face, &inbox.locale)))
}

impl Letter {
    /// The mail as it goes over the wire. `bytes` gives the contents of [`Letter::files`], in their order.
    pub fn compose(&self, bytes: Vec<Bytes>) -> Result<Vec<u8>, opora_mail::Error> {
        let parts = &self.parts;
        let domain = parts.from.address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
        let content_id = |id: AttachmentId| format!("file.{id}.{}@{domain}", self.message);
        let html = parts.html.as_deref().map(|html| words::with_content_ids(html, content_id));
        let mut outgoing = opora_mail::Outgoing {
            from: address(&parts.from),
            reply_to: parts.reply_to.as_ref().map(|a| opora_mail::Address::new("", a.as_str())),
            to: parts.recipients.to.iter().map(address).collect(),
            cc: parts.recipients.cc.iter().map(address).collect(),
            subject: parts.subject.clone(),
            text: parts.text.clone(),
            html,
            message_id: parts.mail_id.clone(),
            in_reply_to: parts.in_reply_to.clone(),
            references: parts.references.clone(),
            date_seconds: self.written_at.seconds(),
            auto_submitted: parts.by_itself.then_some("auto-replied"),
            ..Default::default()
        };
        for (file, bytes) in self.files.iter().zip(bytes) {
            let part = opora_mail::File {
                filename: file.filename.clone(),
                content_type: file.content_type.clone(),
                content_id: file.inline.then(|| content_id(file.id)),
                bytes: bytes.to_vec(),
            };
            if file.inline { outgoing.inline.push(part) } else { outgoing.attachments.push(part) }
        }
        opora_mail::compose(&outgoing).map(|composed| composed.raw)
    }
}

fn address(address: &Address) -> opora_mail::Address {
    opora_mail::Address::new(address.name.as_str(), address.address.as_str())
}

/// The mail server took it. Others that waited for the same server go at once.
pub fn sent(
    tx: &mut Tx<'_>,
    job: &Job,
    holder: &str,
    letter: &Letter,
    refused: &[(String, String)],
    now: Time,
) -> Result<()> {
    if !job::complete(tx, job.id, holder)? {
        return Ok(());
    }
    let reason = refused.iter().map(|(address, why)| format!("{address}: {why}")).collect::<Vec<_>>().join("\n");
    let partly = (!refused.is_empty()).then_some("some_refused");
    tx.exec(
        "UPDATE message SET state = $2, undo_until = NULL, state_code = $3, state_reason = $4 WHERE id = $1",
        params![letter.message, MessageState::Sent, partly, partly.map(|_| reason.as_str())],
    )?;
    event::append(tx, "message.sent", letter.ticket.0, Author::System, &json!({ "message": letter.message }), now)?;
    if letter.smtp_url.is_some() {
        inboxes::note_state(tx, letter.inbox, "smtp", "ok", "", now)?;
    }
    tx.exec(
        "UPDATE job SET run_at = $2 WHERE queue = $1 AND state = 'ready' AND last_error IS NOT NULL AND run_at > $2",
        params![SEND_QUEUE, now.0],
    )?;
    Ok(())
}

/// How an attempt failed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// A stable code.
    pub code: String,
    /// In words.
    pub reason: String,
    /// Another attempt makes no sense.
    pub permanent: bool,
    /// The server as a whole is the trouble, not this message.
    pub server: bool,
}

/// The mail server did not take it: the message waits for another attempt, or has failed.
pub fn failed(tx: &mut Tx<'_>, job: &Job, holder: &str, letter: &Letter, failure: &Failure, now: Time) -> Result<()> {
    let reason: String = failure.reason.chars().take(1_000).collect();
    if failure.server {
        inboxes::note_state(tx, letter.inbox, "smtp", "failing", &reason, now)?;
    }
    let over = failure.permanent || letter.written_at.plus(GIVE_UP) < now;
    let held = if over {
        job::give_up(tx, job.id, holder, &reason)?
    } else {
        let pause = job::backoff(job.attempts, FIRST_PAUSE, LONGEST_PAUSE, &mut rand::rng());
        job::retry(tx, job.id, holder, &reason, now.plus(pause))?
    };
    if !held {
        return Ok(());
    }
    let state = if over { MessageState::Failed } else { MessageState::Queued };
    tx.exec(
        "UPDATE message SET state = $2, state_code = $3, state_reason = $4, undo_until = NULL WHERE id = $1",
        params![letter.message, state, &failure.code, &reason],
    )?;
    let what = json!({ "message": letter.message, "code": failure.code, "reason": reason });
    if over {
        report::bring_back(tx, letter.ticket, letter.message, now)?;
        event::append(tx, "message.failed", letter.ticket.0, Author::System, &what, now)?;
    } else {
        event::append(tx, "message.waiting", letter.ticket.0, Author::System, &what, now)?;
    }
    Ok(())
}

/// The message was taken back or sent before: the job is done.
pub fn forget(tx: &mut Tx<'_>, job: &Job, holder: &str) -> Result<()> {
    job::complete(tx, job.id, holder)?;
    Ok(())
}
