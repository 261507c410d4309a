//! Messages read from their table: a page of a conversation, one message, one as the mail sender needs it.

use super::model::{Attachment, Message, MessageKind, MessageState, Recipients, Writer};
use crate::{Actor, Error, MessageId, Result, TicketId};
use opora_base::{FromRow, Row, Time, Tx, params};

const COLUMNS: &str = "id, ticket_id, kind, author_kind, author_id, author_name, author_address, recipients, subject, text, \
    visible, quoted_lines, html, remote_images, attachments, state, state_code, state_reason, undo_until, mentions, created_at";

impl FromRow for Message {
    fn from_row(row: &Row<'_>) -> opora_base::Result<Self> {
        let mut attachments: Vec<Attachment> = serde_json::from_value(row.get(14)?).unwrap_or_default();
        for attachment in &mut attachments {
            attachment.url = Attachment::url_of(attachment.id);
        }
        Ok(Message {
            id: row.get(0)?,
            ticket_id: row.get(1)?,
            kind: row.get::<MessageKind>(2)?,
            author: Writer { kind: row.get(3)?, id: row.get(4)?, name: row.get(5)?, address: row.get(6)? },
            recipients: serde_json::from_value::<Recipients>(row.get(7)?).unwrap_or_default(),
            subject: row.get(8)?,
            text: row.get(9)?,
            visible: row.get(10)?,
            quoted_lines: row.get(11)?,
            html: row.get(12)?,
            remote_images: row.get(13)?,
            attachments,
            state: row.get::<MessageState>(15)?,
            state_code: row.get(16)?,
            state_reason: row.get(17)?,
            undo_until: row.get::<Option<i64>>(18)?.map(Time),
            mentions: serde_json::from_value(row.get(19)?).unwrap_or_default(),
            created_at: Time(row.get(20)?),
        })
    }
}

/// The last `limit` messages of a ticket before `before`, oldest first, and whether older ones exist.
pub fn page(tx: &mut Tx<'_>, ticket: TicketId, before: Option<MessageId>, limit: i64) -> Result<(Vec<Message>, bool)> {
    let sql = format!("SELECT {COLUMNS} FROM message WHERE ticket_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
    let before = before.map_or(i64::MAX, |m| m.0);
    let mut messages: Vec<Message> = tx.query(&sql, params![ticket, before, limit + 1])?;
    let more = messages.len() as i64 > limit;
    messages.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    messages.reverse();
    Ok((messages, more))
}

/// One message of a ticket this person may see.
pub fn get(tx: &mut Tx<'_>, actor: &Actor, id: MessageId) -> Result<Message> {
    let message = find(tx, id)?;
    super::row::get(tx, actor, message.ticket_id).map_err(|e| match e {
        Error::NotFound(_) => Error::NotFound("message"),
        other => other,
    })?;
    Ok(message)
}

/// One message, whoever asks.
pub fn find(tx: &mut Tx<'_>, id: MessageId) -> Result<Message> {
    let message: Option<Message> = tx.opt(&format!("SELECT {COLUMNS} FROM message WHERE id = $1"), params![id])?;
    message.ok_or(Error::NotFound("message"))
}

/// A message about to be written.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// What it is.
    pub kind: MessageKind,
    /// Who writes it.
    pub author: Writer,
    /// To whom.
    pub recipients: Recipients,
    /// Its subject.
    pub subject: String,
    /// All of its text.
    pub text: String,
    /// What is new in it.
    pub visible: String,
    /// Lines of quoted past.
    pub quoted_lines: i64,
    /// Safe HTML.
    pub html: Option<String>,
    /// Pictures on other people's servers.
    pub remote_images: i64,
    /// Its files, already in the table.
    pub attachments: Vec<Attachment>,
    /// Its Message-ID, without brackets.
    pub mail_id: Option<String>,
    /// The Message-ID it answers.
    pub in_reply_to: Option<String>,
    /// The chain of Message-IDs before it, oldest first, separated by spaces.
    pub mail_refs: String,
    /// How far it has come.
    pub state: MessageState,
    /// Until when it can be taken back.
    pub undo_until: Option<Time>,
    /// Colleagues named in it.
    pub mentions: Vec<crate::AgentId>,
    /// What it was made of.
    pub inbound_id: Option<i64>,
    /// When.
    pub at: Time,
}

impl NewMessage {
    /// How many files it brings; pictures within its text are none.
    pub(crate) fn files(&self) -> usize {
        self.attachments.iter().filter(|a| !a.inline).count()
    }
}

/// Writes a message into a ticket's conversation and remembers its Message-ID. Touches nothing of the ticket itself.
pub fn insert(tx: &mut Tx<'_>, ticket: TicketId, new: &NewMessage) -> Result<MessageId> {
    let json = |value: serde_json::Result<serde_json::Value>| value.unwrap_or_default();
    let id: MessageId = tx.one(
        "INSERT INTO message (ticket_id, kind, author_kind, author_id, author_name, author_address, recipients, subject,
           text, visible, quoted_lines, html, remote_images, attachments, mail_id, in_reply_to, mail_refs, state,
           undo_until, mentions, inbound_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
         RETURNING id",
        params![
            ticket,
            new.kind,
            &new.author.kind,
            new.author.id,
            &new.author.name,
            &new.author.address,
            json(serde_json::to_value(&new.recipients)),
            &new.subject,
            &new.text,
            &new.visible,
            new.quoted_lines,
            &new.html,
            new.remote_images,
            json(serde_json::to_value(&new.attachments)),
            &new.mail_id,
            &new.in_reply_to,
            &new.mail_refs,
            new.state,
            new.undo_until.map(|t| t.0),
            json(serde_json::to_value(&new.mentions)),
            new.inbound_id,
            new.at.0
        ],
    )?;
    if let Some(mail_id) = &new.mail_id {
        tx.exec(
            "INSERT INTO mail_id (mail_id, message_id, ticket_id) VALUES ($1, $2, $3)",
            params![mail_id, id, ticket],
        )?;
    }
    for attachment in &new.attachments {
        tx.exec(
            "UPDATE attachment SET message_id = $2, ticket_id = $3 WHERE id = $1",
            params![attachment.id, id, ticket],
        )?;
    }
    Ok(id)
}

/// Removes a message that was never sent.
pub fn delete(tx: &mut Tx<'_>, id: MessageId) -> Result<()> {
    tx.exec("DELETE FROM mail_id WHERE message_id = $1", params![id])?;
    tx.exec("UPDATE attachment SET message_id = NULL, ticket_id = NULL WHERE message_id = $1", params![id])?;
    tx.exec("DELETE FROM message WHERE id = $1", params![id])?;
    Ok(())
}
