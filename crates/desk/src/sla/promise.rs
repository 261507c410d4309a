//! Promises: by when a customer hears from us next [S2.4]. A promise has a clock like any other deadline: it reminds, shows in
//! the list and is late when nobody has answered by then.

use super::facts;
use super::rules::Rules;
use super::settle;
use crate::tickets::{self, Standing};
use crate::{Actor, AgentId, Error, MessageId, Permission, Result, TicketId, error};
use opora_base::{Time, Tx, event, params};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use utoipa::ToSchema;

/// Nothing is promised for later than this.
const LONGEST: Duration = Duration::from_secs(366 * 86_400);

/// By when a customer is to hear from us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PromiseForm {
    /// By when.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Time,
    /// What was promised, for colleagues.
    #[serde(default)]
    pub text: String,
}

/// A promise that is still to be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Promise {
    /// By when.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Time,
    /// What was promised, for colleagues.
    pub text: String,
    /// Who promised.
    pub agent_id: Option<AgentId>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Time,
}

/// The last promise of a ticket, kept or not.
#[derive(Clone, Debug)]
pub(super) struct Latest {
    pub id: i64,
    pub agent: Option<AgentId>,
    pub text: String,
    pub made_at: Time,
    pub due_at: Time,
    /// When it was over: by an answer, or taken back.
    pub over: Option<Time>,
    pub withdrawn: bool,
}

/// The last promise of a ticket.
pub(super) fn latest(tx: &mut Tx<'_>, ticket: TicketId) -> Result<Option<Latest>> {
    type Row = (i64, Option<AgentId>, String, i64, i64, Option<i64>);
    let row: Option<Row> = tx.opt(
        "SELECT id, agent_id, text, made_at, due_at, withdrawn_at FROM promise WHERE ticket_id = $1 ORDER BY id DESC LIMIT 1",
        params![ticket],
    )?;
    let Some((id, agent, text, made_at, due_at, withdrawn)) = row else { return Ok(None) };
    let answered = facts::answered_after(tx, ticket, Time(made_at))?;
    let over = withdrawn.map(Time).or(answered);
    let (made_at, due_at) = (Time(made_at), Time(due_at));
    Ok(Some(Latest { id, agent, text, made_at, due_at, over, withdrawn: withdrawn.is_some() }))
}

/// What is still to be kept of what was promised in a ticket.
pub(crate) fn of(tx: &mut Tx<'_>, ticket: TicketId) -> Result<Option<Promise>> {
    let open = latest(tx, ticket)?.filter(|promise| promise.over.is_none());
    Ok(open.map(|p| Promise { due_at: p.due_at, text: p.text, agent_id: p.agent, made_at: p.made_at }))
}

/// Promises the customer to hear from us by then, or moves what was promised.
pub fn make(tx: &mut Tx<'_>, actor: &Actor, id: TicketId, form: &PromiseForm, now: Time) -> Result<()> {
    actor.need(Permission::TicketReply)?;
    let ticket = Standing::lock_seen(tx, actor, id)?;
    if ticket.status.is_done() {
        return Err(Error::field("due_at", "ticket_is_done", "nobody waits for this ticket any more"));
    }
    give(tx, actor, id, None, form, now, now)?;
    settle_alone(tx, id, now)
}

/// The same with the answer that says so, which leaves at `from`.
pub(crate) fn with_answer(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: TicketId,
    answer: MessageId,
    form: &PromiseForm,
    from: Time,
    now: Time,
) -> Result<()> {
    give(tx, actor, id, Some(answer), form, from, now)?;
    settle_alone(tx, id, now)
}

fn give(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: TicketId,
    answer: Option<MessageId>,
    form: &PromiseForm,
    from: Time,
    now: Time,
) -> Result<()> {
    if form.due_at <= from {
        return Err(Error::field("due_at", "past", "must lie in the future"));
    }
    if form.due_at > from.plus(LONGEST) {
        return Err(Error::field("due_at", "too_far", "at most a year ahead"));
    }
    let text = if form.text.trim().is_empty() { String::new() } else { error::line("text", &form.text, 500)? };
    let open = latest(tx, id)?.filter(|promise| promise.over.is_none());
    let before = open.as_ref().map(|promise| promise.due_at);
    match open {
        Some(open) if answer.is_none() => tx.exec(
            "UPDATE promise SET due_at = $2, text = $3, agent_id = $4 WHERE id = $1",
            params![open.id, form.due_at.0, &text, actor.agent],
        )?,
        _ => tx.exec(
            "INSERT INTO promise (ticket_id, agent_id, message_id, text, made_at, due_at) VALUES ($1, $2, $3, $4, $5, $6)",
            params![id, actor.agent, answer, &text, from.0, form.due_at.0],
        )?,
    };
    let what = json!({ "due_at": form.due_at, "from": before, "text": text });
    event::append(tx, "ticket.promised", id.0, actor.author(), &what, now)?;
    Ok(())
}

/// Takes a promise back: nothing is due any more.
pub fn withdraw(tx: &mut Tx<'_>, actor: &Actor, id: TicketId, now: Time) -> Result<()> {
    actor.need(Permission::TicketReply)?;
    tickets::look(tx, actor, id)?;
    let open = latest(tx, id)?.filter(|promise| promise.over.is_none()).ok_or(Error::NotFound("promise"))?;
    tx.exec("UPDATE promise SET withdrawn_at = $2 WHERE id = $1", params![open.id, now.0])?;
    let what = json!({ "due_at": open.due_at });
    event::append(tx, "ticket.promise_withdrawn", id.0, actor.author(), &what, now)?;
    settle_alone(tx, id, now)
}

/// The answer that made it was taken back: it was never made.
pub(crate) fn unsaid(tx: &mut Tx<'_>, answer: MessageId) -> Result<()> {
    tx.exec("DELETE FROM promise WHERE message_id = $1", params![answer])?;
    Ok(())
}

/// At once, whether or not somebody follows the log already.
fn settle_alone(tx: &mut Tx<'_>, id: TicketId, now: Time) -> Result<()> {
    let mut rules = Rules::load(tx, now)?;
    rules.ask(tx, &Arc::from([id.0]), now)?;
    settle::settle(tx, &rules, id, now, now, "promise")
}
