//! The checklist of a shift: recurring checks [S3.8], ticked by who and when. A check comes once a day or once a shift.

use super::shifts::within;
use super::span::{Span, zoned};
use super::{changed, classes, rules};
use crate::tickets::words;
use crate::{Actor, AgentId, Error, Permission, QuestionClassId, Result, audit, error};
use opora_base::{Time, Tx, params};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

const MOST: usize = 200;

words! {
    /// How often a check comes.
    Every {
        /// Once a shift.
        Shift = "shift",
        /// Once a day, by the department's clock.
        Day = "day",
    }
}

/// A recurring check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RoutineCheck {
    /// Its number; absent for a new one.
    #[serde(default)]
    pub id: Option<i64>,
    /// For which class; `null`: for everybody on shift.
    #[serde(default)]
    pub class_id: Option<QuestionClassId>,
    /// What to look at.
    pub title: String,
    /// How often.
    pub every: Every,
}

/// A check as it stands now.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CheckNow {
    /// The check.
    pub id: i64,
    /// For which class.
    pub class_id: Option<QuestionClassId>,
    /// What to look at.
    pub title: String,
    /// How often.
    pub every: Every,
    /// Of which day or shift it is.
    pub occasion: String,
    /// Who ticked it.
    pub done_by: Option<AgentId>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub done_at: Option<Time>,
}

/// A tick.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct TickForm {
    /// Of which day or shift, as it was shown.
    pub occasion: String,
    /// Done, or not after all.
    pub done: bool,
}

type Columns = (i64, Option<i64>, String, Every);

fn check((id, class, title, every): Columns) -> RoutineCheck {
    RoutineCheck { id: Some(id), class_id: class.map(QuestionClassId), title, every }
}

/// All checks in use.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<RoutineCheck>> {
    let rows: Vec<Columns> =
        tx.query("SELECT id, class_id, title, every FROM roster_check WHERE active = TRUE ORDER BY position, id", &[])?;
    Ok(rows.into_iter().map(check).collect())
}

/// All checks anew, in this order. One that is left out is put away with its ticks.
pub fn put(tx: &mut Tx<'_>, actor: &Actor, wanted: &[RoutineCheck], now: Time) -> Result<Vec<RoutineCheck>> {
    actor.need(Permission::RosterManage)?;
    if wanted.len() > MOST {
        return Err(Error::field("items", "too_many", format!("at most {MOST}")));
    }
    let before = list(tx)?;
    for one in wanted {
        error::line("title", &one.title, 200)?;
        classes::usable(tx, one.class_id)?;
        if one.id.is_some() && !before.iter().any(|known| known.id == one.id) {
            return Err(Error::field("items", "unknown", "there is no such check"));
        }
    }
    tx.exec("UPDATE roster_check SET active = FALSE WHERE active = TRUE", &[])?;
    for (position, one) in (0i64..).zip(wanted) {
        let title = error::line("title", &one.title, 200)?;
        match one.id {
            Some(id) => tx.exec(
                "UPDATE roster_check SET active = TRUE, class_id = $2, title = $3, every = $4, position = $5 WHERE id = $1",
                params![id, one.class_id, &title, one.every, position],
            )?,
            None => tx.exec(
                "INSERT INTO roster_check (class_id, title, every, position, active) VALUES ($1, $2, $3, $4, TRUE)",
                params![one.class_id, &title, one.every, position],
            )?,
        };
    }
    let after = list(tx)?;
    let change = audit::Change {
        verb: "changed",
        object: "roster",
        id: 0,
        name: "checklist",
        before: Some(json!({ "checks": before })),
        after: Some(json!({ "checks": after })),
    };
    audit::record(tx, actor, change, now)?;
    changed(tx, actor, None, now)?;
    Ok(after)
}

/// What I am to look at now: the checks of the day, and those of the shift I am in.
pub fn now(tx: &mut Tx<'_>, actor: &Actor, now: Time) -> Result<Vec<CheckNow>> {
    let me = actor.agent_id()?;
    let mine = within(tx, Span::new(now, Time(now.0 + 1)), false, Some(me))?;
    let today = zoned(now, &rules(tx)?.time_zone()).date();
    let mut all = Vec::new();
    for check in list(tx)? {
        let Some(id) = check.id else { continue };
        let shift = mine.iter().find(|shift| check.class_id.is_none() || shift.class_id == check.class_id);
        let occasion = match (check.every, shift) {
            // What is for everybody every day is shown to everybody.
            (Every::Day, Some(_)) => format!("day:{today}"),
            (Every::Day, None) if check.class_id.is_none() => format!("day:{today}"),
            (Every::Shift, Some(shift)) => format!("shift:{}", shift.id),
            _ => continue,
        };
        let tick: Option<(AgentId, i64)> = tx.opt(
            "SELECT agent_id, at FROM roster_tick WHERE check_id = $1 AND occasion = $2",
            params![id, &occasion],
        )?;
        all.push(CheckNow {
            id,
            class_id: check.class_id,
            title: check.title,
            every: check.every,
            occasion,
            done_by: tick.map(|(agent, _)| agent),
            done_at: tick.map(|(_, at)| Time(at)),
        });
    }
    Ok(all)
}

/// Ticks a check that is shown to me now, or takes the tick back. Whoever was first stays first.
pub fn tick(tx: &mut Tx<'_>, actor: &Actor, id: i64, form: &TickForm, at: Time) -> Result<Vec<CheckNow>> {
    let shown = now(tx, actor, at)?;
    if !shown.iter().any(|check| check.id == id && check.occasion == form.occasion) {
        return Err(Error::NotFound("check"));
    }
    if form.done {
        tx.exec(
            "INSERT INTO roster_tick (check_id, occasion, agent_id, at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (check_id, occasion) DO NOTHING",
            params![id, &form.occasion, actor.agent_id()?, at.0],
        )?;
    } else {
        tx.exec("DELETE FROM roster_tick WHERE check_id = $1 AND occasion = $2", params![id, &form.occasion])?;
    }
    changed(tx, actor, None, at)?;
    now(tx, actor, at)
}
