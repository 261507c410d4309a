//! The bell that wakes followers: rung after a commit that asked for it, by this process or by another one.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// Rings in this process, and remembers that the other processes have to be told (PostgreSQL's notifier thread does).
pub(super) struct Bell {
    rung: watch::Sender<u64>,
    untold: Mutex<Untold>,
    news: Condvar,
}

#[derive(Default)]
struct Untold {
    pending: bool,
    closed: bool,
}

impl Default for Bell {
    fn default() -> Self {
        Bell { rung: watch::Sender::new(0), untold: Mutex::default(), news: Condvar::new() }
    }
}

impl Bell {
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.rung.subscribe()
    }

    /// Wakes the followers of this process.
    pub fn ring(&self) {
        self.rung.send_modify(|times| *times = times.wrapping_add(1));
    }

    /// Wakes the followers of this process, and soon those of the others.
    pub fn ring_everywhere(&self) {
        self.ring();
        let mut untold = self.lock();
        if !untold.pending {
            untold.pending = true;
            self.news.notify_all();
        }
    }

    /// The others could not be told: they still have to be.
    pub fn tell_again(&self) {
        self.lock().pending = true;
    }

    /// Waits until the others have to be told. False once the store is closed and nothing is left to tell.
    pub fn wait_for_news(&self) -> bool {
        let mut untold = self.lock();
        loop {
            if untold.pending {
                untold.pending = false;
                return true;
            }
            if untold.closed {
                return false;
            }
            untold = self.news.wait(untold).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits for a while, or until the store is closed. True if it is.
    pub fn wait_for_close(&self, while_: Duration) -> bool {
        let untold = self.lock();
        let (untold, _) = self
            .news
            .wait_timeout_while(untold, while_, |untold| !untold.closed)
            .unwrap_or_else(PoisonError::into_inner);
        untold.closed
    }

    pub fn close(&self) {
        self.lock().closed = true;
        self.news.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Untold> {
        self.untold.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
