//! The calendar table, and the first calendar of a new department.

use super::{Calendar, USERS};
use crate::{CalendarId, Error, Result};
use opora_base::{Time, Tx, params};
use opora_calendar::{Spec, Week};
use serde_json::Value;

type Columns = (CalendarId, String, Value, i64, i64);

const SELECT: &str = "SELECT id, name, spec, version, created_at FROM calendar";

fn calendar(tx: &mut Tx<'_>, row: Columns, default: Option<CalendarId>) -> Result<Calendar> {
    let (id, name, spec, version, created_at) = row;
    let spec = serde_json::from_value(spec).map_err(|error| Error::Storage(format!("calendar {id}: {error}")))?;
    let mut used_by = Vec::new();
    for users in USERS {
        used_by.extend(users(tx, id)?);
    }
    Ok(Calendar { id, name, spec, used_by, default: default == Some(id), version, created_at: Time(created_at) })
}

/// All calendars, by name.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Calendar>> {
    let default = lowest(tx)?;
    let rows: Vec<Columns> = tx.query(&format!("{SELECT} ORDER BY name_key"), &[])?;
    rows.into_iter().map(|row| calendar(tx, row, default)).collect()
}

/// One calendar.
pub fn get(tx: &mut Tx<'_>, id: CalendarId) -> Result<Calendar> {
    let default = lowest(tx)?;
    let row: Option<Columns> = tx.opt(&format!("{SELECT} WHERE id = $1"), params![id])?;
    calendar(tx, row.ok_or(Error::NotFound("calendar"))?, default)
}

/// The department's own calendar, used where no other is named: the oldest one.
pub fn first(tx: &mut Tx<'_>) -> Result<CalendarId> {
    lowest(tx)?.ok_or(Error::NotFound("calendar"))
}

fn lowest(tx: &mut Tx<'_>) -> Result<Option<CalendarId>> {
    Ok(tx.opt("SELECT id FROM calendar ORDER BY id LIMIT 1", &[])?)
}

pub(super) fn insert(tx: &mut Tx<'_>, name: &str, spec: &Spec, digest: &str, now: Time) -> Result<CalendarId> {
    Ok(tx.one(
        "INSERT INTO calendar (name, name_key, time_zone, spec, digest, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         RETURNING id",
        params![name, &name.to_lowercase(), &spec.time_zone, &json(spec), digest, now.0],
    )?)
}

pub(super) fn update(tx: &mut Tx<'_>, id: CalendarId, name: &str, spec: &Spec, digest: &str) -> Result<()> {
    tx.exec(
        "UPDATE calendar SET name = $2, name_key = $3, time_zone = $4, spec = $5, digest = $6, version = version + 1
         WHERE id = $1",
        params![id, name, &name.to_lowercase(), &spec.time_zone, &json(spec), digest],
    )?;
    Ok(())
}

fn json(spec: &Spec) -> Value {
    serde_json::to_value(spec).unwrap_or_default()
}

/// The name of the first calendar until somebody gives it another.
const FIRST_NAME: (&str, &str) = ("Рабочие часы", "Working hours");

/// The first calendar, when there is none yet: an office week. The zone is changed by whoever sets the department up.
pub fn ensure_first(tx: &mut Tx<'_>, now: Time) -> Result<()> {
    if lowest(tx)?.is_none() {
        let spec = Spec { time_zone: "Europe/Moscow".to_owned(), week: Week::office(), ..Spec::default() };
        let digest = super::ready::check(&spec)?;
        insert(tx, FIRST_NAME.0, &spec, &digest, now)?;
    }
    Ok(())
}

/// Calls the first calendar by the first administrator's language.
pub fn name_first(tx: &mut Tx<'_>, locale: &str) -> Result<()> {
    if locale == "en" {
        let (russian, english) = FIRST_NAME;
        tx.exec(
            "UPDATE calendar SET name = $1, name_key = $2 WHERE name = $3",
            params![english, &english.to_lowercase(), russian],
        )?;
    }
    Ok(())
}
