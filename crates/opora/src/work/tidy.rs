//! Keeps small what grows with every change: the tally's rows, answers kept for idempotency keys.

use opora_base::{Clock, SharedClock, Store, params};
use opora_desk::tickets::tally;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(2);
const SWEEP_EVERY: u32 = 300;
const KEYS_LIVE: Duration = Duration::from_secs(2 * 86_400);

/// Works until told to stop.
pub async fn run(store: Store, clock: SharedClock, stop: CancellationToken) {
    let mut round = 0u32;
    let mut folded_length = 0;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        match fold(&store, folded_length).await {
            Ok(length) => folded_length = length,
            Err(error) => tracing::warn!(%error, "the tally could not be folded"),
        }
        if round.is_multiple_of(SWEEP_EVERY)
            && let Err(error) = sweep(&store, clock.as_ref()).await
        {
            tracing::warn!(%error, "old rows could not be swept away");
        }
        round = round.wrapping_add(1);
    }
}

/// Folds when enough was added since the last time; answers how long the tally is then.
async fn fold(store: &Store, folded_length: i64) -> opora_desk::Result<i64> {
    let length = store.get(tally::length).await?;
    if length < folded_length + tally::WORTH_FOLDING {
        return Ok(folded_length.min(length));
    }
    store.write_rc(tally::fold).await?;
    store.get(tally::length).await
}

async fn sweep(store: &Store, clock: &dyn Clock) -> opora_base::Result<()> {
    let oldest = clock.now().minus(KEYS_LIVE).0;
    store
        .write(move |tx| {
            tx.exec("DELETE FROM idempotent_answer WHERE created_at < $1", params![oldest])?;
            tx.exec(
                "DELETE FROM attachment WHERE message_id IS NULL AND talk_message_id IS NULL AND authorised_id IS NULL
                   AND created_at < $1",
                params![oldest],
            )?;
            Ok(())
        })
        .await
}
