//! Rotations: people take turns ("three people, each Monday"). A rotation makes drafts for a range; every place of it is made
//! once, so that spreading it out again adds only what is missing. Whoever is away, switched off or elsewhere at that time is
//! passed over, and the next in turn is taken.

use super::check::{Piece, collide};
use super::cover::{Hours, checked_hours, zone_named};
use super::scene::{absences, pieces};
use super::shifts::{Shift, insert};
use super::span::{Span, midnight};
use super::{Kind, State, changed, classes};
use crate::{Actor, AgentId, Error, Permission, QuestionClassId, Result, RotationId, ShiftId, audit, error, people};
use jiff::civil::Date;
use opora_base::{Time, Tx, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use utoipa::ToSchema;

const MOST_PEOPLE: usize = 100;
/// So many days are made at a time at most.
const LONGEST: i32 = 100;

/// A rotation.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Rotation {
    /// Its number.
    pub id: RotationId,
    /// Its name.
    pub name: String,
    /// For which class of question; `null` for none.
    pub class_id: Option<QuestionClassId>,
    /// At the desk, or answerable.
    pub kind: Kind,
    /// Who, in their order.
    pub agent_ids: Vec<AgentId>,
    /// How many days a turn lasts: 7 is a week.
    pub days: i64,
    /// The first day of the first person's first turn, "2026-11-23".
    pub starts_on: String,
    /// In which zone its days and hours are.
    pub zone: String,
    /// The hours of each day of the week; none: the whole turn without a break.
    pub hours: Vec<Hours>,
    /// In use.
    pub active: bool,
}

/// A rotation as somebody wants it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct RotationForm {
    /// Its name.
    pub name: String,
    /// For which class of question; `null` for none.
    #[serde(default)]
    pub class_id: Option<QuestionClassId>,
    /// At the desk, or answerable.
    pub kind: Kind,
    /// Who, in their order.
    pub agent_ids: Vec<AgentId>,
    /// How many days a turn lasts: 7 is a week.
    pub days: i64,
    /// The first day of the first person's first turn, "2026-11-23".
    pub starts_on: String,
    /// In which zone its days and hours are.
    pub zone: String,
    /// The hours of each day of the week; none: the whole turn without a break.
    #[serde(default)]
    pub hours: Vec<Hours>,
    /// In use.
    #[serde(default = "yes")]
    pub active: bool,
}

fn yes() -> bool {
    true
}

/// Which days of a rotation are to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct SpreadForm {
    /// From this day on …
    pub from: String,
    /// … until this one, which is not made any more.
    pub until: String,
}

/// What was made of a rotation.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Spread {
    /// How many drafts were made.
    pub made: usize,
    /// How many places were filled already.
    pub kept: usize,
    /// Places for which nobody was free.
    pub empty: Vec<Span>,
}

/// A place of a rotation: what one person does without leaving.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What it is called for ever.
    pub slot: String,
    /// Which turn it belongs to, from 0.
    pub turn: i64,
    /// When.
    pub span: Span,
}

/// The places that begin in `from..until`; of turns without hours also the one going on at `from`.
pub fn places(rotation: &Rotation, from: Date, until: Date) -> Vec<Place> {
    let Ok(begin) = rotation.starts_on.parse::<Date>() else { return Vec::new() };
    let Ok(zone) = jiff::tz::TimeZone::get(&rotation.zone) else { return Vec::new() };
    let days = rotation.days.max(1);
    let passed = |date: Date| begin.until(date).map_or(0, |span| i64::from(span.get_days()));
    let mut found = Vec::new();
    let mut date = from.max(begin);
    if rotation.hours.is_empty() {
        let into = passed(date).rem_euclid(days);
        date = date.checked_sub(jiff::Span::new().days(into)).unwrap_or(date).max(begin);
    }
    while date < until {
        let turn = passed(date).div_euclid(days);
        let step = if rotation.hours.is_empty() {
            let end = date.checked_add(jiff::Span::new().days(days)).ok();
            let span = midnight(date, &zone).zip(end.and_then(|end| midnight(end, &zone)));
            found.extend(span.map(|(from, until)| Place {
                slot: format!("{date}/0"),
                turn,
                span: Span::new(from, until),
            }));
            days
        } else {
            let weekday = i64::from(date.weekday().to_monday_zero_offset());
            let of_day = rotation.hours.iter().enumerate().filter(|(_, hours)| i64::from(hours.day) == weekday);
            found.extend(of_day.filter_map(|(i, hours)| {
                let span = hours.on(date, &zone)?;
                Some(Place { slot: format!("{date}/{i}"), turn, span })
            }));
            1
        };
        match date.checked_add(jiff::Span::new().days(step)) {
            Ok(next) => date = next,
            Err(_) => break,
        }
    }
    found
}

