//! What each colleague can take: whether they are there, how much at once, and what they are able to do.

use super::choose::{ALL, Candidate};
use crate::{Actor, AgentId, Error, Permission, Result, audit, error, people};
use opora_base::{Time, Tx, event, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use utoipa::ToSchema;

/// Whose screen was connected no longer ago is there.
pub const THERE: Duration = Duration::from_secs(180);
/// Nobody takes more at once.
const MOST: i64 = 1_000;
/// One's own raise: no further than this many times one's limit, and no longer than a day [S4.1].
const RAISE: i64 = 2;
const LONGEST_RAISE: Duration = Duration::from_secs(86_400);

/// A colleague as routing sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Worker {
    /// Who.
    pub agent_id: AgentId,
    /// Takes nothing at present.
    pub away: bool,
    /// A screen of theirs is connected.
    pub connected: bool,
    /// Tickets in hand, by channel.
    pub load: BTreeMap<String, i64>,
    /// The most they take at once, by channel, "*" for all together; what is not named has no limit.
    pub limits: BTreeMap<String, i64>,
    /// What they have raised themselves to.
    pub raised: BTreeMap<String, i64>,
    /// Until when.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub raised_until: Option<Time>,
    /// What they are able to do: languages, products.
    pub skills: Vec<String>,
}

/// What somebody can take, as those who lead set it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct WorkerForm {
    /// The most they take at once, by channel, "*" for all together.
    pub limits: BTreeMap<String, i64>,
    /// What they are able to do.
    pub skills: Vec<String>,
}

/// A raise of one's own limit.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct RaiseForm {
    /// By channel; empty: back to the usual.
    pub limits: BTreeMap<String, i64>,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    pub until: Time,
}

type Kept = (AgentId, bool, i64, Value, Value, i64, Value, i64);

fn kept(tx: &mut Tx<'_>) -> Result<BTreeMap<AgentId, Kept>> {
    let rows: Vec<Kept> =
        tx.query("SELECT agent_id, away, seen_at, limits, raised, raised_until, skills, turn_at FROM agent_work", &[])?;
    Ok(rows.into_iter().map(|row| (row.0, row)).collect())
}

fn map(value: &Value) -> BTreeMap<String, i64> {
    serde_json::from_value(value.clone()).unwrap_or_default()
}

/// How much everybody has in hand.
fn loads(tx: &mut Tx<'_>) -> Result<BTreeMap<AgentId, BTreeMap<String, i64>>> {
    let rows: Vec<(AgentId, String, i64)> = tx.query(
        "SELECT assignee_id, channel, count(*) FROM ticket WHERE assignee_id IS NOT NULL AND active = TRUE
         GROUP BY assignee_id, channel",
        &[],
    )?;
    let mut loads: BTreeMap<AgentId, BTreeMap<String, i64>> = BTreeMap::new();
    for (agent, channel, count) in rows {
        loads.entry(agent).or_default().insert(channel, count);
    }
    Ok(loads)
}

/// Everybody who may come in.
pub fn list(tx: &mut Tx<'_>, actor: &Actor, now: Time) -> Result<Vec<Worker>> {
    actor.need(Permission::TicketView)?;
    let (kept, mut loads) = (kept(tx)?, loads(tx)?);
    let agents = people::agents::list(tx)?.into_iter().filter(|agent| agent.active);
    Ok(agents
        .map(|agent| worker(agent.id, kept.get(&agent.id), loads.remove(&agent.id).unwrap_or_default(), now))
        .collect())
}

fn worker(agent_id: AgentId, kept: Option<&Kept>, load: BTreeMap<String, i64>, now: Time) -> Worker {
    let raised_until = kept.map(|row| Time(row.5)).filter(|until| *until > now);
    Worker {
        agent_id,
        away: kept.is_some_and(|row| row.1),
        connected: kept.is_some_and(|row| now.since(Time(row.2)) < THERE),
        load,
        limits: kept.map(|row| map(&row.3)).unwrap_or_default(),
        raised: kept.filter(|_| raised_until.is_some()).map(|row| map(&row.4)).unwrap_or_default(),
        raised_until,
        skills: kept.and_then(|row| serde_json::from_value(row.6.clone()).ok()).unwrap_or_default(),
    }
}

/// Everybody who is there and takes tickets, as the decision sees them.
pub(super) fn there(tx: &mut Tx<'_>, now: Time) -> Result<BTreeMap<AgentId, Candidate>> {
    let turns = kept(tx)?;
    let mut there = BTreeMap::new();
    for worker in list(tx, &Actor::system(), now)? {
        if worker.away || !worker.connected {
            continue;
        }
        let mut limits = worker.limits;
        for (channel, raised) in worker.raised {
            limits.entry(channel).and_modify(|limit| *limit = raised.max(*limit));
        }
        let turn_at = Time(turns.get(&worker.agent_id).map_or(0, |row| row.7));
        let (agent, load, skills) = (worker.agent_id, worker.load, worker.skills);
        there.insert(agent, Candidate { agent, load, limits, skills, turn_at });
    }
    Ok(there)
}

