//! Agents: the colleagues themselves, their teams, and how they are named to customers.

use super::roles;
use crate::department::brands::Face;
use crate::{Actor, AgentId, Error, InboxId, Permission, Result, RoleId, TeamId, actor::Sight, audit, error};
use opora_base::{Time, Tx, params};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// A colleague.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Agent {
    /// Their number in the database.
    pub id: AgentId,
    /// How colleagues know them.
    pub name: String,
    /// Their permanent number ("Agent #345"), never reused.
    pub number: i64,
    /// Where they are reached.
    pub email: String,
    /// Their role.
    pub role_id: RoleId,
    /// Their teams.
    pub team_ids: Vec<TeamId>,
    /// May come in.
    pub active: bool,
    /// Has a password already (an invited colleague has none).
    pub joined: bool,
}

/// A colleague to be created.
#[derive(Clone, Debug)]
pub struct NewAgent<'a> {
    /// Where they are reached; also their login.
    pub email: &'a str,
    /// How colleagues know them.
    pub name: &'a str,
    /// Their role.
    pub role_id: RoleId,
    /// `None` until they accept the invitation.
    pub password_hash: Option<&'a str>,
    /// "ru" or "en".
    pub locale: &'a str,
}

/// Changes to a colleague; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct AgentChange {
    /// How colleagues know them.
    pub name: Option<String>,
    /// Their role.
    pub role_id: Option<RoleId>,
    /// Their teams, all of them.
    pub team_ids: Option<Vec<TeamId>>,
    /// May come in.
    pub active: Option<bool>,
}

type Columns = (AgentId, String, i64, String, RoleId, bool, bool);
const SELECT: &str = "SELECT id, name, number, email, role_id, active, password_hash IS NOT NULL FROM agent";

fn agent(row: Columns, team_ids: Vec<TeamId>) -> Agent {
    let (id, name, number, email, role_id, active, joined) = row;
    Agent { id, name, number, email, role_id, team_ids, active, joined }
}

/// Everybody, in the order of their coming.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Agent>> {
    let rows: Vec<Columns> = tx.query(&format!("{SELECT} ORDER BY id"), &[])?;
    let members: Vec<(AgentId, TeamId)> =
        tx.query("SELECT agent_id, team_id FROM team_member ORDER BY team_id", &[])?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let teams = members.iter().filter(|(a, _)| *a == row.0).map(|(_, t)| *t).collect();
            agent(row, teams)
        })
        .collect())
}

/// One colleague.
pub fn get(tx: &mut Tx<'_>, id: AgentId) -> Result<Agent> {
    let row: Option<Columns> = tx.opt(&format!("{SELECT} WHERE id = $1"), params![id])?;
    let teams = tx.query("SELECT team_id FROM team_member WHERE agent_id = $1 ORDER BY team_id", params![id])?;
    row.map(|row| agent(row, teams)).ok_or(Error::NotFound("agent"))
}

/// The colleague with that address.
pub fn by_email(tx: &mut Tx<'_>, email: &str) -> Result<Agent> {
    let id: Option<AgentId> =
        tx.opt("SELECT id FROM agent WHERE email_key = $1", params![&error::address_key(email)])?;
    get(tx, id.ok_or(Error::NotFound("agent"))?)
}

/// Creates a colleague. The address must be new.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, new: &NewAgent<'_>, now: Time) -> Result<AgentId> {
    actor.need(Permission::PeopleManage)?;
    let email = error::address("email", new.email)?;
    let name = error::line("name", new.name, 120)?;
    let role = roles::get(tx, new.role_id)?;
    roles::may_grant(actor, &role.permissions)?;
    let taken: Option<i64> =
        tx.opt("SELECT 1 FROM agent WHERE email_key = $1", params![&error::address_key(&email)])?;
    if taken.is_some() {
        return Err(Error::field("email", "taken", "somebody here has this address already"));
    }
    let number: i64 = tx.one("SELECT COALESCE(max(number), 100) + 1 FROM agent", &[])?;
    let id: AgentId = tx.one(
        "INSERT INTO agent (email, email_key, name, number, password_hash, role_id, active, locale, theme, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, TRUE, $7, 'system', $8) RETURNING id",
        params![&email, &error::address_key(&email), &name, number, new.password_hash, new.role_id, new.locale, now.0],
    )?;
    let agent = get(tx, id)?;
    audit::record(tx, actor, told("created", None, &agent), now)?;
    Ok(id)
}

