//! Hands out what nobody has: first which route has a ticket, then who gets it. One decision after the other, each seeing what
//! the ones before it gave, so that nobody ever gets more than they take.

use super::choose::{Asked, Candidate, Chosen, Mode, Nobody, choose, share};
use super::routes::{self, Route};
use super::{giveback, people};
use crate::tickets::filter::impersonal;
use crate::tickets::{self, Change, Standing};
use crate::{Actor, AgentId, Result, TicketId};
use opora_base::event::{self, Author};
use opora_base::{Time, Tx, params};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// Tickets decided in one transaction.
const BATCH: i64 = 50;
/// So long those whose shift has begun are waited for in the morning.
const MORNING: Duration = Duration::from_secs(30 * 60);

/// Is there anything to hand out, or to look at for the first time?
pub fn is_behind(tx: &mut Tx<'_>) -> Result<bool> {
    let any: Option<i64> = tx.opt("SELECT id FROM route WHERE active = TRUE LIMIT 1", &[])?;
    if any.is_none() {
        return Ok(false);
    }
    Ok(tx.one(
        "SELECT EXISTS (SELECT 1 FROM ticket WHERE assignee_id IS NULL AND active = TRUE AND route_id IS NULL)
             OR EXISTS (SELECT 1 FROM ticket WHERE assignee_id IS NULL AND active = TRUE AND route_id > 0)
             OR EXISTS (SELECT 1 FROM route_offer WHERE agent_id <> 0)
             OR EXISTS (SELECT 1 FROM agent a JOIN ticket t ON t.assignee_id = a.id AND t.active = TRUE WHERE a.active = FALSE)",
        &[],
    )?)
}

/// One round: new tickets find their route, what is free is handed out. Answers how many got somebody.
pub fn distribute(tx: &mut Tx<'_>, now: Time) -> Result<usize> {
    let mut routes = routes::list(tx)?;
    routes.retain(|route| route.active);
    giveback::from_who_is_gone(tx, now)?;
    find_routes(tx, &routes, now)?;
    let routes: BTreeMap<i64, Route> = routes.into_iter().map(|route| (route.id.0, route)).collect();
    let free: Vec<(TicketId, i64, String, String)> = tx.query(
        "SELECT id, route_id, channel, route_why FROM ticket
         WHERE assignee_id IS NULL AND active = TRUE AND route_id > 0 ORDER BY priority DESC, waiting_since, id LIMIT $1",
        params![BATCH],
    )?;
    if free.is_empty() {
        return Ok(0);
    }
    let mut hall = Hall { there: people::there(tx, now)?, waiting: free.len() as i64, on_duty: BTreeMap::new() };
    let mut given = 0;
    for (id, route, channel, why) in free {
        let Some(route) = routes.get(&route).filter(|route| route.mode != Mode::Manual) else { continue };
        match hall.decide(tx, id, route, &channel, now)? {
            Ok((chosen, standing)) => {
                give(tx, route, &standing, &chosen, now)?;
                hall.gave(chosen.agent, &channel, now);
                given += 1;
            }
            Err(nobody) if why != nobody.code() => {
                tx.exec("UPDATE ticket SET route_why = $2 WHERE id = $1", params![id, nobody.code()])?;
                let what = json!({ "why": nobody.code(), "route": route.id });
                event::append(tx, "ticket.not_routed", id.0, Author::System, &what, now)?;
            }
            Err(_) => {}
        }
    }
    Ok(given)
}

/// Tickets nobody has looked at find their route, their class and their team.
fn find_routes(tx: &mut Tx<'_>, routes: &[Route], now: Time) -> Result<()> {
    let new: Vec<i64> = tx.query(
        "SELECT id FROM ticket WHERE assignee_id IS NULL AND active = TRUE AND route_id IS NULL ORDER BY priority, waiting_since, id LIMIT $1",
        params![4 * BATCH],
    )?;
    if new.is_empty() {
        return Ok(());
    }
    let mut left: BTreeSet<i64> = new.iter().copied().collect();
    for route in routes {
        let asked: Arc<[i64]> = left.iter().copied().collect();
        let filter = match impersonal(tx, &route.filter) {
            Ok(filter) => filter,
            Err(error @ crate::Error::Base(_)) => return Err(error),
            Err(error) => {
                mark(tx, route, &error.to_string(), now)?;
                continue;
            }
        };
        mark(tx, route, "", now)?;
        for id in tickets::fitting(tx, &filter, &asked, now)? {
            left.remove(&id);
            let ticket = Standing::lock(tx, TicketId(id))?;
            tx.exec("UPDATE ticket SET route_id = $2 WHERE id = $1", params![id, route.id])?;
            let change = Change {
                class_id: route.class_id.filter(|_| ticket.class_id.is_none()).map(Some),
                team_id: route.team_id.filter(|_| ticket.team_id.is_none()).map(Some),
                ..Change::default()
            };
            tickets::apply(tx, &Actor::system(), &ticket, &change, now)?;
        }
    }
    for id in left {
        tx.exec("UPDATE ticket SET route_id = 0 WHERE id = $1", params![id])?;
    }
    Ok(())
}

