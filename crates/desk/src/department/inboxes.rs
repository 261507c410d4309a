//! Inboxes: the addresses customers write to, how their mail is fetched and how answers leave.
//!
//! Server addresses are URLs without passwords (`smtp://host:587`, `imaps://user@host`); passwords lie sealed beside
//! them, under a purpose that names the inbox, and never leave through the API.

use crate::present::present;
use crate::{Actor, BrandId, Error, InboxId, Permission, Result, TeamId, audit, error};
use opora_base::secret::MasterKey;
use opora_base::{Time, Tx, event, params};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// A server an inbox talks to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Server {
    /// Where it is, without the password.
    pub url: String,
    /// A password is kept for it.
    pub has_password: bool,
}

/// How an inbox signs what it sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Dkim {
    /// The signing domain.
    pub domain: String,
    /// The key's name in the DNS.
    pub selector: String,
    /// What to publish as TXT at `<selector>._domainkey.<domain>`.
    pub record: String,
}

/// A key to sign with; an empty key takes the signature away.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct DkimForm {
    /// The key's name in the DNS.
    pub selector: String,
    /// The private key in PEM, RSA or Ed25519; never shown again.
    pub private_key: String,
}

/// How an inbox's connections are doing.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct InboxState {
    /// "none", "ok" or "failing".
    pub smtp: String,
    /// What the mail server said last.
    pub smtp_detail: String,
    /// "none", "ok" or "failing".
    pub imap: String,
    /// What the mailbox said last.
    pub imap_detail: String,
}

/// An inbox.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Inbox {
    /// Its number.
    pub id: InboxId,
    /// Its name.
    pub name: String,
    /// The address answers come from.
    pub address: String,
    /// Other addresses that lead here.
    pub aliases: Vec<String>,
    /// Whose face it wears.
    pub brand_id: BrandId,
    /// Which team its tickets begin with.
    pub team_id: Option<TeamId>,
    /// What stands under every answer.
    pub signature_html: String,
    /// The language of its customers ("ru" or "en"), when theirs is not known.
    pub locale: String,
    /// How answers leave.
    pub smtp: Option<Server>,
    /// From where mail is fetched.
    pub imap: Option<Server>,
    /// How answers are signed.
    pub dkim: Option<Dkim>,
    /// Answers ask for replies to an address that names their ticket (`support+1042-…@`); the mail server must deliver
    /// plus-addresses.
    pub plus_address: bool,
    /// How the connections are doing.
    pub state: InboxState,
    /// Since when it exists.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
}

/// What an inbox is to be. On a change, absent fields stay; `null` takes the team and an empty URL the server away.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct InboxForm {
    /// Its name.
    pub name: Option<String>,
    /// The address answers come from.
    pub address: Option<String>,
    /// Other addresses that lead here, all of them.
    pub aliases: Option<Vec<String>>,
    /// Whose face it wears; the first brand when absent.
    pub brand_id: Option<BrandId>,
    /// Which team its tickets begin with; `null` for none.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Option<Option<TeamId>>,
    /// What stands under every answer.
    pub signature_html: Option<String>,
    /// "ru" or "en".
    pub locale: Option<String>,
    /// `smtp://host:port`, `smtps://user@host`.
    pub smtp_url: Option<String>,
    /// Its password; never shown again.
    pub smtp_password: Option<String>,
    /// `imaps://user@host`.
    pub imap_url: Option<String>,
    /// Its password; never shown again.
    pub imap_password: Option<String>,
    /// How answers are signed.
    pub dkim: Option<DkimForm>,
    /// Ask for replies to plus-addresses.
    pub plus_address: Option<bool>,
}

opora_base::row! {
    /// An inbox as it lies in the database.
    pub struct InboxRow {
        id: InboxId,
        name: String,
        address: String,
        brand_id: BrandId,
        team_id: Option<TeamId>,
        signature_html: String,
        locale: String,
        smtp_url: Option<String>,
        imap_url: Option<String>,
        dkim: Option<serde_json::Value>,
        plus_address: bool,
        smtp_state: String,
        smtp_detail: String,
        imap_state: String,
        imap_detail: String,
        created_at: i64,
    }
}

fn purpose(id: InboxId, server: &str) -> String {
    format!("inbox:{id}:{server}")
}