type Columns = (RotationId, String, Option<i64>, Kind, Value, i64, String, String, Value, bool);
const SELECT: &str =
    "SELECT id, name, class_id, kind, agents, days, starts_on, zone, hours, active FROM roster_rotation";

fn rotation(row: Columns) -> Rotation {
    let (id, name, class, kind, agents, days, starts_on, zone, hours, active) = row;
    Rotation {
        id,
        name,
        class_id: class.map(QuestionClassId),
        kind,
        agent_ids: serde_json::from_value(agents).unwrap_or_default(),
        days,
        starts_on,
        zone,
        hours: serde_json::from_value(hours).unwrap_or_default(),
        active,
    }
}

/// All rotations.
pub fn list(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Rotation>> {
    actor.need(Permission::RosterManage)?;
    let rows: Vec<Columns> = tx.query(&format!("{SELECT} ORDER BY id"), &[])?;
    Ok(rows.into_iter().map(rotation).collect())
}

fn get(tx: &mut Tx<'_>, id: RotationId) -> Result<Rotation> {
    let row: Option<Columns> = tx.opt(&format!("{SELECT} WHERE id = $1"), params![id])?;
    row.map(rotation).ok_or(Error::NotFound("rotation"))
}

fn checked(tx: &mut Tx<'_>, form: &RotationForm) -> Result<RotationForm> {
    let form = RotationForm { name: error::line("name", &form.name, 80)?, ..form.clone() };
    classes::usable(tx, form.class_id)?;
    if form.agent_ids.is_empty() {
        return Err(Error::field("agent_ids", "required", "who takes turns?"));
    }
    if form.agent_ids.len() > MOST_PEOPLE {
        return Err(Error::field("agent_ids", "too_many", format!("at most {MOST_PEOPLE}")));
    }
    let known: BTreeSet<AgentId> = people::agents::list(tx)?.into_iter().map(|agent| agent.id).collect();
    if let Some(unknown) = form.agent_ids.iter().find(|id| !known.contains(id)) {
        return Err(Error::field("agent_ids", "unknown", format!("there is no colleague {unknown}")));
    }
    if !(1..=31).contains(&form.days) {
        return Err(Error::field("days", "wrong", "1 to 31"));
    }
    day("starts_on", &form.starts_on)?;
    zone_named("zone", &form.zone)?;
    checked_hours("hours", &form.hours)?;
    if form.kind == Kind::Shift && form.hours.is_empty() {
        return Err(Error::field("hours", "required", "shifts have hours; a duty may last the whole turn"));
    }
    Ok(form)
}

fn day(field: &'static str, text: &str) -> Result<Date> {
    text.parse().map_err(|_| Error::field(field, "malformed", "a day such as 2026-11-23"))
}

/// Makes a rotation.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, form: &RotationForm, now: Time) -> Result<Rotation> {
    actor.need(Permission::RosterManage)?;
    let form = checked(tx, form)?;
    let id: RotationId = tx.one(
        "INSERT INTO roster_rotation (name, class_id, kind, agents, days, starts_on, zone, hours, active)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
        params![
            &form.name,
            form.class_id,
            form.kind,
            &json!(form.agent_ids),
            form.days,
            &form.starts_on,
            &form.zone,
            &json!(form.hours),
            form.active
        ],
    )?;
    let made = get(tx, id)?;
    audit::record(tx, actor, told("created", None, &made), now)?;
    Ok(made)
}

