//! The roster of a range, with everything a screen needs beside it, and what is wrong in the weeks to come.

use super::absences::{self, Absence};
use super::check::{Problem, ProblemKind, problems};
use super::classes::{self, QuestionClass};
use super::requests::{self, RosterRequest};
use super::scene::{self, zone_of};
use super::shifts::{Shift, within};
use super::span::{Span, midnight, zoned};
use super::{Rules, rules};
use crate::{Actor, AgentId, Error, Permission, Result, people};
use opora_base::{Time, Tx};
use serde::Serialize;
use std::time::Duration;
use utoipa::ToSchema;

const LONGEST: Duration = Duration::from_secs(100 * 86_400);
const RECENT: Duration = Duration::from_secs(2 * 86_400);

/// A person of the roster.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RosterPerson {
    /// Their number.
    pub id: AgentId,
    /// Their name.
    pub name: String,
    /// Where they live, as an IANA name: their own, else the department's.
    pub time_zone: String,
    /// May come in.
    pub active: bool,
}

/// The roster of a range.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Roster {
    /// From.
    #[schema(value_type = String, format = DateTime)]
    pub from: Time,
    /// Until.
    #[schema(value_type = String, format = DateTime)]
    pub until: Time,
    /// The rules in force.
    pub rules: Rules,
    /// All classes, those put away too.
    pub classes: Vec<QuestionClass>,
    /// Everybody.
    pub people: Vec<RosterPerson>,
    /// The shifts; drafts only for whoever plans.
    pub shifts: Vec<Shift>,
    /// Who is away.
    pub absences: Vec<Absence>,
    /// Wishes that concern the reader; whoever plans sees all.
    pub requests: Vec<RosterRequest>,
    /// What is wrong in this range, drafts counted for whoever plans.
    pub problems: Vec<Problem>,
    /// The reader may plan.
    pub may_manage: bool,
}

/// A range one may ask for.
pub(super) fn checked_range(from: Time, until: Time) -> Result<Span> {
    if until <= from {
        return Err(Error::field("until", "wrong", "must be later than from"));
    }
    if until.since(from) > LONGEST {
        return Err(Error::field("until", "too_long", "at most 100 days"));
    }
    Ok(Span::new(from, until))
}

/// The roster of a range.
pub fn show(tx: &mut Tx<'_>, actor: &Actor, from: Time, until: Time, now: Time) -> Result<Roster> {
    let range = checked_range(from, until)?;
    let may_manage = actor.may(Permission::RosterManage);
    let rules = rules(tx)?;
    let house = rules.time_zone();
    let mut people = Vec::new();
    for agent in people::agents::list(tx)? {
        let zone = zone_of(tx, agent.id, &house)?;
        let time_zone = zone.iana_name().unwrap_or("UTC").to_owned();
        people.push(RosterPerson { id: agent.id, name: agent.name, time_zone, active: agent.active });
    }
    let scene = scene::read(tx, range, may_manage)?;
    Ok(Roster {
        from,
        until,
        rules,
        classes: classes::list(tx)?,
        people,
        shifts: within(tx, range, may_manage, None)?,
        absences: absences::within(tx, actor, range)?,
        requests: requests::open(tx, actor, now.minus(RECENT))?,
        problems: problems(&scene, range),
        may_manage,
    })
}

/// What is wrong from now on, for so many whole days of the department.
pub fn upcoming(tx: &mut Tx<'_>, actor: &Actor, days: u32, now: Time) -> Result<Vec<Problem>> {
    let range = days_from(tx, days.clamp(1, 90), now)?;
    let scene = scene::read(tx, range, actor.may(Permission::RosterManage))?;
    Ok(problems(&scene, range))
}

/// Where nobody will be until the department's day ends, by what is published.
pub(crate) fn gaps_today(tx: &mut Tx<'_>, now: Time) -> Result<Vec<Problem>> {
    let range = days_from(tx, 1, now)?;
    let scene = scene::read(tx, range, false)?;
    Ok(problems(&scene, range).into_iter().filter(|problem| problem.kind == ProblemKind::Gap).collect())
}

/// From now to the end of the so-manieth day of the department, today counted.
fn days_from(tx: &mut Tx<'_>, days: u32, now: Time) -> Result<Span> {
    let zone = rules(tx)?.time_zone();
    let last = zoned(now, &zone).date().checked_add(jiff::Span::new().days(i64::from(days))).ok();
    let until = last.and_then(|last| midnight(last, &zone));
    Ok(Span::new(now, until.unwrap_or_else(|| now.plus(Duration::from_secs(u64::from(days) * 86_400)))))
}
