//! A person's own shifts for their calendar, behind a secret address: whoever has it may read, so it can be taken back at any
//! time. Only a hash of it is kept; it is shown once.

use super::ical::{Entry, calendar};
use super::shifts::within;
use super::span::Span;
use super::{Kind, classes};
use crate::people::{self, fresh_secret, secret_hash};
use crate::{Actor, AgentId, Error, Result};
use opora_base::{Time, Tx, event, params};
use serde::Serialize;
use serde_json::json;
use std::time::Duration;
use utoipa::ToSchema;

const DAY: Duration = Duration::from_secs(86_400);
const BACK: u32 = 30;
const AHEAD: u32 = 180;

/// One's own calendar address.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CalendarFeed {
    /// There is one.
    pub active: bool,
    /// Since when.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub created_at: Option<Time>,
    /// When a calendar last read it, to the hour.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Time>,
    /// The secret part, only in the answer to its making: `/calendar/{token}.ics`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// Do I have one?
pub fn mine(tx: &mut Tx<'_>, actor: &Actor) -> Result<CalendarFeed> {
    let row: Option<(i64, Option<i64>)> =
        tx.opt("SELECT created_at, read_at FROM roster_feed WHERE agent_id = $1", params![actor.agent_id()?])?;
    Ok(CalendarFeed {
        active: row.is_some(),
        created_at: row.map(|(created, _)| Time(created)),
        read_at: row.and_then(|(_, read)| read).map(Time),
        token: None,
    })
}

/// Makes a new address; one made before leads nowhere from now on.
pub fn make(tx: &mut Tx<'_>, actor: &Actor, now: Time) -> Result<CalendarFeed> {
    let (token, hash) = fresh_secret("");
    tx.exec(
        "INSERT INTO roster_feed (agent_id, token_hash, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (agent_id) DO UPDATE SET token_hash = excluded.token_hash, created_at = excluded.created_at,
           read_at = NULL",
        params![actor.agent_id()?, &hash, now.0],
    )?;
    event::append(tx, "roster.feed_made", 0, actor.author(), &json!({}), now)?;
    Ok(CalendarFeed { token: Some(token), ..mine(tx, actor)? })
}

/// Takes it back.
pub fn revoke(tx: &mut Tx<'_>, actor: &Actor, now: Time) -> Result<()> {
    let gone = tx.exec("DELETE FROM roster_feed WHERE agent_id = $1", params![actor.agent_id()?])?;
    if gone > 0 {
        event::append(tx, "roster.feed_revoked", 0, actor.author(), &json!({}), now)?;
    }
    Ok(())
}

/// The calendar behind an address. Nothing behind one that is nobody's, or somebody's who is switched off.
pub fn read(tx: &mut Tx<'_>, token: &str, now: Time) -> Result<String> {
    let agent: Option<AgentId> =
        tx.opt("SELECT agent_id FROM roster_feed WHERE token_hash = $1", params![&secret_hash(token)])?;
    let agent = people::agents::get(tx, agent.ok_or(Error::NotFound("calendar"))?)?;
    if !agent.active {
        return Err(Error::NotFound("calendar"));
    }
    let locale: String = tx.one("SELECT locale FROM agent WHERE id = $1", params![agent.id])?;
    let russian = locale == "ru";
    let span = Span::new(now.minus(DAY * BACK), now.plus(DAY * AHEAD));
    let names = classes::list(tx)?;
    let entries: Vec<Entry> = within(tx, span, false, Some(agent.id))?
        .into_iter()
        .map(|shift| {
            let what = match (shift.kind, russian) {
                (Kind::Shift, true) => "Смена",
                (Kind::Shift, false) => "Shift",
                (Kind::Duty, true) => "Дежурство",
                (Kind::Duty, false) => "On duty",
            };
            let class = names.iter().find(|class| Some(class.id) == shift.class_id);
            Entry {
                uid: format!("shift-{}@opora", shift.id),
                sequence: shift.version,
                span: shift.span(),
                summary: class.map_or_else(|| what.to_owned(), |class| format!("{what}: {}", class.name)),
                description: shift.note,
                free: shift.kind == Kind::Duty,
            }
        })
        .collect();
    Ok(calendar(if russian { "Дежурства" } else { "Roster" }, &entries, now))
}

/// Notes that a calendar came for it; once an hour is enough.
pub fn touch(tx: &mut Tx<'_>, token: &str, now: Time) -> Result<()> {
    tx.exec(
        "UPDATE roster_feed SET read_at = $2 WHERE token_hash = $1 AND (read_at IS NULL OR read_at < $3)",
        params![&secret_hash(token), now.0, now.minus(Duration::from_secs(3_600)).0],
    )?;
    Ok(())
}
