//! Tickets told from outside with their whole past: what a demonstration is made of, and what a move from another help
//! desk will bring. Nothing is sent, nobody is notified, the times are those of the tale.

use crate::tickets::{
    self, Address, Attachment, MessageKind, MessageState, NOBODY_WAITS, NewTicket, Opening, Priority, Recipients,
    Status, Writer, files, message, tally::Place,
};
use crate::{Actor, AgentId, BrandId, ContactId, InboxId, Result, TeamId, TicketId};
use opora_base::event::{self, Author};
use opora_base::{Time, Tx, params};
use serde_json::Value;

/// A ticket and all that happened to it.
#[derive(Clone, Debug)]
pub struct Told {
    /// What it is about.
    pub subject: String,
    /// Whose it is.
    pub contact: ContactId,
    /// The inbox it came to.
    pub inbox: InboxId,
    /// Its brand.
    pub brand: BrandId,
    /// The team it ended with.
    pub team: Option<TeamId>,
    /// Who ended with it.
    pub assignee: Option<AgentId>,
    /// Where it stands now.
    pub status: Status,
    /// How pressing it is.
    pub priority: Priority,
    /// Its tags.
    pub tags: Vec<String>,
    /// Since when the customer waits.
    pub waiting_since: Option<Time>,
    /// When it began.
    pub created_at: Time,
    /// When it was touched last.
    pub updated_at: Time,
    /// Its messages, in order.
    pub messages: Vec<ToldMessage>,
    /// What was changed: kind of event, who, when, particulars.
    pub changes: Vec<(&'static str, Author, Time, Value)>,
}

/// A message of the tale.
#[derive(Clone, Debug)]
pub struct ToldMessage {
    /// What it is.
    pub kind: MessageKind,
    /// Who wrote it.
    pub author: Writer,
    /// To whom.
    pub to: Vec<Address>,
    /// As text.
    pub text: String,
    /// As HTML; made safe on the way in.
    pub html: Option<String>,
    /// Files whose bytes are durable: name, type, size, digest.
    pub files: Vec<(String, String, i64, String)>,
    /// Its Message-ID.
    pub mail_id: Option<String>,
    /// When.
    pub at: Time,
}

/// Writes a told ticket down. Answers its number and where it counts: the caller adds the counts up and hands them to
/// [`count`], because a row per ticket would be a million rows.
pub fn write(tx: &mut Tx<'_>, told: &Told) -> Result<(TicketId, Place)> {
    let spoken = told.messages.iter().rev().find(|m| matches!(m.kind, MessageKind::Customer | MessageKind::Reply));
    let new = NewTicket {
        subject: &told.subject,
        status: told.status,
        priority: told.priority,
        channel: "mail",
        contact: told.contact,
        inbox: told.inbox,
        brand: told.brand,
        team: told.team,
        assignee: told.assignee,
        previous: None,
        cc: &[],
        tags: &told.tags,
        opening: Opening {
            words: spoken.map_or("", |m| m.text.as_str()),
            last_author: if spoken.is_some_and(|m| m.kind == MessageKind::Reply) { "agent" } else { "customer" },
            messages: told.messages.len(),
            files: told.messages.iter().map(|m| m.files.len()).sum(),
            waiting_since: told.waiting_since.unwrap_or(NOBODY_WAITS),
            updated_at: told.updated_at,
        },
        at: told.created_at,
    };
    let id = tickets::begin_uncounted(tx, &Actor::system(), &new)?;
    let mut chain: Vec<&str> = Vec::new();
    let mut newest = None;
    for told_message in &told.messages {
        let new = message_of(tx, told, told_message, &chain)?;
        newest = Some(message::insert(tx, id, &new)?);
        chain.extend(told_message.mail_id.as_deref());
    }
    if let Some(newest) = newest {
        tickets::points_at(tx, id, newest)?;
    }
    for (kind, author, at, data) in &told.changes {
        event::append(tx, kind, id.0, *author, data, *at)?;
    }
    for tag in &told.tags {
        tx.exec("INSERT INTO ticket_tag (tag, ticket_id) VALUES ($1, $2)", params![tag, id])?;
    }
    if told.status == Status::Solved {
        tickets::keep_timer(tx, id, Status::Solved, told.updated_at)?;
    }
    Ok((id, Place { status: told.status, inbox: told.inbox, team: told.team, assignee: told.assignee }))
}

/// Adds `n` told tickets of one place to the counts.
pub fn count(tx: &mut Tx<'_>, place: &Place, n: i64) -> Result<()> {
    tickets::tally::add(tx, place, n)
}

fn message_of(tx: &mut Tx<'_>, told: &Told, from: &ToldMessage, chain: &[&str]) -> Result<message::NewMessage> {
    let mut attachments: Vec<Attachment> = Vec::with_capacity(from.files.len());
    for (filename, content_type, size, digest) in &from.files {
        let new = files::NewFile { filename, content_type, content_id: None, inline: false, size: *size, digest };
        attachments.push(files::keep(tx, &Actor::system(), &new, from.at)?);
    }
    // Telling a million tickets must not read a million texts for quotes that nobody put there.
    let quotes = from.kind == MessageKind::Customer && from.text.contains("\n>");
    let visible = if quotes { opora_mail::visible_reply(&from.text).text } else { from.text.clone() };
    let options = opora_mail::SanitizeOptions::default();
    let clean = from.html.as_deref().map(|html| opora_mail::sanitize(html, &options));
    Ok(message::NewMessage {
        kind: from.kind,
        author: from.author.clone(),
        recipients: Recipients { to: from.to.clone(), ..Recipients::default() },
        subject: if chain.is_empty() { told.subject.clone() } else { format!("Re: {}", told.subject) },
        visible,
        text: from.text.clone(),
        quoted_lines: 0,
        remote_images: clean.as_ref().map_or(0, |clean| i64::from(clean.remote_images)),
        html: clean.map(|clean| clean.html),
        attachments,
        mail_id: from.mail_id.clone(),
        in_reply_to: chain.last().map(|id| (*id).to_owned()),
        mail_refs: chain.join(" "),
        state: if from.kind == MessageKind::Reply { MessageState::Sent } else { MessageState::Received },
        undo_until: None,
        mentions: Vec::new(),
        inbound_id: None,
        at: from.at,
    })
}
