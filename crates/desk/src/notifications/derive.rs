//! Out of events: whom does that concern? Nobody is told what they did themselves, nor the same thing twice.

use super::{digest, push, settings};
use crate::tickets::{self, Standing, answering, talks};
use crate::{AgentId, MessageId, Result, TicketId, people, roster};
use opora_base::event::{self, Author, Event};
use opora_base::{Time, Tx, params};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The follower's name in the log.
pub const FOLLOWER: &str = "notifications";
const BATCH: i64 = 200;

/// How far a round of following came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Followed {
    /// There is more.
    More,
    /// That is all for now.
    AllOfIt,
}

/// Is there anything to look at? What this follower itself says is nothing.
pub fn is_behind(tx: &mut Tx<'_>) -> Result<bool> {
    let Some(position) = event::position(tx, FOLLOWER)? else { return Ok(true) };
    let events = event::after(tx, position, BATCH)?;
    Ok(events.len() as i64 == BATCH || events.iter().any(|event| event.kind != "notification.new"))
}

/// Looks at the next events and writes down whom they concern, in one transaction with the place in the log.
pub fn follow(tx: &mut Tx<'_>, now: Time) -> Result<Followed> {
    let Some(position) = event::position(tx, FOLLOWER)? else {
        // A department that is older than this follower is not told its whole past.
        let end = event::end(tx)?;
        event::advance(tx, FOLLOWER, end)?;
        return Ok(Followed::More);
    };
    let events = event::after(tx, position, BATCH)?;
    let Some(last) = events.last() else { return Ok(Followed::AllOfIt) };
    for event in &events {
        concerning(tx, event, now)?;
    }
    event::advance(tx, FOLLOWER, last.at_cursor)?;
    Ok(if events.len() as i64 == BATCH { Followed::More } else { Followed::AllOfIt })
}

/// Writes down whom this event concerns.
fn concerning(tx: &mut Tx<'_>, event: &Event, now: Time) -> Result<()> {
    if event.kind == roster::TOLD {
        return of_roster(tx, event, now);
    }
    let watched = matches!(
        event.kind.as_str(),
        "ticket.assigned"
            | "ticket.handed_over"
            | "ticket.woke"
            | "message.note"
            | "message.received"
            | "message.held"
            | "message.failed"
            | "talk.message"
            | "talk.changed"
            | "sla.warning"
            | "sla.breached"
            | answering::EVENT
    );
    // Who is answering is no change of the ticket: the log tells it beside.
    let about = if event.kind == answering::EVENT { event.data["ticket"].as_i64() } else { Some(event.subject) };
    let Some(id) = about.filter(|id| watched && *id != 0) else { return Ok(()) };
    let Ok(ticket) = Standing::read(tx, TicketId(id)) else { return Ok(()) };
    let talk = event.data.get("talk").and_then(Value::as_i64);
    let message = event.data.get("message").and_then(Value::as_i64).map(MessageId);
    let mut kinds: BTreeMap<AgentId, &str> = BTreeMap::new();
    let mut tell = |who: Vec<AgentId>, kind: &'static str| {
        for agent in who {
            kinds.entry(agent).or_insert(kind);
        }
    };
    let owner: Vec<AgentId> = ticket.assignee_id.into_iter().collect();
    match event.kind.as_str() {
        "ticket.assigned" => tell(agents(&event.data["to"]), "assigned"),
        "ticket.handed_over" => tell(agents(&event.data["to"]), "handed_over"),
        "ticket.woke" => tell(owner, "snooze_over"),
        "sla.warning" => tell(responsible(tx, &ticket)?, "due_soon"),
        "sla.breached" => {
            tell(responsible(tx, &ticket)?, "too_late");
            if event.data["tell_leads"] == true {
                tell(people::agents::who_lead(tx)?, "too_late");
            }
        }
        "message.held" => tell(agents(&event.data["author"]), "held"),
        "message.failed" => tell(owner, "failed"),
        "talk.message" => tell(talks::members(tx, talk.unwrap_or_default())?, "talk"),
        "talk.changed" => tell(agents(&event.data["added"]), "talk"),
        answering::EVENT => tell(agents(&event.data["from"]), "taken_over"),
        "message.note" => {
            tell(agents(&event.data["mentions"]), "mention");
            tell(followers(tx, ticket.id)?, "follow");
        }
        _ => {
            tell(agents(&event.data["assignee"]), "answer");
            tell(followers(tx, ticket.id)?, "follow");
        }
    }
    if let Author::Agent(id) = event.author {
        kinds.remove(&AgentId(id));
    }
    let text = match (message, event.data.get("talk_message").and_then(Value::as_i64)) {
        (Some(message), _) => words(tx, message)?,
        (None, Some(said)) => talks::words_of(tx, said)?,
        (None, None) => event.data.get("note").and_then(Value::as_str).unwrap_or_default().to_owned(),
    };
    for (agent, kind) in kinds {
        let Ok(reader) = people::agents::actor(tx, agent) else { continue };
        let sees = reader.sees(ticket.inbox_id, ticket.team_id, ticket.assignee_id);
        if sees {
            tell_one(tx, agent, kind, (ticket.id, message, talk), event, &text, now)?;
        }
    }
    Ok(())
}

