//! The contacts an organization has named: who may ask, who may approve paid work, who sees colleagues' tickets, and the one
//! owner who is asked about strangers [S1.2]. The plan says how many; each change stands in the audit log.

use super::settle;
use crate::contacts::{self, organizations};
use crate::present::present;
use crate::tickets::{Attachment, files};
use crate::{Actor, AgentId, AttachmentId, ContactId, Error, OrganizationId, Permission, Result, audit};
use opora_base::{FromRow, Row, Time, Tx, event, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

/// A contact who may do something for their organization.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct AuthorisedContact {
    /// The number of the authorisation.
    pub id: i64,
    /// For which organization.
    pub organization_id: OrganizationId,
    /// Who.
    pub contact_id: ContactId,
    /// Their name.
    pub name: String,
    /// Where they are reached.
    pub address: String,
    /// They may ask.
    pub may_ask: bool,
    /// They may approve paid work.
    pub may_approve: bool,
    /// They see their colleagues' tickets.
    pub may_see_colleagues: bool,
    /// They are asked about strangers.
    pub is_owner: bool,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Time,
    /// Until when; `null` is until further notice.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Time>,
    /// The signed form; absent for those who may not change contacts.
    pub form: Option<Attachment>,
    /// Who put them on the list.
    pub granted_by: Option<AgentId>,
    /// Grows with every change.
    pub version: i64,
    #[serde(skip)]
    form_id: Option<AttachmentId>,
}

const SELECT: &str = "SELECT a.id, a.organization_id, a.contact_id, c.name, c.address, a.may_ask, a.may_approve, \
    a.may_see_colleagues, a.is_owner, a.since, a.until, a.form_id, a.granted_by, a.version \
    FROM authorised_contact a JOIN contact c ON c.id = a.contact_id";
/// Whoever was merged into another contact or went to another organization counts no more.
const STILL_THEIRS: &str = "c.merged_into IS NULL AND c.organization_id = a.organization_id";

impl FromRow for AuthorisedContact {
    fn from_row(row: &Row<'_>) -> opora_base::Result<Self> {
        Ok(AuthorisedContact {
            id: row.get(0)?,
            organization_id: row.get(1)?,
            contact_id: row.get(2)?,
            name: row.get(3)?,
            address: row.get(4)?,
            may_ask: row.get(5)?,
            may_approve: row.get(6)?,
            may_see_colleagues: row.get(7)?,
            is_owner: row.get(8)?,
            since: Time(row.get(9)?),
            until: row.get::<Option<i64>>(10)?.map(Time),
            form: None,
            form_id: row.get(11)?,
            granted_by: row.get(12)?,
            version: row.get(13)?,
        })
    }
}

impl AuthorisedContact {
    /// May they ask at this moment? The owner always may.
    pub(super) fn asks_at(&self, now: Time) -> bool {
        (self.may_ask || self.is_owner) && self.counts_at(now) && self.since <= now
    }

    /// Its time is not over.
    pub(super) fn counts_at(&self, now: Time) -> bool {
        self.until.is_none_or(|until| until > now)
    }

    fn told(&self) -> Value {
        json!({
            "organization": self.organization_id,
            "contact": self.name,
            "may_ask": self.may_ask,
            "may_approve": self.may_approve,
            "may_see_colleagues": self.may_see_colleagues,
            "is_owner": self.is_owner,
            "since": self.since,
            "until": self.until,
            "form": self.form_id,
        })
    }
}

/// An authorisation as somebody wants it; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct AuthorisedForm {
    /// The version this person saw.
    pub version: Option<i64>,
    /// Who; only when somebody is put on the list.
    pub contact_id: Option<ContactId>,
    /// They may ask; yes unless said.
    pub may_ask: Option<bool>,
    /// They may approve paid work.
    pub may_approve: Option<bool>,
    /// They see their colleagues' tickets.
    pub may_see_colleagues: Option<bool>,
    /// They are asked about strangers. An organization has one owner: whoever was it before is it no more.
    pub is_owner: Option<bool>,
    /// Since when; now unless said.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub since: Option<Time>,
    /// Until when; `null` is until further notice.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Option<Time>>,
    /// An upload of mine: the signed form.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<AttachmentId>)]
    pub form_id: Option<Option<AttachmentId>>,
}

