//! One shift or duty: writing it down, changing it, taking it out. What cannot be is refused here with a clear word (two
//! places at once, somebody who is away or has left); what is only unwise is written and answered with a warning.

use super::check::{Piece, Problem, collide};
use super::cover::{Hours, zone_named};
use super::scene::{absences, pieces, problems_of};
use super::span::Span;
use super::{Kind, State, changed, classes, notices, requests};
use crate::{Actor, AgentId, Error, Permission, QuestionClassId, Result, RotationId, ShiftId, error, people};
use jiff::civil::Date;
use opora_base::{FromRow, Row, Sql, Time, Tx, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// At the desk, at most a day.
const LONGEST_SHIFT: i64 = 24 * 60;
/// Answerable, at most a month.
const LONGEST_DUTY: i64 = 32 * 24 * 60;

/// A shift or a duty.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Shift {
    /// Its number.
    pub id: ShiftId,
    /// For which class of question; `null` is the department's general shift.
    pub class_id: Option<QuestionClassId>,
    /// Who.
    pub agent_id: AgentId,
    /// At the desk, or answerable.
    pub kind: Kind,
    /// When it begins.
    #[schema(value_type = String, format = DateTime)]
    pub starts_at: Time,
    /// When it is over.
    #[schema(value_type = String, format = DateTime)]
    pub ends_at: Time,
    /// Does it count yet?
    pub state: State,
    /// A word about it.
    pub note: String,
    /// The rotation that made it.
    pub rotation_id: Option<RotationId>,
    /// Grows with every change.
    pub version: i64,
}

const COLUMNS: &str = "id, class_id, agent_id, kind, starts_at, ends_at, state, note, rotation_id, version";

impl FromRow for Shift {
    fn from_row(row: &Row<'_>) -> opora_base::Result<Self> {
        Ok(Shift {
            id: row.get(0)?,
            class_id: row.get(1)?,
            agent_id: row.get(2)?,
            kind: row.get(3)?,
            starts_at: Time(row.get(4)?),
            ends_at: Time(row.get(5)?),
            state: row.get(6)?,
            note: row.get(7)?,
            rotation_id: row.get(8)?,
            version: row.get(9)?,
        })
    }
}

impl Shift {
    /// When it is.
    pub fn span(&self) -> Span {
        Span::new(self.starts_at, self.ends_at)
    }

    /// As the checks see it.
    pub fn piece(&self) -> Piece {
        Piece { id: self.id, class: self.class_id, agent: self.agent_id, kind: self.kind, span: self.span() }
    }
}

/// Hours as a clock on a wall shows them.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = LocalHours)]
pub struct Local {
    /// The day it begins, "2026-11-23".
    pub date: String,
    /// From, "19:00".
    pub from: String,
    /// To, "07:00"; not later than `from`: on the next day.
    pub to: String,
    /// So many days later than that; a duty from Monday to Monday says 6.
    #[serde(default)]
    pub days: i64,
    /// In which zone, as an IANA name.
    pub zone: String,
}

impl Local {
    fn span(&self) -> Result<Span> {
        let zone = zone_named("local.zone", &self.zone)?;
        let wrong = || Error::field("local.date", "malformed", "a day such as 2026-11-23");
        let date: Date = self.date.parse().map_err(|_| wrong())?;
        if !(0..=31).contains(&self.days) {
            return Err(Error::field("local.days", "wrong", "0 to 31"));
        }
        let hours = Hours { day: 0, from: self.from.clone(), to: self.to.clone() };
        hours.checked("local.from")?;
        let first = hours.on(date, &zone).ok_or_else(wrong)?;
        let last = date.checked_add(jiff::Span::new().days(self.days)).map_err(|_| wrong())?;
        let until = hours.on(last, &zone).ok_or_else(wrong)?.until;
        Ok(Span::new(first.from, until))
    }
}

