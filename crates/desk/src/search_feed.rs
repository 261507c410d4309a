//! What the search index is fed with: one document per message, the colleagues' among themselves too, read from the
//! database so that the index can always be built anew.

use crate::tickets::Attachment;
use crate::{MessageId, Result, TicketId};
use opora_base::event::Event;
use opora_base::{FromRow, Row, Sql, Tx, params};
use serde_json::Value;

/// Above every number a database gives, so that both sorts of messages have keys of their own in one index.
const AMONG_US: u64 = 1 << 62;

/// What stands behind a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A message of the ticket.
    Message(MessageId),
    /// A message of a conversation among colleagues.
    Talk(i64),
}

impl Source {
    /// Under which number the index has it.
    #[must_use]
    pub fn key(self) -> u64 {
        match self {
            Source::Message(message) => message.0.unsigned_abs(),
            Source::Talk(message) => message.unsigned_abs() | AMONG_US,
        }
    }

    /// What a number of the index stands for.
    #[must_use]
    pub fn of_key(key: u64) -> Source {
        let id = i64::try_from(key & !AMONG_US).unwrap_or_default();
        if key & AMONG_US == 0 { Source::Message(MessageId(id)) } else { Source::Talk(id) }
    }
}

/// A message as the search index takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The message.
    pub source: Source,
    /// Its ticket.
    pub ticket: TicketId,
    /// When it was written, in microseconds since 1970.
    pub at: i64,
    /// What the ticket is about, or the conversation among colleagues.
    pub subject: String,
    /// What is new in the message; all of it when nothing is. Then the names of its files, a line each.
    pub body: String,
    /// Names and addresses of the customer, their organization, and the writer.
    pub people: Vec<String>,
}

/// The columns both queries begin with; names follow the text.
fn document(row: &Row<'_>, source: Source, names: std::ops::Range<usize>) -> opora_base::Result<Document> {
    let (visible, text): (String, String) = (row.get(4)?, row.get(5)?);
    let mut people: Vec<String> = Vec::with_capacity(names.len());
    for column in names {
        let name: Option<String> = row.get(column)?;
        if let Some(name) = name.filter(|name| !name.is_empty() && !people.contains(name)) {
            people.push(name);
        }
    }
    Ok(Document {
        source,
        ticket: row.get(1)?,
        at: row.get(2)?,
        subject: row.get(3)?,
        body: if visible.trim().is_empty() { text } else { visible },
        people,
    })
}

impl FromRow for Document {
    fn from_row(row: &Row<'_>) -> opora_base::Result<Self> {
        let mut found = document(row, Source::Message(row.get(0)?), 6..11)?;
        name_files(&mut found.body, row.get(11)?);
        Ok(found)
    }
}

/// Files are looked for by their names. A picture within the text has none that anybody chose.
fn name_files(body: &mut String, files: Value) {
    let files: Vec<Attachment> = serde_json::from_value(files).unwrap_or_default();
    for file in files.iter().filter(|file| !file.inline && !file.filename.is_empty()) {
        body.push('\n');
        body.push_str(&file.filename);
    }
}

struct AmongUs(Document);

impl FromRow for AmongUs {
    fn from_row(row: &Row<'_>) -> opora_base::Result<Self> {
        document(row, Source::Talk(row.get(0)?), 6..7).map(AmongUs)
    }
}

const SELECT: &str = "SELECT m.id, m.ticket_id, m.created_at, t.subject, m.visible, m.text, c.name, c.address, \
    o.name, m.author_name, m.author_address, m.attachments FROM message m JOIN ticket t ON t.id = m.ticket_id \
    JOIN contact c ON c.id = t.contact_id LEFT JOIN organization o ON o.id = c.organization_id WHERE ";

const SELECT_TALKS: &str = "SELECT m.id, k.ticket_id, m.at, k.subject, m.text, m.text, a.name \
    FROM talk_message m JOIN talk k ON k.id = m.talk_id JOIN agent a ON a.id = m.agent_id WHERE ";

/// The next `limit` messages of the same sort after this one, for building the index anew.
pub fn after(tx: &mut Tx<'_>, from: Source, limit: i64) -> Result<Vec<Document>> {
    match from {
        Source::Message(id) => Ok(tx.query(&format!("{SELECT} m.id > $1 ORDER BY m.id LIMIT $2"), params![id, limit])?),
        Source::Talk(id) => {
            let found: Vec<AmongUs> =
                tx.query(&format!("{SELECT_TALKS} m.id > $1 ORDER BY m.id LIMIT $2"), params![id, limit])?;
            Ok(found.into_iter().map(|among_us| among_us.0).collect())
        }
    }
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
    let mut talks: Vec<(i64, i64)> = Vec::new();
    let mut gone: Vec<MessageId> = Vec::new();
    for event in events {
        let message = event.data.get("message").and_then(Value::as_i64);
        match (event.kind.as_str(), message) {
            ("message.received" | "message.reply" | "message.note" | "message.auto", Some(message)) => {
                messages.push(message)
            }
            ("message.undone", Some(message)) => gone.push(MessageId(message)),
            ("ticket.subject" | "ticket.contact" | "ticket.split_off", _) => tickets.push(event.subject),
            ("talk.message" | "talk.changed", _) => {
                let number = |name| event.data.get(name).and_then(Value::as_i64);
                // A new subject goes for all that was said under it.
                talks.extend(number("talk").map(|talk| (talk, number("talk_message").unwrap_or_default())));
            }
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
    for (talk, message) in talks {
        let sql = format!("{SELECT_TALKS} m.talk_id = $1 AND (m.id = $2 OR $2 = 0) ORDER BY m.id DESC LIMIT 1000");
        let found: Vec<AmongUs> = tx.query(&sql, params![talk, message])?;
        put.extend(found.into_iter().map(|among_us| among_us.0));
    }
    put.retain(|document| !gone.iter().any(|gone| document.source == Source::Message(*gone)));
    Ok(Changes { put, gone })
}