/// How many an organization may have, and has.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuthorisedList {
    /// The owner first, then by name.
    pub items: Vec<AuthorisedContact>,
    /// How many count towards the quota.
    pub used: i64,
    /// How many the plan allows; `null` is any number.
    pub quota: Option<i64>,
}

/// Whom an organization has named.
pub fn list(tx: &mut Tx<'_>, actor: &Actor, id: OrganizationId, now: Time) -> Result<AuthorisedList> {
    actor.need(Permission::TicketView)?;
    organizations::known(tx, id)?;
    let mut items = of(tx, id)?;
    if actor.may(Permission::ContactEdit) {
        for item in &mut items {
            item.form = form(tx, item.form_id)?;
        }
    }
    Ok(AuthorisedList { used: counting(&items, now), quota: quota(tx, id)?, items })
}

/// Everybody on the list, also those whose time is over.
pub(super) fn of(tx: &mut Tx<'_>, id: OrganizationId) -> Result<Vec<AuthorisedContact>> {
    let sql = format!(
        "{SELECT} WHERE a.organization_id = $1 AND {STILL_THEIRS} ORDER BY a.is_owner DESC, c.search_key, a.id"
    );
    Ok(tx.query(&sql, params![id])?)
}

fn counting(items: &[AuthorisedContact], now: Time) -> i64 {
    i64::try_from(items.iter().filter(|item| item.counts_at(now)).count()).unwrap_or(i64::MAX)
}

fn form(tx: &mut Tx<'_>, id: Option<AttachmentId>) -> Result<Option<Attachment>> {
    id.map(|id| files::shown(tx, id)).transpose()
}

fn quota(tx: &mut Tx<'_>, id: OrganizationId) -> Result<Option<i64>> {
    let quota: Option<Option<i64>> = tx.opt(
        "SELECT p.contact_quota FROM organization o JOIN plan p ON p.id = o.plan_id WHERE o.id = $1",
        params![id],
    )?;
    Ok(quota.flatten())
}

fn on_list(tx: &mut Tx<'_>, organization: OrganizationId, contact: ContactId) -> Result<Option<AuthorisedContact>> {
    let sql = format!("{SELECT} WHERE a.organization_id = $1 AND a.contact_id = $2");
    Ok(tx.opt(&sql, params![organization, contact])?)
}

fn get(tx: &mut Tx<'_>, id: i64) -> Result<AuthorisedContact> {
    let row: Option<AuthorisedContact> = tx.opt(&format!("{SELECT} WHERE a.id = $1"), params![id])?;
    row.ok_or(Error::NotFound("authorised_contact"))
}

/// Puts a contact on the list. Somebody of no organization joins this one by it; somebody of another one is refused.
pub fn grant(
    tx: &mut Tx<'_>,
    actor: &Actor,
    organization: OrganizationId,
    form: &AuthorisedForm,
    now: Time,
) -> Result<AuthorisedContact> {
    actor.need(Permission::ContactEdit)?;
    let name = organizations::known(tx, organization)?;
    let id = form.contact_id.ok_or_else(|| Error::field("contact_id", "required", "whom?"))?;
    let contact = contacts::get(tx, actor, id).map_err(|_| Error::field("contact_id", "unknown", "no such contact"))?;
    match contact.organization {
        None => contacts::join_organization(tx, id, &name, now)?,
        Some(theirs) if theirs.id == organization => {}
        Some(theirs) => {
            return Err(Error::field("contact_id", "not_theirs", format!("belongs to {}", theirs.name)));
        }
    }
    match on_list(tx, organization, id)? {
        Some(known) if known.counts_at(now) => {
            return Err(Error::field("contact_id", "taken", "is on the list already"));
        }
        Some(over) => remove(tx, actor, &over, now)?,
        None => {}
    }
    room_for_one_more(tx, organization, now)?;
    let made: i64 = tx.one(
        "INSERT INTO authorised_contact (organization_id, contact_id, may_ask, may_approve, may_see_colleagues, is_owner,
           since, granted_by)
         VALUES ($1, $2, TRUE, FALSE, FALSE, FALSE, $3, $4) RETURNING id",
        params![organization, id, now.0, actor.agent],
    )?;
    let blank = get(tx, made)?;
    put(tx, actor, &blank, form, now)?;
    let made = get(tx, made)?;
    tell(tx, actor, "created", None, Some(&made), now)?;
    settle::named(tx, actor, &made, now)?;
    whole(tx, made)
}

