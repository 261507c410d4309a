//! What the store has done so far, for the health page and for tests.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Counted since the store was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Closures whose writes were committed.
    pub writes: u64,
    /// Transactions that held them: on SQLite several closures share one.
    pub groups: u64,
    /// Reads answered.
    pub reads: u64,
    /// Closures run again after a serialisation failure (PostgreSQL).
    pub retries: u64,
    /// Closures run again because a neighbour destroyed their group (SQLite).
    pub reruns: u64,
    /// Connections that broke.
    pub lost: u64,
    /// Microseconds spent in COMMIT.
    pub commit_micros: u64,
    /// Write closures that held the one writer for longer than 5 ms (SQLite).
    pub slow: u64,
    /// Writes waiting now.
    pub waiting_writes: usize,
    /// Reads waiting now.
    pub waiting_reads: usize,
}

#[derive(Default)]
pub(super) struct Counters {
    pub writes: AtomicU64,
    pub groups: AtomicU64,
    pub reads: AtomicU64,
    pub retries: AtomicU64,
    pub reruns: AtomicU64,
    pub lost: AtomicU64,
    pub commit_micros: AtomicU64,
    pub slow: AtomicU64,
}

impl Counters {
    pub fn committed(&self, closures: usize, took: Duration) {
        add(&self.writes, closures as u64);
        add(&self.groups, 1);
        add(&self.commit_micros, u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }

    pub fn snapshot(&self) -> Stats {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Stats {
            writes: read(&self.writes),
            groups: read(&self.groups),
            reads: read(&self.reads),
            retries: read(&self.retries),
            reruns: read(&self.reruns),
            lost: read(&self.lost),
            commit_micros: read(&self.commit_micros),
            slow: read(&self.slow),
            waiting_writes: 0,
            waiting_reads: 0,
        }
    }
}

pub(super) fn add(counter: &AtomicU64, n: u64) {
    counter.fetch_add(n, Ordering::Relaxed);
}