/// Changes a colleague. The last active administrator can be neither switched off nor made something else.
pub fn change(tx: &mut Tx<'_>, actor: &Actor, id: AgentId, change: &AgentChange, now: Time) -> Result<Agent> {
    actor.need(Permission::PeopleManage)?;
    let before = get(tx, id)?;
    let old_role = roles::get(tx, before.role_id)?;
    roles::may_grant(actor, &old_role.permissions)?;
    if let Some(name) = &change.name {
        let name = error::line("name", name, 120)?;
        tx.exec("UPDATE agent SET name = $2 WHERE id = $1", params![id, &name])?;
    }
    if let Some(role_id) = change.role_id {
        let role = roles::get(tx, role_id)?;
        roles::may_grant(actor, &role.permissions)?;
        tx.exec("UPDATE agent SET role_id = $2 WHERE id = $1", params![id, role_id])?;
    }
    if let Some(active) = change.active {
        tx.exec("UPDATE agent SET active = $2 WHERE id = $1", params![id, active])?;
        if !active {
            tx.exec("DELETE FROM session WHERE agent_id = $1", params![id])?;
            tx.exec("DELETE FROM api_token WHERE agent_id = $1", params![id])?;
        }
    }
    if let Some(teams) = &change.team_ids {
        join_teams(tx, id, teams)?;
    }
    let admins: i64 = tx.one(
        "SELECT count(*) FROM agent JOIN role ON role.id = agent.role_id WHERE role.key = 'admin' AND agent.active = TRUE",
        &[],
    )?;
    if admins == 0 {
        return Err(Error::field("active", "last_admin", "the department needs one active administrator"));
    }
    let after = get(tx, id)?;
    audit::record(tx, actor, told("changed", Some(&before), &after), now)?;
    Ok(after)
}

fn told<'a>(verb: &'static str, before: Option<&Agent>, agent: &'a Agent) -> audit::Change<'a> {
    let (before, after) = (before.map(|agent| json!(agent)), Some(json!(agent)));
    audit::Change { verb, object: "agent", id: agent.id.0, name: &agent.name, before, after }
}

/// Puts the colleague into exactly these teams.
pub fn join_teams(tx: &mut Tx<'_>, id: AgentId, teams: &[TeamId]) -> Result<()> {
    tx.exec("DELETE FROM team_member WHERE agent_id = $1", params![id])?;
    for team in teams {
        let known: Option<i64> = tx.opt("SELECT 1 FROM team WHERE id = $1", params![*team])?;
        known.ok_or_else(|| Error::field("team_ids", "unknown", format!("there is no team {team}")))?;
        tx.exec(
            "INSERT INTO team_member (team_id, agent_id) VALUES ($1, $2) ON CONFLICT (team_id, agent_id) DO NOTHING",
            params![*team, id],
        )?;
    }
    Ok(())
}

/// The colleague as somebody who acts, with what their role allows and what they may see.
pub fn actor(tx: &mut Tx<'_>, id: AgentId) -> Result<Actor> {
    let agent = get(tx, id)?;
    if !agent.active {
        return Err(Error::NotFound("agent"));
    }
    let role = roles::get(tx, agent.role_id)?;
    let sight = sight(tx, id, &role.permissions)?;
    Ok(Actor { agent: Some(id), permissions: role.permissions, sight })
}

/// Those who lead: they see everything and settle what nobody else can.
pub(crate) fn who_lead(tx: &mut Tx<'_>) -> Result<Vec<AgentId>> {
    let leading = [Permission::TicketViewAll, Permission::QuarantineManage];
    let mut roles = roles::list(tx)?;
    roles.retain(|role| leading.iter().all(|needed| role.permissions.contains(needed)));
    let everybody = list(tx)?.into_iter().filter(|agent| agent.active);
    Ok(everybody.filter(|agent| roles.iter().any(|role| role.id == agent.role_id)).map(|agent| agent.id).collect())
}

/// What somebody with these permissions sees: everything, or their teams' and their own.
pub(super) fn sight(tx: &mut Tx<'_>, id: AgentId, permissions: &[Permission]) -> Result<Sight> {
    if !permissions.contains(&Permission::TicketView) {
        return Ok(Sight::Teams(Vec::new(), Vec::new()));
    }
    if permissions.contains(&Permission::TicketViewAll) {
        return Ok(Sight::Everything);
    }
    let teams = tx.query("SELECT team_id FROM team_member WHERE agent_id = $1 ORDER BY team_id", params![id])?;
    let inboxes: Vec<InboxId> = tx.query(
        "SELECT inbox.id FROM inbox JOIN team_member ON team_member.team_id = inbox.team_id WHERE agent_id = $1",
        params![id],
    )?;
    Ok(Sight::Teams(teams, inboxes))
}

/// How a brand names this colleague to its customers [S9.1]. `en` chooses the words of the numbered form.
pub fn public_name(name: &str, number: i64, face: Face, locale: &str) -> String {
    match face {
        Face::FullName => name.to_owned(),
        Face::FirstName => first_name(name).to_owned(),
        Face::Number if locale == "ru" => format!("Сотрудник №{number}"),
        Face::Number => format!("Agent #{number}"),
    }
}

/// The given name: the first word that is not an initial or a title.
fn first_name(name: &str) -> &str {
    name.split_whitespace().find(|word| word.chars().count() > 2 || !word.ends_with('.')).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brand_decides_which_name_a_customer_sees() {
        assert_eq!(public_name("Анна Петрова", 345, Face::FullName, "ru"), "Анна Петрова");
        assert_eq!(public_name("Анна Петрова", 345, Face::FirstName, "ru"), "Анна");
        assert_eq!(public_name("Анна Петрова", 345, Face::Number, "ru"), "Сотрудник №345");
        assert_eq!(public_name("Anna Petrova", 345, Face::Number, "en"), "Agent #345");
    }
}
