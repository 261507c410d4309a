//! A thread with one connection: one call at a time, run again as long as that is safe.
//!
//! Safe means that nothing can have been written: a serialisation failure, or a connection that broke before COMMIT was
//! sent. A connection that breaks during COMMIT leaves the outcome unknown, and the caller is told so.

use super::{PgConn, Purpose};
use crate::db::call::{Job, Mode, Verdict};
use crate::db::config::Config;
use crate::db::queue::Queue;
use crate::db::shared::Shared;
use crate::db::stats::add;
use crate::db::tx::Tx;
use crate::{Error, Result};
use rand::Rng;
use std::time::{Duration, Instant};

/// Attempts before a serialisation failure becomes the caller's.
const MOST_ATTEMPTS: u32 = 30;
/// Pause between two attempts to connect.
const RECONNECT_PAUSE: Duration = Duration::from_millis(100);

pub(super) fn run(url: &str, config: &Config, shared: &Shared, purpose: Purpose) {
    let mut worker = Worker { url, config, shared, purpose, conn: None };
    while let Some(mut job) = worker.queue().pop() {
        if !job.cancelled() {
            let end = worker.serve(&mut *job);
            job.answer(end);
        }
    }
}

struct Worker<'a> {
    url: &'a str,
    config: &'a Config,
    shared: &'a Shared,
    purpose: Purpose,
    conn: Option<PgConn>,
}

/// Why an attempt did not end in an answer.
enum Setback {
    /// Nothing was written and nothing can be: the closure may run again.
    Again(Error),
    /// The answer is this error.
    Final(Error),
}

impl Worker<'_> {
    fn queue(&self) -> &Queue {
        if self.purpose == Purpose::Writing { &self.shared.writes } else { &self.shared.reads }
    }

    fn serve(&mut self, job: &mut dyn Job) -> Result<()> {
        let deadline = Instant::now() + self.config.connect_timeout;
        let mut attempts = 0;
        loop {
            let setback = match self.attempt(job) {
                Ok(()) => return Ok(()),
                Err(Setback::Final(error)) => return Err(error),
                Err(Setback::Again(error)) => error,
            };
            attempts += 1;
            match setback {
                Error::Retry(_) if attempts < MOST_ATTEMPTS => {
                    add(&self.shared.counters.retries, 1);
                    std::thread::sleep(pause(attempts));
                }
                Error::Lost(_) if Instant::now() < deadline => {
                    self.conn = None;
                    if self.shared.bell.wait_for_close(RECONNECT_PAUSE * (attempts - 1).min(5)) {
                        return Err(setback);
                    }
                }
                error => return Err(error),
            }
        }
    }

    fn attempt(&mut self, job: &mut dyn Job) -> Result<(), Setback> {
        if self.conn.as_ref().is_some_and(PgConn::is_closed) {
            self.conn = None;
        }
        let conn = match &mut self.conn {
            Some(conn) => conn,
            None => {
                let fresh = PgConn::open(self.url, self.config, self.purpose).map_err(Setback::Again)?;
                self.conn.insert(fresh)
            }
        };
        let done = match job.mode() {
            Mode::Get => get(conn, job),
            Mode::Read => read(conn, job),
            Mode::Write | Mode::WritePatiently => write(conn, job, self.shared, "BEGIN ISOLATION LEVEL SERIALIZABLE"),
            Mode::WriteReadCommitted => write(conn, job, self.shared, "BEGIN ISOLATION LEVEL READ COMMITTED"),
        };
        match &done {
            Err(Setback::Again(Error::Lost(_)) | Setback::Final(Error::Lost(_))) => {
                add(&self.shared.counters.lost, 1);
                self.conn = None;
            }
            Ok(()) if self.purpose == Purpose::Reading => add(&self.shared.counters.reads, 1),
            _ => {}
        }
        done
    }
}

/// One statement, one round trip, no transaction around it.
fn get(conn: &mut PgConn, job: &mut dyn Job) -> Result<(), Setback> {
    match job.run(&mut Tx::on_pg(conn).for_one_statement()) {
        Verdict::Keep { .. } | Verdict::Undo => Ok(()),
        Verdict::Again(error) => Err(Setback::Again(error)),
    }
}

fn read(conn: &mut PgConn, job: &mut dyn Job) -> Result<(), Setback> {
    conn.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").map_err(Setback::Again)?;
    match job.run(&mut Tx::on_pg(conn)) {
        Verdict::Keep { .. } | Verdict::Undo => {
            end_unchanged(conn);
            Ok(())
        }
        Verdict::Again(error) => {
            end_unchanged(conn);
            Err(Setback::Again(error))
        }
    }
}

fn write(conn: &mut PgConn, job: &mut dyn Job, shared: &Shared, begin: &str) -> Result<(), Setback> {
    conn.run(begin).map_err(Setback::Again)?;
    match job.run(&mut Tx::on_pg(conn)) {
        Verdict::Keep { wake } => {
            commit(conn, shared)?;
            if wake {
                shared.bell.ring_everywhere();
            }
            Ok(())
        }
        Verdict::Undo => {
            end_unchanged(conn);
            Ok(())
        }
        Verdict::Again(error) => {
            end_unchanged(conn);
            Err(Setback::Again(error))
        }
    }
}

fn commit(conn: &mut PgConn, shared: &Shared) -> Result<(), Setback> {
    let before = Instant::now();
    match conn.run("COMMIT") {
        Ok(()) => {
            shared.counters.committed(1, before.elapsed());
            Ok(())
        }
        Err(error @ Error::Retry(_)) => Err(Setback::Again(error)),
        Err(Error::Lost(words)) => Err(Setback::Final(Error::Lost(format!(
            "it broke during COMMIT, so whether the change was made is unknown: {words}"
        )))),
        Err(error) => {
            end_unchanged(conn);
            Err(Setback::Final(error))
        }
    }
}

/// Rolls back. If that fails the connection is broken, and the server rolls back by itself.
fn end_unchanged(conn: &mut PgConn) {
    if let Err(error) = conn.run("ROLLBACK") {
        tracing::debug!(%error, "a PostgreSQL connection broke before its transaction was rolled back");
    }
}

/// Grows with the attempts, and differs between those that collided.
fn pause(attempts: u32) -> Duration {
    let longest = 100 * u64::from(attempts) * u64::from(attempts + 1);
    Duration::from_micros(rand::rng().random_range(longest / 2..=longest))
}
