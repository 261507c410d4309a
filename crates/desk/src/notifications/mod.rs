//! What concerns one person: a ticket given to them, a note that names them, a customer who wrote again. Made of the event
//! log by one follower ([`follow`]), kept until read, told to open screens at once.

mod derive;
pub mod digest;
pub mod push;
mod settings;

pub use derive::{FOLLOWER, Followed, follow, is_behind};
pub(crate) use settings::of as settings_of;
pub use settings::{Digest, HowTold, NotificationSettings, Quiet, put_settings, remember_base_url, settings};

use crate::people::agents;
use crate::tickets::{self, Writer};
use crate::{Actor, AgentId, Error, MessageId, Result, TicketId};
use opora_base::{FromRow, Row, Sql, Time, Tx, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Something that concerns somebody.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Notification {
    /// Its number.
    pub id: i64,
    /// Whom it concerns.
    #[serde(skip)]
    pub agent_id: AgentId,
    /// "mention", "assigned", "handed_over", "answer", "follow", "held", "snooze_over", "failed", "talk", "taken_over",
    /// "due_soon" or "too_late"; "roster", "roster_asked" or "roster_answered" are about no ticket.
    pub kind: String,
    /// In which ticket, if it is about one.
    pub ticket_id: Option<TicketId>,
    /// What that ticket is about.
    pub ticket_subject: String,
    /// The message it is about, if it is about one.
    pub message_id: Option<MessageId>,
    /// The conversation among colleagues it is about, if it is about one.
    pub talk_id: Option<i64>,
    /// Who caused it.
    pub actor: Writer,
    /// The first words: of the message, of the note that came with the ticket.
    pub text: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
    /// The person has seen it.
    pub read: bool,
}

const SELECT: &str = "SELECT n.id, n.agent_id, n.kind, n.ticket_id, COALESCE(t.subject, ''), n.message_id, n.author_kind, n.author_id, \
    COALESCE(a.name, c.name, ''), n.text, n.at, n.read, n.talk_id FROM notification n \
    LEFT JOIN ticket t ON t.id = n.ticket_id LEFT JOIN agent a ON n.author_kind = 'agent' AND a.id = n.author_id \
    LEFT JOIN contact c ON n.author_kind = 'contact' AND c.id = n.author_id";

impl FromRow for Notification {
    fn from_row(row: &Row<'_>) -> opora_base::Result<Self> {
        Ok(Notification {
            id: row.get(0)?,
            agent_id: row.get(1)?,
            kind: row.get(2)?,
            ticket_id: Some(row.get(3)?).filter(|id: &TicketId| id.0 != 0),
            ticket_subject: row.get(4)?,
            message_id: row.get(5)?,
            actor: Writer { kind: row.get(6)?, id: row.get(7)?, name: row.get(8)?, address: String::new() },
            text: row.get(9)?,
            at: Time(row.get(10)?),
            read: row.get(11)?,
            talk_id: row.get(12)?,
        })
    }
}

/// A page of what concerns somebody.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NotificationPage {
    /// The latest first.
    pub items: Vec<Notification>,
    /// How many they have not seen, in all.
    pub unread: i64,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

/// What somebody has seen.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct Seen {
    /// These …
    pub ids: Vec<i64>,
    /// … or everything about this ticket but its colleagues' conversations …
    pub ticket_id: Option<TicketId>,
    /// … or everything.
    pub all: bool,
}

/// What concerns me, the latest first.
pub fn list(tx: &mut Tx<'_>, actor: &Actor, cursor: &str, limit: i64) -> Result<NotificationPage> {
    let before = match cursor {
        "" => i64::MAX,
        cursor => cursor.parse().map_err(|_| Error::field("cursor", "malformed", "not a cursor of ours"))?,
    };
    let limit = limit.clamp(1, 200);
    let mut sql = Sql::new(format!("{SELECT} WHERE n.id < "));
    sql.bind(before);
    in_the_workspace(tx, actor, &mut sql)?;
    sql.push(" ORDER BY n.id DESC LIMIT ").bind(limit + 1);
    let mut items: Vec<Notification> = tx.query(sql.text(), sql.args())?;
    let more = items.len() as i64 > limit;
    items.truncate(usize::try_from(limit).unwrap_or(0));
    let next_cursor = items.last().filter(|_| more).map(|last| last.id.to_string());
    Ok(NotificationPage { items, unread: unread(tx, actor)?, next_cursor })
}

/// How many of them I have not seen.
pub fn unread(tx: &mut Tx<'_>, actor: &Actor) -> Result<i64> {
    let mut sql =
        Sql::new("SELECT count(*) FROM notification n LEFT JOIN ticket t ON t.id = n.ticket_id WHERE n.read = FALSE");
    in_the_workspace(tx, actor, &mut sql)?;
    Ok(tx.one(sql.text(), sql.args())?)
}

/// One of anybody's as the workspace shows it to them, with how many they have not seen.
pub fn shown(tx: &mut Tx<'_>, id: i64) -> Result<Option<(Notification, i64)>> {
    let Some(one) = find(tx, id)? else { return Ok(None) };
    let Ok(reader) = agents::actor(tx, one.agent_id) else { return Ok(None) };
    let mut sql = Sql::new(format!("{SELECT} WHERE n.id = "));
    sql.bind(id);
    in_the_workspace(tx, &reader, &mut sql)?;
    let found: Option<Notification> = tx.opt(sql.text(), sql.args())?;
    found.map(|found| Ok((found, unread(tx, &reader)?))).transpose()
}

/// One of anybody's.
fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<Notification>> {
    Ok(tx.opt(&format!("{SELECT} WHERE n.id = $1"), params![id])?)
}

/// Adds: what this person wants to be told in the workspace, of tickets they may see by now.
fn in_the_workspace(tx: &mut Tx<'_>, actor: &Actor, sql: &mut Sql) -> Result<()> {
    let agent = actor.agent_id()?;
    let kinds = settings::of(tx, agent)?.kinds_told(|how| how.app);
    sql.push(" AND n.agent_id = ").bind(agent).push(" AND ").is_in("n.kind", &kinds);
    sql.push(" AND (n.ticket_id = 0 OR (t.id IS NOT NULL AND ");
    tickets::only_seen(sql, actor, "t.");
    sql.push("))");
    Ok(())
}

/// Notes that I have seen some. Answers how many are left.
pub fn mark_seen(tx: &mut Tx<'_>, actor: &Actor, seen: &Seen) -> Result<i64> {
    let agent = actor.agent_id()?;
    if seen.ids.len() > 1_000 {
        return Err(Error::field("ids", "too_many", "at most 1000; or all"));
    }
    let mut sql = Sql::new("UPDATE notification SET read = TRUE WHERE read = FALSE AND agent_id = ");
    sql.bind(agent);
    if !seen.all {
        sql.push(" AND (").is_in("id", &seen.ids);
        if let Some(ticket) = seen.ticket_id {
            // What colleagues say beside it is seen where they say it.
            sql.push(" OR (talk_id IS NULL AND ticket_id = ").bind(ticket).push(")");
        }
        sql.push(")");
    }
    tx.exec(sql.text(), sql.args())?;
    unread(tx, actor)
}
