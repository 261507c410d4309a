//! The event log: what happened, in the order it was committed.
//!
//! A command appends events in its own transaction ([`append`]); whoever acts afterwards is a *follower*: a name, a
//! durable [`Cursor`] and a function over [`after`]. The order is `(xid, seq)` and a follower sees only settled
//! transactions, so a slow transaction is never stepped over (docs/decisions/0001). A ticket's history is the same log,
//! read by subject ([`history`]).

use crate::{Error, P, Row, Time, Tx, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Who caused an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", content = "id", rename_all = "snake_case")]
pub enum Author {
    /// One of us.
    Agent(i64),
    /// A customer.
    Contact(i64),
    /// The program itself.
    System,
}

impl Author {
    fn columns(self) -> (&'static str, Option<i64>) {
        match self {
            Author::Agent(id) => ("agent", Some(id)),
            Author::Contact(id) => ("contact", Some(id)),
            Author::System => ("system", None),
        }
    }

    fn from_columns(kind: &str, id: Option<i64>) -> Author {
        match (kind, id) {
            ("agent", Some(id)) => Author::Agent(id),
            ("contact", Some(id)) => Author::Contact(id),
            _ => Author::System,
        }
    }
}

/// A place in the log. `Cursor::default()` is before the first event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cursor {
    /// Transaction number (always 0 on SQLite, where the writer is alone).
    pub xid: i64,
    /// Number within the log.
    pub seq: i64,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Event {
    /// Where it stands in the log.
    pub at_cursor: Cursor,
    /// Its name, `noun.verb` ("ticket.created").
    pub kind: String,
    /// The ticket it happened to, or 0.
    pub subject: i64,
    /// Who did it.
    pub author: Author,
    /// The particulars, by kind.
    pub data: Value,
    /// When.
    pub at: Time,
}

impl crate::FromRow for Event {
    fn from_row(row: &Row<'_>) -> crate::Result<Self> {
        Ok(Event {
            at_cursor: Cursor { xid: row.get(0)?, seq: row.get(1)? },
            kind: row.get(2)?,
            subject: row.get(3)?,
            author: Author::from_columns(&row.get::<String>(4)?, row.get(5)?),
            data: row.get(6)?,
            at: Time(row.get(7)?),
        })
    }
}

const COLUMNS: &str = "xid, seq, kind, subject, author_kind, author_id, data, at";

/// Writes an event in the transaction that caused it and wakes the followers once it is committed.
pub fn append(
    tx: &mut Tx<'_>,
    kind: &str,
    subject: i64,
    author: Author,
    data: &Value,
    now: Time,
) -> Result<i64, Error> {
    let (author_kind, author_id) = author.columns();
    let seq = tx.insert_id(
        "INSERT INTO event (kind, subject, author_kind, author_id, data, at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING seq",
        params![kind, subject, author_kind, author_id, data, now.0],
    )?;
    tx.wake();
    Ok(seq)
}

/// Up to `limit` settled events after `cursor`, oldest first.
pub fn after(tx: &mut Tx<'_>, cursor: Cursor, limit: i64) -> Result<Vec<Event>, Error> {
    let sql =
        format!("SELECT {COLUMNS} FROM event WHERE (xid, seq) > ($1, $2) AND {{settled}} ORDER BY xid, seq LIMIT $3");
    tx.query(&sql, params![cursor.xid, cursor.seq, limit])
}

/// The last settled place in the log: where a follower begins that cares only about what is to come.
pub fn end(tx: &mut Tx<'_>) -> Result<Cursor, Error> {
    let last: Option<(i64, i64)> =
        tx.opt("SELECT xid, seq FROM event WHERE {settled} ORDER BY xid DESC, seq DESC LIMIT 1", &[])?;
    Ok(last.map(|(xid, seq)| Cursor { xid, seq }).unwrap_or_default())
}

/// What happened to one ticket between two moments (both included), oldest first, at most `limit` of the newest.
pub fn history(tx: &mut Tx<'_>, subject: i64, from: Time, to: Time, limit: i64) -> Result<Vec<Event>, Error> {
    let sql =
        format!("SELECT {COLUMNS} FROM event WHERE subject = $1 AND at BETWEEN $2 AND $3 ORDER BY seq DESC LIMIT $4");
    let mut events: Vec<Event> = tx.query(&sql, params![subject, from.0, to.0, limit])?;
    events.reverse();
    Ok(events)
}

/// Where the follower `name` stands; nothing if it never ran.
pub fn position(tx: &mut Tx<'_>, name: &str) -> Result<Option<Cursor>, Error> {
    let row: Option<(i64, i64)> = tx.opt("SELECT xid, seq FROM follower WHERE name = $1", params![name])?;
    Ok(row.map(|(xid, seq)| Cursor { xid, seq }))
}

/// Moves the follower `name`; in the same transaction as what it did with the events.
pub fn advance(tx: &mut Tx<'_>, name: &str, to: Cursor) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO follower (name, xid, seq) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET xid = excluded.xid, seq = excluded.seq",
        &[P::from(name), P::from(to.xid), P::from(to.seq)],
    )?;
    Ok(())
}