fn assemble(tx: &mut Tx<'_>, row: InboxRow) -> Result<Inbox> {
    let aliases: Vec<String> = tx.query(
        "SELECT address FROM inbox_address WHERE inbox_id = $1 AND address_key <> $2 ORDER BY address_key",
        params![row.id, &error::address_key(&row.address)],
    )?;
    let mut server = |url: Option<String>, kind: &str| -> Result<Option<Server>> {
        let Some(url) = url else { return Ok(None) };
        let sealed: Option<i64> =
            tx.opt("SELECT 1 FROM credential WHERE purpose = $1", params![&purpose(row.id, kind)])?;
        Ok(Some(Server { url, has_password: sealed.is_some() }))
    };
    Ok(Inbox {
        smtp: server(row.smtp_url, "smtp")?,
        imap: server(row.imap_url, "imap")?,
        dkim: row.dkim.and_then(|dkim| serde_json::from_value(dkim).ok()),
        plus_address: row.plus_address,
        id: row.id,
        name: row.name,
        address: row.address,
        aliases,
        brand_id: row.brand_id,
        team_id: row.team_id,
        signature_html: row.signature_html,
        locale: row.locale,
        state: InboxState {
            smtp: row.smtp_state,
            smtp_detail: row.smtp_detail,
            imap: row.imap_state,
            imap_detail: row.imap_detail,
        },
        created_at: Time(row.created_at),
    })
}

/// All inboxes.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Inbox>> {
    let rows: Vec<InboxRow> = tx.query(&format!("SELECT {} FROM inbox ORDER BY id", InboxRow::COLS), &[])?;
    rows.into_iter().map(|row| assemble(tx, row)).collect()
}

/// One inbox.
pub fn get(tx: &mut Tx<'_>, id: InboxId) -> Result<Inbox> {
    let row: Option<InboxRow> = tx.opt(&format!("SELECT {} FROM inbox WHERE id = $1", InboxRow::COLS), params![id])?;
    assemble(tx, row.ok_or(Error::NotFound("inbox"))?)
}

/// The inbox of that name.
pub fn by_name(tx: &mut Tx<'_>, name: &str) -> Result<Inbox> {
    let id: Option<InboxId> =
        tx.opt("SELECT id FROM inbox WHERE name_key = $1", params![&name.trim().to_lowercase()])?;
    get(tx, id.ok_or(Error::NotFound("inbox"))?)
}

/// The inbox a recipient's address leads to; a plus-address (`support+1042@…`) leads where its base does.
pub fn by_address(tx: &mut Tx<'_>, address: &str) -> Result<Option<InboxId>> {
    let key = error::address_key(address);
    let found: Option<InboxId> = tx.opt("SELECT inbox_id FROM inbox_address WHERE address_key = $1", params![&key])?;
    if found.is_some() {
        return Ok(found);
    }
    let base = key.rsplit_once('@').and_then(|(local, domain)| {
        local.split_once('+').filter(|(base, _)| !base.is_empty()).map(|(base, _)| format!("{base}@{domain}"))
    });
    match base {
        Some(base) => Ok(tx.opt("SELECT inbox_id FROM inbox_address WHERE address_key = $1", params![&base])?),
        None => Ok(None),
    }
}

/// Every address that leads to an inbox.
pub fn all_addresses(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    Ok(tx.query("SELECT address FROM inbox_address ORDER BY address_key", &[])?)
}

/// Makes an inbox.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, form: &InboxForm, key: &MasterKey, now: Time) -> Result<Inbox> {
    actor.need(Permission::InboxManage)?;
    let name = free_name(tx, form.name.as_deref().unwrap_or_default(), None)?;
    let address = error::address("address", form.address.as_deref().unwrap_or_default())?;
    let brand = match form.brand_id {
        Some(id) => super::brands::get(tx, id)?.id,
        None => tx.one("SELECT min(id) FROM brand", &[])?,
    };
    let team = form.team_id.flatten();
    known_team(tx, team)?;
    let locale = form.locale.as_deref().unwrap_or("ru");
    let id: InboxId = tx.one(
        "INSERT INTO inbox (name, name_key, address, brand_id, team_id, signature_html, locale, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
        params![
            &name,
            &name.to_lowercase(),
            &address,
            brand,
            team,
            form.signature_html.as_deref().unwrap_or_default(),
            if locale == "en" { "en" } else { "ru" },
            now.0
        ],
    )?;
    put_addresses(tx, id, &address, form.aliases.as_deref().unwrap_or_default())?;
    put_server(tx, id, "smtp", form.smtp_url.as_deref(), form.smtp_password.as_deref(), key, now)?;
    put_server(tx, id, "imap", form.imap_url.as_deref(), form.imap_password.as_deref(), key, now)?;
    put_signing(tx, id, &address, form, key, now)?;
    let inbox = get(tx, id)?;
    audit::record(tx, actor, told("created", None, &inbox, form), now)?;
    Ok(inbox)
}

