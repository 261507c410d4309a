//! How somebody wants to be told: what at all, what also by a notice of the browser, and when not to be disturbed.

use crate::{Actor, AgentId, Error, Result};
use jiff::civil::Time as Clock;
use jiff::tz::TimeZone;
use opora_base::{Tx, params};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use utoipa::ToSchema;

const KINDS: &[&str] = &["mention", "assigned", "handed_over", "answer", "follow", "held", "snooze_over", "failed"];

/// By what one kind of notification is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct HowTold {
    /// In the workspace.
    pub app: bool,
    /// By a notice of the browser.
    pub push: bool,
}

impl Default for HowTold {
    fn default() -> Self {
        HowTold { app: true, push: true }
    }
}

/// When not to be disturbed: no notices of the browser then; the workspace keeps everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Quiet {
    /// From, "20:00".
    pub from: String,
    /// To, "08:00"; may be the next day.
    pub to: String,
    /// On these days of the week, 0 is Monday; the day on which it begins.
    pub days: Vec<u8>,
}

/// How somebody wants to be told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct NotificationSettings {
    /// By kind; those left out are told in every way.
    pub kinds: BTreeMap<String, HowTold>,
    /// When not to be disturbed.
    pub quiet: Option<Quiet>,
    /// Where the person is, as an IANA time zone; empty when the browser knows best.
    pub time_zone: String,
}

/// How I want to be told.
pub fn settings(tx: &mut Tx<'_>, actor: &Actor) -> Result<NotificationSettings> {
    let mut settings = of(tx, actor.agent_id()?)?;
    for kind in KINDS {
        settings.kinds.entry((*kind).to_owned()).or_default();
    }
    Ok(settings)
}

fn of(tx: &mut Tx<'_>, agent: AgentId) -> Result<NotificationSettings> {
    let value = tx.opt("SELECT value FROM notification_setting WHERE agent_id = $1", params![agent])?;
    Ok(value.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default())
}

/// Changes how I want to be told.
pub fn put_settings(tx: &mut Tx<'_>, actor: &Actor, wanted: &NotificationSettings) -> Result<NotificationSettings> {
    let agent = actor.agent_id()?;
    if wanted.kinds.keys().any(|kind| !KINDS.contains(&kind.as_str())) {
        return Err(Error::field("kinds", "unknown", format!("of {}", KINDS.join(", "))));
    }
    if !wanted.time_zone.is_empty() && TimeZone::get(&wanted.time_zone).is_err() {
        return Err(Error::field("time_zone", "unknown", "an IANA name such as Europe/Moscow"));
    }
    if let Some(quiet) = &wanted.quiet {
        for (field, text) in [("quiet.from", &quiet.from), ("quiet.to", &quiet.to)] {
            let fits = text.len() == 5 && format!("{text}:00").parse::<Clock>().is_ok();
            if !fits {
                return Err(Error::field(field, "malformed", "a time such as 20:00"));
            }
        }
        if quiet.days.iter().any(|day| *day > 6) {
            return Err(Error::field("quiet.days", "out_of_range", "0 (Monday) to 6 (Sunday)"));
        }
    }
    tx.exec(
        "INSERT INTO notification_setting (agent_id, value) VALUES ($1, $2)
         ON CONFLICT (agent_id) DO UPDATE SET value = excluded.value",
        params![agent, json!(wanted)],
    )?;
    settings(tx, actor)
}

/// Does somebody want to know of this kind at all?
pub(super) fn wants(tx: &mut Tx<'_>, agent: AgentId, kind: &str) -> Result<bool> {
    let told = of(tx, agent)?.kinds.get(kind).copied().unwrap_or_default();
    Ok(told.app || told.push)
}
