//! Browsers that are told while no page is open (Web Push, RFC 8030): whose they are, and what is to be told to them. The
//! telling itself leaves the program and is a worker's.

use super::Notification;
use crate::people::agents;
use crate::tickets;
use crate::{Actor, AgentId, Error, Result, SessionId, error};
use opora_base::{FromRow, Row, Time, Tx, job, params, setting};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;
use utoipa::ToSchema;

/// The queue of what is to be pushed.
pub const QUEUE: &str = "push";
/// The public half of the key by which push services know us, base64url without padding.
pub const PUBLIC_KEY: &str = "push.public_key";
/// The private half, sealed.
pub const PRIVATE_KEY: &str = "push.private_key";
/// What happened longer ago is no news.
pub(super) const NEWS: Duration = Duration::from_secs(60 * 60);
const MOST: i64 = 20;
const LONGEST: usize = 2_048;

/// A browser's own words of where and for whom to encrypt.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct PushForm {
    /// Where its push service takes messages for it.
    pub endpoint: String,
    /// Its keys.
    pub keys: PushKeys,
    /// What to call the device.
    pub name: String,
}

/// A browser's keys, base64url.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct PushKeys {
    /// Its public key on P-256.
    pub p256dh: String,
    /// Its secret of authentication.
    pub auth: String,
}

/// A browser that is told.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Device {
    /// Its number.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
}

impl FromRow for Device {
    fn from_row(row: &Row<'_>) -> opora_base::Result<Self> {
        Ok(Device { id: row.get(0)?, name: row.get(1)?, created_at: Time(row.get(2)?) })
    }
}

/// A browser as the worker needs it.
#[derive(Clone, Debug)]
pub struct Subscription {
    /// Its number.
    pub id: i64,
    /// Whose it is.
    pub agent: AgentId,
    /// Where its push service takes messages for it.
    pub endpoint: String,
    /// Its public key, base64url.
    pub p256dh: String,
    /// Its secret, base64url.
    pub auth: String,
    /// "ru" or "en".
    pub locale: String,
}

impl FromRow for Subscription {
    fn from_row(row: &Row<'_>) -> opora_base::Result<Self> {
        Ok(Subscription {
            id: row.get(0)?,
            agent: row.get(1)?,
            endpoint: row.get(2)?,
            p256dh: row.get(3)?,
            auth: row.get(4)?,
            locale: row.get(5)?,
        })
    }
}

/// The key a browser must be given; empty until the server has made one.
pub fn public_key(tx: &mut Tx<'_>) -> Result<String> {
    Ok(setting::get(tx, PUBLIC_KEY)?.unwrap_or_default())
}

/// My browsers that are told.
pub fn devices(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Device>> {
    Ok(tx.query(
        "SELECT id, name, created_at FROM push_subscription WHERE agent_id = $1 ORDER BY id",
        params![actor.agent_id()?],
    )?)
}

/// This browser is to be told. Answers its number, and whether it was known.
pub fn subscribe(
    tx: &mut Tx<'_>,
    actor: &Actor,
    session: SessionId,
    form: &PushForm,
    now: Time,
) -> Result<(i64, bool)> {
    let agent = actor.agent_id()?;
    for (field, text) in
        [("endpoint", &form.endpoint), ("keys.p256dh", &form.keys.p256dh), ("keys.auth", &form.keys.auth)]
    {
        if text.is_empty() {
            return Err(Error::field(field, "required", "must not be empty"));
        }
        if text.len() > LONGEST || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(Error::field(field, "malformed", "not what a browser gives"));
        }
    }
    let name = error::line("name", &form.name, 120).unwrap_or_else(|_| "browser".to_owned());
    let known: Option<i64> = tx.opt("SELECT id FROM push_subscription WHERE endpoint = $1", params![&form.endpoint])?;
    let held: i64 = tx.one("SELECT count(*) FROM push_subscription WHERE agent_id = $1", params![agent])?;
    if known.is_none() && held >= MOST {
        return Err(Error::field("endpoint", "too_many", format!("at most {MOST} devices")));
    }
    // A browser belongs to whoever sits at it now.
    let id = tx.one(
        "INSERT INTO push_subscription (agent_id, session_id, endpoint, p256dh, auth, name, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (endpoint) DO UPDATE SET agent_id = excluded.agent_id, session_id = excluded.session_id,
           p256dh = excluded.p256dh, auth = excluded.auth, name = excluded.name RETURNING id",
        params![agent, session, &form.endpoint, &form.keys.p256dh, &form.keys.auth, &name, now.0],
    )?;
    Ok((id, known.is_some()))
}

/// One of my browsers is not to be told any more.
pub fn unsubscribe(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<()> {
    let gone =
        tx.exec("DELETE FROM push_subscription WHERE id = $1 AND agent_id = $2", params![id, actor.agent_id()?])?;
    if gone == 0 { Err(Error::NotFound("device")) } else { Ok(()) }
}

/// A browser its push service does not know any more.
pub fn forget(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    tx.exec("DELETE FROM push_subscription WHERE id = $1", params![id])?;
    Ok(())
}

/// Sends one of my browsers a word to see whether it comes.
pub fn try_out(tx: &mut Tx<'_>, actor: &Actor, id: i64, now: Time) -> Result<()> {
    if !devices(tx, actor)?.iter().any(|device| device.id == id) {
        return Err(Error::NotFound("device"));
    }
    put(tx, id, None, now)
}

/// Somebody's browsers are to be told of a notification.
pub(super) fn tell(tx: &mut Tx<'_>, agent: AgentId, notification: i64, now: Time) -> Result<()> {
    let ids: Vec<i64> = tx.query("SELECT id FROM push_subscription WHERE agent_id = $1", params![agent])?;
    ids.into_iter().try_for_each(|id| put(tx, id, Some(notification), now))
}

fn put(tx: &mut Tx<'_>, subscription: i64, notification: Option<i64>, now: Time) -> Result<()> {
    let key = match notification {
        Some(notification) => format!("push:{subscription}:{notification}"),
        None => format!("push:{subscription}:trial:{}", now.0),
    };
    let payload = json!({ "subscription": subscription, "notification": notification });
    job::enqueue(tx, &job::NewJob { queue: QUEUE, dedupe_key: &key, payload: &payload, run_at: now }, now)?;
    Ok(())
}

/// The browser a job is about, if somebody is still signed in at it, and what it is to be told: nothing for a trial.
/// What was read meanwhile, or is not to be seen any more, needs no telling.
pub fn to_tell(
    tx: &mut Tx<'_>,
    subscription: i64,
    notification: Option<i64>,
) -> Result<Option<(Subscription, Option<Notification>)>> {
    let found: Option<Subscription> = tx.opt(
        "SELECT p.id, p.agent_id, p.endpoint, p.p256dh, p.auth, a.locale FROM push_subscription p
         JOIN agent a ON a.id = p.agent_id JOIN session s ON s.id = p.session_id AND s.agent_id = p.agent_id
         WHERE p.id = $1",
        params![subscription],
    )?;
    let Some(found) = found else { return Ok(None) };
    let Ok(reader) = agents::actor(tx, found.agent) else { return Ok(None) };
    let Some(id) = notification else { return Ok(Some((found, None))) };
    let Some(one) = super::find(tx, id)?.filter(|one| !one.read && one.agent_id == found.agent) else {
        return Ok(None);
    };
    let Some(ticket) = one.ticket_id else { return Ok(Some((found, Some(one)))) };
    match tickets::row(tx, &reader, ticket) {
        Ok(_) => Ok(Some((found, Some(one)))),
        Err(Error::NotFound(_) | Error::Forbidden(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
