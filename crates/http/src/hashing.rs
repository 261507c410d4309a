//! Argon2 with bounded appetite: each run takes 19 MiB and tens of milliseconds, so only two run at once, off the async
//! threads, and a crowd is told to come back instead of being queued without end.

use crate::problem::{Answer, Problem};
use crate::sentences::Code;
use opora_desk::people::password;
use tokio::sync::{Semaphore, SemaphorePermit};

const AT_ONCE: usize = 2;
const WAITING: usize = 64;

/// The place where passwords are hashed and compared.
pub(crate) struct Hashing {
    running: Semaphore,
    admitted: Semaphore,
}

impl Default for Hashing {
    fn default() -> Self {
        Hashing { running: Semaphore::new(AT_ONCE), admitted: Semaphore::new(AT_ONCE + WAITING) }
    }
}

/// A turn at the hashing place. Hold it over a whole login, so that guesses made at the same moment are counted one
/// after the other.
pub(crate) struct Turn<'a> {
    _running: SemaphorePermit<'a>,
    _admitted: SemaphorePermit<'a>,
}

impl Hashing {
    /// Waits for a turn.
    pub(crate) async fn turn(&self) -> Answer<Turn<'_>> {
        let admitted = self.admitted.try_acquire().map_err(|_| Problem::new(Code::Busy))?;
        let running = self.running.acquire().await.map_err(Problem::internal)?;
        Ok(Turn { _running: running, _admitted: admitted })
    }
}

impl Turn<'_> {
    /// Does the password belong to the hash?
    pub(crate) async fn matches(&self, password: String, hash: Option<String>) -> Answer<bool> {
        tokio::task::spawn_blocking(move || password::matches(&password, hash.as_deref()))
            .await
            .map_err(Problem::internal)
    }

    /// The hash of a new password.
    pub(crate) async fn hash(&self, password: String) -> Answer<String> {
        Ok(tokio::task::spawn_blocking(move || password::hash(&password)).await.map_err(Problem::internal)??)
    }
}