/// A shift as somebody wants it; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct ShiftForm {
    /// The version this person saw.
    pub version: Option<i64>,
    /// For which class of question; `null` for none.
    #[serde(deserialize_with = "crate::present::present")]
    #[schema(value_type = Option<i64>)]
    pub class_id: Option<Option<QuestionClassId>>,
    /// Who.
    pub agent_id: Option<AgentId>,
    /// At the desk, or answerable.
    pub kind: Option<Kind>,
    /// When it begins.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub starts_at: Option<Time>,
    /// When it is over.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ends_at: Option<Time>,
    /// When it is, as a clock shows it; instead of the two.
    pub local: Option<Local>,
    /// A word about it.
    pub note: Option<String>,
}

/// A shift that was written, and what is unwise about it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SavedShift)]
pub struct Saved {
    /// As it is now.
    pub shift: Shift,
    /// What to think about: it was written all the same.
    pub warnings: Vec<Problem>,
}

/// One shift, as whoever plans sees it.
pub(super) fn get(tx: &mut Tx<'_>, id: ShiftId) -> Result<Shift> {
    let found: Option<Shift> = tx.opt(&format!("SELECT {COLUMNS} FROM roster_shift WHERE id = $1"), params![id])?;
    found.ok_or(Error::NotFound("shift"))
}

/// The shifts that touch a span, in order; of one person if one is named.
pub(super) fn within(tx: &mut Tx<'_>, span: Span, drafts: bool, agent: Option<AgentId>) -> Result<Vec<Shift>> {
    let mut sql = Sql::new(format!("SELECT {COLUMNS} FROM roster_shift WHERE ends_at > "));
    sql.bind(span.from.0).push(" AND starts_at < ").bind(span.until.0);
    if !drafts {
        sql.push(" AND state = ").bind(State::Published);
    }
    if let Some(agent) = agent {
        sql.push(" AND agent_id = ").bind(agent);
    }
    sql.push(" ORDER BY starts_at, id");
    Ok(tx.query(sql.text(), sql.args())?)
}

/// Writes a shift down, as a draft.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, form: &ShiftForm, now: Time) -> Result<Saved> {
    actor.need(Permission::RosterManage)?;
    let blank = Shift {
        id: ShiftId(0),
        class_id: None,
        agent_id: form.agent_id.ok_or_else(|| Error::field("agent_id", "required", "who?"))?,
        kind: Kind::Shift,
        starts_at: Time(0),
        ends_at: Time(0),
        state: State::Draft,
        note: String::new(),
        rotation_id: None,
        version: 1,
    };
    if form.local.is_none() && (form.starts_at.is_none() || form.ends_at.is_none()) {
        return Err(Error::field("starts_at", "required", "from when until when?"));
    }
    let wanted = merged(blank, form)?;
    classes::usable(tx, wanted.class_id)?;
    possible(tx, &wanted.piece(), &[])?;
    let id = insert(tx, &wanted, None)?;
    changed(tx, actor, Some(wanted.span()), now)?;
    saved(tx, id)
}

/// Writes the row of a shift that was found possible.
pub(super) fn insert(tx: &mut Tx<'_>, shift: &Shift, slot: Option<&str>) -> Result<ShiftId> {
    Ok(tx.one(
        "INSERT INTO roster_shift (class_id, agent_id, kind, starts_at, ends_at, state, note, rotation_id, slot)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
        params![
            shift.class_id,
            shift.agent_id,
            shift.kind,
            shift.starts_at.0,
            shift.ends_at.0,
            shift.state,
            &shift.note,
            shift.rotation_id,
            slot
        ],
    )?)
}