/// Passwords and keys are never told, only that there is a new one.
fn told<'a>(verb: &'static str, before: Option<&Inbox>, inbox: &'a Inbox, form: &InboxForm) -> audit::Change<'a> {
    let mut after = json!(inbox);
    let fresh = |secret: &Option<String>| secret.as_deref().is_some_and(|secret| !secret.is_empty());
    for (field, new) in [
        ("smtp_password", fresh(&form.smtp_password)),
        ("imap_password", fresh(&form.imap_password)),
        ("dkim_private_key", form.dkim.as_ref().is_some_and(|dkim| !dkim.private_key.trim().is_empty())),
    ] {
        if new {
            after[field] = json!("new");
        }
    }
    let before = before.map(|inbox| json!(inbox));
    audit::Change { verb, object: "inbox", id: inbox.id.0, name: &inbox.name, before, after: Some(after) }
}

/// Changes an inbox.
pub fn change(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: InboxId,
    form: &InboxForm,
    key: &MasterKey,
    now: Time,
) -> Result<Inbox> {
    actor.need(Permission::InboxManage)?;
    let before = get(tx, id)?;
    if let Some(name) = &form.name {
        let name = free_name(tx, name, Some(id))?;
        tx.exec("UPDATE inbox SET name = $2, name_key = $3 WHERE id = $1", params![id, &name, &name.to_lowercase()])?;
    }
    if form.address.is_some() || form.aliases.is_some() {
        let address = error::address("address", form.address.as_deref().unwrap_or(&before.address))?;
        tx.exec("UPDATE inbox SET address = $2 WHERE id = $1", params![id, &address])?;
        put_addresses(tx, id, &address, form.aliases.as_ref().unwrap_or(&before.aliases))?;
    }
    if let Some(brand) = form.brand_id {
        super::brands::get(tx, brand)?;
        tx.exec("UPDATE inbox SET brand_id = $2 WHERE id = $1", params![id, brand])?;
    }
    if let Some(team) = form.team_id {
        known_team(tx, team)?;
        tx.exec("UPDATE inbox SET team_id = $2 WHERE id = $1", params![id, team])?;
    }
    if let Some(signature) = &form.signature_html {
        tx.exec("UPDATE inbox SET signature_html = $2 WHERE id = $1", params![id, signature])?;
    }
    if let Some(locale) = form.locale.as_deref().filter(|l| matches!(*l, "ru" | "en")) {
        tx.exec("UPDATE inbox SET locale = $2 WHERE id = $1", params![id, locale])?;
    }
    put_server(tx, id, "smtp", form.smtp_url.as_deref(), form.smtp_password.as_deref(), key, now)?;
    put_server(tx, id, "imap", form.imap_url.as_deref(), form.imap_password.as_deref(), key, now)?;
    put_signing(tx, id, form.address.as_deref().unwrap_or(&before.address), form, key, now)?;
    let after = get(tx, id)?;
    audit::record(tx, actor, told("changed", Some(&before), &after, form), now)?;
    Ok(after)
}

fn known_team(tx: &mut Tx<'_>, team: Option<TeamId>) -> Result<()> {
    match team.map(|team| super::teams::get(tx, team)) {
        Some(Err(Error::NotFound(_))) => Err(Error::field("team_id", "unknown", "there is no such team")),
        Some(Err(other)) => Err(other),
        Some(Ok(_)) | None => Ok(()),
    }
}

fn free_name(tx: &mut Tx<'_>, name: &str, own: Option<InboxId>) -> Result<String> {
    let name = error::line("name", name, 80)?;
    let other: Option<InboxId> = tx.opt("SELECT id FROM inbox WHERE name_key = $1", params![&name.to_lowercase()])?;
    if other.is_some() && other != own {
        return Err(Error::field("name", "taken", "an inbox of this name exists"));
    }
    Ok(name)
}

fn put_addresses(tx: &mut Tx<'_>, id: InboxId, address: &str, aliases: &[String]) -> Result<()> {
    tx.exec("DELETE FROM inbox_address WHERE inbox_id = $1", params![id])?;
    for one in std::iter::once(address).chain(aliases.iter().map(String::as_str)) {
        let one = error::address("aliases", one)?;
        let key = error::address_key(&one);
        let owner: Option<InboxId> =
            tx.opt("SELECT inbox_id FROM inbox_address WHERE address_key = $1", params![&key])?;
        match owner {
            Some(owner) if owner != id => {
                return Err(Error::field("address", "taken", format!("{one} leads to another inbox")));
            }
            Some(_) => {}
            None => {
                tx.exec(
                    "INSERT INTO inbox_address (address_key, address, inbox_id) VALUES ($1, $2, $3)",
                    params![&key, &one, id],
                )?;
            }
        }
    }
    Ok(())
}