fn room_for_one_more(tx: &mut Tx<'_>, organization: OrganizationId, now: Time) -> Result<()> {
    let Some(quota) = quota(tx, organization)? else { return Ok(()) };
    let used = counting(&of(tx, organization)?, now);
    if used < quota {
        return Ok(());
    }
    Err(Error::QuotaReached { used, quota })
}

/// Changes what somebody on the list may do.
pub fn change(tx: &mut Tx<'_>, actor: &Actor, id: i64, form: &AuthorisedForm, now: Time) -> Result<AuthorisedContact> {
    actor.need(Permission::ContactEdit)?;
    let before = get(tx, id)?;
    if form.version.is_some_and(|seen| seen < before.version) {
        return Err(Error::TicketChanged { fields: vec!["authorised_contact".to_owned()] });
    }
    put(tx, actor, &before, form, now)?;
    let after = get(tx, id)?;
    if after.counts_at(now) && !before.counts_at(now) {
        // They count again: is there still room?
        let (used, quota) = (counting(&of(tx, after.organization_id)?, now), quota(tx, after.organization_id)?);
        if quota.is_some_and(|quota| used > quota) {
            return Err(Error::QuotaReached { used: used - 1, quota: quota.unwrap_or_default() });
        }
    }
    tell(tx, actor, "changed", Some(&before), Some(&after), now)?;
    settle::named(tx, actor, &after, now)?;
    whole(tx, after)
}

fn put(tx: &mut Tx<'_>, actor: &Actor, before: &AuthorisedContact, form: &AuthorisedForm, now: Time) -> Result<()> {
    let is_owner = form.is_owner.unwrap_or(before.is_owner);
    if is_owner && !before.is_owner {
        take_ownership_from_others(tx, actor, before, now)?;
    }
    let since = form.since.unwrap_or(before.since);
    let until = form.until.unwrap_or(before.until);
    if until.is_some_and(|until| until <= since) {
        return Err(Error::field("until", "before_since", "ends before it begins"));
    }
    let form_id = match form.form_id {
        Some(Some(upload)) if Some(upload) != before.form_id => {
            files::give_to_authorisation(tx, actor, upload, before.id)?;
            Some(upload)
        }
        Some(wanted) => wanted,
        None => before.form_id,
    };
    tx.exec(
        "UPDATE authorised_contact SET may_ask = $2, may_approve = $3, may_see_colleagues = $4, is_owner = $5, since = $6,
           until = $7, form_id = $8, version = version + 1 WHERE id = $1",
        params![
            before.id,
            form.may_ask.unwrap_or(before.may_ask),
            form.may_approve.unwrap_or(before.may_approve),
            form.may_see_colleagues.unwrap_or(before.may_see_colleagues),
            is_owner,
            since.0,
            until.map(|until| until.0),
            form_id
        ],
    )?;
    Ok(())
}

