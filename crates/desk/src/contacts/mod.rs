//! Contacts and organizations: who writes to us, under which addresses, and what mail systems told us about them.

pub mod agreement;
mod edit;
pub mod fields;
pub mod import;
pub mod locations;
mod lookup;
pub mod merge;
pub mod organizations;
pub mod sheet;
pub mod training;

pub use edit::{AddressForm, ContactChange, change, create};

use crate::{Actor, ContactId, Error, LocationId, OrganizationId, Permission, Result, entitlement, error};
use opora_base::{P, Sql, Time, Tx, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

use crate::tickets::OrganizationName;

/// By what a contact is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AddressKind {
    /// An e-mail address.
    Mail,
    /// A telephone number.
    Phone,
    /// A name in Telegram.
    Telegram,
    /// A number in WhatsApp.
    Whatsapp,
    /// A number in Viber.
    Viber,
    /// A name in VK.
    Vk,
    /// Something else.
    Other,
}

impl AddressKind {
    const ALL: &'static [AddressKind] = &[
        AddressKind::Mail,
        AddressKind::Phone,
        AddressKind::Telegram,
        AddressKind::Whatsapp,
        AddressKind::Viber,
        AddressKind::Vk,
        AddressKind::Other,
    ];

    /// Its name in the API and in the database.
    pub const fn text(self) -> &'static str {
        match self {
            AddressKind::Mail => "mail",
            AddressKind::Phone => "phone",
            AddressKind::Telegram => "telegram",
            AddressKind::Whatsapp => "whatsapp",
            AddressKind::Viber => "viber",
            AddressKind::Vk => "vk",
            AddressKind::Other => "other",
        }
    }
}

impl AddressKind {
    /// The kind of that name.
    fn named(text: &str) -> Option<AddressKind> {
        AddressKind::ALL.iter().copied().find(|kind| kind.text() == text)
    }
}

impl opora_base::Col for AddressKind {
    fn from_datum(datum: opora_base::Datum<'_>) -> Option<Self> {
        let opora_base::Datum::Text(text) = datum else { return None };
        AddressKind::named(text)
    }
}

impl<'a> From<AddressKind> for P<'a> {
    fn from(kind: AddressKind) -> Self {
        kind.text().into()
    }
}

/// One way to reach a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContactAddress {
    /// By what.
    pub kind: AddressKind,
    /// The address.
    pub address: String,
    /// Answers go there.
    pub main: bool,
}

/// Something a mail system told us about a contact's address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Flag {
    /// "complaint" or "bounce".
    pub kind: String,
    /// In words.
    pub detail: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
}

/// A contact.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Contact {
    /// Their number.
    pub id: ContactId,
    /// Their name.
    pub name: String,
    /// All their addresses, the main one first.
    pub addresses: Vec<ContactAddress>,
    /// For whom they write.
    pub organization: Option<OrganizationName>,
    /// Where they work.
    pub location_id: Option<LocationId>,
    /// What colleagues should know.
    pub notes: String,
    /// The department's own fields.
    #[schema(value_type = Object)]
    pub fields: BTreeMap<String, Value>,
    /// Where they are, as an IANA time zone; empty when nobody knows.
    pub time_zone: String,
    /// "ru" or "en"; empty when nobody knows.
    pub locale: String,
    /// Grows with every change.
    pub version: i64,
    /// How many tickets they have that this reader may see.
    pub ticket_count: i64,
    /// What mail systems told us.
    pub flags: Vec<Flag>,
    /// Since when we know them.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
}

/// A contact in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ContactRow {
    /// Their number.
    pub id: ContactId,
    /// Their name.
    pub name: String,
    /// Their main mail address; may be empty.
    pub address: String,
    /// Their first telephone number.
    pub phone: Option<String>,
    /// For whom they write.
    pub organization: Option<OrganizationName>,
    /// Since when we know them.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
}

/// A page of contacts.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ContactPage {
    /// The contacts.
    pub items: Vec<ContactRow>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
    /// How many there are in all.
    pub total: i64,
}

