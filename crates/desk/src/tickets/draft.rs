//! What an agent has begun to write, an answer and a note side by side: kept on the server, so that it is found on another
//! device and survives a crash. Who says over which draft theirs was written never replaces another one unseen.

use super::answering::{self, Answering};
use super::model::{Attachment, Recipients};
use crate::{Actor, Error, Result, TicketId};
use opora_base::{FromRow, Row, Time, Tx, params};
use serde::{Deserialize, Deserializer, Serialize};
use std::time::Duration;
use utoipa::ToSchema;

/// The longest draft, in bytes of HTML.
pub const LONGEST: usize = 1024 * 1024;

/// Times are told in milliseconds: two drafts kept one after the other differ by one at least.
const TOLD: Duration = Duration::from_millis(1);

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
    /// When it was kept last; later with every change.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Time,
}

impl FromRow for Draft {
    fn from_row(row: &Row<'_>) -> opora_base::Result<Self> {
        Ok(Draft {
            kind: row.get(0)?,
            body_html: row.get(1)?,
            recipients: serde_json::from_value(row.get(2)?).unwrap_or_default(),
            attachments: serde_json::from_value(row.get(3)?).unwrap_or_default(),
            updated_at: Time(row.get(4)?),
        })
    }
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
    /// The `updated_at` of the draft it was written over, `null` when there was none: another one is not replaced.
    /// Absent: whatever is there is replaced.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub over: Over,
}

/// Which draft a text was written over, if that is told; `None` inside when there was none.
pub type Over = Option<Option<Time>>;

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Over, D::Error> {
    Option::<Time>::deserialize(deserializer).map(Some)
}

fn known(kind: &str) -> Result<()> {
    if matches!(kind, "reply" | "note") {
        return Ok(());
    }
    Err(Error::field("kind", "unknown", "must be \"reply\" or \"note\""))
}

/// My drafts in this ticket, the one kept last first.
pub fn all(tx: &mut Tx<'_>, actor: &Actor, ticket: TicketId) -> Result<Vec<Draft>> {
    let Some(agent) = actor.agent else { return Ok(Vec::new()) };
    Ok(tx.query(
        "SELECT kind, body_html, recipients, attachments, updated_at FROM draft
         WHERE agent_id = $1 AND ticket_id = $2 ORDER BY updated_at DESC, kind DESC",
        params![agent, ticket],
    )?)
}

/// My draft of this kind ("reply", "note") in this ticket, if there is one.
pub fn get(tx: &mut Tx<'_>, actor: &Actor, ticket: TicketId, kind: &str) -> Result<Option<Draft>> {
    let Some(agent) = actor.agent else { return Ok(None) };
    Ok(tx.opt(
        "SELECT kind, body_html, recipients, attachments, updated_at FROM draft
         WHERE agent_id = $1 AND ticket_id = $2 AND kind = $3",
        params![agent, ticket, kind],
    )?)
}

/// Keeps my draft in this ticket, unless another one stands there than it was written over. Words of an answer say that I
/// am answering, unless somebody else is.
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
    known(&form.kind)?;
    if form.body_html.len() > LONGEST {
        return Err(Error::field("body_html", "too_long", format!("at most {LONGEST} bytes")));
    }
    let there = get(tx, actor, ticket, &form.kind)?;
    refuse_if_another(there.as_ref().filter(|there| there.body_html != form.body_html), form.over)?;
    let at = there.map_or(now, |there| now.max(there.updated_at.plus(TOLD)));
    tx.exec(
        "INSERT INTO draft (agent_id, ticket_id, kind, body_html, recipients, attachments, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (agent_id, ticket_id, kind) DO UPDATE SET body_html = excluded.body_html,
           recipients = excluded.recipients, attachments = excluded.attachments, updated_at = excluded.updated_at",
        params![
            actor.agent_id()?,
            ticket,
            &form.kind,
            &form.body_html,
            serde_json::to_value(&form.recipients).unwrap_or_default(),
            serde_json::to_value(&form.attachments).unwrap_or_default(),
            at.0
        ],
    )?;
    get(tx, actor, ticket, &form.kind)?.ok_or(Error::NotFound("draft"))
}

/// Another text was kept since: it is somebody's work and must be seen first.
fn refuse_if_another(there: Option<&Draft>, over: Over) -> Result<()> {
    match (there, over) {
        (Some(there), Some(over)) if over.map(as_told) != Some(as_told(there.updated_at)) => {
            Err(Error::DraftChanged(Box::new(there.clone())))
        }
        _ => Ok(()),
    }
}

/// A time in milliseconds, as it is told.
fn as_told(time: Time) -> i64 {
    time.0.div_euclid(1_000)
}

/// Throws my draft of this kind in this ticket away, unless it is another one than was seen. Without the answer I answer no
/// more.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, ticket: TicketId, kind: &str, over: Over, now: Time) -> Result<()> {
    known(kind)?;
    refuse_if_another(get(tx, actor, ticket, kind)?.as_ref(), over)?;
    if kind == "reply" {
        answering::release(tx, actor, ticket, now)?;
    }
    tx.exec(
        "DELETE FROM draft WHERE agent_id = $1 AND ticket_id = $2 AND kind = $3",
        params![actor.agent_id()?, ticket, kind],
    )?;
    Ok(())
}
