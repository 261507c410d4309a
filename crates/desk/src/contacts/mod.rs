//! Contacts and organizations: who writes to us, under which addresses, and what mail systems told us about them.

use crate::{Actor, ContactId, Error, OrganizationId, Permission, Result, error};
use opora_base::{Sql, Time, Tx, event, params};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::tickets::OrganizationName;

/// One way to reach a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContactAddress {
    /// By what ("mail").
    pub kind: String,
    /// The address.
    pub address: String,
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
    /// What colleagues should know.
    pub notes: String,
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
    /// Their main address.
    pub address: String,
    /// For whom they write.
    pub organization: Option<OrganizationName>,
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

/// What is to be different; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct ContactChange {
    /// Their name.
    pub name: Option<String>,
    /// What colleagues should know.
    pub notes: Option<String>,
    /// The name of their organization; empty for none.
    pub organization: Option<String>,
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
    let id: ContactId = tx.one(
        "INSERT INTO contact (name, address, search_key, created_at) VALUES ($1, $2, $3, $4) RETURNING id",
        params![name, address, &search_key(name, address), now.0],
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
    tx.exec("UPDATE contact SET organization_id = $2 WHERE id = $1", params![id, organization])?;
    Ok(())
}

/// A contact, whole.
pub fn get(tx: &mut Tx<'_>, actor: &Actor, id: ContactId) -> Result<Contact> {
    actor.need(Permission::TicketView)?;
    type Columns = (String, String, Option<i64>, Option<String>, String, i64);
    let row: Option<Columns> = tx.opt(
        "SELECT c.name, c.address, o.id, o.name, c.notes, c.created_at
         FROM contact c LEFT JOIN organization o ON o.id = c.organization_id WHERE c.id = $1",
        params![id],
    )?;
    let (name, main, organization, organization_name, notes, created_at) = row.ok_or(Error::NotFound("contact"))?;
    let mut addresses: Vec<String> =
        tx.query("SELECT address FROM contact_address WHERE contact_id = $1 ORDER BY address_key", params![id])?;
    addresses.sort_by_key(|address| *address != main);
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
        addresses: addresses.into_iter().map(|address| ContactAddress { kind: "mail".to_owned(), address }).collect(),
        organization: organization_of(organization, organization_name),
        notes,
        ticket_count,
        flags: flags.into_iter().map(|(kind, detail, at)| Flag { kind, detail, at: Time(at) }).collect(),
        created_at: Time(created_at),
    })
}

fn organization_of(id: Option<i64>, name: Option<String>) -> Option<OrganizationName> {
    id.zip(name).map(|(id, name)| OrganizationName { id: OrganizationId(id), name })
}

/// Contacts whose name or address holds `text`, by number, `limit` after `cursor`.
pub fn list(tx: &mut Tx<'_>, actor: &Actor, text: &str, cursor: Option<&str>, limit: i64) -> Result<ContactPage> {
    actor.need(Permission::TicketView)?;
    let after: i64 = match cursor.filter(|c| !c.is_empty()) {
        None => 0,
        Some(cursor) => cursor.parse().map_err(|_| Error::field("cursor", "malformed", "not a cursor of ours"))?,
    };
    let limit = limit.clamp(1, 1_000);
    let pattern = format!("%{}%", text.trim().to_lowercase().replace(['%', '_', '\\'], " ").trim());
    type Columns = (ContactId, String, String, Option<i64>, Option<String>);
    let mut rows: Vec<Columns> = tx.query(
        "SELECT c.id, c.name, c.address, o.id, o.name FROM contact c LEFT JOIN organization o ON o.id = c.organization_id
         WHERE c.id > $1 AND c.search_key LIKE $2 ORDER BY c.id LIMIT $3",
        params![after, &pattern, limit + 1],
    )?;
    let total = tx.one("SELECT count(*) FROM contact WHERE search_key LIKE $1", params![&pattern])?;
    let more = rows.len() as i64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    let next_cursor = rows.last().filter(|_| more).map(|row| row.0.to_string());
    let items = rows
        .into_iter()
        .map(|(id, name, address, organization, organization_name)| ContactRow {
            id,
            name,
            address,
            organization: organization_of(organization, organization_name),
        })
        .collect();
    Ok(ContactPage { items, next_cursor, total })
}

/// Changes a contact.
pub fn change(tx: &mut Tx<'_>, actor: &Actor, id: ContactId, change: &ContactChange, now: Time) -> Result<Contact> {
    actor.need(Permission::ContactEdit)?;
    get(tx, actor, id)?;
    if let Some(name) = &change.name {
        rename(tx, id, &error::line("name", name, 200)?)?;
    }
    if let Some(notes) = &change.notes {
        if notes.chars().count() > 10_000 {
            return Err(Error::field("notes", "too_long", "at most 10000 characters"));
        }
        tx.exec("UPDATE contact SET notes = $2, version = version + 1 WHERE id = $1", params![id, notes])?;
    }
    if let Some(organization) = &change.organization {
        join_organization(tx, id, organization, now)?;
    }
    event::append(tx, "contact.changed", 0, actor.author(), &json!({ "contact": id }), now)?;
    get(tx, actor, id)
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