fn mark(tx: &mut Tx<'_>, route: &Route, why: &str, now: Time) -> Result<()> {
    if route.broken != why {
        tx.exec("UPDATE route SET broken = $2 WHERE id = $1", params![route.id, why])?;
        event::append(tx, "route.state", 0, Author::System, &json!({ "route": route.id, "broken": why }), now)?;
    }
    Ok(())
}

/// Everybody who is there, as the decisions of one round see them.
struct Hall {
    there: BTreeMap<AgentId, Candidate>,
    waiting: i64,
    /// By class: who is on duty and there, and how many who began just now are still to come.
    on_duty: BTreeMap<Option<i64>, (Vec<AgentId>, usize)>,
}

impl Hall {
    fn gave(&mut self, agent: AgentId, channel: &str, now: Time) {
        self.waiting -= 1;
        if let Some(candidate) = self.there.get_mut(&agent) {
            candidate.took(channel, now);
        }
    }

    fn decide(
        &mut self,
        tx: &mut Tx<'_>,
        id: TicketId,
        route: &Route,
        channel: &str,
        now: Time,
    ) -> Result<Result<(Chosen, Standing), Nobody>> {
        let standing = Standing::lock(tx, id)?;
        let (people, to_come) = self.people(tx, route, &standing, now)?;
        let mut candidates = Vec::new();
        for agent in people {
            let Some(candidate) = self.there.get(&agent) else { continue };
            // The switched-off have no actor; who may not see it cannot help.
            let Ok(actor) = crate::people::agents::actor(tx, agent) else { continue };
            let answers = actor.may(crate::Permission::TicketReply);
            if answers && actor.sees(standing.inbox_id, standing.team_id, Some(agent)) {
                candidates.push(candidate.clone());
            }
        }
        let passed = giveback::passed(tx, id)?;
        let before =
            if route.prefer.iter().any(|prefer| prefer == "last") { last_helper(tx, &standing)? } else { Vec::new() };
        let asked = Asked {
            channel,
            mode: route.mode,
            skills: &route.skills,
            before: &before,
            passed: &passed,
            share: share(self.waiting, &candidates, to_come),
        };
        Ok(choose(&candidates, &asked).map(|chosen| (chosen, standing)))
    }

    /// Who is asked, and how many of them are still to come this morning.
    fn people(
        &mut self,
        tx: &mut Tx<'_>,
        route: &Route,
        ticket: &Standing,
        now: Time,
    ) -> Result<(Vec<AgentId>, usize)> {
        if route.by_roster {
            let class = ticket.class_id.or(route.class_id);
            if let Some(known) = self.on_duty.get(&class.map(|class| class.0)) {
                return Ok(known.clone());
            }
            let mut on_duty = crate::roster::on_duty(tx, class, now)?;
            if on_duty.is_empty() && class.is_some() {
                // Nobody is there for the class: those at the desk for everything stand in.
                on_duty = crate::roster::general(tx, now)?;
            }
            let began = crate::roster::began_since(tx, now.minus(MORNING), now)?;
            let away = people::away(tx)?;
            let late =
                |agent: &&AgentId| began.contains(agent) && !self.there.contains_key(agent) && !away.contains(agent);
            let found = (on_duty.clone(), on_duty.iter().filter(late).count());
            self.on_duty.insert(class.map(|class| class.0), found.clone());
            return Ok(found);
        }
        let all: Vec<AgentId> = self.there.keys().copied().collect();
        let Some(team) = ticket.team_id.or(route.team_id) else { return Ok((all, 0)) };
        let members = crate::department::teams::get(tx, team)?.member_ids;
        Ok((members, 0))
    }
}

/// Who had this customer's last ticket.
fn last_helper(tx: &mut Tx<'_>, ticket: &Standing) -> Result<Vec<(AgentId, &'static str)>> {
    let last: Option<AgentId> = tx.opt(
        "SELECT assignee_id FROM ticket WHERE contact_id = $1 AND id <> $2 AND assignee_id IS NOT NULL
         ORDER BY updated_at DESC, id DESC LIMIT 1",
        params![ticket.contact_id, ticket.id],
    )?;
    Ok(last.map(|agent| (agent, "last")).into_iter().collect())
}

/// Gives it, and says why.
fn give(tx: &mut Tx<'_>, route: &Route, ticket: &Standing, chosen: &Chosen, now: Time) -> Result<()> {
    let change = Change { assignee_id: Some(Some(chosen.agent)), ..Change::default() };
    let class: Option<String> = match ticket.class_id {
        Some(class) => crate::roster::classes::get(tx, class).ok().map(|class| class.name),
        None => None,
    };
    let why: Value = json!({
        "to": chosen.agent, "route": route.id, "name": route.name, "why": chosen.why, "of": chosen.of,
        "on_duty": route.by_roster, "class": class,
    });
    event::append(tx, "ticket.routed", ticket.id.0, Author::System, &why, now)?;
    tickets::apply(tx, &Actor::system(), ticket, &change, now)?;
    tx.exec("UPDATE ticket SET route_why = '' WHERE id = $1 AND route_why <> ''", params![ticket.id])?;
    people::had_turn(tx, chosen.agent, now)?;
    giveback::offered(tx, ticket.id, chosen.agent, route.return_minutes, now)
}
