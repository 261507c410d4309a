//! Hands out what nobody has, as soon as it comes or somebody has room.

use super::{Wake, pause};
use opora_base::{SharedClock, Store};
use opora_desk::routing;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const LONGEST_PAUSE: Duration = Duration::from_secs(1);
const GATHERING: Duration = Duration::from_millis(150);

/// Works until told to stop.
pub async fn run(store: Store, clock: SharedClock, stop: CancellationToken) {
    let mut wake = Wake::gathered(&store, GATHERING);
    while !stop.is_cancelled() {
        let now = clock.now();
        // A department that routes nothing, and an hour in which nothing is free, are only read.
        match store.read(routing::is_behind).await {
            Ok(false) => {}
            Ok(true) => match store.write_patiently(move |tx| routing::distribute(tx, now)).await {
                Ok(0) => {}
                Ok(_) => continue,
                Err(error) => tracing::warn!(%error, "tickets could not be handed out"),
            },
            Err(error) => tracing::warn!(%error, "what is to be handed out could not be read"),
        }
        if !pause(&mut wake, LONGEST_PAUSE, &stop).await {
            return;
        }
    }
}
