//! Vacations, illnesses and other days away. Whole days, where the person lives. Whoever plans writes them down; whoever falls
//! ill says so themselves. A shift of theirs in that time stays where it is and is shown as a problem: only a person can say
//! who takes it.

use super::scene::zone_of;
use super::span::{Span, midnight};
use super::{changed, rules};
use crate::tickets::words;
use crate::{AbsenceId, Actor, AgentId, Error, Permission, Result, error, people};
use jiff::civil::Date;
use opora_base::{FromRow, Row, Time, Tx, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

words! {
    /// Why somebody is away.
    AbsenceKind {
        /// On vacation.
        Vacation = "vacation",
        /// Ill.
        Sick = "sick",
        /// For another reason.
        Other = "other",
    }
}

/// Days on which somebody is away.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Absence {
    /// Its number.
    pub id: AbsenceId,
    /// Who.
    pub agent_id: AgentId,
    /// Why.
    pub kind: AbsenceKind,
    /// The first day, "2026-11-23".
    pub first_day: String,
    /// The last day.
    pub last_day: String,
    /// When the first day begins where the person lives.
    #[schema(value_type = String, format = DateTime)]
    pub starts_at: Time,
    /// When the last day is over there.
    #[schema(value_type = String, format = DateTime)]
    pub ends_at: Time,
    /// A word about it; only for whoever plans and the person.
    pub note: String,
}

impl FromRow for Absence {
    fn from_row(row: &Row<'_>) -> opora_base::Result<Self> {
        Ok(Absence {
            id: row.get(0)?,
            agent_id: row.get(1)?,
            kind: row.get(2)?,
            first_day: row.get(3)?,
            last_day: row.get(4)?,
            starts_at: Time(row.get(5)?),
            ends_at: Time(row.get(6)?),
            note: row.get(7)?,
        })
    }
}

const COLUMNS: &str = "id, agent_id, kind, first_day, last_day, starts_at, ends_at, note";

/// Days away as somebody writes them down.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct AbsenceForm {
    /// Who.
    pub agent_id: AgentId,
    /// Why.
    pub kind: AbsenceKind,
    /// The first day, "2026-11-23".
    pub first_day: String,
    /// The last day, included.
    pub last_day: String,
    /// A word about it.
    #[serde(default)]
    pub note: String,
}

/// Who is away in a span. Why, and a word about it, is not for everybody.
pub(super) fn within(tx: &mut Tx<'_>, actor: &Actor, span: Span) -> Result<Vec<Absence>> {
    let sql =
        format!("SELECT {COLUMNS} FROM roster_absence WHERE ends_at > $1 AND starts_at < $2 ORDER BY starts_at, id");
    let mut all: Vec<Absence> = tx.query(&sql, params![span.from.0, span.until.0])?;
    for absence in &mut all {
        if !actor.may(Permission::RosterManage) && actor.agent != Some(absence.agent_id) {
            absence.note.clear();
            absence.kind = AbsenceKind::Other;
        }
    }
    Ok(all)
}

fn may(actor: &Actor, agent: AgentId, kind: AbsenceKind) -> Result<()> {
    if kind == AbsenceKind::Sick && actor.agent == Some(agent) {
        return Ok(());
    }
    actor.need(Permission::RosterManage)
}

/// Writes down days on which somebody is away.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, form: &AbsenceForm, now: Time) -> Result<Absence> {
    may(actor, form.agent_id, form.kind)?;
    match people::agents::get(tx, form.agent_id) {
        Ok(_) => {}
        Err(Error::NotFound(_)) => return Err(Error::field("agent_id", "unknown", "there is no such colleague")),
        Err(error) => return Err(error),
    }
    let day = |field, text: &str| -> Result<Date> {
        text.parse().map_err(|_| Error::field(field, "malformed", "a day such as 2026-11-23"))
    };
    let (first, last) = (day("first_day", &form.first_day)?, day("last_day", &form.last_day)?);
    let days = first.until(last).map(|span| span.get_days()).unwrap_or(-1);
    if days < 0 {
        return Err(Error::field("last_day", "wrong", "not before the first day"));
    }
    if days > 400 {
        return Err(Error::field("last_day", "too_long", "at most 400 days"));
    }
    let house = rules(tx)?.time_zone();
    let zone = zone_of(tx, form.agent_id, &house)?;
    let wrong = || Error::field("last_day", "malformed", "a day such as 2026-11-23");
    let after = last.tomorrow().map_err(|_| wrong())?;
    let (from, until) = midnight(first, &zone).zip(midnight(after, &zone)).ok_or_else(wrong)?;
    let note = if form.note.trim().is_empty() { String::new() } else { error::line("note", &form.note, 200)? };
    let id: AbsenceId = tx.one(
        "INSERT INTO roster_absence (agent_id, kind, first_day, last_day, starts_at, ends_at, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        params![form.agent_id, form.kind, &first.to_string(), &last.to_string(), from.0, until.0, &note],
    )?;
    changed(tx, actor, Some(Span::new(from, until)), now)?;
    get(tx, id)
}

fn get(tx: &mut Tx<'_>, id: AbsenceId) -> Result<Absence> {
    let found: Option<Absence> = tx.opt(&format!("SELECT {COLUMNS} FROM roster_absence WHERE id = $1"), params![id])?;
    found.ok_or(Error::NotFound("absence"))
}

/// They are not away after all.
pub fn remove(tx: &mut Tx<'_>, actor: &Actor, id: AbsenceId, now: Time) -> Result<()> {
    let absence = match get(tx, id) {
        Err(Error::NotFound(_)) if !actor.may(Permission::RosterManage) => {
            return Err(Error::Forbidden(Permission::RosterManage.text()));
        }
        found => found?,
    };
    may(actor, absence.agent_id, absence.kind)?;
    tx.exec("DELETE FROM roster_absence WHERE id = $1", params![id])?;
    changed(tx, actor, Some(Span::new(absence.starts_at, absence.ends_at)), now)
}
