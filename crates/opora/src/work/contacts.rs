//! Takes contacts from files, a hundred lines at a time.

use super::{Wake, pause};
use crate::ground::Ground;
use opora_base::SharedClock;
use opora_base::job::{self, Job};
use opora_desk::contacts::{import, sheet};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const LEASE: Duration = Duration::from_secs(120);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
const GATHERING: Duration = Duration::from_millis(50);
const AFTER_TROUBLE: Duration = Duration::from_secs(1);

/// Works until told to stop.
pub async fn run(ground: Ground, clock: SharedClock, stop: CancellationToken) {
    let mut wake = Wake::gathered(&ground.store, GATHERING);
    while !stop.is_cancelled() {
        let (me, now) = (ground.holder.clone(), clock.now());
        let claimed = ground.store.write_rc(move |tx| job::claim(tx, import::QUEUE, &me, LEASE, 1, now)).await;
        match claimed.map(|mut jobs| jobs.pop()) {
            Ok(Some(job)) => {
                if let Err(error) = act(&ground, &clock, &job, &stop).await {
                    tracing::warn!(job = job.id, %error, "an import stopped; it goes on when its lease runs out");
                    tokio::time::sleep(AFTER_TROUBLE).await;
                }
            }
            Ok(None) => {
                if !pause(&mut wake, LONGEST_PAUSE, &stop).await {
                    return;
                }
            }
            Err(error) => {
                tracing::warn!(%error, "imports could not be looked up");
                tokio::time::sleep(AFTER_TROUBLE).await;
            }
        }
    }
}

async fn act(ground: &Ground, clock: &SharedClock, job: &Job, stop: &CancellationToken) -> opora_desk::Result<()> {
    let (me, number) = (ground.holder.clone(), job.id);
    let id = job.payload.get("import").and_then(serde_json::Value::as_i64).unwrap_or_default();
    if let Some(digest) = ground.store.get(move |tx| import::source(tx, id)).await? {
        let bytes = ground.blobs.get(&digest).await?;
        let read = tokio::task::spawn_blocking(move || sheet::read(&bytes));
        let sheet = Arc::new(read.await.map_err(|error| opora_desk::Error::Storage(error.to_string()))??);
        loop {
            let (sheet, now) = (sheet.clone(), clock.now());
            if !ground.store.write_patiently(move |tx| import::step(tx, id, &sheet, now)).await? {
                break;
            }
            if stop.is_cancelled() {
                let now = clock.now();
                return Ok(ground
                    .store
                    .write(move |tx| job::retry(tx, number, &me, "stopped", now).map(|_| ()))
                    .await?);
            }
        }
    }
    Ok(ground.store.write(move |tx| job::complete(tx, number, &me).map(|_| ())).await?)
}
