//! What the search index is fed with: one document per message, read from the database so that the index can always be
//! built anew.

use crate::{InboxId, MessageId, Result, TicketId};
use opora_base::event::Event;
use opora_base::{FromRow, Row, Sql, Tx, params};
use serde_json::Value;

/// A message as the search index takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The message.
    pub message: MessageId,
    /// Its ticket.
    pub ticket: TicketId,
    /// Its ticket's inbox.
    pub inbox: InboxId,
    /// When it was written, in microseconds since 1970.
    pub at: i64,
    /// What the ticket is about.
    pub subject: String,
    /// What is new in the message; all of it when nothing is.
    pub body: String,
    /// Names and addresses of the customer, their organization, and the writer.
    pub people: Vec<String>,
}

impl FromRow for Document {
    fn from_row(row: &Row<'_>) -> opora_base::Result<Self> {
        let (visible, text): (String, String) = (row.get(5)?, row.get(6)?);
        let mut people: Vec<String> = Vec::with_capacity(5);
        for column in 7..12 {
            let name: Option<String> = row.get(column)?;
            if let Some(name) = name.filter(|name| !name.is_empty() && !people.contains(name)) {
                people.push(name);
            }
        }
        Ok(Document {
            message: row.get(0)?,
            ticket: row.get(1)?,
            inbox: row.get(2)?,
            at: row.get(3)?,
            subject: row.get(4)?,
            body: if visible.trim().is_empty() { text } else { visible },
            people,
        })
    }
}

const SELECT: &str = "SELECT m.id, m.ticket_id, t.inbox_id, m.created_at, t.subject, m.visible, m.text, c.name, c.address, \
    o.name, m.author_name, m.author_address FROM message m JOIN ticket t ON t.id = m.ticket_id \
    JOIN contact c ON c.id = t.contact_id LEFT JOIN organization o ON o.id = c.organization_id WHERE ";

/// The next `limit` messages after this one, for building the index anew.
pub fn after(tx: &mut Tx<'_>, message: MessageId, limit: i64) -> Result<Vec<Document>> {
    Ok(tx.query(&format!("{SELECT} m.id > $1 ORDER BY m.id LIMIT $2"), params![message, limit])?)
}

/// How many messages there are to be indexed, at most.
pub fn last(tx: &mut Tx<'_>) -> Result<MessageId> {
    Ok(tx.one("SELECT COALESCE(max(id), 0) FROM message", &[])?)
}

/// What some events change in the index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Documents to put, replacing those of the same message.
    pub put: Vec<Document>,
    /// Messages that are no more.
    pub gone: Vec<MessageId>,
}

/// The changes that follow from these events.
pub fn changes(tx: &mut Tx<'_>, events: &[Event]) -> Result<Changes> {
    let mut messages: Vec<i64> = Vec::new();
    let mut tickets: Vec<i64> = Vec::new();
    let mut contacts: Vec<i64> = Vec::new();
    let mut gone: Vec<MessageId> = Vec::new();
    for event in events {
        let message = event.data.get("message").and_then(Value::as_i64);
        match (event.kind.as_str(), message) {
            ("message.received" | "message.reply" | "message.note" | "message.auto", Some(message)) => {
                messages.push(message)
            }
            ("message.undone", Some(message)) => gone.push(MessageId(message)),
            ("ticket.subject" | "ticket.contact", _) => tickets.push(event.subject),
            ("contact.changed", _) => contacts.extend(event.data.get("contact").and_then(Value::as_i64)),
            _ => {}
        }
    }
    let mut put: Vec<Document> = Vec::new();
    for chunk in messages.chunks(200) {
        let mut sql = Sql::new(SELECT);
        sql.is_in("m.id", chunk);
        put.extend(tx.query::<Document>(sql.text(), sql.args())?);
    }
    for ticket in tickets {
        put.extend(
            tx.query::<Document>(&format!("{SELECT} m.ticket_id = $1 ORDER BY m.id DESC LIMIT 1000"), params![ticket])?,
        );
    }
    for contact in contacts {
        put.extend(tx.query::<Document>(
            &format!("{SELECT} t.contact_id = $1 ORDER BY m.id DESC LIMIT 1000"),
            params![contact],
        )?);
    }
    put.retain(|document| !gone.contains(&document.message));
    Ok(Changes { put, gone })
}
