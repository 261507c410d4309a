//! Follows the event log and keeps every ticket's deadlines.

use super::{Wake, pause};
use opora_base::{SharedClock, Store};
use opora_desk::notifications::Followed;
use opora_desk::sla;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const LONGEST_PAUSE: Duration = Duration::from_secs(1);
const GATHERING: Duration = Duration::from_millis(150);

/// Works until told to stop.
pub async fn run(store: Store, clock: SharedClock, stop: CancellationToken) {
    let mut wake = Wake::gathered(&store, GATHERING);
    while !stop.is_cancelled() {
        let now = clock.now();
        // A department where nothing happens is only read.
        match store.read(sla::is_behind).await {
            Ok(false) => {}
            Ok(true) => match store.write_patiently(move |tx| sla::follow(tx, now)).await {
                Ok(Followed::More) => continue,
                Ok(Followed::AllOfIt) => {}
                Err(error) => tracing::warn!(%error, "deadlines could not be kept"),
            },
            Err(error) => tracing::warn!(%error, "the log could not be read"),
        }
        if !pause(&mut wake, LONGEST_PAUSE, &stop).await {
            return;
        }
    }
}
