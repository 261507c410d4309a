//! A ticket as the list shows it: the one SELECT behind every list, and who may see which rows.

use super::model::{OrganizationName, Priority, Status, TicketContact, TicketRow};
use super::snooze::UNTIL_AN_ANSWER;
use super::tally::Place;
use crate::actor::Sight;
use crate::entitlement::Entitlement;
use crate::{Actor, Error, Permission, Result, TicketId};
use opora_base::{FromRow, P, Row, Sql, Time, Tx, params};
use serde_json::json;
use std::sync::Arc;

/// What `waiting_since` holds while nobody waits.
pub const NOBODY_WAITS: Time = Time(i64::MAX);

const COLUMNS: &str = "t.id, t.subject, t.status, t.priority, t.channel, t.contact_id, c.name, c.address, o.id, o.name, \
    t.inbox_id, t.brand_id, t.team_id, t.assignee_id, t.tags, t.preview, t.last_author, t.message_count, \
    t.attachment_count, t.last_message_id, r.message_id, t.waiting_since, t.created_at, t.updated_at, t.version, \
    t.snoozed_until, t.sla, t.class_id, t.entitlement, o.vip";

impl FromRow for TicketRow {
    fn from_row(row: &Row<'_>) -> opora_base::Result<Self> {
        let id: TicketId = row.get(0)?;
        let organization: Option<i64> = row.get(8)?;
        let name: Option<String> = row.get(9)?;
        let status: Status = row.get(2)?;
        let read: Option<i64> = row.get(20)?;
        let last: i64 = row.get(19)?;
        let waiting_since = Time(row.get(21)?);
        let snoozed_until: Option<i64> = row.get(25)?;
        Ok(TicketRow {
            id,
            number: id.0,
            subject: row.get(1)?,
            status,
            priority: row.get::<Priority>(3)?,
            channel: row.get(4)?,
            contact: TicketContact {
                id: row.get(5)?,
                name: row.get(6)?,
                address: row.get(7)?,
                organization: organization
                    .zip(name)
                    .map(|(id, name)| OrganizationName { id: crate::OrganizationId(id), name }),
            },
            inbox_id: row.get(10)?,
            brand_id: row.get(11)?,
            team_id: row.get(12)?,
            assignee_id: row.get(13)?,
            tags: serde_json::from_value(row.get(14)?).unwrap_or_default(),
            preview: row.get(15)?,
            last_author: row.get(16)?,
            message_count: row.get(17)?,
            attachment_count: row.get(18)?,
            unread: !status.is_done() && last > read.unwrap_or(0),
            waiting_since: (waiting_since != NOBODY_WAITS).then_some(waiting_since),
            created_at: Time(row.get(22)?),
            updated_at: Time(row.get(23)?),
            version: row.get(24)?,
            class_id: row.get(27)?,
            sla: row.get::<Option<serde_json::Value>>(26)?.and_then(|sla| serde_json::from_value(sla).ok()),
            snoozed: snoozed_until.is_some(),
            entitlement: row.get(28)?,
            vip: row.get::<Option<bool>>(29)?.unwrap_or(false),
            snoozed_until: snoozed_until.filter(|until| *until != UNTIL_AN_ANSWER).map(Time),
        })
    }
}

/// Begins a statement over ticket rows as `reader` sees them: `… WHERE ` comes next. The ticket is `t`, what the reader
/// has read is `r`.
pub fn select(reader: &Actor) -> Sql {
    let mut sql = Sql::new(format!(
        "SELECT {COLUMNS} FROM ticket t JOIN contact c ON c.id = t.contact_id
         LEFT JOIN organization o ON o.id = c.organization_id
         LEFT JOIN ticket_read r ON r.ticket_id = t.id AND r.agent_id = "
    ));
    sql.bind(reader.agent.map_or(0, |a| a.0)).push(" WHERE ");
    sql
}

/// Adds the condition under which `actor` may see a ticket; `t` names the table ("t." or nothing for the tally).
pub fn only_seen(sql: &mut Sql, actor: &Actor, t: &str) {
    let Sight::Teams(teams, inboxes) = &actor.sight else {
        sql.push("TRUE");
        return;
    };
    sql.push("(").is_in(&format!("{t}team_id"), teams).push(" OR ").is_in(&format!("{t}inbox_id"), inboxes);
    if let Some(agent) = actor.agent {
        sql.push(&format!(" OR {t}assignee_id = ")).bind(agent);
    }
    sql.push(")");
}

/// Which of these tickets this person may see.
pub fn seen_among(tx: &mut Tx<'_>, actor: &Actor, ids: &Arc<[i64]>) -> Result<Vec<i64>> {
    actor.need(Permission::TicketView)?;
    let mut sql = Sql::new("SELECT t.id FROM ticket t WHERE ");
    only_seen(&mut sql, actor, "t.");
    sql.push(" AND ").among("t.id", ids);
    Ok(tx.query(sql.text(), sql.args())?)
}