/// The contact with this address, made when new. A better name than the bare address is taken over.
pub fn by_address(tx: &mut Tx<'_>, address: &str, name: &str, now: Time) -> Result<ContactId> {
    let key = error::address_key(address);
    let known: Option<(ContactId, String)> = tx.opt(
        "SELECT c.id, c.name FROM contact_address a JOIN contact c ON c.id = a.contact_id WHERE a.address_key = $1",
        params![&key],
    )?;
    let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    let name = name.trim();
    if let Some((id, old)) = known {
        if error::address_key(&old) == key && !name.is_empty() && old != name {
            rename(tx, id, name)?;
        }
        return Ok(id);
    }
    let name = if name.is_empty() { address } else { name };
    let organization = organizations::by_domain(tx, &key)?;
    let id: ContactId = tx.one(
        "INSERT INTO contact (name, address, search_key, organization_id, created_at) VALUES ($1, $2, $3, $4, $5)
         RETURNING id",
        params![name, address, &search_key(name, address), organization, now.0],
    )?;
    tx.exec(
        "INSERT INTO contact_address (address_key, address, contact_id) VALUES ($1, $2, $3)",
        params![&key, address, id],
    )?;
    Ok(id)
}

fn search_key(name: &str, address: &str) -> String {
    format!("{} {}", name.to_lowercase(), error::address_key(address))
}

fn rename(tx: &mut Tx<'_>, id: ContactId, name: &str) -> Result<()> {
    let address: String = tx.one("SELECT address FROM contact WHERE id = $1", params![id])?;
    tx.exec(
        "UPDATE contact SET name = $2, search_key = $3, version = version + 1 WHERE id = $1",
        params![id, name, &search_key(name, &address)],
    )?;
    Ok(())
}

/// Puts a contact into the organization of that name, made when new; an empty name takes them out.
pub fn join_organization(tx: &mut Tx<'_>, id: ContactId, name: &str, now: Time) -> Result<()> {
    join(tx, &Actor::system(), id, name, now)
}

/// The same by somebody's hand. Whoever leaves an organization may ask for it no more, and works at none of its places.
fn join(tx: &mut Tx<'_>, actor: &Actor, id: ContactId, name: &str, now: Time) -> Result<()> {
    let organization: Option<OrganizationId> = if name.trim().is_empty() {
        None
    } else {
        let name = error::line("organization", name, 200)?;
        let key = name.to_lowercase();
        let known = tx.opt("SELECT id FROM organization WHERE name_key = $1", params![&key])?;
        match known {
            Some(known) => Some(known),
            None => Some(tx.one(
                "INSERT INTO organization (name, name_key, created_at) VALUES ($1, $2, $3) RETURNING id",
                params![&name, &key, now.0],
            )?),
        }
    };
    let before: Option<OrganizationId> = tx.one("SELECT organization_id FROM contact WHERE id = $1", params![id])?;
    if before == organization {
        return Ok(());
    }
    if let Some(left) = before {
        entitlement::authorised::left(tx, actor, left, id, now)?;
    }
    tx.exec("UPDATE contact SET organization_id = $2, location_id = NULL WHERE id = $1", params![id, organization])?;
    Ok(())
}

/// A contact, whole.
pub fn get(tx: &mut Tx<'_>, actor: &Actor, id: ContactId) -> Result<Contact> {
    actor.need(Permission::TicketView)?;
    type Columns =
        (String, String, Option<i64>, Option<String>, String, i64, Value, String, String, i64, Option<LocationId>);
    let row: Option<Columns> = tx.opt(
        "SELECT c.name, c.address, o.id, o.name, c.notes, c.created_at, c.fields, c.time_zone, c.locale, c.version, c.location_id
         FROM contact c LEFT JOIN organization o ON o.id = c.organization_id WHERE c.id = $1 AND c.merged_into IS NULL",
        params![id],
    )?;
    let row = row.ok_or(Error::NotFound("contact"))?;
    let (name, main, organization, organization_name, notes, created_at, fields, time_zone, locale, version, location) =
        row;
    let addresses: Vec<(AddressKind, String)> = tx.query(
        "SELECT kind, address FROM contact_address WHERE contact_id = $1 ORDER BY kind, address_key",
        params![id],
    )?;
    let mut addresses: Vec<ContactAddress> = addresses
        .into_iter()
        .map(|(kind, address)| ContactAddress { kind, main: kind == AddressKind::Mail && address == main, address })
        .collect();
    addresses.sort_by_key(|address| (!address.main, address.kind != AddressKind::Mail));
    let flags: Vec<(String, String, i64)> = tx.query(
        "SELECT kind, detail, at FROM contact_flag WHERE contact_id = $1 ORDER BY id DESC LIMIT 20",
        params![id],
    )?;
    let mut count = Sql::new("SELECT count(*) FROM ticket WHERE contact_id = ");
    count.bind(id).push(" AND ");
    crate::tickets::only_seen(&mut count, actor, "");
    let ticket_count = tx.one(count.text(), count.args())?;
    Ok(Contact {
        id,
        name,
        addresses,
        organization: organization_of(organization, organization_name),
        location_id: location,
        notes,
        fields: serde_json::from_value(fields).unwrap_or_default(),
        time_zone,
        locale,
        version,
        ticket_count,
        flags: flags.into_iter().map(|(kind, detail, at)| Flag { kind, detail, at: Time(at) }).collect(),
        created_at: Time(created_at),
    })
}

