//! Two contacts that are one person: previewed, made one, and made two again when that was a mistake.

use super::{Contact, get};
use crate::entitlement::authorised;
use crate::{Actor, ContactId, Error, OrganizationId, Permission, Result, TicketId};
use opora_base::{Sql, Time, Tx, event, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use utoipa::ToSchema;

/// How long a merge can be taken back.
pub const UNDO: Duration = Duration::from_secs(86_400);

/// Which two.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct Pair {
    /// The contact that stays.
    pub keep: ContactId,
    /// The contact whose tickets and addresses it gets.
    pub merge: ContactId,
}

/// What would become of two contacts.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MergePreview {
    /// The contact as it would be.
    pub contact: Contact,
    /// How many tickets move.
    pub tickets: i64,
    /// How many messages are in them.
    pub messages: i64,
    /// What the two do not agree on.
    pub differences: Vec<Difference>,
}

/// Something only one of the two can have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Difference {
    /// What.
    pub field: String,
    /// What stays.
    pub kept: String,
    /// What goes.
    pub dropped: String,
}

/// Two contacts made one.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Merged {
    /// The number by which it is taken back.
    pub id: i64,
    /// The contact they are now.
    pub contact: Contact,
    /// Until when it can be taken back.
    #[schema(value_type = String, format = DateTime)]
    pub undo_until: Time,
}

/// What is needed to make them two again.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Before {
    tickets: Vec<TicketId>,
    addresses: Vec<String>,
    flags: Vec<i64>,
    /// What the merged one may do for the organization, which the kept one may now.
    #[serde(default)]
    authorised: Vec<i64>,
    /// What the kept one knew before.
    #[serde(flatten)]
    kept: Known,
    /// What the merge made of that. Merges of older versions did not write it down; undoing those leaves the kept one as it is.
    after: Option<Known>,
}

/// What a contact knows of a person that a merge may change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    notes: String,
    organization: Option<OrganizationId>,
    fields: BTreeMap<String, Value>,
    time_zone: String,
    locale: String,
    address: String,
}

impl Known {
    /// What is known of this contact, answered at this main address.
    fn of(contact: &Contact, address: &str) -> Known {
        Known {
            notes: contact.notes.clone(),
            organization: contact.organization.as_ref().map(|o| o.id),
            fields: contact.fields.clone(),
            time_zone: contact.time_zone.clone(),
            locale: contact.locale.clone(),
            address: address.to_owned(),
        }
    }

    /// This, with everything as it was before that is still as the merge had made it.
    fn restored(mut self, before: &Known, after: &Known) -> Known {
        fn put_back<T: Clone + PartialEq>(now: &mut T, before: &T, after: &T) {
            if now == after {
                now.clone_from(before);
            }
        }
        put_back(&mut self.notes, &before.notes, &after.notes);
        put_back(&mut self.organization, &before.organization, &after.organization);
        put_back(&mut self.time_zone, &before.time_zone, &after.time_zone);
        put_back(&mut self.locale, &before.locale, &after.locale);
        put_back(&mut self.address, &before.address, &after.address);
        // A merge only adds fields.
        let added =
            |key: &String, value: &Value| !before.fields.contains_key(key) && after.fields.get(key) == Some(value);
        self.fields.retain(|key, value| !added(key, &*value));
        self
    }

    fn keep(&self, tx: &mut Tx<'_>, id: ContactId) -> Result<()> {
        let name: String = tx.one("SELECT name FROM contact WHERE id = $1", params![id])?;
        tx.exec(
            "UPDATE contact SET notes = $2, organization_id = $3, fields = $4, time_zone = $5, locale = $6, address = $7,
               search_key = $8, version = version + 1 WHERE id = $1",
            params![
                id,
                &self.notes,
                self.organization,
                json!(self.fields),
                &self.time_zone,
                &self.locale,
                &self.address,
                &super::search_key(&name, &self.address)
            ],
        )?;
        Ok(())
    }
}

fn pair(tx: &mut Tx<'_>, actor: &Actor, pair: Pair) -> Result<(Contact, Contact)> {
    actor.need(Permission::ContactEdit)?;
    if pair.keep == pair.merge {
        return Err(Error::field("merge", "same", "a contact cannot be merged with itself"));
    }
    Ok((get(tx, actor, pair.keep)?, get(tx, actor, pair.merge)?))
}

