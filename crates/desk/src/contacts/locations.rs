//! Where an organization is: shops, offices, warehouses [S6.1]. A contact works at one, a ticket is about one.

use super::organizations;
use crate::{Actor, ContactId, Error, LocationId, OrganizationId, Permission, Result, error};
use jiff::tz::TimeZone;
use opora_base::{Time, Tx, event, params};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

const MOST: i64 = 10_000;

opora_base::row! {
    /// A place of an organization.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
    pub struct Location {
        /// Its number.
        pub id: LocationId,
        /// Whose it is.
        pub organization_id: OrganizationId,
        /// What it is called.
        pub name: String,
        /// Where it is.
        pub address: String,
        /// What colleagues should know.
        pub note: String,
        /// Its IANA time zone; empty when nobody knows.
        pub time_zone: String,
        /// It is there no more.
        pub closed: bool,
        /// Grows with every change.
        pub version: i64,
    }
}

/// A place as somebody wants it; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct LocationForm {
    /// The version this person saw.
    pub version: Option<i64>,
    /// What it is called.
    pub name: Option<String>,
    /// Where it is.
    pub address: Option<String>,
    /// What colleagues should know.
    pub note: Option<String>,
    /// Its IANA time zone; empty when nobody knows.
    pub time_zone: Option<String>,
    /// It is there no more.
    pub closed: Option<bool>,
}

/// An organization's places, those still there first.
pub fn of(tx: &mut Tx<'_>, actor: &Actor, id: OrganizationId) -> Result<Vec<Location>> {
    actor.need(Permission::TicketView)?;
    organizations::known(tx, id)?;
    let sql = format!("SELECT {} FROM location WHERE organization_id = $1 ORDER BY closed, id", Location::COLS);
    Ok(tx.query(&sql, params![id])?)
}

/// One place.
pub fn get(tx: &mut Tx<'_>, id: LocationId) -> Result<Location> {
    let place: Option<Location> =
        tx.opt(&format!("SELECT {} FROM location WHERE id = $1", Location::COLS), params![id])?;
    place.ok_or(Error::NotFound("location"))
}

/// Notes a place.
pub fn create(
    tx: &mut Tx<'_>,
    actor: &Actor,
    organization: OrganizationId,
    form: &LocationForm,
    now: Time,
) -> Result<Location> {
    actor.need(Permission::ContactEdit)?;
    organizations::known(tx, organization)?;
    let many: i64 = tx.one("SELECT count(*) FROM location WHERE organization_id = $1", params![organization])?;
    if many >= MOST {
        return Err(Error::field("name", "too_many", format!("at most {MOST}")));
    }
    let name = error::line("name", form.name.as_deref().unwrap_or_default(), 200)?;
    let id: LocationId = tx.one(
        "INSERT INTO location (organization_id, name, address, note, time_zone) VALUES ($1, $2, '', '', '') RETURNING id",
        params![organization, &name],
    )?;
    change(tx, actor, id, &LocationForm { version: None, ..form.clone() }, now)
}

/// Changes a place.
pub fn change(tx: &mut Tx<'_>, actor: &Actor, id: LocationId, form: &LocationForm, now: Time) -> Result<Location> {
    actor.need(Permission::ContactEdit)?;
    let mut place = get(tx, id)?;
    if form.version.is_some_and(|seen| seen < place.version) {
        return Err(Error::TicketChanged { fields: vec!["location".to_owned()] });
    }
    if let Some(name) = &form.name {
        place.name = error::line("name", name, 200)?;
    }
    if let Some(address) = &form.address {
        place.address = error::text("address", address, 1_000)?;
    }
    if let Some(note) = &form.note {
        place.note = error::text("note", note, 4_000)?;
    }
    if let Some(zone) = &form.time_zone {
        if !zone.is_empty() && TimeZone::get(zone).is_err() {
            return Err(Error::field("time_zone", "unknown", "an IANA name such as Europe/Moscow"));
        }
        place.time_zone.clone_from(zone);
    }
    place.closed = form.closed.unwrap_or(place.closed);
    tx.exec(
        "UPDATE location SET name = $2, address = $3, note = $4, time_zone = $5, closed = $6, version = version + 1
         WHERE id = $1",
        params![id, &place.name, &place.address, &place.note, &place.time_zone, place.closed],
    )?;
    tell(tx, actor, place.organization_id, now)?;
    get(tx, id)
}

/// Removes a place at which nobody works and about which nobody asked; any other one is closed and stays in the past.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, id: LocationId, now: Time) -> Result<()> {
    actor.need(Permission::ContactEdit)?;
    let place = get(tx, id)?;
    let used: Option<i64> = tx.opt(
        "SELECT 1 FROM ticket WHERE location_id = $1 UNION ALL SELECT 1 FROM contact WHERE location_id = $1 LIMIT 1",
        params![id],
    )?;
    if used.is_some() {
        tx.exec("UPDATE location SET closed = TRUE, version = version + 1 WHERE id = $1", params![id])?;
    } else {
        tx.exec("DELETE FROM location WHERE id = $1", params![id])?;
    }
    tell(tx, actor, place.organization_id, now)
}

fn tell(tx: &mut Tx<'_>, actor: &Actor, organization: OrganizationId, now: Time) -> Result<()> {
    event::append(tx, "organization.changed", 0, actor.author(), &json!({ "organization": organization }), now)?;
    Ok(())
}

/// This place, if it is one of this contact's organization and still there.
pub(crate) fn checked(tx: &mut Tx<'_>, contact: ContactId, id: LocationId) -> Result<LocationId> {
    let known: Option<LocationId> = tx.opt(
        "SELECT l.id FROM location l JOIN contact c ON c.organization_id = l.organization_id
         WHERE l.id = $1 AND c.id = $2 AND l.closed = FALSE",
        params![id, contact],
    )?;
    known.ok_or_else(|| Error::field("location_id", "unknown", "no such place of this customer's organization"))
}