fn take_ownership_from_others(tx: &mut Tx<'_>, actor: &Actor, new: &AuthorisedContact, now: Time) -> Result<()> {
    let old: Option<i64> = tx.opt(
        "SELECT id FROM authorised_contact WHERE organization_id = $1 AND is_owner AND id <> $2",
        params![new.organization_id, new.id],
    )?;
    let Some(old) = old else { return Ok(()) };
    let before = get(tx, old)?;
    tx.exec("UPDATE authorised_contact SET is_owner = FALSE, version = version + 1 WHERE id = $1", params![old])?;
    let after = get(tx, old)?;
    tell(tx, actor, "changed", Some(&before), Some(&after), now)
}

/// Takes somebody off the list.
pub fn revoke(tx: &mut Tx<'_>, actor: &Actor, id: i64, now: Time) -> Result<()> {
    actor.need(Permission::ContactEdit)?;
    let before = get(tx, id)?;
    remove(tx, actor, &before, now)
}

fn remove(tx: &mut Tx<'_>, actor: &Actor, before: &AuthorisedContact, now: Time) -> Result<()> {
    tx.exec("DELETE FROM authorised_contact WHERE id = $1", params![before.id])?;
    tell(tx, actor, "deleted", Some(before), None, now)
}

/// A contact leaves an organization: they may ask for it no more.
pub(crate) fn left(
    tx: &mut Tx<'_>,
    actor: &Actor,
    organization: OrganizationId,
    contact: ContactId,
    now: Time,
) -> Result<()> {
    match on_list(tx, organization, contact)? {
        Some(before) => remove(tx, actor, &before, now),
        None => Ok(()),
    }
}

/// Two contacts became one: what one of them may, the kept one may, if it is on no list of its own. Answers what went over.
pub(crate) fn merged(tx: &mut Tx<'_>, actor: &Actor, keep: ContactId, merge: ContactId, now: Time) -> Result<Vec<i64>> {
    let sql = format!(
        "{SELECT} WHERE a.contact_id = $2 AND a.organization_id = (SELECT organization_id FROM contact WHERE id = $1)
           AND NOT EXISTS (SELECT 1 FROM authorised_contact k WHERE k.contact_id = $1 AND k.organization_id = a.organization_id)"
    );
    let rows: Vec<AuthorisedContact> = tx.query(&sql, params![keep, merge])?;
    for before in &rows {
        give(tx, actor, before, keep, now)?;
    }
    Ok(rows.iter().map(|row| row.id).collect())
}

/// They are two again: what went over goes back, if it is still there.
pub(crate) fn unmerged(tx: &mut Tx<'_>, actor: &Actor, ids: &[i64], to: ContactId, now: Time) -> Result<()> {
    for id in ids {
        if let Ok(before) = get(tx, *id) {
            give(tx, actor, &before, to, now)?;
        }
    }
    Ok(())
}

fn give(tx: &mut Tx<'_>, actor: &Actor, before: &AuthorisedContact, to: ContactId, now: Time) -> Result<()> {
    tx.exec(
        "UPDATE authorised_contact SET contact_id = $2, version = version + 1 WHERE id = $1",
        params![before.id, to],
    )?;
    let after = get(tx, before.id)?;
    tell(tx, actor, "changed", Some(before), Some(&after), now)
}

fn whole(tx: &mut Tx<'_>, mut one: AuthorisedContact) -> Result<AuthorisedContact> {
    one.form = form(tx, one.form_id)?;
    Ok(one)
}

fn tell(
    tx: &mut Tx<'_>,
    actor: &Actor,
    verb: &'static str,
    before: Option<&AuthorisedContact>,
    after: Option<&AuthorisedContact>,
    now: Time,
) -> Result<()> {
    let Some(one) = after.or(before) else { return Ok(()) };
    let change = audit::Change {
        verb,
        object: "authorised_contact",
        id: one.id,
        name: &one.name,
        before: before.map(AuthorisedContact::told),
        after: after.map(AuthorisedContact::told),
    };
    audit::record(tx, actor, change, now)?;
    let what = json!({ "organization": one.organization_id, "contact": one.contact_id });
    event::append(tx, "organization.authorised", 0, actor.author(), &what, now)?;
    event::append(tx, "organization.changed", 0, actor.author(), &what, now)?;
    Ok(())
}
