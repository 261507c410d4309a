//! The next few tickets of an action, in one transaction.

use super::{Action, MassAction, UNFINISHED, agent, finish, lock, tell};
use crate::tickets::{self, Change, MessageForm, Standing, Words};
use crate::{Actor, MessageId, Permission, Result, TicketId, templates};
use opora_base::{Time, Tx, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How far a step went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// There is more to do.
    More,
    /// It is finished, stopped or taken back.
    Over,
}

/// What a ticket was before, and what was written into it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Before {
    pub(super) status: Option<String>,
    pub(super) snoozed_until: Option<i64>,
    pub(super) assignee_id: Option<i64>,
    pub(super) team_id: Option<i64>,
    pub(super) priority: Option<String>,
    pub(super) tags: Vec<String>,
    /// The answer, to be taken back.
    pub(super) reply: Option<i64>,
    /// The note, to be removed.
    pub(super) note: Option<i64>,
    /// The version the ticket had afterwards.
    pub(super) version: i64,
}

/// Does the next `many` tickets. An error leaves all of them as they were: ask again for one at a time, and pass over the
/// first with [`fail_first`] when it fails alone.
pub fn step(tx: &mut Tx<'_>, id: i64, many: i64, now: Time) -> Result<Step> {
    let action = lock(tx, id)?;
    match action.state.as_str() {
        "running" => forward(tx, &action, many, now),
        "undoing" => super::undo::back(tx, &action, many, now),
        _ => Ok(Step::Over),
    }
}

fn forward(tx: &mut Tx<'_>, action: &MassAction, many: i64, now: Time) -> Result<Step> {
    let waiting = next(tx, action.id, "waiting", many)?;
    if waiting.is_empty() {
        finish(tx, action, "done", now)?;
        return Ok(Step::Over);
    }
    // Whoever lost a right meanwhile does not keep it for the rest of the list.
    let Some(actor) = agent(tx, action)? else {
        finish(tx, action, "cancelled", now)?;
        return Ok(Step::Over);
    };
    let wanted: Action = serde_json::from_value(action.action.clone()).unwrap_or_default();
    let (mut done, mut skipped) = (0, 0);
    for ticket in waiting {
        let before = one(tx, &actor, &wanted, ticket, now)?;
        let state = if before.is_some() { "done" } else { "skipped" };
        *(if before.is_some() { &mut done } else { &mut skipped }) += 1;
        tx.exec(
            "UPDATE mass_item SET state = $3, before = $4 WHERE action_id = $1 AND ticket_id = $2",
            params![action.id, ticket, state, before.map(|before| json!(before))],
        )?;
    }
    tx.exec(
        "UPDATE mass_action SET done = done + $2, skipped = skipped + $3 WHERE id = $1",
        params![action.id, done, skipped],
    )?;
    tell(tx, action, now)?;
    Ok(Step::More)
}

pub(super) fn next(tx: &mut Tx<'_>, id: i64, state: &str, many: i64) -> Result<Vec<TicketId>> {
    Ok(tx.query(
        "SELECT ticket_id FROM mass_item WHERE action_id = $1 AND state = $2 ORDER BY ticket_id LIMIT $3",
        params![id, state, many],
    )?)
}

/// Does it to one ticket. Nothing: it is as wanted already, or not this person's to see any more.
fn one(tx: &mut Tx<'_>, actor: &Actor, wanted: &Action, id: TicketId, now: Time) -> Result<Option<Before>> {
    let Ok(standing) = Standing::lock_seen(tx, actor, id) else { return Ok(None) };
    let had: Vec<String> = serde_json::from_value(standing.tags.clone()).unwrap_or_default();
    let mut before = Before {
        status: Some(standing.status.text().to_owned()),
        snoozed_until: standing.snoozed_until,
        assignee_id: standing.assignee_id.map(|a| a.0),
        team_id: standing.team_id.map(|t| t.0),
        priority: Some(standing.priority.text().to_owned()),
        tags: had.clone(),
        ..Before::default()
    };
    let mut tags = had;
    for tag in tickets::clean_tags(&wanted.add_tags)? {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    let unwanted = tickets::clean_tags(&wanted.remove_tags)?;
    tags.retain(|tag| !unwanted.contains(tag));
    if let Some(note) = &wanted.note {
        let form = MessageForm { kind: "note".to_owned(), ..MessageForm::default() };
        before.note = Some(tickets::write(tx, actor, id, &form, &Words::new(None, Some(note))?, now)?.0);
    }
    if let Some(reply) = &wanted.reply {
        before.reply = Some(answer(tx, actor, reply, id, now)?.0);
    }
    let standing = Standing::lock(tx, id)?;
    let version = standing.version;
    let change = Change {
        status: wanted.status,
        assignee_id: wanted.assignee_id,
        team_id: wanted.team_id,
        priority: wanted.priority,
        tags: (json!(tags) != standing.tags).then_some(tags),
        hand_over_note: wanted.hand_over_note.clone(),
        ..Change::default()
    };
    tickets::apply(tx, actor, &standing, &change, now)?;
    before.version = Standing::lock(tx, id)?.version;
    let touched = before.version != version || before.note.is_some() || before.reply.is_some();
    Ok(touched.then_some(before))
}

/// An answer that waits for the end of the whole action: that tells it when to leave.
fn answer(tx: &mut Tx<'_>, actor: &Actor, reply: &super::MassReply, ticket: TicketId, now: Time) -> Result<MessageId> {
    actor.need(Permission::TicketReply)?;
    let html = match (reply.template_id, &reply.body_html) {
        (Some(template), _) => templates::fill(tx, actor, template, ticket, "UTC", now)?.body_html,
        (None, Some(html)) => templates::fill_words(tx, actor, html, ticket, now)?,
        (None, None) => String::new(),
    };
    let send_at = Some(now.plus(UNFINISHED));
    let form = MessageForm { kind: "reply".to_owned(), send_at, frame: true, ..MessageForm::default() };
    tickets::write(tx, actor, ticket, &form, &Words::new(Some(&html), None)?, now)
}

/// Passes over the first waiting ticket, which could not be changed, and keeps the reason.
pub fn fail_first(tx: &mut Tx<'_>, id: i64, reason: &str, now: Time) -> Result<()> {
    let action = lock(tx, id)?;
    let (from, to) = if action.state == "undoing" { ("done", "kept") } else { ("waiting", "failed") };
    if let Some(ticket) = next(tx, id, from, 1)?.first() {
        let before: Option<Value> =
            tx.one("SELECT before FROM mass_item WHERE action_id = $1 AND ticket_id = $2", params![id, *ticket])?;
        let mut why = before.filter(Value::is_object).unwrap_or_else(|| json!({}));
        why["reason"] = json!(reason);
        tx.exec(
            "UPDATE mass_item SET state = $3, before = $4 WHERE action_id = $1 AND ticket_id = $2",
            params![id, *ticket, to, why],
        )?;
        tx.exec("UPDATE mass_action SET failed = failed + 1 WHERE id = $1", params![id])?;
        tell(tx, &action, now)?;
    }
    Ok(())
}