/// The roster says itself whom it concerns, and in which words.
fn of_roster(tx: &mut Tx<'_>, event: &Event, now: Time) -> Result<()> {
    let (kind, text) =
        (event.data["kind"].as_str().unwrap_or("roster"), event.data["text"].as_str().unwrap_or_default());
    for agent in agents(&event.data["to"]) {
        if people::agents::actor(tx, agent).is_ok() {
            tell_one(tx, agent, kind, (TicketId(0), None, None), event, text, now)?;
        }
    }
    Ok(())
}

/// Writes it down and tells it in the ways this person wants, if they want it at all.
fn tell_one(
    tx: &mut Tx<'_>,
    agent: AgentId,
    kind: &str,
    about: (TicketId, Option<MessageId>, Option<i64>),
    event: &Event,
    text: &str,
    now: Time,
) -> Result<()> {
    let wanted = settings::of(tx, agent)?;
    let how = wanted.how(kind);
    if !(how.app || how.push || how.mail) {
        return Ok(());
    }
    let id = keep(tx, agent, kind, about, event, text, now)?;
    if how.push && now.since(event.at) < push::NEWS && wanted.quiet_until(now).is_none() {
        push::tell(tx, agent, id, now)?;
    }
    if how.mail {
        digest::due(tx, agent, &wanted, now)?;
    }
    Ok(())
}

fn keep(
    tx: &mut Tx<'_>,
    agent: AgentId,
    kind: &str,
    (ticket, message, talk): (TicketId, Option<MessageId>, Option<i64>),
    event: &Event,
    text: &str,
    now: Time,
) -> Result<i64> {
    let (author_kind, author_id) = match event.author {
        Author::Agent(id) => ("agent", Some(id)),
        Author::Contact(id) => ("contact", Some(id)),
        Author::System => ("system", None),
    };
    let id: i64 = tx.one(
        "INSERT INTO notification (agent_id, kind, ticket_id, message_id, talk_id, author_kind, author_id, text, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
        params![agent, kind, ticket, message, talk, author_kind, author_id, &tickets::preview(text), event.at.0],
    )?;
    let what = json!({ "notification": id, "agent": agent });
    event::append(tx, "notification.new", 0, Author::System, &what, now)?;
    Ok(id)
}

/// Whoever has the ticket; else its team; else those who lead: nothing is late unseen.
fn responsible(tx: &mut Tx<'_>, ticket: &Standing) -> Result<Vec<AgentId>> {
    if let Some(agent) = ticket.assignee_id
        && people::agents::get(tx, agent)?.active
    {
        return Ok(vec![agent]);
    }
    let team: Vec<AgentId> = match ticket.team_id {
        Some(team) => tx.query(
            "SELECT m.agent_id FROM team_member m JOIN agent a ON a.id = m.agent_id
             WHERE m.team_id = $1 AND a.active = TRUE ORDER BY m.agent_id",
            params![team],
        )?,
        None => Vec::new(),
    };
    if team.is_empty() { people::agents::who_lead(tx) } else { Ok(team) }
}

fn followers(tx: &mut Tx<'_>, ticket: TicketId) -> Result<Vec<AgentId>> {
    Ok(tx.query("SELECT agent_id FROM ticket_follower WHERE ticket_id = $1 ORDER BY agent_id", params![ticket])?)
}

fn words(tx: &mut Tx<'_>, message: MessageId) -> Result<String> {
    let text: Option<String> = tx.opt("SELECT visible FROM message WHERE id = $1", params![message])?;
    Ok(text.unwrap_or_default())
}

fn agents(value: &Value) -> Vec<AgentId> {
    match value {
        Value::Array(list) => list.iter().filter_map(Value::as_i64).map(AgentId).collect(),
        one => one.as_i64().map(AgentId).into_iter().collect(),
    }
}