/// Changes a shift. One that is published changes at once, and those it was and will be are told.
pub fn change(tx: &mut Tx<'_>, actor: &Actor, id: ShiftId, form: &ShiftForm, now: Time) -> Result<Saved> {
    actor.need(Permission::RosterManage)?;
    let before = get(tx, id)?;
    if form.version.is_some_and(|seen| seen < before.version) {
        return Err(Error::TicketChanged { fields: vec!["shift".to_owned()] });
    }
    let wanted = merged(before.clone(), form)?;
    if wanted == before {
        return saved(tx, id);
    }
    if wanted.class_id != before.class_id {
        classes::usable(tx, wanted.class_id)?;
    }
    possible(tx, &wanted.piece(), &[])?;
    tx.exec(
        "UPDATE roster_shift SET class_id = $2, agent_id = $3, kind = $4, starts_at = $5, ends_at = $6, note = $7,
           version = version + 1 WHERE id = $1",
        params![id, wanted.class_id, wanted.agent_id, wanted.kind, wanted.starts_at.0, wanted.ends_at.0, &wanted.note],
    )?;
    requests::overtake(tx, actor, &[id], None, now)?;
    if before.state == State::Published {
        let mut whom = vec![before.agent_id, wanted.agent_id];
        whom.dedup();
        for agent in whom {
            notices::shift_changed(tx, actor, agent, &wanted, now)?;
        }
    }
    let whole = Span::new(before.starts_at.min(wanted.starts_at), before.ends_at.max(wanted.ends_at));
    changed(tx, actor, Some(whole), now)?;
    saved(tx, id)
}

/// Takes a shift out.
pub fn remove(tx: &mut Tx<'_>, actor: &Actor, id: ShiftId, now: Time) -> Result<()> {
    actor.need(Permission::RosterManage)?;
    let before = get(tx, id)?;
    requests::overtake(tx, actor, &[id], None, now)?;
    tx.exec("DELETE FROM roster_shift WHERE id = $1", params![id])?;
    if before.state == State::Published {
        notices::shift_gone(tx, actor, &before, now)?;
    }
    changed(tx, actor, Some(before.span()), now)
}

fn saved(tx: &mut Tx<'_>, id: ShiftId) -> Result<Saved> {
    let shift = get(tx, id)?;
    let warnings = problems_of(tx, &[id], shift.span())?;
    Ok(Saved { shift, warnings })
}

fn merged(mut shift: Shift, form: &ShiftForm) -> Result<Shift> {
    shift.class_id = form.class_id.unwrap_or(shift.class_id);
    shift.agent_id = form.agent_id.unwrap_or(shift.agent_id);
    shift.kind = form.kind.unwrap_or(shift.kind);
    match &form.local {
        Some(local) => Span { from: shift.starts_at, until: shift.ends_at } = local.span()?,
        None => {
            shift.starts_at = form.starts_at.unwrap_or(shift.starts_at);
            shift.ends_at = form.ends_at.unwrap_or(shift.ends_at);
        }
    }
    if let Some(note) = &form.note {
        shift.note = if note.trim().is_empty() { String::new() } else { error::line("note", note, 200)? };
    }
    let (field, longest) = match shift.kind {
        Kind::Shift => ("a shift lasts at most a day", LONGEST_SHIFT),
        Kind::Duty => ("a duty lasts at most a month", LONGEST_DUTY),
    };
    if shift.ends_at <= shift.starts_at {
        return Err(Error::field("ends_at", "wrong", "must be later than the beginning"));
    }
    if shift.span().minutes() > longest {
        return Err(Error::field("ends_at", "too_long", field));
    }
    Ok(shift)
}

/// Can this be at all? The shifts of `beside` are not looked at: they are about to change hands.
pub(super) fn possible(tx: &mut Tx<'_>, piece: &Piece, beside: &[ShiftId]) -> Result<()> {
    let agent = match people::agents::get(tx, piece.agent) {
        Ok(agent) => agent,
        Err(Error::NotFound(_)) => return Err(Error::field("agent_id", "unknown", "there is no such colleague")),
        Err(error) => return Err(error),
    };
    if !agent.active {
        return Err(Error::field("agent_id", "switched_off", format!("{} is switched off", agent.name)));
    }
    let away = absences(tx, piece.span)?;
    if away.iter().any(|(absent, _)| *absent == piece.agent) {
        return Err(Error::field("agent_id", "absent", format!("{} is away then", agent.name)));
    }
    let others = pieces(tx, piece.span, true, Some(piece.agent))?;
    match others.iter().find(|other| !beside.contains(&other.id) && collide(piece, other)) {
        Some(other) => {
            let detail = format!("{} already has {} to {}", agent.name, other.span.from, other.span.until);
            Err(Error::field("agent_id", "overlap", detail))
        }
        None => Ok(()),
    }
}
