//! What was given and not picked up comes back: after the route's minutes, or when the person goes. Whoever let it lie is not
//! asked again for the same ticket, unless nobody else is left.

use super::people;
use crate::tickets::{self, Change, Standing};
use crate::{Actor, AgentId, Result, TicketId};
use opora_base::event::{self, Author};
use opora_base::{Time, Tx, params, timer};
use serde_json::{Value, json};
use std::time::Duration;

/// The timer of a ticket that was given and not picked up yet.
pub const RETURN_TIMER: &str = "route.return";

/// Who has let this ticket lie.
pub(super) fn passed(tx: &mut Tx<'_>, ticket: TicketId) -> Result<Vec<AgentId>> {
    let passed: Option<Value> = tx.opt("SELECT passed FROM route_offer WHERE ticket_id = $1", params![ticket])?;
    Ok(passed.and_then(|passed| serde_json::from_value(passed).ok()).unwrap_or_default())
}

/// The ticket was given: from now on it waits to be picked up.
pub(super) fn offered(
    tx: &mut Tx<'_>,
    ticket: TicketId,
    agent: AgentId,
    minutes: Option<i64>,
    now: Time,
) -> Result<()> {
    let Some(minutes) = minutes else { return Ok(()) };
    tx.exec(
        "INSERT INTO route_offer (ticket_id, agent_id, at, passed) VALUES ($1, $2, $3, $4)
         ON CONFLICT (ticket_id) DO UPDATE SET agent_id = excluded.agent_id, at = excluded.at",
        params![ticket, agent, now.0, json!([])],
    )?;
    let minutes = u64::try_from(minutes).unwrap_or(1);
    Ok(timer::set(tx, RETURN_TIMER, ticket.0, now.plus(Duration::from_secs(minutes * 60)))?)
}

/// Has the person looked at it, or done anything with it, since?
fn picked_up(tx: &mut Tx<'_>, ticket: TicketId, agent: AgentId, since: i64) -> Result<bool> {
    Ok(tx.one(
        "SELECT EXISTS (SELECT 1 FROM ticket_read r JOIN ticket t ON t.id = r.ticket_id
                        WHERE r.ticket_id = $1 AND r.agent_id = $2 AND r.message_id >= t.last_message_id)
             OR EXISTS (SELECT 1 FROM event WHERE subject = $1 AND author_kind = 'agent' AND author_id = $2 AND at >= $3)",
        params![ticket, agent, since],
    )?)
}

/// The minutes are over: what was not picked up is free again.
pub fn when_over(tx: &mut Tx<'_>, ticket: TicketId, now: Time) -> Result<()> {
    let offer: Option<(AgentId, i64)> =
        tx.opt("SELECT agent_id, at FROM route_offer WHERE ticket_id = $1", params![ticket])?;
    let Some((agent, at)) = offer else { return Ok(()) };
    take_back(tx, ticket, agent, at, "not_picked_up", now)
}

fn take_back(tx: &mut Tx<'_>, id: TicketId, agent: AgentId, at: i64, why: &str, now: Time) -> Result<()> {
    let ticket = Standing::lock(tx, id)?;
    let theirs = ticket.assignee_id == Some(agent) && ticket.status.is_active();
    if !theirs || picked_up(tx, id, agent, at)? {
        tx.exec("DELETE FROM route_offer WHERE ticket_id = $1", params![id])?;
        timer::clear(tx, RETURN_TIMER, id.0)?;
        return Ok(());
    }
    let mut passed = passed(tx, id)?;
    passed.push(agent);
    tx.exec("UPDATE route_offer SET passed = $2, agent_id = 0 WHERE ticket_id = $1", params![id, json!(passed)])?;
    timer::clear(tx, RETURN_TIMER, id.0)?;
    let what = json!({ "from": agent, "why": why });
    event::append(tx, "ticket.routed_back", id.0, Author::System, &what, now)?;
    let change = Change { assignee_id: Some(None), ..Change::default() };
    tickets::apply(tx, &Actor::system(), &ticket, &change, now)
}

/// Whoever has gone (away, or no screen connected) gives back what they have not picked up; who was switched off, everything.
pub(super) fn from_who_is_gone(tx: &mut Tx<'_>, now: Time) -> Result<()> {
    let left: Vec<(TicketId, AgentId)> = tx.query(
        "SELECT t.id, t.assignee_id FROM agent a JOIN ticket t ON t.assignee_id = a.id AND t.active = TRUE
         WHERE a.active = FALSE ORDER BY t.id LIMIT 100",
        &[],
    )?;
    for (id, agent) in left {
        let ticket = Standing::lock(tx, id)?;
        let what = json!({ "from": agent, "why": "switched_off" });
        event::append(tx, "ticket.routed_back", id.0, Author::System, &what, now)?;
        let change = Change { assignee_id: Some(None), ..Change::default() };
        tickets::apply(tx, &Actor::system(), &ticket, &change, now)?;
    }
    let offers: Vec<(TicketId, AgentId, i64)> =
        tx.query("SELECT ticket_id, agent_id, at FROM route_offer WHERE agent_id <> 0", &[])?;
    if offers.is_empty() {
        return Ok(());
    }
    let there = people::there(tx, now)?;
    for (ticket, agent, at) in offers {
        if !there.contains_key(&agent) {
            take_back(tx, ticket, agent, at, "gone", now)?;
        }
    }
    Ok(())
}
