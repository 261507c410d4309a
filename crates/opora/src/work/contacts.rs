//! Takes contacts from files, a hundred lines at a time.

use super::queue::{self, End, Queue};
use crate::ground::Ground;
use opora_base::SharedClock;
use opora_base::blob::BlobError;
use opora_base::job::Job;
use opora_desk::contacts::import;
use opora_desk::contacts::sheet::{self, Sheet};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const IMPORTS: Queue = Queue { name: import::QUEUE, at_once: 1, longest_pause: Duration::from_secs(5) };

/// Works until told to stop.
pub async fn run(ground: Ground, clock: SharedClock, stop: CancellationToken) {
    queue::run(&ground, &clock, &stop, IMPORTS, |job| act(&ground, &clock, job, &stop)).await;
}

async fn act(ground: &Ground, clock: &SharedClock, job: Job, stop: &CancellationToken) -> anyhow::Result<End> {
    let id = job.payload.get("import").and_then(serde_json::Value::as_i64).unwrap_or_default();
    let Some(digest) = ground.store.get(move |tx| import::source(tx, id)).await? else { return Ok(End::Done) };
    let Some(sheet) = read(ground, &digest).await? else {
        ground.store.write_patiently(move |tx| import::fail(tx, id, "file_gone")).await?;
        return Ok(End::Never("the file cannot be read any more".to_owned()));
    };
    loop {
        let (sheet, now) = (sheet.clone(), clock.now());
        if !ground.store.write_patiently(move |tx| import::step(tx, id, &sheet, now)).await? {
            return Ok(End::Done);
        }
        if stop.is_cancelled() {
            return Ok(End::Again(clock.now(), "stopped".to_owned()));
        }
    }
}

/// The file of an import; nothing when it is gone or broken for good.
async fn read(ground: &Ground, digest: &str) -> anyhow::Result<Option<Arc<Sheet>>> {
    let bytes = match ground.blobs.get(digest).await {
        Ok(bytes) => bytes,
        Err(BlobError::NotFound(_) | BlobError::Damaged(_) | BlobError::BadDigest) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let sheet = tokio::task::spawn_blocking(move || sheet::read(&bytes)).await?;
    Ok(sheet.ok().map(Arc::new))
}
