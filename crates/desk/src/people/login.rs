//! Coming in: guesses throttled by account and by network address, sessions listed and revocable.
//!
//! A login takes two transactions with the argon2 run between them, outside: [`knock`] reads the hash unless the door is
//! held shut, then [`welcome`] or [`turn_away`] records how it went.

use super::{fresh_secret, secret_hash};
use crate::{Actor, AgentId, Error, Result, SessionId, error};
use opora_base::event::{self, Author};
use opora_base::{Time, Tx, params};
use serde::Serialize;
use serde_json::json;
use std::time::Duration;
use utoipa::ToSchema;

/// How long a session lives without being used.
pub const SESSION_IDLE: Duration = Duration::from_secs(14 * 86_400);
const FREE_GUESSES: i64 = 5;
const LONGEST_WAIT: u64 = 15 * 60;
/// Guesses from one network address are counted more generously: an office shares one.
const FREE_GUESSES_PER_NETWORK: i64 = 30;

/// Where a request comes from.
#[derive(Clone, Debug, Default)]
pub struct Visitor {
    /// The network address.
    pub ip: String,
    /// What the browser calls itself.
    pub user_agent: String,
}

/// A session in the list of one's own.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Session {
    /// Its number.
    pub id: SessionId,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
    /// When it was last used.
    #[schema(value_type = String, format = DateTime)]
    pub last_seen_at: Time,
    /// From where.
    pub ip: String,
    /// With what.
    pub user_agent: String,
    /// This very one.
    pub current: bool,
}

/// Reads who wants to come in: their number and password hash, if there is such a person. Refuses while the door is shut.
pub fn knock(tx: &mut Tx<'_>, email: &str, visitor: &Visitor, now: Time) -> Result<Option<(AgentId, String)>> {
    for (key, free) in keys(email, visitor) {
        let row: Option<(i64, i64)> =
            tx.opt("SELECT failures, last_at FROM login_failure WHERE key = $1", params![&key])?;
        if let Some((failures, last_at)) = row {
            let until = Time(last_at).plus(Duration::from_secs(wait_after(failures, free)));
            if until > now {
                return Err(Error::Throttled(until.since(now).as_secs().max(1)));
            }
        }
    }
    let row = tx.opt(
        "SELECT id, password_hash FROM agent WHERE email_key = $1 AND active = TRUE AND password_hash IS NOT NULL",
        params![&error::address_key(email)],
    )?;
    Ok(row)
}

/// The password was right: forget the guesses, begin a session. Returns the cookie's value.
pub fn welcome(tx: &mut Tx<'_>, agent: AgentId, email: &str, visitor: &Visitor, now: Time) -> Result<String> {
    if let Some((key, _)) = keys(email, visitor).into_iter().next() {
        tx.exec("DELETE FROM login_failure WHERE key = $1", params![&key])?;
    }
    let token = begin_session(tx, agent, visitor, now)?;
    event::append(tx, "session.began", 0, Author::Agent(agent.0), &json!({}), now)?;
    Ok(token)
}

/// Begins a session without a password having been asked (setup, an accepted link).
pub fn begin_session(tx: &mut Tx<'_>, agent: AgentId, visitor: &Visitor, now: Time) -> Result<String> {
    let (token, hash) = fresh_secret("");
    let user_agent: String = visitor.user_agent.chars().filter(|c| !c.is_control()).take(300).collect();
    tx.exec("DELETE FROM session WHERE expires_at < $1", params![now.0])?;
    tx.exec(
        "INSERT INTO session (token_hash, agent_id, ip, user_agent, created_at, last_seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $5, $6)",
        params![&hash, agent, &visitor.ip, &user_agent, now.0, now.plus(SESSION_IDLE).0],
    )?;
    Ok(token)
}

/// The password was wrong: count it.
pub fn turn_away(tx: &mut Tx<'_>, email: &str, visitor: &Visitor, now: Time) -> Result<()> {
    tx.exec("DELETE FROM login_failure WHERE last_at < $1", params![now.minus(Duration::from_secs(86_400)).0])?;
    for (key, _) in keys(email, visitor) {
        tx.exec(
            "INSERT INTO login_failure (key, failures, last_at) VALUES ($1, 1, $2)
             ON CONFLICT (key) DO UPDATE SET failures = login_failure.failures + 1, last_at = excluded.last_at",
            params![&key, now.0],
        )?;
    }
    Ok(())
}

fn keys(email: &str, visitor: &Visitor) -> Vec<(String, i64)> {
    let account: String = error::address_key(email).chars().take(254).collect();
    let mut keys = vec![(format!("account:{account}"), FREE_GUESSES)];
    if !visitor.ip.is_empty() {
        keys.push((format!("network:{}", visitor.ip), FREE_GUESSES_PER_NETWORK));
    }
    keys
}

/// Seconds the door stays shut after so many wrong guesses: nothing at first, then doubling up to a quarter of an hour.
fn wait_after(failures: i64, free: i64) -> u64 {
    if failures < free {
        return 0;
    }
    let doublings = u32::try_from(failures - free).unwrap_or(0).min(16);
    (1u64 << doublings).min(LONGEST_WAIT)
}

/// Who holds this session. Its last use is noted at most once a minute: see [`touch`].
pub fn by_session(tx: &mut Tx<'_>, token: &str, now: Time) -> Result<Option<(SessionId, AgentId, Time)>> {
    let row: Option<(SessionId, AgentId, i64)> = tx.opt(
        "SELECT id, agent_id, last_seen_at FROM session WHERE token_hash = $1 AND expires_at > $2",
        params![&secret_hash(token), now.0],
    )?;
    Ok(row.map(|(id, agent, seen)| (id, agent, Time(seen))))
}

/// Notes that a session was used.
pub fn touch(tx: &mut Tx<'_>, session: SessionId, ip: &str, now: Time) -> Result<()> {
    tx.exec(
        "UPDATE session SET last_seen_at = $2, expires_at = $3, ip = $4 WHERE id = $1",
        params![session, now.0, now.plus(SESSION_IDLE).0, ip],
    )?;
    Ok(())
}

/// One's own sessions, the latest first.
pub fn sessions(tx: &mut Tx<'_>, actor: &Actor, current: Option<SessionId>, now: Time) -> Result<Vec<Session>> {
    let rows: Vec<(SessionId, i64, i64, String, String)> = tx.query(
        "SELECT id, created_at, last_seen_at, ip, user_agent FROM session
         WHERE agent_id = $1 AND expires_at > $2 ORDER BY last_seen_at DESC",
        params![actor.agent_id()?, now.0],
    )?;
    let session = |(id, created, seen, ip, user_agent)| Session {
        id,
        created_at: Time(created),
        last_seen_at: Time(seen),
        ip,
        user_agent,
        current: current == Some(id),
    };
    Ok(rows.into_iter().map(session).collect())
}

/// Ends one of one's own sessions.
pub fn end_session(tx: &mut Tx<'_>, actor: &Actor, id: SessionId) -> Result<()> {
    let ended = tx.exec("DELETE FROM session WHERE id = $1 AND agent_id = $2", params![id, actor.agent_id()?])?;
    if ended == 1 { Ok(()) } else { Err(Error::NotFound("session")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_door_stays_open_for_typos_and_shuts_longer_with_each_further_guess() {
        let waits: Vec<u64> = (1..=20).map(|n| wait_after(n, FREE_GUESSES)).collect();
        assert_eq!(&waits[..8], &[0, 0, 0, 0, 1, 2, 4, 8]);
        assert_eq!(waits[19], LONGEST_WAIT);
    }
}