/// The kept one with what only the other one knew.
fn together(kept: &Contact, other: &Contact) -> (Contact, Vec<Difference>) {
    let (mut contact, mut differences) = (kept.clone(), Vec::new());
    let mut differ = |field: &str, kept: &str, dropped: &str| {
        if !kept.is_empty() && !dropped.is_empty() && kept != dropped {
            differences.push(Difference {
                field: field.to_owned(),
                kept: kept.to_owned(),
                dropped: dropped.to_owned(),
            });
        }
    };
    let name = |contact: &Contact| contact.organization.as_ref().map_or(String::new(), |o| o.name.clone());
    differ("name", &kept.name, &other.name);
    differ("organization", &name(kept), &name(other));
    differ("time_zone", &kept.time_zone, &other.time_zone);
    differ("locale", &kept.locale, &other.locale);
    for (key, value) in &other.fields {
        match kept.fields.get(key) {
            Some(mine) => differ(&format!("fields.{key}"), &shown(mine), &shown(value)),
            None => {
                contact.fields.insert(key.clone(), value.clone());
            }
        }
    }
    let empty = |mine: &mut String, theirs: &String| {
        if mine.is_empty() {
            mine.clone_from(theirs);
        }
    };
    empty(&mut contact.time_zone, &other.time_zone);
    empty(&mut contact.locale, &other.locale);
    contact.organization = contact.organization.or_else(|| other.organization.clone());
    if !other.notes.trim().is_empty() && !contact.notes.contains(other.notes.trim()) {
        contact.notes = format!("{}\n\n{}", contact.notes.trim(), other.notes.trim()).trim().to_owned();
    }
    let known = contact.addresses.iter().any(|address| address.main);
    contact.addresses.extend(other.addresses.iter().cloned().map(|mut address| {
        address.main &= !known;
        address
    }));
    contact.flags.extend(other.flags.iter().cloned());
    contact.ticket_count += other.ticket_count;
    (contact, differences)
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What would become of the two.
pub fn preview(tx: &mut Tx<'_>, actor: &Actor, which: Pair) -> Result<MergePreview> {
    let (kept, other) = pair(tx, actor, which)?;
    let (contact, differences) = together(&kept, &other);
    let mut count =
        Sql::new("SELECT count(*), CAST(COALESCE(sum(message_count), 0) AS {int}) FROM ticket WHERE contact_id = ");
    count.bind(which.merge).push(" AND ");
    crate::tickets::only_seen(&mut count, actor, "");
    let (tickets, messages): (i64, i64) = tx.one(count.text(), count.args())?;
    Ok(MergePreview { contact, tickets, messages, differences })
}

/// Makes them one.
pub fn merge(tx: &mut Tx<'_>, actor: &Actor, which: Pair, now: Time) -> Result<Merged> {
    let (kept, other) = pair(tx, actor, which)?;
    let (contact, _) = together(&kept, &other);
    let main: String = tx.one("SELECT address FROM contact WHERE id = $1", params![which.keep])?;
    let address = contact.addresses.iter().find(|address| address.main).map_or(&main, |main| &main.address);
    let after = Known::of(&contact, address);
    let mut before = Before {
        tickets: tx.query("SELECT id FROM ticket WHERE contact_id = $1 ORDER BY id", params![which.merge])?,
        addresses: tx.query("SELECT address_key FROM contact_address WHERE contact_id = $1", params![which.merge])?,
        flags: tx.query("SELECT id FROM contact_flag WHERE contact_id = $1", params![which.merge])?,
        authorised: Vec::new(),
        kept: Known::of(&kept, &main),
        after: Some(after.clone()),
    };
    for table in ["ticket", "contact_address", "contact_flag"] {
        tx.exec(
            &format!("UPDATE {table} SET contact_id = $1 WHERE contact_id = $2"),
            params![which.keep, which.merge],
        )?;
    }
    tx.exec("UPDATE contact SET merged_into = $2 WHERE id = $1", params![which.merge, which.keep])?;
    after.keep(tx, which.keep)?;
    before.authorised = authorised::merged(tx, actor, which.keep, which.merge, now)?;
    let undo_until = now.plus(UNDO);
    let id: i64 = tx.one(
        "INSERT INTO contact_merge (kept_id, merged_id, before, undo_until) VALUES ($1, $2, $3, $4) RETURNING id",
        params![which.keep, which.merge, json!(before), undo_until.0],
    )?;
    tell(tx, actor, "contact.merged", which, &before.tickets, now)?;
    Ok(Merged { id, contact: get(tx, actor, which.keep)?, undo_until })
}

/// Makes them two again. What came or was written since stays with the one that was kept. Answers the one that is back.
pub fn undo(tx: &mut Tx<'_>, actor: &Actor, id: i64, now: Time) -> Result<Contact> {
    actor.need(Permission::ContactEdit)?;
    let row: Option<(ContactId, ContactId, Value, i64, bool)> = tx.opt(
        "SELECT kept_id, merged_id, before, undo_until, undone FROM contact_merge WHERE id = $1 {for_update}",
        params![id],
    )?;
    let (keep, merge, before, until, undone) = row.ok_or(Error::NotFound("merge"))?;
    if undone || now.0 > until {
        return Err(Error::AlreadySent);
    }
    let onward: Option<ContactId> = tx.one("SELECT merged_into FROM contact WHERE id = $1", params![keep])?;
    if onward.is_some() {
        return Err(Error::MergedOnward);
    }
    let before: Before = serde_json::from_value(before).map_err(|e| Error::Storage(e.to_string()))?;
    let mut known = known(tx, actor, keep)?;
    authorised::unmerged(tx, actor, &before.authorised, merge, now)?;
    give_back(tx, &before, keep, merge)?;
    if let Some(after) = &before.after {
        known = known.restored(&before.kept, after);
    }
    known.address = main_address(tx, keep, &known.address)?;
    known.keep(tx, keep)?;
    tx.exec("UPDATE contact SET merged_into = NULL WHERE id = $1", params![merge])?;
    let mut back = self::known(tx, actor, merge)?;
    back.address = main_address(tx, merge, &back.address)?;
    back.keep(tx, merge)?;
    tx.exec("UPDATE contact_merge SET undone = TRUE WHERE id = $1", params![id])?;
    tell(tx, actor, "contact.unmerged", Pair { keep, merge }, &before.tickets, now)?;
    get(tx, actor, merge)
}

fn known(tx: &mut Tx<'_>, actor: &Actor, id: ContactId) -> Result<Known> {
    let contact = get(tx, actor, id)?;
    let main: String = tx.one("SELECT address FROM contact WHERE id = $1", params![id])?;
    Ok(Known::of(&contact, &main))
}

/// The tickets, addresses and flags that came with the merge go back, those that the kept one still has.
fn give_back(tx: &mut Tx<'_>, before: &Before, keep: ContactId, merge: ContactId) -> Result<()> {
    for ticket in &before.tickets {
        tx.exec("UPDATE ticket SET contact_id = $2 WHERE id = $1 AND contact_id = $3", params![*ticket, merge, keep])?;
    }
    for key in &before.addresses {
        tx.exec(
            "UPDATE contact_address SET contact_id = $2 WHERE address_key = $1 AND contact_id = $3",
            params![key, merge, keep],
        )?;
    }
    for flag in &before.flags {
        tx.exec(
            "UPDATE contact_flag SET contact_id = $2 WHERE id = $1 AND contact_id = $3",
            params![*flag, merge, keep],
        )?;
    }
    Ok(())
}

/// This address if the contact still has it, else the first mail address they have; empty when they have none.
fn main_address(tx: &mut Tx<'_>, id: ContactId, wanted: &str) -> Result<String> {
    let mails: Vec<String> = tx.query(
        "SELECT address FROM contact_address WHERE contact_id = $1 AND kind = 'mail' ORDER BY address_key",
        params![id],
    )?;
    let mut mails = mails.into_iter();
    Ok(if mails.clone().any(|mail| mail == wanted) { wanted.to_owned() } else { mails.next().unwrap_or_default() })
}

/// The two changed, and so did their tickets: screens show them anew, the search index reads them anew.
fn tell(tx: &mut Tx<'_>, actor: &Actor, kind: &str, which: Pair, tickets: &[TicketId], now: Time) -> Result<()> {
    event::append(tx, kind, 0, actor.author(), &json!({ "contact": which.keep, "other": which.merge }), now)?;
    for contact in [which.keep, which.merge] {
        event::append(tx, "contact.changed", 0, actor.author(), &json!({ "contact": contact }), now)?;
    }
    for ticket in tickets {
        let what = json!({ "from": which.merge, "to": which.keep });
        event::append(tx, "ticket.contact", ticket.0, actor.author(), &what, now)?;
    }
    Ok(())
}
