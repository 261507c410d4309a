//! Teams: who works together.

use crate::{Actor, AgentId, Error, Permission, Result, TeamId, audit, error};
use opora_base::{Time, Tx, params};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// A team.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Team {
    /// Its number.
    pub id: TeamId,
    /// Its name.
    pub name: String,
    /// Who is in it.
    pub member_ids: Vec<AgentId>,
}

/// What a team is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct TeamForm {
    /// Its name.
    pub name: String,
    /// Who is in it, all of them; absent: as it was.
    pub member_ids: Option<Vec<AgentId>>,
}

/// All teams.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Team>> {
    let rows: Vec<(TeamId, String)> = tx.query("SELECT id, name FROM team ORDER BY id", &[])?;
    let members: Vec<(TeamId, AgentId)> =
        tx.query("SELECT team_id, agent_id FROM team_member ORDER BY agent_id", &[])?;
    let of = |team| members.iter().filter(|(t, _)| *t == team).map(|(_, a)| *a).collect();
    Ok(rows.into_iter().map(|(id, name)| Team { id, name, member_ids: of(id) }).collect())
}

/// One team.
pub fn get(tx: &mut Tx<'_>, id: TeamId) -> Result<Team> {
    let name: Option<String> = tx.opt("SELECT name FROM team WHERE id = $1", params![id])?;
    let name = name.ok_or(Error::NotFound("team"))?;
    let member_ids = tx.query("SELECT agent_id FROM team_member WHERE team_id = $1 ORDER BY agent_id", params![id])?;
    Ok(Team { id, name, member_ids })
}

/// Makes a team.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, form: &TeamForm, now: Time) -> Result<Team> {
    actor.need(Permission::PeopleManage)?;
    let name = free_name(tx, &form.name, None)?;
    let id: TeamId = tx.one("INSERT INTO team (name) VALUES ($1) RETURNING id", params![&name])?;
    put_members(tx, id, form)?;
    let team = get(tx, id)?;
    audit::record(tx, actor, told("created", None, &team), now)?;
    Ok(team)
}

fn told<'a>(verb: &'static str, before: Option<&Team>, team: &'a Team) -> audit::Change<'a> {
    let (before, after) = (before.map(|team| json!(team)), Some(json!(team)));
    audit::Change { verb, object: "team", id: team.id.0, name: &team.name, before, after }
}

/// Renames a team or changes who is in it.
pub fn change(tx: &mut Tx<'_>, actor: &Actor, id: TeamId, form: &TeamForm, now: Time) -> Result<Team> {
    actor.need(Permission::PeopleManage)?;
    let before = get(tx, id)?;
    let name = free_name(tx, &form.name, Some(id))?;
    tx.exec("UPDATE team SET name = $2 WHERE id = $1", params![id, &name])?;
    put_members(tx, id, form)?;
    let team = get(tx, id)?;
    audit::record(tx, actor, told("changed", Some(&before), &team), now)?;
    Ok(team)
}

fn free_name(tx: &mut Tx<'_>, name: &str, own: Option<TeamId>) -> Result<String> {
    let name = error::line("name", name, 80)?;
    let other: Option<TeamId> = tx.opt("SELECT id FROM team WHERE name = $1", params![&name])?;
    if other.is_some() && other != own {
        return Err(Error::field("name", "taken", "a team of this name exists"));
    }
    Ok(name)
}

fn put_members(tx: &mut Tx<'_>, id: TeamId, form: &TeamForm) -> Result<()> {
    let Some(members) = &form.member_ids else { return Ok(()) };
    tx.exec("DELETE FROM team_member WHERE team_id = $1", params![id])?;
    for agent in members {
        let known: Option<i64> = tx.opt("SELECT 1 FROM agent WHERE id = $1", params![*agent])?;
        known.ok_or_else(|| Error::field("member_ids", "unknown", format!("there is no agent {agent}")))?;
        tx.exec(
            "INSERT INTO team_member (team_id, agent_id) VALUES ($1, $2) ON CONFLICT (team_id, agent_id) DO NOTHING",
            params![id, *agent],
        )?;
    }
    Ok(())
}