/// Who has said that they take nothing.
pub(super) fn away(tx: &mut Tx<'_>) -> Result<Vec<AgentId>> {
    Ok(tx.query("SELECT agent_id FROM agent_work WHERE away = TRUE", &[])?)
}

/// Makes sure that there is a row to change.
fn touch(tx: &mut Tx<'_>, agent: AgentId) -> Result<()> {
    tx.exec(
        "INSERT INTO agent_work (agent_id, limits, raised, skills) VALUES ($1, $2, $2, $3) ON CONFLICT (agent_id) DO NOTHING",
        params![agent, json!({}), json!([])],
    )?;
    Ok(())
}

/// Their turn was now.
pub(super) fn had_turn(tx: &mut Tx<'_>, agent: AgentId, now: Time) -> Result<()> {
    touch(tx, agent)?;
    tx.exec("UPDATE agent_work SET turn_at = $2 WHERE agent_id = $1", params![agent, now.0])?;
    Ok(())
}

/// Their screens are connected.
pub fn seen(tx: &mut Tx<'_>, agents: &[AgentId], now: Time) -> Result<()> {
    for agent in agents {
        touch(tx, *agent)?;
        tx.exec("UPDATE agent_work SET seen_at = $2 WHERE agent_id = $1 AND seen_at < $2", params![*agent, now.0])?;
    }
    tx.wake();
    Ok(())
}

/// Says that one takes nothing at present, or takes again.
pub fn set_away(tx: &mut Tx<'_>, actor: &Actor, away: bool, now: Time) -> Result<()> {
    let agent = actor.agent_id()?;
    touch(tx, agent)?;
    let sql = "UPDATE agent_work SET away = $2 WHERE agent_id = $1 AND away <> $2";
    if tx.exec(sql, params![agent, away])? == 1 {
        event::append(tx, "work.away", 0, actor.author(), &json!({ "agent": agent, "away": away }), now)?;
    }
    Ok(())
}

/// Sets what somebody can take.
pub fn set(tx: &mut Tx<'_>, actor: &Actor, agent: AgentId, form: &WorkerForm, now: Time) -> Result<()> {
    actor.need(Permission::PeopleManage)?;
    let person = people::agents::get(tx, agent)?;
    check_limits(&form.limits)?;
    let skills = clean_skills(&form.skills)?;
    let before = worker(agent, kept(tx)?.get(&agent), BTreeMap::new(), now);
    touch(tx, agent)?;
    tx.exec(
        "UPDATE agent_work SET limits = $2, skills = $3 WHERE agent_id = $1",
        params![agent, json!(form.limits), json!(skills)],
    )?;
    let before = Some(json!({ "limits": before.limits, "skills": before.skills }));
    let after = Some(json!({ "limits": form.limits, "skills": skills }));
    let change = audit::Change { verb: "changed", object: "work", id: agent.0, name: &person.name, before, after };
    audit::record(tx, actor, change, now)?;
    tx.wake();
    Ok(())
}

/// Takes more than usual for a while, by one's own choice.
pub fn raise(tx: &mut Tx<'_>, actor: &Actor, form: &RaiseForm, now: Time) -> Result<()> {
    let agent = actor.agent_id()?;
    check_limits(&form.limits)?;
    let usual = worker(agent, kept(tx)?.get(&agent), BTreeMap::new(), now).limits;
    for (channel, raised) in &form.limits {
        let limit = usual.get(channel).copied().unwrap_or(MOST);
        if *raised > limit.saturating_mul(RAISE) {
            return Err(Error::field("limits", "out_of_range", format!("at most {RAISE} times the usual {limit}")));
        }
    }
    if form.until <= now && !form.limits.is_empty() {
        return Err(Error::field("until", "past", "must lie in the future"));
    }
    if form.until > now.plus(LONGEST_RAISE) {
        return Err(Error::field("until", "too_far", "at most a day"));
    }
    touch(tx, agent)?;
    let until = if form.limits.is_empty() { 0 } else { form.until.0 };
    tx.exec(
        "UPDATE agent_work SET raised = $2, raised_until = $3 WHERE agent_id = $1",
        params![agent, json!(form.limits), until],
    )?;
    tx.wake();
    Ok(())
}

fn check_limits(limits: &BTreeMap<String, i64>) -> Result<()> {
    let named = |channel: &str| {
        channel == ALL || channel.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    if limits.len() > 20 || limits.keys().any(|channel| channel.is_empty() || channel.len() > 20 || !named(channel)) {
        return Err(Error::field("limits", "unknown", "a channel's name, or * for all together"));
    }
    if limits.values().any(|limit| !(0..=MOST).contains(limit)) {
        return Err(Error::field("limits", "out_of_range", format!("from 0 to {MOST}")));
    }
    Ok(())
}

pub(super) fn clean_skills(skills: &[String]) -> Result<Vec<String>> {
    let mut clean = Vec::new();
    for skill in skills {
        let skill = error::line("skills", skill, 60)?.to_lowercase();
        if !clean.contains(&skill) {
            clean.push(skill);
        }
    }
    if clean.len() > 50 {
        return Err(Error::field("skills", "too_many", "at most 50"));
    }
    Ok(clean)
}
