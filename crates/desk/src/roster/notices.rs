//! What colleagues are told of the roster. The words are those of every language: days, hours and names.

use super::scene::zone_of;
use super::shifts::Shift;
use super::span::{Span, zoned};
use super::{classes, rules};
use crate::{Actor, AgentId, Result};
use opora_base::{Time, Tx, event};
use serde_json::json;

/// The event by which the notifications' follower learns of it.
pub const EVENT: &str = "roster.told";

/// Tells one person, unless they did it themselves.
pub(super) fn tell(tx: &mut Tx<'_>, actor: &Actor, agent: AgentId, kind: &str, text: &str, now: Time) -> Result<()> {
    if actor.agent != Some(agent) {
        let what = json!({ "to": agent, "kind": kind, "text": text });
        event::append(tx, EVENT, 0, actor.author(), &what, now)?;
    }
    Ok(())
}

/// A shift of theirs is another one.
pub(super) fn shift_changed(tx: &mut Tx<'_>, actor: &Actor, agent: AgentId, shift: &Shift, now: Time) -> Result<()> {
    let text = words(tx, agent, shift)?;
    tell(tx, actor, agent, "roster", &text, now)
}

/// A shift of theirs is no more.
pub(super) fn shift_gone(tx: &mut Tx<'_>, actor: &Actor, shift: &Shift, now: Time) -> Result<()> {
    let text = format!("✕ {}", words(tx, shift.agent_id, shift)?);
    tell(tx, actor, shift.agent_id, "roster", &text, now)
}

/// A shift in a line, by the reader's clock: "23.11 19:00 – 24.11 07:00 · Backend".
pub(super) fn words(tx: &mut Tx<'_>, reader: AgentId, shift: &Shift) -> Result<String> {
    let hours = hours(tx, reader, shift.span())?;
    Ok(match shift.class_id {
        Some(class) => format!("{hours} · {}", classes::get(tx, class)?.name),
        None => hours,
    })
}

/// From when until when, by the reader's clock.
pub(super) fn hours(tx: &mut Tx<'_>, reader: AgentId, span: Span) -> Result<String> {
    let house = rules(tx)?.time_zone();
    let zone = zone_of(tx, reader, &house)?;
    let (from, until) = (zoned(span.from, &zone), zoned(span.until, &zone));
    Ok(if from.date() == until.date() {
        format!("{} – {}", from.strftime("%d.%m %H:%M"), until.strftime("%H:%M"))
    } else {
        format!("{} – {}", from.strftime("%d.%m %H:%M"), until.strftime("%d.%m %H:%M"))
    })
}
