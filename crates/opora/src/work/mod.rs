//! Everything that works while the department runs: taking mail in, sending it, reading mailboxes, timers, the search
//! index, tidying. Each is a loop that sleeps until there is something to do and stops when asked.

pub mod contacts;
mod digest;
pub mod door;
pub mod fetch;
pub mod followers;
pub mod index;
pub mod intake;
pub mod letters;
pub mod login;
pub mod mass;
pub mod probe;
pub mod push;
mod question;
mod queue;
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
pub struct Wake {
    bell: tokio::sync::watch::Receiver<u64>,
    gathering: Duration,
}

impl Wake {
    /// From now on, at once.
    pub fn of(store: &Store) -> Wake {
        Wake::gathered(store, Duration::ZERO)
    }

    /// From now on, news within so long being one: hundreds of commits a second are not hundreds of looks.
    pub fn gathered(store: &Store, gathering: Duration) -> Wake {
        Wake { bell: store.wakeups(), gathering }
    }

    async fn news(&mut self) {
        if self.bell.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
        if !self.gathering.is_zero() {
            tokio::time::sleep(self.gathering).await;
            self.bell.mark_unchanged();
        }
    }
}
