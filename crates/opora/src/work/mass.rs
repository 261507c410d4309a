//! Does mass actions, a few tickets at a time, behind everybody who waits for a click.

use super::{Wake, pause};
use crate::ground::Ground;
use opora_base::SharedClock;
use opora_base::job::{self, Job};
use opora_desk::mass::{self, Step};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Tickets of one transaction: enough to share a sync, few enough that nobody's click waits behind them.
const AT_ONCE: i64 = 20;
const LEASE: Duration = Duration::from_secs(120);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
const GATHERING: Duration = Duration::from_millis(50);
/// When the database is busy or away.
const AFTER_TROUBLE: Duration = Duration::from_secs(1);

/// Works until told to stop.
pub async fn run(ground: Ground, clock: SharedClock, stop: CancellationToken) {
    let mut wake = Wake::gathered(&ground.store, GATHERING);
    while !stop.is_cancelled() {
        match next(&ground, &clock).await {
            Ok(Some(job)) => {
                if let Err(error) = act(&ground, &clock, &job, &stop).await {
                    tracing::warn!(job = job.id, %error, "a mass action stopped; it goes on when its lease runs out");
                    tokio::time::sleep(AFTER_TROUBLE).await;
                }
            }
            Ok(None) => {
                if !pause(&mut wake, LONGEST_PAUSE, &stop).await {
                    return;
                }
            }
            Err(error) => {
                tracing::warn!(%error, "mass actions could not be looked up");
                tokio::time::sleep(AFTER_TROUBLE).await;
            }
        }
    }
}

async fn next(ground: &Ground, clock: &SharedClock) -> opora_base::Result<Option<Job>> {
    let (me, now) = (ground.holder.clone(), clock.now());
    let mut jobs = ground.store.write_rc(move |tx| job::claim(tx, mass::QUEUE, &me, LEASE, 1, now)).await?;
    Ok(jobs.pop())
}

async fn act(ground: &Ground, clock: &SharedClock, job: &Job, stop: &CancellationToken) -> opora_desk::Result<()> {
    let me = ground.holder.clone();
    let id = job.payload.get("action").and_then(serde_json::Value::as_i64).unwrap_or_default();
    let number = job.id;
    while one_step(ground, clock, id).await? == Step::More {
        if stop.is_cancelled() {
            let now = clock.now();
            return Ok(ground.store.write(move |tx| job::retry(tx, number, &me, "stopped", now).map(|_| ())).await?);
        }
    }
    Ok(ground.store.write(move |tx| job::complete(tx, number, &me).map(|_| ())).await?)
}

/// A few tickets; when one of them cannot be changed, one by one, passing over those that cannot.
async fn one_step(ground: &Ground, clock: &SharedClock, id: i64) -> opora_desk::Result<Step> {
    let now = clock.now();
    match ground.store.write_patiently(move |tx| mass::step(tx, id, AT_ONCE, now)).await {
        Err(opora_desk::Error::NotFound(_)) => return Ok(Step::Over),
        Err(error) if is_about_a_ticket(&error) => {}
        other => return other,
    }
    for _ in 0..AT_ONCE {
        match ground.store.write_patiently(move |tx| mass::step(tx, id, 1, now)).await {
            Ok(Step::Over) => return Ok(Step::Over),
            Ok(Step::More) => {}
            Err(error) if is_about_a_ticket(&error) => {
                let reason = error.to_string();
                ground.store.write_patiently(move |tx| mass::fail_first(tx, id, &reason, now)).await?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(Step::More)
}

fn is_about_a_ticket(error: &opora_desk::Error) -> bool {
    !matches!(error, opora_desk::Error::Base(_) | opora_desk::Error::Blob(_) | opora_desk::Error::Storage(_))
}
