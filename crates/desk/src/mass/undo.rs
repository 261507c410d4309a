//! Taking an action back: each ticket gets again what it had, unless somebody has changed that since.

use super::step::{Before, Step, next};
use super::{MassAction, UNFINISHED, agent, answers_leave, enqueue, find, get, lock, tell};
use crate::tickets::{self, Change, Priority, Standing, Status};
use crate::{Actor, AgentId, Error, MessageId, Result, TeamId, TicketId};
use opora_base::{Time, Tx, params};
use serde_json::Value;

/// Begins to take an action back, within its time.
pub fn undo(tx: &mut Tx<'_>, actor: &Actor, id: i64, now: Time) -> Result<MassAction> {
    get(tx, actor, id)?;
    let action = lock(tx, id)?;
    let in_time = action.undo_until.is_some_and(|until| now <= until);
    if !in_time || !matches!(action.state.as_str(), "done" | "cancelled") {
        return Err(Error::AlreadySent);
    }
    tx.exec("UPDATE mass_action SET state = 'undoing', undo_until = NULL WHERE id = $1", params![id])?;
    answers_leave(tx, &action, "done", now.plus(UNFINISHED))?;
    enqueue(tx, id, "undo", now)?;
    tell(tx, &action, now)?;
    find(tx, id)
}

/// The next few tickets back.
pub(super) fn back(tx: &mut Tx<'_>, action: &MassAction, many: i64, now: Time) -> Result<Step> {
    let done = next(tx, action.id, "done", many)?;
    if done.is_empty() {
        tx.exec("UPDATE mass_action SET state = 'undone' WHERE id = $1", params![action.id])?;
        answers_leave(tx, action, "kept", now)?;
        tell(tx, action, now)?;
        return Ok(Step::Over);
    }
    // Who began to take it back may be gone by now; it is taken back nevertheless.
    let actor = agent(tx, action)?.unwrap_or_else(Actor::system);
    let mut restored = 0;
    for ticket in done {
        let before: Option<Value> =
            tx.one("SELECT before FROM mass_item WHERE action_id = $1 AND ticket_id = $2", params![action.id, ticket])?;
        let before: Before = before.and_then(|before| serde_json::from_value(before).ok()).unwrap_or_default();
        let whole = one(tx, &actor, ticket, &before, now)?;
        restored += i64::from(whole);
        tx.exec(
            "UPDATE mass_item SET state = $3 WHERE action_id = $1 AND ticket_id = $2",
            params![action.id, ticket, if whole { "undone" } else { "kept" }],
        )?;
    }
    tx.exec("UPDATE mass_action SET done = done - $2 WHERE id = $1", params![action.id, restored])?;
    tell(tx, action, now)?;
    Ok(Step::More)
}

/// Puts one ticket back. Answers whether everything could be.
fn one(tx: &mut Tx<'_>, actor: &Actor, id: TicketId, before: &Before, now: Time) -> Result<bool> {
    let Ok(standing) = Standing::lock(tx, id) else { return Ok(false) };
    // A field somebody has changed since is theirs.
    let mine = |field: &str| standing.changed.get(field).and_then(Value::as_i64).unwrap_or(0) <= before.version;
    let status = before.status.as_deref().and_then(Status::parse).filter(|_| mine("status"));
    let priority = before
        .priority
        .as_deref()
        .and_then(|text| Priority::ALL.iter().copied().find(|p| p.text() == text))
        .filter(|_| mine("priority"));
    let whole = mine("status") && mine("priority") && mine("assignee_id") && mine("team_id") && mine("tags");
    let change = Change {
        priority,
        assignee_id: mine("assignee_id").then(|| before.assignee_id.map(AgentId)),
        team_id: mine("team_id").then(|| before.team_id.map(TeamId)),
        tags: mine("tags").then(|| before.tags.clone()),
        ..Change::default()
    };
    let answered = before.reply.map_or(Ok(true), |reply| withdraw(tx, actor, MessageId(reply), now))?;
    if let Some(note) = before.note {
        tickets::remove_note(tx, actor, MessageId(note), now)?;
    }
    let standing = Standing::lock(tx, id)?;
    let stood = status.map(|status| tickets::back_to(&standing, status, before.snoozed_until, now)).unwrap_or_default();
    let change = Change { status: stood.status, snooze: stood.snooze, ..change };
    tickets::apply(tx, actor, &standing, &change, now)?;
    Ok(whole && answered)
}

/// Takes an answer back, also from a ticket that was moved out of its writer's sight. Answers false when it has left.
fn withdraw(tx: &mut Tx<'_>, actor: &Actor, reply: MessageId, now: Time) -> Result<bool> {
    let taken = tickets::find_message(tx, reply).and_then(|reply| tickets::withdraw(tx, actor, &reply, now));
    match taken {
        Ok(()) => Ok(true),
        Err(Error::AlreadySent | Error::NotFound(_)) => Ok(false),
        Err(error) => Err(error),
    }
}