fn put_server(
    tx: &mut Tx<'_>,
    id: InboxId,
    kind: &'static str,
    url: Option<&str>,
    password: Option<&str>,
    key: &MasterKey,
    now: Time,
) -> Result<()> {
    let field = if kind == "smtp" { "smtp_url" } else { "imap_url" };
    if let Some(url) = url.map(str::trim) {
        let column = if url.is_empty() { None } else { Some(server_url(field, kind, url)?) };
        let state = if column.is_some() { "ok" } else { "none" };
        let sql = format!("UPDATE inbox SET {kind}_url = $2, {kind}_state = $3, {kind}_detail = '' WHERE id = $1");
        tx.exec(&sql, params![id, &column, state])?;
        if column.is_none() {
            tx.exec("DELETE FROM credential WHERE purpose = $1", params![&purpose(id, kind)])?;
        }
    }
    if let Some(password) = password.filter(|p| !p.is_empty()) {
        put_secret(tx, &purpose(id, kind), password.as_bytes(), key, now)?;
    }
    Ok(())
}

/// The signing key is tried before it is kept; the domain is the address's own.
fn put_signing(
    tx: &mut Tx<'_>,
    id: InboxId,
    address: &str,
    form: &InboxForm,
    key: &MasterKey,
    now: Time,
) -> Result<()> {
    if let Some(plus) = form.plus_address {
        tx.exec("UPDATE inbox SET plus_address = $2 WHERE id = $1", params![id, plus])?;
    }
    let Some(dkim) = &form.dkim else { return Ok(()) };
    let purpose = purpose(id, "dkim");
    if dkim.private_key.trim().is_empty() {
        tx.exec("UPDATE inbox SET dkim = NULL WHERE id = $1", params![id])?;
        tx.exec("DELETE FROM credential WHERE purpose = $1", params![&purpose])?;
        return Ok(());
    }
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain).to_lowercase();
    let selector = error::line("dkim.selector", &dkim.selector, 63)?;
    let signing = opora_mail::DkimKey { domain, selector, pem: dkim.private_key.clone() };
    let malformed = |field| move |e: opora_mail::Error| Error::field(field, "malformed", e.to_string());
    signing.check_selector().map_err(malformed("dkim.selector"))?;
    let domain = signing.ascii_domain().map_err(malformed("address"))?;
    let record = opora_mail::dkim_record(&signing).map_err(malformed("dkim.private_key"))?;
    let shown = Dkim { domain, selector: signing.selector, record };
    tx.exec("UPDATE inbox SET dkim = $2 WHERE id = $1", params![id, serde_json::to_value(shown).unwrap_or_default()])?;
    put_secret(tx, &purpose, dkim.private_key.as_bytes(), key, now)
}

fn put_secret(tx: &mut Tx<'_>, purpose: &str, secret: &[u8], key: &MasterKey, now: Time) -> Result<()> {
    let sealed = key.seal(purpose, secret).map_err(|e| Error::field("password", "malformed", e.to_string()))?;
    tx.exec(
        "INSERT INTO credential (purpose, sealed, updated_at) VALUES ($1, $2, $3)
         ON CONFLICT (purpose) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at",
        params![purpose, &sealed, now.0],
    )?;
    Ok(())
}

fn server_url(field: &'static str, kind: &str, url: &str) -> Result<String> {
    let known = [format!("{kind}://"), format!("{kind}s://"), format!("{kind}+starttls://")];
    let rest = known.iter().find_map(|scheme| url.strip_prefix(scheme.as_str()));
    let Some(rest) = rest.filter(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace)) else {
        return Err(Error::field(field, "malformed", format!("expected {kind}://HOST:PORT or {kind}s://USER@HOST")));
    };
    if rest.rsplit_once('@').is_some_and(|(user, _)| user.contains(':')) {
        return Err(Error::field(field, "password_in_url", "give the password separately, not inside the address"));
    }
    Ok(url.to_owned())
}

/// The sealed password of one of the inbox's servers; opened by whoever holds the master key.
pub fn sealed_password(tx: &mut Tx<'_>, id: InboxId, kind: &str) -> Result<Option<(String, Vec<u8>)>> {
    let purpose = purpose(id, kind);
    let sealed: Option<Vec<u8>> = tx.opt("SELECT sealed FROM credential WHERE purpose = $1", params![&purpose])?;
    Ok(sealed.map(|sealed| (purpose, sealed)))
}

/// Notes how a connection is doing, when that is news.
pub fn note_state(tx: &mut Tx<'_>, id: InboxId, kind: &str, state: &str, detail: &str, now: Time) -> Result<()> {
    let kind = if kind == "imap" { "imap" } else { "smtp" };
    let detail: String = detail.chars().take(500).collect();
    let sql = format!(
        "UPDATE inbox SET {kind}_state = $2, {kind}_detail = $3
         WHERE id = $1 AND ({kind}_state <> $2 OR {kind}_detail <> $3)"
    );
    if tx.exec(&sql, params![id, state, &detail])? == 1 {
        let what = json!({ "inbox": id, "server": kind, "state": state, "detail": detail });
        event::append(tx, "inbox.state", 0, event::Author::System, &what, now)?;
    }
    Ok(())
}
