//! Links sent by mail: an invitation to join, a new password. Each works once, for a while.

use super::{agents, fresh_secret, login, secret_hash};
use crate::{Actor, AgentId, Error, Result, RoleId, TeamId, error};
use opora_base::event::{self, Author};
use opora_base::{Time, Tx, params};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;
use utoipa::ToSchema;

/// How long an invitation is good for.
pub const INVITATION: Duration = Duration::from_secs(7 * 86_400);
/// How long a password reset is good for.
pub const RESET: Duration = Duration::from_secs(3_600);

/// A colleague to be invited.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct InvitationForm {
    /// Where the link goes.
    pub email: String,
    /// How colleagues will know them.
    pub name: String,
    /// Their role.
    pub role_id: RoleId,
    /// Their teams.
    #[serde(default)]
    pub team_ids: Vec<TeamId>,
    /// The language of the mail and of their first screen.
    #[serde(default)]
    pub locale: Option<String>,
}

/// Whom a link is for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LinkOwner {
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
}

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Join the department.
    Invitation,
    /// Choose a new password.
    Reset,
}

impl Purpose {
    const fn text(self) -> &'static str {
        match self {
            Purpose::Invitation => "invitation",
            Purpose::Reset => "reset",
        }
    }
}

/// Invites a colleague: creates them without a password and returns the link's secret.
pub fn invite(tx: &mut Tx<'_>, actor: &Actor, form: &InvitationForm, now: Time) -> Result<(AgentId, String)> {
    let locale = form.locale.as_deref().filter(|l| matches!(*l, "ru" | "en")).unwrap_or("ru");
    let new =
        agents::NewAgent { email: &form.email, name: &form.name, role_id: form.role_id, password_hash: None, locale };
    let id = agents::create(tx, actor, &new, now)?;
    agents::join_teams(tx, id, &form.team_ids)?;
    Ok((id, create(tx, id, Purpose::Invitation, now)?))
}

/// A reset link for whoever has this address, if anybody does.
pub fn request_reset(tx: &mut Tx<'_>, email: &str, now: Time) -> Result<Option<(AgentId, String)>> {
    match agents::by_email(tx, email) {
        Ok(agent) if agent.active => {
            // At most one live link a minute: the form must not become a way to flood a colleague's mailbox.
            let fresh: Option<i64> = tx.opt(
                "SELECT id FROM link WHERE agent_id = $1 AND purpose = 'reset' AND expires_at > $2",
                params![agent.id, now.plus(RESET).minus(Duration::from_secs(60)).0],
            )?;
            if fresh.is_some() {
                return Ok(None);
            }
            Ok(Some((agent.id, create(tx, agent.id, Purpose::Reset, now)?)))
        }
        Ok(_) | Err(Error::NotFound(_)) => Ok(None),
        Err(e) => Err(e),
    }
}

fn create(tx: &mut Tx<'_>, agent: AgentId, purpose: Purpose, now: Time) -> Result<String> {
    let (secret, hash) = fresh_secret("");
    let lives = if purpose == Purpose::Invitation { INVITATION } else { RESET };
    tx.exec(
        "INSERT INTO link (token_hash, purpose, agent_id, expires_at) VALUES ($1, $2, $3, $4)",
        params![&hash, purpose.text(), agent, now.plus(lives).0],
    )?;
    Ok(secret)
}

/// Whom the link is for, while it is good.
pub fn owner(tx: &mut Tx<'_>, secret: &str, purpose: Purpose, now: Time) -> Result<(AgentId, LinkOwner)> {
    let row: Option<(AgentId, String, String)> = tx.opt(
        "SELECT agent.id, email, name FROM link JOIN agent ON agent.id = link.agent_id
         WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3 AND used_at IS NULL AND active = TRUE",
        params![&secret_hash(secret), purpose.text(), now.0],
    )?;
    let (id, email, name) = row.ok_or(Error::LinkExpired)?;
    Ok((id, LinkOwner { email, name }))
}

/// Uses the link: sets the password, ends every older session, begins a new one. Returns the cookie's value.
pub fn accept(
    tx: &mut Tx<'_>,
    secret: &str,
    purpose: Purpose,
    name: Option<&str>,
    password_hash: &str,
    visitor: &login::Visitor,
    now: Time,
) -> Result<(AgentId, String)> {
    let (id, _) = owner(tx, secret, purpose, now)?;
    tx.exec("UPDATE link SET used_at = $2 WHERE token_hash = $1", params![&secret_hash(secret), now.0])?;
    tx.exec("UPDATE agent SET password_hash = $2 WHERE id = $1", params![id, password_hash])?;
    if let Some(name) = name {
        tx.exec("UPDATE agent SET name = $2 WHERE id = $1", params![id, &error::line("name", name, 120)?])?;
    }
    tx.exec("DELETE FROM session WHERE agent_id = $1", params![id])?;
    event::append(tx, "agent.password_set", 0, Author::Agent(id.0), &json!({ "by": purpose.text() }), now)?;
    Ok((id, login::begin_session(tx, id, visitor, now)?))
}
