//! Everything that works while the department runs: taking mail in, sending it, reading mailboxes, timers, the search
//! index, tidying. Each is a loop that sleeps until there is something to do and stops when asked.

pub mod door;
pub mod fetch;
pub mod index;
pub mod intake;
pub mod letters;
pub mod login;
pub mod send;
pub mod tidy;
pub mod timers;

use opora_base::Store;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Sleeps until something was committed here, the time is up, or the end. Answers false at the end.
pub async fn pause(store: &mut Wake, longest: Duration, stop: &CancellationToken) -> bool {
    tokio::select! {
        () = stop.cancelled() => false,
        () = store.news() => true,
        () = tokio::time::sleep(longest) => true,
    }
}

/// News of commits, for one worker.
pub struct Wake(tokio::sync::watch::Receiver<u64>);

impl Wake {
    /// From now on.
    pub fn of(store: &Store) -> Wake {
        Wake(store.wakeups())
    }

    async fn news(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