fn organization_of(id: Option<i64>, name: Option<String>) -> Option<OrganizationName> {
    id.zip(name).map(|(id, name)| OrganizationName { id: OrganizationId(id), name })
}

/// Which contacts, in which order.
#[derive(Clone, Debug, Default)]
pub struct ContactAsk {
    /// Part of a name or of any address, a telephone number however written; empty is everybody.
    pub text: String,
    /// Only those of this organization.
    pub organization: Option<OrganizationId>,
    /// "name", or by number.
    pub by_name: bool,
    /// Where the page begins; empty for the first.
    pub cursor: String,
    /// At most so many.
    pub limit: i64,
}

/// A page of contacts.
pub fn list(tx: &mut Tx<'_>, actor: &Actor, ask: &ContactAsk) -> Result<ContactPage> {
    actor.need(Permission::TicketView)?;
    let after: Option<i64> = match ask.cursor.as_str() {
        "" => None,
        cursor => Some(cursor.parse().map_err(|_| Error::field("cursor", "malformed", "not a cursor of ours"))?),
    };
    let limit = ask.limit.clamp(1, 1_000);
    let fits = |sql: &mut Sql| {
        sql.push(" WHERE c.merged_into IS NULL");
        lookup::fits(sql, &ask.text);
        if let Some(organization) = ask.organization {
            sql.push(" AND c.organization_id = ").bind(organization);
        }
    };
    let mut sql = Sql::new(
        "SELECT c.id, c.name, c.address, o.id, o.name, c.created_at, (SELECT min(p.address) FROM contact_address p
           WHERE p.contact_id = c.id AND p.kind = 'phone')
         FROM contact c LEFT JOIN organization o ON o.id = c.organization_id",
    );
    fits(&mut sql);
    if let Some(after) = after {
        if ask.by_name {
            sql.push(" AND (c.search_key, c.id) > (SELECT search_key, id FROM contact WHERE id = ")
                .bind(after)
                .push(")");
        } else {
            sql.push(" AND c.id > ").bind(after);
        }
    }
    sql.push(if ask.by_name { " ORDER BY c.search_key, c.id" } else { " ORDER BY c.id" });
    sql.push(" LIMIT ").bind(limit + 1);
    type Columns = (ContactId, String, String, Option<i64>, Option<String>, i64, Option<String>);
    let mut rows: Vec<Columns> = tx.query(sql.text(), sql.args())?;
    let more = rows.len() as i64 > limit;
    let total = if after.is_none() && !more {
        // Whoever looks for somebody rare waits for one reading of all contacts, not for two.
        rows.len() as i64
    } else {
        let mut count = Sql::new("SELECT count(*) FROM contact c");
        fits(&mut count);
        tx.one(count.text(), count.args())?
    };
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    let next_cursor = rows.last().filter(|_| more).map(|row| row.0.to_string());
    let items = rows
        .into_iter()
        .map(|(id, name, address, organization, organization_name, created_at, phone)| ContactRow {
            id,
            name,
            address,
            phone,
            organization: organization_of(organization, organization_name),
            created_at: Time(created_at),
        })
        .collect();
    Ok(ContactPage { items, next_cursor, total })
}

/// Notes what a mail system told us about whoever has this address. Nobody by that address: nothing is noted.
pub fn flag(tx: &mut Tx<'_>, address: &str, kind: &str, detail: &str, now: Time) -> Result<Option<ContactId>> {
    let known: Option<ContactId> =
        tx.opt("SELECT contact_id FROM contact_address WHERE address_key = $1", params![&error::address_key(address)])?;
    if let Some(id) = known {
        let detail: String = detail.chars().take(500).collect();
        tx.exec(
            "INSERT INTO contact_flag (contact_id, kind, detail, at) VALUES ($1, $2, $3, $4)",
            params![id, kind, &detail, now.0],
        )?;
    }
    Ok(known)
}
