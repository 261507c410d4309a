//! A ticket's history: its events, with the names of those who caused them. Messages tell of themselves and are left out.

use super::model::{HistoryEvent, Writer};
use crate::{Result, TicketId};
use opora_base::event::{self, Author};
use opora_base::{Sql, Time, Tx};
use std::collections::BTreeMap;

/// The most events of one page of conversation.
const MOST: i64 = 500;

/// Kinds that a person reads between the messages.
fn is_told(kind: &str) -> bool {
    (kind.starts_with("ticket.") && kind != "ticket.sla")
        || kind.starts_with("sla.")
        || matches!(kind, "message.failed" | "message.undone" | "message.held" | "contact.complained")
}

/// What happened to the ticket between two moments.
pub fn of_ticket(tx: &mut Tx<'_>, id: TicketId, from: Time, until: Time) -> Result<Vec<HistoryEvent>> {
    let events = event::history(tx, id.0, from, until, MOST)?;
    let mut agents = BTreeMap::new();
    let mut contacts = BTreeMap::new();
    for event in &events {
        match event.author {
            Author::Agent(id) => agents.insert(id, String::new()),
            Author::Contact(id) => contacts.insert(id, String::new()),
            Author::System => None,
        };
    }
    name(tx, "agent", &mut agents)?;
    name(tx, "contact", &mut contacts)?;
    let writer = |author: Author| match author {
        Author::Agent(id) => writer("agent", Some(id), agents.get(&id)),
        Author::Contact(id) => writer("contact", Some(id), contacts.get(&id)),
        Author::System => writer("system", None, None),
    };
    Ok(events
        .into_iter()
        .filter(|event| is_told(&event.kind))
        .map(|event| HistoryEvent {
            id: event.at_cursor.seq,
            actor: writer(event.author),
            kind: event.kind,
            at: event.at,
            data: event.data,
        })
        .collect())
}

fn writer(kind: &str, id: Option<i64>, name: Option<&String>) -> Writer {
    Writer { kind: kind.to_owned(), id, name: name.cloned().unwrap_or_default(), address: String::new() }
}

fn name(tx: &mut Tx<'_>, table: &str, names: &mut BTreeMap<i64, String>) -> Result<()> {
    if names.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = names.keys().copied().collect();
    let mut sql = Sql::new(format!("SELECT id, name FROM {table} WHERE "));
    sql.is_in("id", &ids);
    let rows: Vec<(i64, String)> = tx.query(sql.text(), sql.args())?;
    names.extend(rows);
    Ok(())
}
