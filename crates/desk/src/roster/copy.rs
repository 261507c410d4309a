//! A week once more: the same people at the same clock times, as drafts. Doing it twice changes nothing.

use super::cover::zone_named;
use super::shifts::{Shift, insert, possible, within};
use super::span::{Span, midnight, moment, zoned};
use super::{State, changed, rules};
use crate::{Actor, Error, Permission, Result, ShiftId};
use jiff::civil::Date;
use opora_base::{Time, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which week, and where to.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct CopyForm {
    /// Its first day, "2026-11-23".
    pub from: String,
    /// The first day of the week it is copied to.
    pub to: String,
    /// In which zone the days and clocks are; the department's when absent.
    pub zone: Option<String>,
}

/// A shift that could not be copied.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct NotCopied {
    /// Which.
    pub shift_id: ShiftId,
    /// "absent", "switched_off", "overlap" or "unknown".
    pub reason: String,
}

/// What was copied.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Copied {
    /// How many drafts were made.
    pub made: usize,
    /// How many were there already.
    pub kept: usize,
    /// What could not be.
    pub left_out: Vec<NotCopied>,
}

fn day(field: &'static str, text: &str) -> Result<Date> {
    text.parse().map_err(|_| Error::field(field, "malformed", "a day such as 2026-11-23"))
}

/// Copies the shifts that begin in one week to another.
pub fn copy_week(tx: &mut Tx<'_>, actor: &Actor, form: &CopyForm, now: Time) -> Result<Copied> {
    actor.need(Permission::RosterManage)?;
    let zone = match &form.zone {
        Some(zone) => zone_named("zone", zone)?,
        None => rules(tx)?.time_zone(),
    };
    let (from, to) = (day("from", &form.from)?, day("to", &form.to)?);
    if from == to {
        return Err(Error::field("to", "wrong", "another week"));
    }
    let by = from.until(to).map_err(|_| Error::field("to", "malformed", "too far"))?;
    let week = jiff::Span::new().days(7);
    let too_far = || Error::field("from", "malformed", "too far");
    let ends = from.checked_add(week).map_err(|_| too_far())?;
    let span = midnight(from, &zone).zip(midnight(ends, &zone)).ok_or_else(too_far)?;
    let span = Span::new(span.0, span.1);
    let mut done = Copied { made: 0, kept: 0, left_out: Vec::new() };
    let mut whole: Option<Span> = None;
    for old in within(tx, span, true, None)?.into_iter().filter(|shift| span.holds(shift.starts_at)) {
        let later = |at: Time| {
            let local = zoned(at, &zone);
            moment(local.date().checked_add(by).ok()?, local.time(), &zone)
        };
        let Some((starts_at, ends_at)) = later(old.starts_at).zip(later(old.ends_at)) else { continue };
        let new = Shift { id: ShiftId(0), starts_at, ends_at, state: State::Draft, rotation_id: None, ..old.clone() };
        let there = within(tx, new.span(), true, Some(new.agent_id))?;
        let same = |shift: &Shift| (shift.class_id, shift.kind, shift.span()) == (new.class_id, new.kind, new.span());
        if there.iter().any(same) {
            done.kept += 1;
            continue;
        }
        let fits = super::classes::usable(tx, new.class_id).and_then(|()| possible(tx, &new.piece(), &[]));
        match fits {
            Ok(()) => {
                insert(tx, &new, None)?;
                done.made += 1;
                let sofar = whole.unwrap_or(new.span());
                whole = Some(Span::new(sofar.from.min(starts_at), sofar.until.max(ends_at)));
            }
            Err(Error::Validation(errors)) => {
                let reason = errors.first().map_or("wrong", |error| error.code).to_owned();
                done.left_out.push(NotCopied { shift_id: old.id, reason });
            }
            Err(error) => return Err(error),
        }
    }
    if whole.is_some() {
        changed(tx, actor, whole, now)?;
    }
    Ok(done)
}
