//! A letter of what is still unread, once an hour or once a day, never while somebody is not to be disturbed.

use super::settings::{self, Digest, NotificationSettings};
use super::{Notification, SELECT};
use crate::people::agents;
use crate::tickets::only_seen;
use crate::{AgentId, Result};
use jiff::civil::Time as Clock;
use jiff::{Timestamp, ToSpan};
use opora_base::{Sql, Time, Tx, job, params};
use serde_json::json;

/// The queue digests are put in: they are letters of the house.
pub const QUEUE: &str = "mail.letter";
const HOUR: i64 = 3_600;
/// A letter names at most so many; the workspace has the rest.
const MOST: i64 = 50;

/// A digest about to be written.
#[derive(Clone, Debug)]
pub struct Contents {
    /// What it tells, the oldest first.
    pub items: Vec<Notification>,
    /// Where the reader reaches the department, as far as is known.
    pub base_url: String,
}

/// A letter is due some time from now on, unless one is already.
pub(super) fn due(tx: &mut Tx<'_>, agent: AgentId, settings: &NotificationSettings, now: Time) -> Result<()> {
    let Some(at) = next(settings, now) else { return Ok(()) };
    let payload = json!({ "to": agent, "kind": "digest" });
    let key = format!("digest:{agent}:{}", at.0);
    job::enqueue(tx, &job::NewJob { queue: QUEUE, dedupe_key: &key, payload: &payload, run_at: at }, now)?;
    Ok(())
}

/// When the next digest goes.
fn next(settings: &NotificationSettings, now: Time) -> Option<Time> {
    let zone = settings.zone();
    let at = match settings.digest {
        Digest::Off => return None,
        Digest::Hourly => Time::from_seconds((now.seconds() / HOUR + 1) * HOUR),
        Digest::Daily => {
            let clock: Clock = format!("{}:00", settings.digest_at).parse().ok()?;
            let here = Timestamp::from_microsecond(now.0).ok()?.to_zoned(zone);
            let today = here.date().to_datetime(clock).to_zoned(here.time_zone().clone()).ok()?;
            let day = if today > here { today } else { today.checked_add(1.day()).ok()? };
            Time(day.timestamp().as_microsecond())
        }
    };
    Some(settings.quiet_until(at).unwrap_or(at))
}

/// What a digest says now: what wants to be told by mail, is unread, was in none before, and is about tickets the reader may
/// see by now. Nothing when there is nothing to say any more, or nobody to say it to.
pub fn contents(tx: &mut Tx<'_>, agent: AgentId) -> Result<Option<Contents>> {
    let settings = settings::of(tx, agent)?;
    if settings.digest == Digest::Off {
        return Ok(None);
    }
    let known: Option<(i64, String)> =
        tx.opt("SELECT digested, base_url FROM notification_setting WHERE agent_id = $1", params![agent])?;
    let (digested, base_url) = known.unwrap_or_default();
    let Ok(reader) = agents::actor(tx, agent) else { return Ok(None) };
    let mut sql = Sql::new(format!("{SELECT} WHERE n.agent_id = "));
    sql.bind(agent).push(" AND n.read = FALSE AND n.id > ").bind(digested).push(" AND ");
    sql.is_in("n.kind", &settings.kinds_told(|how| how.mail)).push(" AND (n.ticket_id = 0 OR (t.id IS NOT NULL AND ");
    only_seen(&mut sql, &reader, "t.");
    sql.push(")) ORDER BY n.id LIMIT ").bind(MOST);
    let items: Vec<Notification> = tx.query(sql.text(), sql.args())?;
    Ok((!items.is_empty()).then_some(Contents { items, base_url }))
}

/// A digest that was due in the night, after a restart or a failure, goes in the morning. Answers whether it waits.
pub fn waits(tx: &mut Tx<'_>, agent: AgentId, now: Time) -> Result<bool> {
    let settings = settings::of(tx, agent)?;
    let quiet = settings.quiet_until(now).is_some();
    if quiet {
        due(tx, agent, &settings, now)?;
    }
    Ok(quiet)
}

/// A digest has gone that ended with this notification. What did not fit goes with the next one.
pub fn told(tx: &mut Tx<'_>, agent: AgentId, last: i64, now: Time) -> Result<()> {
    tx.exec(
        "UPDATE notification_setting SET digested = $2 WHERE agent_id = $1 AND digested < $2",
        params![agent, last],
    )?;
    if contents(tx, agent)?.is_some() {
        let settings = settings::of(tx, agent)?;
        due(tx, agent, &settings, now)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::settings::Quiet;
    use super::*;

    fn at(text: &str) -> Time {
        Time(text.parse::<Timestamp>().unwrap().as_microsecond())
    }

    fn moscow(digest: Digest, quiet: Option<(&str, &str)>) -> NotificationSettings {
        NotificationSettings {
            digest,
            digest_at: "09:00".into(),
            time_zone: "Europe/Moscow".into(),
            quiet: quiet.map(|(from, to)| Quiet { from: from.into(), to: to.into(), days: (0..7).collect() }),
            ..NotificationSettings::default()
        }
    }

    #[test]
    fn an_hourly_digest_goes_at_the_full_hour_and_a_daily_one_at_its_time_where_its_reader_is() {
        let now = at("2026-11-22T19:12:00Z");
        assert_eq!(next(&moscow(Digest::Hourly, None), now), Some(at("2026-11-22T20:00:00Z")));
        assert_eq!(next(&moscow(Digest::Daily, None), now), Some(at("2026-11-23T06:00:00Z")));
        assert_eq!(next(&moscow(Digest::Daily, None), at("2026-11-22T05:00:00Z")), Some(at("2026-11-22T06:00:00Z")));
        assert_eq!(next(&moscow(Digest::Off, None), now), None);
    }

    #[test]
    fn a_digest_waits_for_the_end_of_the_quiet_hours() {
        let quiet = moscow(Digest::Hourly, Some(("20:00", "08:30")));
        assert_eq!(next(&quiet, at("2026-11-22T19:12:00Z")), Some(at("2026-11-23T05:30:00Z")));
        assert_eq!(next(&quiet, at("2026-11-22T12:12:00Z")), Some(at("2026-11-22T13:00:00Z")));
    }
}
