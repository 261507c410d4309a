//! Work that must happen outside a transaction, once it is committed: the outbox.
//!
//! A command [`enqueue`]s a job in its own transaction. A worker [`claim`]s it for a while (the *lease*), does the work,
//! and says how it went: [`complete`], [`retry`] with a growing, jittered pause, or [`give_up`]. A worker that dies
//! loses its lease and the job is offered again. A dedupe key makes a second request for the same work the same job.

use crate::{Error, Time, Tx, params};
use rand::Rng;
use serde_json::Value;
use std::time::Duration;

/// A job to be done.
#[derive(Clone, Debug)]
pub struct NewJob<'a> {
    /// Which workers take it.
    pub queue: &'a str,
    /// At most one unfinished job with this key exists.
    pub dedupe_key: &'a str,
    /// What the worker needs to know.
    pub payload: &'a Value,
    /// Not before this moment.
    pub run_at: Time,
}

/// A job held by a worker.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its number.
    pub id: i64,
    /// Which worker it was meant for.
    pub queue: String,
    /// The key it was enqueued under.
    pub dedupe_key: String,
    /// What the worker needs to know.
    pub payload: Value,
    /// How many times it was taken, this time included.
    pub attempts: i64,
    /// True when an earlier holder vanished without saying how it went.
    pub was_abandoned: bool,
}

/// Puts a job into the outbox. Answers false when the same work is already waiting.
pub fn enqueue(tx: &mut Tx<'_>, job: &NewJob<'_>, now: Time) -> Result<bool, Error> {
    let rows = tx.exec(
        "INSERT INTO job (queue, dedupe_key, payload, state, run_at, created_at) VALUES ($1, $2, $3, 'ready', $4, $5)
         ON CONFLICT (dedupe_key) DO NOTHING",
        params![job.queue, job.dedupe_key, job.payload, job.run_at.0, now.0],
    )?;
    tx.wake();
    Ok(rows == 1)
}

/// Takes up to `limit` due jobs for `lease`. Run it in [`crate::Store::write_rc`].
pub fn claim(
    tx: &mut Tx<'_>,
    queue: &str,
    holder: &str,
    lease: Duration,
    limit: i64,
    now: Time,
) -> Result<Vec<Job>, Error> {
    let due: Vec<(i64, String, Value, i64, String)> = tx.query(
        "SELECT id, dedupe_key, payload, attempts, state FROM job
         WHERE queue = $1 AND state IN ('ready', 'running') AND run_at <= $2 ORDER BY run_at, id LIMIT $3 {skip_locked}",
        params![queue, now.0, limit],
    )?;
    let mut jobs = Vec::with_capacity(due.len());
    for (id, dedupe_key, payload, attempts, state) in due {
        tx.exec(
            "UPDATE job SET state = 'running', attempts = attempts + 1, holder = $2, run_at = $3 WHERE id = $1",
            params![id, holder, now.plus(lease).0],
        )?;
        jobs.push(Job {
            id,
            queue: queue.to_owned(),
            dedupe_key,
            payload,
            attempts: attempts + 1,
            was_abandoned: state == "running",
        });
    }
    Ok(jobs)
}

/// The job is done and forgotten. Answers false when the lease was lost to another worker meanwhile.
pub fn complete(tx: &mut Tx<'_>, id: i64, holder: &str) -> Result<bool, Error> {
    Ok(tx.exec("DELETE FROM job WHERE id = $1 AND holder = $2 AND state = 'running'", params![id, holder])? == 1)
}

/// The job failed for now: offer it again at `run_at`.
pub fn retry(tx: &mut Tx<'_>, id: i64, holder: &str, reason: &str, run_at: Time) -> Result<bool, Error> {
    let rows = tx.exec(
        "UPDATE job SET state = 'ready', holder = NULL, last_error = $3, run_at = $4
         WHERE id = $1 AND holder = $2 AND state = 'running'",
        params![id, holder, reason, run_at.0],
    )?;
    tx.wake();
    Ok(rows == 1)
}

/// More of the job remains, and it goes well: other jobs that are due by `run_at` come first.
pub fn give_way(tx: &mut Tx<'_>, id: i64, holder: &str, run_at: Time) -> Result<bool, Error> {
    let rows = tx.exec(
        "UPDATE job SET state = 'ready', holder = NULL, run_at = $3 WHERE id = $1 AND holder = $2 AND state = 'running'",
        params![id, holder, run_at.0],
    )?;
    tx.wake();
    Ok(rows == 1)
}

/// The job will never succeed: kept, with the reason, out of the workers' sight.
pub fn give_up(tx: &mut Tx<'_>, id: i64, holder: &str, reason: &str) -> Result<bool, Error> {
    let rows = tx.exec(
        "UPDATE job SET state = 'failed', holder = NULL, last_error = $3 WHERE id = $1 AND holder = $2",
        params![id, holder, reason],
    )?;
    Ok(rows == 1)
}

/// Takes back a job that nobody holds yet. Answers false when it is too late.
pub fn cancel(tx: &mut Tx<'_>, dedupe_key: &str) -> Result<bool, Error> {
    Ok(tx.exec("DELETE FROM job WHERE dedupe_key = $1 AND state = 'ready'", params![dedupe_key])? == 1)
}

/// Offers at once what `holder` still has in hand. For a holder that knows its earlier life is over: a node that starts
/// again under its own name.
pub fn take_back(tx: &mut Tx<'_>, holder: &str, now: Time) -> Result<u64, Error> {
    tx.exec(
        "UPDATE job SET run_at = $2 WHERE holder = $1 AND state = 'running' AND run_at > $2",
        params![holder, now.0],
    )
}

/// When the next job of this queue is due, if any waits.
pub fn next_due(tx: &mut Tx<'_>, queue: &str) -> Result<Option<Time>, Error> {
    let due: Option<i64> =
        tx.one("SELECT min(run_at) FROM job WHERE queue = $1 AND state IN ('ready', 'running')", params![queue])?;
    Ok(due.map(Time))
}

/// How many jobs each queue holds, by state ("ready", "running", "failed").
pub fn lengths(tx: &mut Tx<'_>) -> Result<Vec<(String, String, i64)>, Error> {
    tx.query("SELECT queue, state, count(*) FROM job GROUP BY queue, state ORDER BY queue, state", &[])
}

/// How long to wait before attempt `attempts + 1`: doubling from `first` up to `longest`, spread by a quarter each way
/// so that a hundred jobs that failed together do not come back together.
pub fn backoff(attempts: i64, first: Duration, longest: Duration, chance: &mut impl Rng) -> Duration {
    let doubled = first.saturating_mul(1u32 << attempts.clamp(1, 24).saturating_sub(1) as u32);
    doubled.min(longest).mul_f64(chance.random_range(0.75..1.25))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn the_pause_doubles_is_spread_and_has_a_ceiling() {
        let mut chance = rand::rngs::StdRng::seed_from_u64(7);
        let (first, longest) = (Duration::from_secs(5), Duration::from_secs(600));
        for (attempts, expected) in [(1, 5.0), (2, 10.0), (5, 80.0), (30, 600.0)] {
            let pause = backoff(attempts, first, longest, &mut chance).as_secs_f64();
            assert!((expected * 0.75..expected * 1.25).contains(&pause), "attempt {attempts}: {pause}");
        }
    }
}
