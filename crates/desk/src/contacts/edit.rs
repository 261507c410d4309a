//! Making and changing a contact: names, addresses of every kind, fields, where and in which language they are.

use super::{AddressKind, Contact, ContactAddress, fields, get, join, locations, search_key};
use crate::present::present;
use crate::{Actor, ContactId, Error, LocationId, Permission, Result, error};
use jiff::tz::TimeZone;
use opora_base::{Time, Tx, event, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use utoipa::ToSchema;

const MOST_ADDRESSES: usize = 50;

/// An address as somebody writes it down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AddressForm {
    /// "mail", "phone", "telegram", "whatsapp", "viber", "vk" or "other".
    pub kind: AddressKind,
    /// The address.
    pub address: String,
}

/// A contact as somebody wants it; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct ContactChange {
    /// The version this person saw.
    pub version: Option<i64>,
    /// Their name.
    pub name: Option<String>,
    /// All their addresses; the first mail address is the main one.
    pub addresses: Option<Vec<AddressForm>>,
    /// What colleagues should know.
    pub notes: Option<String>,
    /// The name of their organization; empty for none.
    pub organization: Option<String>,
    /// The department's own fields; those left out stay, `null` empties one.
    #[schema(value_type = Option<Object>)]
    pub fields: Option<BTreeMap<String, Value>>,
    /// Where they are, as an IANA time zone; empty when nobody knows.
    pub time_zone: Option<String>,
    /// "ru" or "en"; empty when nobody knows.
    pub locale: Option<String>,
    /// Where they work: a place of their organization.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<LocationId>)]
    pub location_id: Option<Option<LocationId>>,
}

/// Makes a contact.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, form: &ContactChange, now: Time) -> Result<Contact> {
    actor.need(Permission::ContactEdit)?;
    let name = error::line("name", form.name.as_deref().unwrap_or_default(), 200)?;
    let id: ContactId = tx.one(
        "INSERT INTO contact (name, address, search_key, created_at) VALUES ($1, '', $2, $3) RETURNING id",
        params![&name, &search_key(&name, ""), now.0],
    )?;
    change(tx, actor, id, &ContactChange { version: None, ..form.clone() }, now)
}

/// Changes a contact.
pub fn change(tx: &mut Tx<'_>, actor: &Actor, id: ContactId, change: &ContactChange, now: Time) -> Result<Contact> {
    actor.need(Permission::ContactEdit)?;
    let before = get(tx, actor, id)?;
    if change.version.is_some_and(|seen| seen < before.version) {
        return Err(Error::TicketChanged { fields: vec!["contact".to_owned()] });
    }
    if let Some(addresses) = &change.addresses {
        put_addresses(tx, id, addresses)?;
    }
    if let Some(notes) = &change.notes {
        if notes.chars().count() > 10_000 {
            return Err(Error::field("notes", "too_long", "at most 10000 characters"));
        }
        tx.exec("UPDATE contact SET notes = $2 WHERE id = $1", params![id, notes])?;
    }
    if let Some(organization) = &change.organization {
        join(tx, actor, id, organization, now)?;
    }
    if let Some(location) = change.location_id {
        let location = location.map(|location| locations::checked(tx, id, location)).transpose()?;
        tx.exec("UPDATE contact SET location_id = $2 WHERE id = $1", params![id, location])?;
    }
    if let Some(changed) = &change.fields {
        let fields = fields::checked(tx, "contact", &before.fields, changed)?;
        tx.exec("UPDATE contact SET fields = $2 WHERE id = $1", params![id, &fields])?;
    }
    if let Some(zone) = &change.time_zone {
        if !zone.is_empty() && TimeZone::get(zone).is_err() {
            return Err(Error::field("time_zone", "unknown", "an IANA name such as Europe/Moscow"));
        }
        tx.exec("UPDATE contact SET time_zone = $2 WHERE id = $1", params![id, zone])?;
    }
    if let Some(locale) = &change.locale {
        if !["", "ru", "en"].contains(&locale.as_str()) {
            return Err(Error::field("locale", "unknown", "\"ru\", \"en\" or empty"));
        }
        tx.exec("UPDATE contact SET locale = $2 WHERE id = $1", params![id, locale])?;
    }
    let name = match &change.name {
        Some(name) => error::line("name", name, 200)?,
        None => before.name,
    };
    let main: String = tx.one("SELECT address FROM contact WHERE id = $1", params![id])?;
    tx.exec(
        "UPDATE contact SET name = $2, search_key = $3, version = version + 1 WHERE id = $1",
        params![id, &name, &search_key(&name, &main)],
    )?;
    event::append(tx, "contact.changed", 0, actor.author(), &json!({ "contact": id }), now)?;
    get(tx, actor, id)
}

/// All of a contact's addresses anew. An address belongs to one contact only.
fn put_addresses(tx: &mut Tx<'_>, id: ContactId, forms: &[AddressForm]) -> Result<()> {
    if forms.len() > MOST_ADDRESSES {
        return Err(Error::field("addresses", "too_many", format!("at most {MOST_ADDRESSES}")));
    }
    let mut clean: Vec<(String, ContactAddress)> = Vec::new();
    for form in forms {
        let address = form.kind.checked(&form.address)?;
        let key = form.kind.key(&address);
        if !clean.iter().any(|(known, _)| *known == key) {
            clean.push((key, ContactAddress { kind: form.kind, address, main: false }));
        }
    }
    for (key, address) in &clean {
        let owner: Option<ContactId> =
            tx.opt("SELECT contact_id FROM contact_address WHERE address_key = $1", params![key])?;
        if let Some(owner) = owner.filter(|owner| *owner != id) {
            let detail = format!("{} belongs to contact {owner}", address.address);
            return Err(Error::field("addresses", "taken", detail));
        }
    }
    tx.exec("DELETE FROM contact_address WHERE contact_id = $1", params![id])?;
    for (key, address) in &clean {
        tx.exec(
            "INSERT INTO contact_address (address_key, address, contact_id, kind) VALUES ($1, $2, $3, $4)",
            params![key, &address.address, id, address.kind],
        )?;
    }
    let main = clean.iter().find(|(_, address)| address.kind == AddressKind::Mail);
    let main = main.map_or("", |(_, address)| address.address.as_str());
    tx.exec("UPDATE contact SET address = $2 WHERE id = $1", params![id, main])?;
    Ok(())
}

impl AddressKind {
    /// Under which key an address of this kind is found.
    pub(super) fn key(self, address: &str) -> String {
        match self {
            AddressKind::Mail => error::address_key(address),
            other => format!("{}:{}", other.text(), address.to_lowercase()),
        }
    }

    /// An address of this kind as it is kept.
    pub(super) fn checked(self, address: &str) -> Result<String> {
        match self {
            AddressKind::Mail => error::address("addresses", address),
            AddressKind::Phone => {
                let digits: String = address.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
                let strange = address.chars().any(|c| !(c.is_ascii_digit() || " +-().\u{a0}".contains(c)));
                let count = digits.chars().filter(char::is_ascii_digit).count();
                if strange || !(3..=20).contains(&count) || digits.rfind('+').is_some_and(|at| at > 0) {
                    return Err(Error::field("addresses", "malformed", "a telephone number has 3 to 20 digits"));
                }
                Ok(digits)
            }
            _ => error::line("addresses", address, 200),
        }
    }
}
