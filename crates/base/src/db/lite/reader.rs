//! A reading thread: one call at a time, each on its own snapshot.

use super::LiteConn;
use crate::Result;
use crate::db::call::{Job, Mode, Verdict};
use crate::db::shared::Shared;
use crate::db::stats::add;
use crate::db::tx::Tx;

pub(super) fn run(conn: &LiteConn, shared: &Shared) {
    while let Some(mut job) = shared.reads.pop() {
        if job.cancelled() {
            continue;
        }
        let end = if job.mode() == Mode::Get { get(conn, &mut *job) } else { read(conn, &mut *job) };
        add(&shared.counters.reads, 1);
        job.answer(end);
    }
}

/// One statement is a snapshot by itself.
fn get(conn: &LiteConn, job: &mut dyn Job) -> Result<()> {
    settle(job.run(&mut Tx::on_lite(conn).for_one_statement()))
}

fn read(conn: &LiteConn, job: &mut dyn Job) -> Result<()> {
    conn.run("BEGIN")?;
    let verdict = job.run(&mut Tx::on_lite(conn));
    conn.roll_back();
    settle(verdict)
}

/// Nothing was changed, so there is nothing to keep or undo.
fn settle(verdict: Verdict) -> Result<()> {
    match verdict {
        Verdict::Keep { .. } | Verdict::Undo => Ok(()),
        Verdict::Again(error) => Err(error),
    }
}
