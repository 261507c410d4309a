//! The first start: one administrator, the preset roles, one brand, one calendar, the preset plans. After that the door is a login.

use super::{agents, roles};
use crate::calendars;
use crate::department::brands;
use crate::plans;
use crate::{Actor, AgentId, Error, Result, error};
use opora_base::{Time, Tx};

/// Is nobody here yet?
pub fn is_needed(tx: &mut Tx<'_>) -> Result<bool> {
    let anybody: Option<i64> = tx.opt("SELECT 1 FROM agent LIMIT 1", &[])?;
    Ok(anybody.is_none())
}

/// Creates the preset roles, the first brand and the first plans where they are missing: safe to run at every start.
pub fn furnish(tx: &mut Tx<'_>, now: Time) -> Result<()> {
    roles::ensure_presets(tx)?;
    calendars::ensure_first(tx, now)?;
    brands::ensure_first(tx, now)?;
    plans::ensure_presets(tx, now)
}

/// Creates the first administrator and names the department. Works once.
pub fn first_admin(tx: &mut Tx<'_>, department: &str, new: &FirstAdmin<'_>, now: Time) -> Result<AgentId> {
    furnish(tx, now)?;
    if !is_needed(tx)? {
        return Err(Error::AlreadySetUp);
    }
    let department = error::line("department", department, 80)?;
    brands::rename_first(tx, &department)?;
    calendars::name_first(tx, new.locale)?;
    create_admin(tx, new, now)
}

/// An administrator to be created.
#[derive(Clone, Debug)]
pub struct FirstAdmin<'a> {
    /// Their login.
    pub email: &'a str,
    /// Their name.
    pub name: &'a str,
    /// Their password's hash.
    pub password_hash: &'a str,
    /// "ru" or "en".
    pub locale: &'a str,
}

/// Creates an administrator: what `opora admin create` does.
pub fn create_admin(tx: &mut Tx<'_>, new: &FirstAdmin<'_>, now: Time) -> Result<AgentId> {
    furnish(tx, now)?;
    let role = roles::by_key(tx, "admin")?;
    let agent = agents::NewAgent {
        email: new.email,
        name: new.name,
        role_id: role.id,
        password_hash: Some(new.password_hash),
        locale: if new.locale == "en" { "en" } else { "ru" },
    };
    let id = agents::create(tx, &Actor::system(), &agent, now)?;
    plans::ensure_presets(tx, now)?;
    Ok(id)
}
