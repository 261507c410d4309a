//! Roles: named sets of permissions. The four presets can be looked at but not changed; others can be made.

use crate::{Actor, Error, Permission, Result, RoleId, audit, error};
use opora_base::{Time, Tx, params};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// A role.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Role {
    /// Its number.
    pub id: RoleId,
    /// Its stable key ("admin", "lead", "agent", "observer" for the presets).
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it allows.
    pub permissions: Vec<Permission>,
    /// Came with the house; cannot be changed.
    pub preset: bool,
}

/// What a role is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct RoleForm {
    /// Its name.
    pub name: String,
    /// What it allows.
    pub permissions: Vec<Permission>,
}

type Columns = (RoleId, String, String, serde_json::Value, bool);

fn role((id, key, name, permissions, preset): Columns) -> Role {
    let permissions = if key == "admin" {
        Permission::ALL.to_vec()
    } else {
        permissions
            .as_array()
            .map(|list| list.iter().filter_map(|p| p.as_str().and_then(Permission::parse)).collect())
            .unwrap_or_default()
    };
    Role { id, key, name, permissions, preset }
}

/// Creates the preset roles where they are missing, and gives them what a newer version allows them.
pub fn ensure_presets(tx: &mut Tx<'_>) -> Result<()> {
    for (key, permissions) in crate::actor::preset_roles() {
        let permissions = serde_json::to_value(permissions).unwrap_or_default();
        tx.exec(
            "INSERT INTO role (key, name, permissions, preset) VALUES ($1, $1, $2, TRUE)
             ON CONFLICT (key) DO UPDATE SET permissions = excluded.permissions",
            params![key, &permissions],
        )?;
    }
    Ok(())
}

/// All roles, presets first.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Role>> {
    let rows: Vec<Columns> = tx.query("SELECT id, key, name, permissions, preset FROM role ORDER BY id", &[])?;
    Ok(rows.into_iter().map(role).collect())
}

/// One role.
pub fn get(tx: &mut Tx<'_>, id: RoleId) -> Result<Role> {
    let row: Option<Columns> =
        tx.opt("SELECT id, key, name, permissions, preset FROM role WHERE id = $1", params![id])?;
    row.map(role).ok_or(Error::NotFound("role"))
}

/// The role of that key.
pub fn by_key(tx: &mut Tx<'_>, key: &str) -> Result<Role> {
    let row: Option<Columns> =
        tx.opt("SELECT id, key, name, permissions, preset FROM role WHERE key = $1", params![key])?;
    row.map(role).ok_or(Error::NotFound("role"))
}

/// Makes a role.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, form: &RoleForm, now: Time) -> Result<Role> {
    actor.need(Permission::PeopleManage)?;
    let name = error::line("name", &form.name, 80)?;
    may_grant(actor, &form.permissions)?;
    let permissions = serde_json::to_value(&form.permissions).unwrap_or_default();
    let key = format!("custom:{}", name.to_lowercase());
    let taken: Option<i64> = tx.opt("SELECT 1 FROM role WHERE key = $1", params![&key])?;
    if taken.is_some() {
        return Err(Error::field("name", "taken", "a role of this name exists"));
    }
    let id: RoleId = tx.one(
        "INSERT INTO role (key, name, permissions, preset) VALUES ($1, $2, $3, FALSE) RETURNING id",
        params![&key, &name, &permissions],
    )?;
    let role = get(tx, id)?;
    audit::record(tx, actor, told("created", None, &role), now)?;
    Ok(role)
}

fn told<'a>(verb: &'static str, before: Option<&Role>, role: &'a Role) -> audit::Change<'a> {
    let (before, after) = (before.map(|role| json!(role)), Some(json!(role)));
    audit::Change { verb, object: "role", id: role.id.0, name: &role.name, before, after }
}

/// Changes a role that did not come with the house.
pub fn change(tx: &mut Tx<'_>, actor: &Actor, id: RoleId, form: &RoleForm, now: Time) -> Result<Role> {
    actor.need(Permission::PeopleManage)?;
    let role = get(tx, id)?;
    if role.preset {
        return Err(Error::field("id", "preset", "preset roles cannot be changed; make another one"));
    }
    may_grant(actor, &form.permissions)?;
    may_grant(actor, &role.permissions)?;
    let name = error::line("name", &form.name, 80)?;
    let permissions = serde_json::to_value(&form.permissions).unwrap_or_default();
    tx.exec("UPDATE role SET name = $2, permissions = $3 WHERE id = $1", params![id, &name, &permissions])?;
    let after = get(tx, id)?;
    audit::record(tx, actor, told("changed", Some(&role), &after), now)?;
    Ok(after)
}

/// Nobody hands out more than they have.
pub fn may_grant(actor: &Actor, permissions: &[Permission]) -> Result<()> {
    match permissions.iter().find(|p| !actor.may(**p)) {
        Some(missing) => Err(Error::Forbidden(missing.text())),
        None => Ok(()),
    }
}
