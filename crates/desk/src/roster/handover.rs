//! The hand-over at the end of a shift: a few words for whoever comes, with the open matters listed by themselves. Whoever
//! comes ticks that they have read it.

use super::changed;
use super::classes;
use crate::tickets::{self, Status};
use crate::{Actor, AgentId, Error, QuestionClassId, Result, TicketId};
use opora_base::{Sql, Time, Tx, event, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use utoipa::ToSchema;

/// What was handed over longer ago is history.
const SHOWN: Duration = Duration::from_secs(3 * 86_400);
const MOST_TICKETS: i64 = 200;
const LONGEST: usize = 10_000;

/// An open matter.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OpenMatter {
    /// Which ticket.
    pub ticket_id: TicketId,
    /// What it is about.
    pub subject: String,
    /// Where it stands now.
    pub status: Status,
}

/// A hand-over.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Handover {
    /// Its number.
    pub id: i64,
    /// For which class; `null` for the general shift.
    pub class_id: Option<QuestionClassId>,
    /// Who wrote it.
    pub agent_id: AgentId,
    /// What they say.
    pub text: String,
    /// What was open then, as it stands now; only what the reader may see.
    pub tickets: Vec<OpenMatter>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
    /// Who has read it.
    pub read_by: Vec<AgentId>,
}

/// A hand-over as somebody writes it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct HandoverForm {
    /// For which class; `null` for the general shift.
    #[serde(default)]
    pub class_id: Option<QuestionClassId>,
    /// What to say.
    #[serde(default)]
    pub text: String,
}

/// What one would hand over now: one's own tickets that are not done.
pub fn matters(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<OpenMatter>> {
    let mut sql = Sql::new("SELECT id, subject, status FROM ticket WHERE assignee_id = ");
    sql.bind(actor.agent_id()?).push(" AND ");
    sql.is_in("status", &[Status::New, Status::Open, Status::Waiting, Status::OnHold]);
    sql.push(" AND ");
    tickets::only_seen(&mut sql, actor, "");
    sql.push(" ORDER BY updated_at DESC LIMIT ").bind(MOST_TICKETS);
    read(tx, &sql)
}

fn read(tx: &mut Tx<'_>, sql: &Sql) -> Result<Vec<OpenMatter>> {
    let rows: Vec<(TicketId, String, Status)> = tx.query(sql.text(), sql.args())?;
    Ok(rows.into_iter().map(|(ticket_id, subject, status)| OpenMatter { ticket_id, subject, status }).collect())
}

/// Hands over.
pub fn write(tx: &mut Tx<'_>, actor: &Actor, form: &HandoverForm, now: Time) -> Result<Handover> {
    let me = actor.agent_id()?;
    classes::usable(tx, form.class_id)?;
    let text = form.text.trim();
    if text.chars().count() > LONGEST {
        return Err(Error::field("text", "too_long", format!("at most {LONGEST} characters")));
    }
    let matters = matters(tx, actor)?;
    if text.is_empty() && matters.is_empty() {
        return Err(Error::field("text", "required", "nothing is open; say something"));
    }
    let ids: Vec<TicketId> = matters.iter().map(|matter| matter.ticket_id).collect();
    let id: i64 = tx.one(
        "INSERT INTO roster_handover (class_id, agent_id, text, tickets, at) VALUES ($1, $2, $3, $4, $5) RETURNING id",
        params![form.class_id, me, text, &json!(ids), now.0],
    )?;
    let what = json!({ "handover": id, "class": form.class_id });
    event::append(tx, "roster.handed_over", 0, actor.author(), &what, now)?;
    changed(tx, actor, None, now)?;
    let mut shown = list(tx, actor, now)?;
    shown.retain(|one| one.id == id);
    shown.pop().ok_or(Error::NotFound("handover"))
}

/// The hand-overs of the last days, the latest first.
pub fn list(tx: &mut Tx<'_>, actor: &Actor, now: Time) -> Result<Vec<Handover>> {
    type Columns = (i64, Option<i64>, AgentId, String, Value, i64);
    let rows: Vec<Columns> = tx.query(
        "SELECT id, class_id, agent_id, text, tickets, at FROM roster_handover WHERE at > $1 ORDER BY at DESC, id DESC
         LIMIT 50",
        params![now.minus(SHOWN).0],
    )?;
    let mut all = Vec::with_capacity(rows.len());
    for (id, class, agent_id, text, tickets, at) in rows {
        let ids: Vec<i64> = serde_json::from_value(tickets).unwrap_or_default();
        let ids: Arc<[i64]> = ids.into();
        let mut sql = Sql::new("SELECT id, subject, status FROM ticket WHERE ");
        sql.among("id", &ids).push(" AND ");
        tickets::only_seen(&mut sql, actor, "");
        sql.push(" ORDER BY updated_at DESC");
        let read_by = tx.query(
            "SELECT agent_id FROM roster_handover_read WHERE handover_id = $1 ORDER BY at, agent_id",
            params![id],
        )?;
        let tickets = read(tx, &sql)?;
        let class_id = class.map(QuestionClassId);
        all.push(Handover { id, class_id, agent_id, text, tickets, at: Time(at), read_by });
    }
    Ok(all)
}

/// Ticks that I have read it.
pub fn mark_read(tx: &mut Tx<'_>, actor: &Actor, id: i64, now: Time) -> Result<()> {
    let me = actor.agent_id()?;
    let known: Option<i64> = tx.opt("SELECT 1 FROM roster_handover WHERE id = $1", params![id])?;
    known.ok_or(Error::NotFound("handover"))?;
    let new = tx.exec(
        "INSERT INTO roster_handover_read (handover_id, agent_id, at) VALUES ($1, $2, $3)
         ON CONFLICT (handover_id, agent_id) DO NOTHING",
        params![id, me, now.0],
    )?;
    if new > 0 {
        changed(tx, actor, None, now)?;
    }
    Ok(())
}