/// One row; [`Error::NotFound`] also when this person may not see it.
pub fn get(tx: &mut Tx<'_>, actor: &Actor, id: TicketId) -> Result<TicketRow> {
    actor.need(Permission::TicketView)?;
    let mut sql = select(actor);
    sql.push("t.id = ").bind(id);
    let row: Option<TicketRow> = tx.opt(sql.text(), sql.args())?;
    row.filter(|row| actor.sees(row.inbox_id, row.team_id, row.assignee_id)).ok_or(Error::NotFound("ticket"))
}

opora_base::row! {
    /// The parts of a ticket that commands decide by, read under lock.
    #[derive(Clone, Debug)]
    pub struct Standing {
        /// Its number.
        pub id: TicketId,
        /// Its status.
        pub status: Status,
        /// Its inbox.
        pub inbox_id: crate::InboxId,
        /// Its brand.
        pub brand_id: crate::BrandId,
        /// Its team.
        pub team_id: Option<crate::TeamId>,
        /// Its class of question.
        pub class_id: Option<crate::QuestionClassId>,
        /// Who has it.
        pub assignee_id: Option<crate::AgentId>,
        /// Whose it is.
        pub contact_id: crate::ContactId,
        /// What it is about.
        pub subject: String,
        /// How pressing it is.
        pub priority: Priority,
        /// Its tags.
        pub tags: serde_json::Value,
        /// Who gets copies.
        pub cc: serde_json::Value,
        /// The last words.
        pub preview: String,
        /// Who wrote them.
        pub last_author: String,
        /// The last message.
        pub last_message_id: i64,
        /// Since when the customer waits.
        pub waiting_since: i64,
        /// Until when it sleeps.
        pub snoozed_until: Option<i64>,
        /// Whether those who write in it may ask.
        pub entitlement: Option<Entitlement>,
        /// When it was touched last.
        pub updated_at: i64,
        /// Grows with every change.
        pub version: i64,
        /// Which field was changed at which version.
        pub changed: serde_json::Value,
    }
}

impl Standing {
    /// Reads and locks a ticket.
    pub fn lock(tx: &mut Tx<'_>, id: TicketId) -> Result<Standing> {
        Standing::find(tx, id, "{for_update}")
    }

    fn find(tx: &mut Tx<'_>, id: TicketId, lock: &str) -> Result<Standing> {
        let row: Option<Standing> =
            tx.opt(&format!("SELECT {} FROM ticket WHERE id = $1 {lock}", Standing::COLS), params![id])?;
        row.ok_or(Error::NotFound("ticket"))
    }

    /// Reads a ticket without locking it.
    pub fn read(tx: &mut Tx<'_>, id: TicketId) -> Result<Standing> {
        Standing::find(tx, id, "")
    }

    /// Reads a ticket this person may see, without locking it.
    pub fn look(tx: &mut Tx<'_>, actor: &Actor, id: TicketId) -> Result<Standing> {
        Standing::find(tx, id, "").and_then(|standing| standing.if_seen(actor))
    }

    /// Reads and locks a ticket this person may see.
    pub fn lock_seen(tx: &mut Tx<'_>, actor: &Actor, id: TicketId) -> Result<Standing> {
        Standing::lock(tx, id).and_then(|standing| standing.if_seen(actor))
    }

    fn if_seen(self, actor: &Actor) -> Result<Standing> {
        let seen = actor.sees(self.inbox_id, self.team_id, self.assignee_id);
        if seen { Ok(self) } else { Err(Error::NotFound("ticket")) }
    }

    /// [`Standing::changed`] once these fields are changed with the next version.
    pub(crate) fn changed_with(&self, fields: &[&str]) -> serde_json::Value {
        let mut changed = if self.changed.is_object() { self.changed.clone() } else { json!({}) };
        for field in fields {
            changed[*field] = json!(self.version + 1);
        }
        changed
    }

    /// Where it counts.
    pub fn place(&self) -> Place {
        Place { status: self.status, inbox: self.inbox_id, team: self.team_id, assignee: self.assignee_id }
    }
}

/// Text shortened to what a list shows.
pub fn preview(text: &str) -> String {
    let mut short = String::with_capacity(200);
    for word in text.split_whitespace() {
        if !short.is_empty() {
            short.push(' ');
        }
        if short.chars().count() + word.chars().count() > 160 {
            short.extend(word.chars().take(160usize.saturating_sub(short.chars().count())));
            short.push('…');
            break;
        }
        short.push_str(word);
    }
    short
}

/// `$n` for an optional time, [`NOBODY_WAITS`] when there is none.
pub fn waiting(since: Option<Time>) -> P<'static> {
    P::from(since.unwrap_or(NOBODY_WAITS).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_is_one_short_line() {
        assert_eq!(preview("  one\n two\t\tthree "), "one two three");
        let long = preview(&"слово ".repeat(100));
        assert!(long.chars().count() <= 162 && long.ends_with('…'), "{long}");
        assert!(preview(&"x".repeat(5_000)).chars().count() <= 162);
    }
}