/// Changes a rotation, whole. What it has made already stays.
pub fn change(tx: &mut Tx<'_>, actor: &Actor, id: RotationId, form: &RotationForm, now: Time) -> Result<Rotation> {
    actor.need(Permission::RosterManage)?;
    let before = get(tx, id)?;
    let form = checked(tx, form)?;
    tx.exec(
        "UPDATE roster_rotation SET name = $2, class_id = $3, kind = $4, agents = $5, days = $6, starts_on = $7, zone = $8,
           hours = $9, active = $10 WHERE id = $1",
        params![
            id,
            &form.name,
            form.class_id,
            form.kind,
            &json!(form.agent_ids),
            form.days,
            &form.starts_on,
            &form.zone,
            &json!(form.hours),
            form.active
        ],
    )?;
    let after = get(tx, id)?;
    audit::record(tx, actor, told("changed", Some(&before), &after), now)?;
    Ok(after)
}

fn told<'a>(verb: &'static str, before: Option<&Rotation>, rotation: &'a Rotation) -> audit::Change<'a> {
    let (before, after) = (before.map(|rotation| json!(rotation)), Some(json!(rotation)));
    audit::Change { verb, object: "rotation", id: rotation.id.0, name: &rotation.name, before, after }
}

/// Makes the drafts of a rotation for some days: those that are missing.
pub fn spread(tx: &mut Tx<'_>, actor: &Actor, id: RotationId, form: &SpreadForm, now: Time) -> Result<Spread> {
    actor.need(Permission::RosterManage)?;
    let rotation = get(tx, id)?;
    let (from, until) = (day("from", &form.from)?, day("until", &form.until)?);
    let length = from.until(until).map_or(0, |span| span.get_days());
    if !(1..=LONGEST).contains(&length) {
        return Err(Error::field("until", "wrong", format!("1 to {LONGEST} days")));
    }
    classes::usable(tx, rotation.class_id)?;
    let places = places(&rotation, from, until);
    let filled: Vec<String> = tx.query("SELECT slot FROM roster_shift WHERE rotation_id = $1", params![id])?;
    let filled: BTreeSet<String> = filled.into_iter().collect();
    let mut done = Spread { made: 0, kept: 0, empty: Vec::new() };
    let all = super::span::joined(places.iter().map(|place| place.span).collect());
    let Some(whole) = all.first().zip(all.last()).map(|(first, last)| Span::new(first.from, last.until)) else {
        return Ok(done);
    };
    let active: BTreeSet<AgentId> =
        people::agents::list(tx)?.into_iter().filter(|agent| agent.active).map(|agent| agent.id).collect();
    let away = absences(tx, whole)?;
    let mut taken = pieces(tx, whole, true, None)?;
    let mut turns: Vec<&[Place]> = Vec::new();
    turns.extend(places.chunk_by(|a, b| a.turn == b.turn));
    for turn in turns {
        let (missing, kept): (Vec<&Place>, Vec<&Place>) = turn.iter().partition(|place| !filled.contains(&place.slot));
        done.kept += kept.len();
        let Some(first) = missing.first() else { continue };
        let piece = |agent: AgentId, place: &Place| Piece {
            id: ShiftId(0),
            class: rotation.class_id,
            agent,
            kind: rotation.kind,
            span: place.span,
        };
        let free = |agent: AgentId| {
            active.contains(&agent)
                && !turn.iter().any(|place| away.iter().any(|(a, span)| *a == agent && span.meets(place.span)))
                && !missing.iter().any(|place| taken.iter().any(|other| collide(&piece(agent, place), other)))
        };
        let count = rotation.agent_ids.len();
        let start = usize::try_from(first.turn.rem_euclid(i64::try_from(count).unwrap_or(1))).unwrap_or(0);
        let chosen = (0..count).map(|i| rotation.agent_ids[(start + i) % count]).find(|agent| free(*agent));
        let Some(agent) = chosen else {
            done.empty.extend(missing.iter().map(|place| place.span));
            continue;
        };
        for place in missing {
            let shift = Shift {
                id: ShiftId(0),
                class_id: rotation.class_id,
                agent_id: agent,
                kind: rotation.kind,
                starts_at: place.span.from,
                ends_at: place.span.until,
                state: State::Draft,
                note: String::new(),
                rotation_id: Some(id),
                version: 1,
            };
            let made = insert(tx, &shift, Some(&place.slot))?;
            taken.push(Piece { id: made, ..piece(agent, place) });
            done.made += 1;
        }
    }
    if done.made > 0 {
        changed(tx, actor, Some(whole), now)?;
    }
    Ok(done)
}
