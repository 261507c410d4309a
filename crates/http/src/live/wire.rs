//! What is said over the live socket, in both directions.

use axum::extract::ws::Utf8Bytes;
use opora_desk::mass::MassAction;
use opora_desk::notifications::Notification;
use opora_desk::tickets::Answering;
use opora_desk::{AgentId, TicketId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What the server says.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Said<'a> {
    /// The conversation begins; `seq` is the place in the log from which on everything will be told.
    Hello { seq: i64 },
    /// A ticket changed.
    Ticket { id: TicketId, version: i64, kinds: &'a [String] },
    /// The views' counts changed.
    Views { items: &'a [Count] },
    /// Somebody made, changed or removed a view: ask for them.
    ViewsChanged,
    /// The roster is another: ask for what is shown of it.
    RosterChanged,
    /// A mass action went on.
    Mass { item: &'a MassAction },
    /// Something concerns this person.
    Notification { item: &'a Notification, unread: i64 },
    /// Who looks at a ticket, and who types in it.
    Presence { ticket_id: TicketId, people: &'a [Person] },
    /// Who answers a ticket.
    Answering { ticket_id: TicketId, person: Option<&'a Answering> },
    /// Something for this person alone.
    Notify { text_key: &'a str, ticket_id: TicketId, data: &'a Value },
    /// The answer to a ping.
    Pong,
}

impl Said<'_> {
    /// As it goes over the wire.
    pub(super) fn text(&self) -> Utf8Bytes {
        serde_json::to_string(self).unwrap_or_default().into()
    }
}

/// How many tickets a view holds.
#[derive(Debug, Serialize)]
pub(super) struct Count {
    pub(super) key: String,
    pub(super) count: i64,
}

/// Somebody at a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Person {
    pub(super) agent_id: AgentId,
    pub(super) name: String,
    /// "viewing" or "typing".
    pub(super) state: &'static str,
}

/// What a client says. Anything else is passed over.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Heard {
    /// I look at this ticket now, or at none.
    View { ticket_id: Option<TicketId> },
    /// I type, or stop typing.
    Typing { ticket_id: TicketId, on: bool },
    /// Are you there?
    Ping,
}
