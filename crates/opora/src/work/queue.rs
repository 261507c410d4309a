//! The loop behind every queue of jobs: claim some, do each, settle it, sleep until there is more.

use super::{Wake, pause};
use crate::ground::Ground;
use opora_base::job::{self, Job};
use opora_base::{SharedClock, Time};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const LEASE: Duration = Duration::from_secs(120);
const GATHERING: Duration = Duration::from_millis(50);
/// When the database is busy or away.
const AFTER_TROUBLE: Duration = Duration::from_secs(1);

/// Which jobs, and how eagerly.
#[derive(Clone, Copy, Debug)]
pub struct Queue {
    /// Its name.
    pub name: &'static str,
    /// So many are claimed at a time.
    pub at_once: i64,
    /// Without news it is looked at this often.
    pub longest_pause: Duration,
}

/// How a job ended.
#[derive(Debug)]
pub enum End {
    /// It is done, or there is nothing to do any more.
    Done,
    /// Its turn is over and more of it remains: others that are due by this time come first.
    GiveWay(Time),
    /// Once more at this time.
    Again(Time, String),
    /// It cannot be done.
    Never(String),
}

impl End {
    /// Once more, later each time, until it was tried so often.
    pub fn after_failure(job: &Job, reason: String, most: i64, now: Time) -> End {
        if job.attempts >= most {
            return End::Never(reason);
        }
        let wait = job::backoff(job.attempts, Duration::from_secs(15), Duration::from_secs(600), &mut rand::rng());
        End::Again(now.plus(wait), reason)
    }
}

/// Works until told to stop. A job whose doing fails is held until its lease runs out, and then done again.
pub async fn run<F: Future<Output = anyhow::Result<End>>>(
    ground: &Ground,
    clock: &SharedClock,
    stop: &CancellationToken,
    queue: Queue,
    act: impl Fn(Job) -> F,
) {
    let mut wake = Wake::gathered(&ground.store, GATHERING);
    while !stop.is_cancelled() {
        let (me, now) = (ground.holder.clone(), clock.now());
        let claimed = ground.store.write_rc(move |tx| job::claim(tx, queue.name, &me, LEASE, queue.at_once, now)).await;
        let jobs = match claimed {
            Ok(jobs) => jobs,
            Err(error) => {
                tracing::warn!(queue = queue.name, %error, "jobs could not be looked up");
                tokio::time::sleep(AFTER_TROUBLE).await;
                continue;
            }
        };
        if jobs.is_empty() {
            if !pause(&mut wake, queue.longest_pause, stop).await {
                return;
            }
            continue;
        }
        for job in jobs {
            let number = job.id;
            let settled = match act(job).await {
                Ok(end) => settle(ground, queue, number, end).await.map_err(anyhow::Error::from),
                Err(error) => Err(error),
            };
            if let Err(error) = settled {
                tracing::warn!(queue = queue.name, job = number, error = %format!("{error:#}"), "a job waits for its lease to run out");
                tokio::time::sleep(AFTER_TROUBLE).await;
            }
        }
    }
}

/// Writes down how a job ended.
pub(super) async fn settle(ground: &Ground, queue: Queue, number: i64, end: End) -> opora_base::Result<()> {
    if let End::Again(_, reason) | End::Never(reason) = &end {
        tracing::warn!(queue = queue.name, job = number, %reason, "a job could not be done");
    }
    let me = ground.holder.clone();
    ground
        .store
        .write(move |tx| match &end {
            End::Done => job::complete(tx, number, &me),
            End::GiveWay(at) => job::give_way(tx, number, &me, *at),
            End::Again(at, reason) => job::retry(tx, number, &me, reason, *at),
            End::Never(reason) => job::give_up(tx, number, &me, reason),
        })
        .await?;
    Ok(())
}
