//! One change to many tickets: counted first, done as a job in small transactions, stopped or taken back at will.
//!
//! The tickets are written down when the action begins, each with its own state: a worker that dies is followed by another
//! one that goes on where it stopped, and nothing is done twice. What a ticket was before stands beside it, so that taking
//! back restores what nobody has changed since.

mod begin;
mod step;
mod undo;

pub use begin::{Preview, Wanted, begin, preview};
pub use step::{Step, fail_first, step};
pub use undo::undo;

use crate::present::present;
use crate::tickets::{JOB_KEY, Priority, Status};
use crate::{Actor, AgentId, Error, Result, TeamId, people};
use opora_base::{FromRow, Row, Time, Tx, event, job, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;
use utoipa::ToSchema;

/// The queue of mass actions.
pub const QUEUE: &str = "mass";
/// How long a finished action can be taken back.
pub const UNDO: Duration = Duration::from_secs(60);
/// Answers of an action that is not over wait this long; its end tells them when to leave. Only an action that nobody went
/// on with for so long sends them unfinished.
const UNFINISHED: Duration = Duration::from_secs(7 * 86_400);
/// At most so many tickets at once.
pub const MOST: i64 = 100_000;

/// What is to be done to each ticket; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Action {
    /// Where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Who has it; `null` for nobody.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<AgentId>)]
    pub assignee_id: Option<Option<AgentId>>,
    /// Which team; `null` for none.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Option<Option<TeamId>>,
    /// How pressing it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Tags it gets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add_tags: Vec<String>,
    /// Tags it loses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove_tags: Vec<String>,
    /// An answer to its customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<MassReply>,
    /// A note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// A word to the colleague who gets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hand_over_note: Option<String>,
}

/// An answer to many customers: a template, or words with the same variables.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct MassReply {
    /// The template.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template_id: Option<i64>,
    /// The words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_html: Option<String>,
}

/// An action and how far it has come.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MassAction {
    /// Its number.
    pub id: i64,
    /// Who does it.
    pub agent_id: AgentId,
    /// What is done.
    #[schema(value_type = Action)]
    pub action: Value,
    /// "running", "done", "cancelled", "undoing" or "undone".
    pub state: String,
    /// How many tickets it is about.
    pub total: i64,
    /// How many are changed.
    pub done: i64,
    /// How many could not be changed.
    pub failed: i64,
    /// How many were as wanted already.
    pub skipped: i64,
    /// Until when it can be taken back.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub undo_until: Option<Time>,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
}

const COLUMNS: &str = "id, agent_id, action, state, total, done, failed, skipped, undo_until, created_at";

impl FromRow for MassAction {
    fn from_row(row: &Row<'_>) -> opora_base::Result<Self> {
        Ok(MassAction {
            id: row.get(0)?,
            agent_id: row.get(1)?,
            action: row.get(2)?,
            state: row.get(3)?,
            total: row.get(4)?,
            done: row.get(5)?,
            failed: row.get(6)?,
            skipped: row.get(7)?,
            undo_until: row.get::<Option<i64>>(8)?.map(Time),
            created_at: Time(row.get(9)?),
        })
    }
}

/// One's own actions, the latest first.
pub fn list(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<MassAction>> {
    let sql = format!("SELECT {COLUMNS} FROM mass_action WHERE agent_id = $1 ORDER BY id DESC LIMIT 20");
    Ok(tx.query(&sql, params![actor.agent_id()?])?)
}

/// One of one's own actions.
pub fn get(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<MassAction> {
    let action = find(tx, id)?;
    if Some(action.agent_id) == actor.agent { Ok(action) } else { Err(Error::NotFound("mass action")) }
}

/// An action, whoever asks.
pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<MassAction> {
    let action: Option<MassAction> =
        tx.opt(&format!("SELECT {COLUMNS} FROM mass_action WHERE id = $1"), params![id])?;
    action.ok_or(Error::NotFound("mass action"))
}

fn lock(tx: &mut Tx<'_>, id: i64) -> Result<MassAction> {
    let action: Option<MassAction> =
        tx.opt(&format!("SELECT {COLUMNS} FROM mass_action WHERE id = $1 {{for_update}}"), params![id])?;
    action.ok_or(Error::NotFound("mass action"))
}

/// Whoever reads the log tells the person; a worker has something to do.
fn tell(tx: &mut Tx<'_>, action: &MassAction, now: Time) -> Result<()> {
    let what = json!({ "action": action.id, "agent": action.agent_id });
    event::append(tx, "mass.progress", 0, event::Author::System, &what, now)?;
    Ok(())
}

fn enqueue(tx: &mut Tx<'_>, id: i64, what: &str, now: Time) -> Result<()> {
    let key = format!("mass:{id}:{what}");
    let new = job::NewJob { queue: QUEUE, dedupe_key: &key, payload: &json!({ "action": id }), run_at: now };
    job::enqueue(tx, &new, now)?;
    Ok(())
}

/// Stops an action that runs; what is done stays done and can be taken back.
pub fn cancel(tx: &mut Tx<'_>, actor: &Actor, id: i64, now: Time) -> Result<MassAction> {
    get(tx, actor, id)?;
    let action = lock(tx, id)?;
    if action.state == "running" {
        finish(tx, &action, "cancelled", now)?;
    }
    find(tx, id)
}

/// An action that runs is over, done or cancelled: from now on it can be taken back, and when it no longer can its answers
/// leave.
fn finish(tx: &mut Tx<'_>, action: &MassAction, state: &str, now: Time) -> Result<()> {
    let until = now.plus(UNDO);
    tx.exec("UPDATE mass_action SET state = $2, undo_until = $3 WHERE id = $1", params![action.id, state, until.0])?;
    answers_leave(tx, action, "done", until)?;
    tell(tx, action, now)
}

/// The answers into its tickets in this state that have not left leave at this time.
fn answers_leave(tx: &mut Tx<'_>, action: &MassAction, state: &str, at: Time) -> Result<()> {
    if action.action.get("reply").is_none() {
        return Ok(());
    }
    tx.exec(
        &format!(
            "UPDATE job SET run_at = $3 WHERE state = 'ready' AND dedupe_key IN
               (SELECT '{JOB_KEY}' || (before ->> 'reply') FROM mass_item WHERE action_id = $1 AND state = $2)"
        ),
        params![action.id, state, at.0],
    )?;
    tx.exec(
        "UPDATE message SET undo_until = $3 WHERE state = 'scheduled' AND id IN
           (SELECT CAST(before ->> 'reply' AS {int}) FROM mass_item WHERE action_id = $1 AND state = $2)",
        params![action.id, state, at.0],
    )?;
    tx.wake();
    Ok(())
}

/// Whoever wanted it, with the rights they have now; nobody when they are gone.
fn agent(tx: &mut Tx<'_>, action: &MassAction) -> Result<Option<Actor>> {
    match people::agents::actor(tx, action.agent_id) {
        Ok(actor) => Ok(Some(actor)),
        Err(Error::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
