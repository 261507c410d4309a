//! What an agent has begun to write: kept on the server, so that it is found on another device and survives a crash.

use super::answering::{self, Answering};
use super::model::{Attachment, Recipients};
use crate::{Actor, Error, Result, TicketId};
use opora_base::{Time, Tx, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// The longest draft, in bytes of HTML.
pub const LONGEST: usize = 1024 * 1024;

/// A message begun.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Draft {
    /// "reply" or "note".
    pub kind: String,
    /// What is written so far.
    pub body_html: String,
    /// To whom it shall go.
    #[serde(flatten)]
    pub recipients: Recipients,
    /// Files put to it.
    pub attachments: Vec<Attachment>,
    /// When it was kept last.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Time,
}

/// A draft kept, and who is answering.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct KeptDraft {
    /// The draft.
    #[serde(flatten)]
    pub draft: Draft,
    /// Who is answering: I, or somebody else.
    pub answering: Option<Answering>,
}

/// A message begun, as it is handed in.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct DraftForm {
    /// "reply" or "note".
    pub kind: String,
    /// What is written so far.
    #[serde(default)]
    pub body_html: String,
    /// To whom it shall go.
    #[serde(flatten)]
    pub recipients: Recipients,
    /// Files put to it.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
}

/// My draft in this ticket, if there is one.
pub fn get(tx: &mut Tx<'_>, actor: &Actor, ticket: TicketId) -> Result<Option<Draft>> {
    let Some(agent) = actor.agent else { return Ok(None) };
    let row: Option<(String, String, Value, Value, i64)> = tx.opt(
        "SELECT kind, body_html, recipients, attachments, updated_at FROM draft WHERE agent_id = $1 AND ticket_id = $2",
        params![agent, ticket],
    )?;
    Ok(row.map(|(kind, body_html, recipients, attachments, updated_at)| Draft {
        kind,
        body_html,
        recipients: serde_json::from_value(recipients).unwrap_or_default(),
        attachments: serde_json::from_value(attachments).unwrap_or_default(),
        updated_at: Time(updated_at),
    }))
}

/// Keeps my draft in this ticket. Words of an answer say that I am answering, unless somebody else is.
pub fn keep(tx: &mut Tx<'_>, actor: &Actor, ticket: TicketId, form: &DraftForm, now: Time) -> Result<KeptDraft> {
    let draft = put(tx, actor, ticket, form, now)?;
    if form.kind == "reply" && says_something(&form.body_html) {
        answering::goes_on(tx, actor, ticket, now)?;
    }
    Ok(KeptDraft { draft, answering: answering::of(tx, ticket, now)? })
}

/// Is there anything between the tags?
fn says_something(html: &str) -> bool {
    let mut inside = false;
    html.contains("<img")
        || html.chars().any(|c| match c {
            '<' => {
                inside = true;
                false
            }
            '>' => {
                inside = false;
                false
            }
            c => !inside && !c.is_whitespace() && c != '\u{a0}',
        })
}

/// Keeps my draft in this ticket, quietly.
pub(super) fn put(tx: &mut Tx<'_>, actor: &Actor, ticket: TicketId, form: &DraftForm, now: Time) -> Result<Draft> {
    super::row::get(tx, actor, ticket)?;
    if !matches!(form.kind.as_str(), "reply" | "note") {
        return Err(Error::field("kind", "unknown", "must be \"reply\" or \"note\""));
    }
    if form.body_html.len() > LONGEST {
        return Err(Error::field("body_html", "too_long", format!("at most {LONGEST} bytes")));
    }
    tx.exec(
        "INSERT INTO draft (agent_id, ticket_id, kind, body_html, recipients, attachments, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (agent_id, ticket_id) DO UPDATE SET kind = excluded.kind, body_html = excluded.body_html,
           recipients = excluded.recipients, attachments = excluded.attachments, updated_at = excluded.updated_at",
        params![
            actor.agent_id()?,
            ticket,
            &form.kind,
            &form.body_html,
            serde_json::to_value(&form.recipients).unwrap_or_default(),
            serde_json::to_value(&form.attachments).unwrap_or_default(),
            now.0
        ],
    )?;
    get(tx, actor, ticket)?.ok_or(Error::NotFound("draft"))
}

/// Throws my draft in this ticket away: I answer no more.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, ticket: TicketId, now: Time) -> Result<()> {
    answering::release(tx, actor, ticket, now)?;
    tx.exec("DELETE FROM draft WHERE agent_id = $1 AND ticket_id = $2", params![actor.agent_id()?, ticket])?;
    Ok(())
}
