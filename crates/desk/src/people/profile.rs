//! One's own profile: what the workspace must know about the person in front of it, and what they may change themselves.

use super::{agents, roles};
use crate::{Actor, AgentId, Error, Permission, Result, RoleId, TeamId, error};
use opora_base::{Time, Tx, event, params};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// The person in front of the screen.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Me {
    /// Their number.
    pub id: AgentId,
    /// Their login.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their permanent number.
    pub number: i64,
    /// "ru" or "en".
    pub locale: String,
    /// "system", "light" or "dark".
    pub theme: String,
    /// Their role.
    pub role: RoleName,
    /// What it allows.
    pub permissions: Vec<Permission>,
    /// Their teams.
    pub team_ids: Vec<TeamId>,
    /// How many seconds a sent answer can be taken back.
    pub undo_seconds: u64,
    /// This is a demonstration.
    pub demo: bool,
    /// Where they are, as an IANA time zone; empty when the browser knows best.
    pub time_zone: String,
    /// What they have set for their own workspace.
    #[schema(value_type = Object)]
    pub preferences: Map<String, Value>,
}

/// A role by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RoleName {
    /// Its number.
    pub id: RoleId,
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
}

/// What people change about themselves.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct ProfileChange {
    /// Their name.
    pub name: Option<String>,
    /// "ru" or "en".
    pub locale: Option<String>,
    /// "system", "light" or "dark".
    pub theme: Option<String>,
    /// What to set for their own workspace, by name; `null` takes it away.
    #[schema(value_type = Object)]
    pub preferences: Map<String, Value>,
}

/// All preferences of one person take at most so many bytes.
const LONGEST_PREFERENCES: usize = 16 * 1024;

/// Who I am.
pub fn me(tx: &mut Tx<'_>, actor: &Actor, demo: bool) -> Result<Me> {
    let agent = agents::get(tx, actor.agent_id()?)?;
    let role = roles::get(tx, agent.role_id)?;
    let (locale, theme): (String, String) =
        tx.one("SELECT locale, theme FROM agent WHERE id = $1", params![agent.id])?;
    let preferences = preferences(tx, agent.id)?;
    let time_zone = crate::notifications::settings(tx, actor)?.time_zone;
    Ok(Me {
        id: agent.id,
        email: agent.email,
        name: agent.name,
        number: agent.number,
        locale,
        theme,
        role: RoleName { id: role.id, key: role.key, name: role.name },
        permissions: actor.permissions.clone(),
        team_ids: agent.team_ids,
        undo_seconds: crate::tickets::UNDO.as_secs(),
        demo,
        time_zone,
        preferences,
    })
}

/// Changes what people may change about themselves.
pub fn change(tx: &mut Tx<'_>, actor: &Actor, change: &ProfileChange) -> Result<()> {
    let id = actor.agent_id()?;
    if let Some(name) = &change.name {
        tx.exec("UPDATE agent SET name = $2 WHERE id = $1", params![id, &error::line("name", name, 120)?])?;
    }
    if let Some(locale) = &change.locale {
        one_of("locale", locale, &["ru", "en"])?;
        tx.exec("UPDATE agent SET locale = $2 WHERE id = $1", params![id, locale])?;
    }
    if let Some(theme) = &change.theme {
        one_of("theme", theme, &["system", "light", "dark"])?;
        tx.exec("UPDATE agent SET theme = $2 WHERE id = $1", params![id, theme])?;
    }
    if !change.preferences.is_empty() {
        set_preferences(tx, id, &change.preferences)?;
    }
    Ok(())
}

fn preferences(tx: &mut Tx<'_>, id: AgentId) -> Result<Map<String, Value>> {
    let stored: Value = tx.one("SELECT preferences FROM agent WHERE id = $1", params![id])?;
    Ok(serde_json::from_value(stored).unwrap_or_default())
}

fn set_preferences(tx: &mut Tx<'_>, id: AgentId, wanted: &Map<String, Value>) -> Result<()> {
    let mut all = preferences(tx, id)?;
    for (name, value) in wanted {
        if value.is_null() {
            all.remove(name);
        } else {
            all.insert(name.clone(), value.clone());
        }
    }
    let all = Value::Object(all);
    if all.to_string().len() > LONGEST_PREFERENCES {
        return Err(Error::field("preferences", "too_long", format!("at most {LONGEST_PREFERENCES} bytes in all")));
    }
    tx.exec("UPDATE agent SET preferences = $2 WHERE id = $1", params![id, all])?;
    Ok(())
}

/// The stored hash, to check the old password before a new one is set.
pub fn password_hash(tx: &mut Tx<'_>, actor: &Actor) -> Result<Option<String>> {
    Ok(tx.one("SELECT password_hash FROM agent WHERE id = $1", params![actor.agent_id()?])?)
}

/// Sets a new password (already checked and hashed) and ends every other session.
pub fn set_password(
    tx: &mut Tx<'_>,
    actor: &Actor,
    hash: &str,
    keep: Option<crate::SessionId>,
    now: Time,
) -> Result<()> {
    let id = actor.agent_id()?;
    tx.exec("UPDATE agent SET password_hash = $2 WHERE id = $1", params![id, hash])?;
    let keep = keep.map_or(0, |s| s.0);
    tx.exec("DELETE FROM session WHERE agent_id = $1 AND id <> $2", params![id, keep])?;
    event::append(tx, "agent.password_set", 0, actor.author(), &json!({ "by": "profile" }), now)?;
    Ok(())
}

fn one_of(field: &'static str, value: &str, allowed: &[&str]) -> Result<()> {
    if allowed.contains(&value) {
        Ok(())
    } else {
        Err(Error::field(field, "unknown", format!("one of {}", allowed.join(", "))))
    }
}
