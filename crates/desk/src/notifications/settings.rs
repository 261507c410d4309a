//! How somebody wants to be told: what at all, what also by a notice of the browser, and when not to be disturbed.

use crate::{Actor, AgentId, Error, Result};
use jiff::Timestamp;
use jiff::civil::Time as Clock;
use jiff::tz::TimeZone;
use opora_base::{Time, Tx, params};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use utoipa::ToSchema;

const KINDS: &[&str] = &[
    "mention",
    "assigned",
    "handed_over",
    "answer",
    "follow",
    "held",
    "snooze_over",
    "failed",
    "talk",
    "taken_over",
    "due_soon",
    "too_late",
    "roster",
    "roster_asked",
    "roster_answered",
];

/// By what one kind of notification is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct HowTold {
    /// In the workspace.
    pub app: bool,
    /// By a notice of the browser.
    pub push: bool,
    /// In the digest.
    pub mail: bool,
}

impl Default for HowTold {
    fn default() -> Self {
        HowTold { app: true, push: true, mail: true }
    }
}

impl HowTold {
    /// What somebody gets who chose nothing: a digest holds what asks for them, not every word of a customer.
    fn of(kind: &str) -> HowTold {
        HowTold { mail: !matches!(kind, "answer" | "follow" | "snooze_over"), ..HowTold::default() }
    }
}

/// How often a letter tells what is unread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Digest {
    /// Never.
    #[default]
    Off,
    /// At the full hour.
    Hourly,
    /// Once a day.
    Daily,
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct NotificationSettings {
    /// By kind; those left out are told in every way.
    pub kinds: BTreeMap<String, HowTold>,
    /// When not to be disturbed.
    pub quiet: Option<Quiet>,
    /// Where the person is, as an IANA time zone; empty when the browser knows best.
    pub time_zone: String,
    /// How often a letter tells what is unread.
    pub digest: Digest,
    /// When a daily one goes, "09:00".
    pub digest_at: String,
}

impl Default for NotificationSettings {
    fn default() -> Self {
        NotificationSettings {
            kinds: BTreeMap::new(),
            quiet: None,
            time_zone: String::new(),
            digest: Digest::Off,
            digest_at: "09:00".to_owned(),
        }
    }
}

impl NotificationSettings {
    /// How one kind is told.
    pub(super) fn how(&self, kind: &str) -> HowTold {
        self.kinds.get(kind).copied().unwrap_or_else(|| HowTold::of(kind))
    }

    /// The kinds that are told in this way.
    pub(super) fn kinds_told(&self, way: impl Fn(HowTold) -> bool) -> Vec<&'static str> {
        KINDS.iter().copied().filter(|kind| way(self.how(kind))).collect()
    }

    /// Where the person is, as far as the server knows.
    pub(crate) fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// Until when the person is not to be disturbed at this moment; nothing when they may be.
    pub(super) fn quiet_until(&self, at: Time) -> Option<Time> {
        let quiet = self.quiet.as_ref()?;
        let (from, to) = (clock(&quiet.from)?, clock(&quiet.to)?);
        let here = Timestamp::from_microsecond(at.0).ok()?.to_zoned(self.zone());
        // It began today, or yesterday and goes over midnight.
        for began in [here.date(), here.date().yesterday().ok()?] {
            let day = u8::try_from(began.weekday().to_monday_zero_offset()).ok()?;
            let ends_on = if to > from { began } else { began.tomorrow().ok()? };
            let begins = began.to_datetime(from).to_zoned(here.time_zone().clone()).ok()?;
            let ends = ends_on.to_datetime(to).to_zoned(here.time_zone().clone()).ok()?;
            if quiet.days.contains(&day) && begins <= here && here < ends {
                return Some(Time(ends.timestamp().as_microsecond()));
            }
        }
        None
    }
}

fn clock(text: &str) -> Option<Clock> {
    (text.len() == 5).then(|| format!("{text}:00").parse().ok()).flatten()
}

/// How I want to be told.
pub fn settings(tx: &mut Tx<'_>, actor: &Actor) -> Result<NotificationSettings> {
    let mut settings = of(tx, actor.agent_id()?)?;
    for kind in KINDS {
        settings.kinds.entry((*kind).to_owned()).or_insert_with(|| HowTold::of(kind));
    }
    Ok(settings)
}

pub(crate) fn of(tx: &mut Tx<'_>, agent: AgentId) -> Result<NotificationSettings> {
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
    if clock(&wanted.digest_at).is_none() {
        return Err(Error::field("digest_at", "malformed", "a time such as 09:00"));
    }
    if let Some(quiet) = &wanted.quiet {
        for (field, text) in [("quiet.from", &quiet.from), ("quiet.to", &quiet.to)] {
            if clock(text).is_none() {
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

/// Remembers where somebody reaches the department, for the links of their digest.
pub fn remember_base_url(tx: &mut Tx<'_>, actor: &Actor, url: &str) -> Result<()> {
    let agent = actor.agent_id()?;
    tx.exec("UPDATE notification_setting SET base_url = $2 WHERE agent_id = $1", params![agent, url])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(text: &str) -> Time {
        Time(text.parse::<Timestamp>().unwrap().as_microsecond())
    }

    #[test]
    fn quiet_hours_go_over_midnight_and_belong_to_the_day_they_begin() {
        let settings = NotificationSettings {
            quiet: Some(Quiet { from: "20:00".into(), to: "08:00".into(), days: vec![4] }),
            time_zone: "Europe/Moscow".into(),
            ..NotificationSettings::default()
        };
        // Friday evening and Saturday morning in Moscow, not Saturday evening.
        assert_eq!(settings.quiet_until(at("2026-11-20T17:30:00Z")), Some(at("2026-11-21T05:00:00Z")));
        assert_eq!(settings.quiet_until(at("2026-11-21T04:59:00Z")), Some(at("2026-11-21T05:00:00Z")));
        assert_eq!(settings.quiet_until(at("2026-11-21T05:00:00Z")), None);
        assert_eq!(settings.quiet_until(at("2026-11-21T17:30:00Z")), None);
        assert_eq!(settings.quiet_until(at("2026-11-20T16:59:00Z")), None);
    }
}
