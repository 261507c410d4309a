//! Calendars: when the department works. Here they are kept, named, changed and handed out ready to be asked; what hours
//! mean is arithmetic and lives in `opora-calendar`, which knows nothing of a department.
//!
//! Whoever counts in working time keeps a [`CalendarId`] and asks [`compiled`] each time: that is one row by its key and
//! a look at a shelf. A feature that refers to calendars adds a function to [`USERS`], so that a calendar in use is not
//! deleted under it.

mod days;
mod preview;
mod ready;
mod store;

pub use days::{DayChange, DaysForm, Loaded, PresetInfo, PresetYear, load_days, presets};
pub use preview::{Preview, PreviewDay, PreviewForm, preview};
pub use ready::compiled;
pub use store::{ensure_first, first, get, list, name_first};

use crate::{Actor, CalendarId, Error, FieldError, Permission, Result, audit, error};
use opora_base::{Time, Tx, params};
use opora_calendar::{Spec, SpecError};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// A calendar.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Calendar {
    /// Its number.
    pub id: CalendarId,
    /// Its name.
    pub name: String,
    /// Zone, week and the days that differ.
    pub spec: Spec,
    /// What counts in it; while anything does, it cannot be deleted.
    pub used_by: Vec<User>,
    /// The department's own, used where no other is named.
    pub default: bool,
    /// Grows with every change.
    pub version: i64,
    /// Since when there is one.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
}

/// Something that counts in a calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CalendarUser)]
pub struct User {
    /// What kind of thing, as events name it ("sla_policy").
    pub kind: &'static str,
    /// What it is called.
    pub name: String,
}

/// How a feature tells what of its own counts in a calendar.
pub type Users = fn(&mut Tx<'_>, CalendarId) -> Result<Vec<User>>;

/// Every feature that refers to calendars.
pub const USERS: &[Users] = &[crate::sla::policy::using_calendar];

/// A calendar to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct CalendarForm {
    /// Its name.
    pub name: String,
    /// Zone, week and the days that differ.
    pub spec: Spec,
}

/// What is to be different about a calendar; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct CalendarChange {
    /// The version this person saw.
    pub version: Option<i64>,
    /// Its name.
    pub name: Option<String>,
    /// Zone, week and the days that differ, whole.
    pub spec: Option<Spec>,
}

/// Makes a calendar.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, form: &CalendarForm, now: Time) -> Result<Calendar> {
    actor.need(Permission::SettingsManage)?;
    let name = free_name(tx, &form.name, None)?;
    let digest = ready::check(&form.spec)?;
    let id = store::insert(tx, &name, &form.spec, &digest, now)?;
    let calendar = get(tx, id)?;
    audit::record(tx, actor, told("created", None, Some(&calendar)), now)?;
    Ok(calendar)
}

/// Changes a calendar; deadlines that are counted in it are reckoned anew in the background.
pub fn change(tx: &mut Tx<'_>, actor: &Actor, id: CalendarId, change: &CalendarChange, now: Time) -> Result<Calendar> {
    actor.need(Permission::SettingsManage)?;
    let before = get(tx, id)?;
    let name = change.name.as_deref().map(|name| free_name(tx, name, Some(id))).transpose()?;
    let (name, spec) = (name.as_ref().unwrap_or(&before.name), change.spec.as_ref().unwrap_or(&before.spec));
    let digest = ready::check(spec)?;
    if change.version.is_some_and(|seen| seen != before.version) {
        let fields = [("name", *name != before.name), ("spec", *spec != before.spec)];
        let fields: Vec<String> = fields.iter().filter(|(_, differs)| *differs).map(|(f, _)| (*f).to_owned()).collect();
        return if fields.is_empty() { Ok(before) } else { Err(Error::TicketChanged { fields }) };
    }
    if *name == before.name && *spec == before.spec {
        return Ok(before);
    }
    store::update(tx, id, name, spec, &digest)?;
    let calendar = get(tx, id)?;
    audit::record(tx, actor, told("changed", Some(&before), Some(&calendar)), now)?;
    if *spec != before.spec {
        crate::sla::ask_for_review(tx, "calendar", Some(id.0))?;
    }
    Ok(calendar)
}

/// Deletes a calendar that nothing counts in. The last one stays: there is always one to fall back on.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, id: CalendarId, now: Time) -> Result<()> {
    actor.need(Permission::SettingsManage)?;
    let before = get(tx, id)?;
    unused(&before.used_by)?;
    let others: i64 = tx.one("SELECT count(*) FROM calendar WHERE id <> $1", params![id])?;
    if others == 0 {
        return Err(Error::field("id", "last", "the last calendar stays"));
    }
    tx.exec("DELETE FROM calendar WHERE id = $1", params![id])?;
    audit::record(tx, actor, told("deleted", Some(&before), None), now)
}

fn unused(users: &[User]) -> Result<()> {
    if users.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = users.iter().map(|user| format!("{} \"{}\"", user.kind, user.name)).collect();
    Err(Error::field("id", "in_use", format!("used by {}", names.join(", "))))
}

fn free_name(tx: &mut Tx<'_>, name: &str, own: Option<CalendarId>) -> Result<String> {
    let name = error::line("name", name, 80)?;
    let other: Option<CalendarId> =
        tx.opt("SELECT id FROM calendar WHERE name_key = $1", params![&name.to_lowercase()])?;
    if other.is_some() && other != own {
        return Err(Error::field("name", "taken", "a calendar of this name exists"));
    }
    Ok(name)
}

/// A spec that is refused, as a field that does not fit.
fn refused(field: &'static str, error: &SpecError) -> Error {
    Error::Validation(vec![FieldError { field, code: error.code(), detail: error.to_string() }])
}

fn told<'a>(verb: &'static str, before: Option<&'a Calendar>, after: Option<&'a Calendar>) -> audit::Change<'a> {
    let shown = |calendar: &Calendar| {
        let Spec { time_zone, week, days } = &calendar.spec;
        json!({ "name": calendar.name, "time_zone": time_zone, "week": week, "days": days })
    };
    let (id, name) = after.or(before).map_or((0, ""), |calendar| (calendar.id.0, calendar.name.as_str()));
    audit::Change { verb, object: "calendar", id, name, before: before.map(shown), after: after.map(shown) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calendar_something_counts_in_is_not_deleted_and_the_refusal_names_it() {
        let user = User { kind: "sla_policy", name: "Gold".into() };
        let error = unused(&[user]).err().map(|error| (error.code(), error.to_string()));
        assert_eq!(error.map(|(code, _)| code), Some("validation"));
        assert!(unused(&[]).is_ok());
    }
}
