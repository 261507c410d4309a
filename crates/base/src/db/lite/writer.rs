//! The writing thread: closures that queued up during the last sync share the next one.
//!
//! A group is one transaction; each closure in it but the first has a savepoint of its own, so that an error, a panic or a
//! failed statement undoes that closure alone. Nobody is answered before the group's COMMIT returned. There is no waiting for
//! company: the group is what queued during the last fsync.
//!
//! If SQLite ends the whole transaction over one member (or a savepoint does not close), the others have lost their
//! changes through no fault of theirs and are run once more, each alone.

use super::LiteConn;
use crate::Error;
use crate::db::call::{Job, Mode, Verdict};
use crate::db::shared::Shared;
use crate::db::stats::add;
use crate::db::tx::Tx;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Longer than this in the one writer is worth a line in the log.
const SLOW: Duration = Duration::from_millis(5);

type Caps = (usize, Duration);

pub(super) fn run(conn: &LiteConn, shared: &Shared, caps: Caps) {
    let mut alone = VecDeque::new();
    loop {
        if let Some(job) = alone.pop_front() {
            add(&shared.counters.reruns, 1);
            transaction(conn, shared, job, (1, caps.1), &mut alone);
        } else if let Some(job) = shared.writes.pop() {
            if !job.cancelled() {
                transaction(conn, shared, job, caps, &mut alone);
            }
        } else {
            return;
        }
    }
}

/// One transaction, beginning with `first`. Who has to be run again by himself is put into `alone`.
fn transaction(conn: &LiteConn, shared: &Shared, first: Box<dyn Job>, caps: Caps, alone: &mut VecDeque<Box<dyn Job>>) {
    if let Err(error) = conn.run("BEGIN IMMEDIATE") {
        return first.answer(Err(error));
    }
    let Some(group) = gather(conn, shared, first, caps, alone) else {
        return conn.roll_back();
    };
    let before = Instant::now();
    match conn.commit() {
        Ok(()) => {
            shared.counters.committed(group.members.len(), before.elapsed());
            for member in group.members {
                member.answer(Ok(()));
            }
            if group.wake {
                shared.bell.ring();
            }
        }
        Err(failure) => {
            conn.roll_back();
            if failure.by_constraint && group.members.len() > 1 {
                return alone.extend(group.members);
            }
            tracing::error!(error = %failure.error, "SQLite refused to commit");
            for member in group.members {
                member.answer(Err(failure.error.clone()));
            }
        }
    }
}

#[derive(Default)]
struct Group {
    members: Vec<Box<dyn Job>>,
    wake: bool,
}

/// Runs closures as long as some are waiting and the caps allow. Nothing if the group was destroyed on the way.
fn gather(
    conn: &LiteConn,
    shared: &Shared,
    first: Box<dyn Job>,
    (size, time): Caps,
    alone: &mut VecDeque<Box<dyn Job>>,
) -> Option<Group> {
    let began = Instant::now();
    let mut group = Group::default();
    let mut next = Some(first);
    // Somebody in a hurry is not kept waiting by patient calls that have nothing to do with him.
    let mut hurried = false;
    while let Some(mut job) = next.take() {
        hurried |= job.mode() != Mode::WritePatiently;
        let alone_so_far = group.members.is_empty();
        match member(conn, shared, &mut *job, alone_so_far) {
            Member::Kept { wake } => {
                group.wake |= wake;
                group.members.push(job);
            }
            Member::Undone(failure) => match failure {
                None => group.members.push(job),
                Some(error) => job.answer(Err(error)),
            },
            Member::EndedTheTransaction(error) => {
                alone.extend(group.members);
                job.answer(Err(error));
                return None;
            }
            Member::WouldNotClose(error) => {
                if group.members.is_empty() {
                    job.answer(Err(error));
                } else {
                    alone.extend(group.members);
                    alone.push_back(job);
                }
                return None;
            }
        }
        while next.is_none() && group.members.len() < size && began.elapsed() < time {
            let waiting = if hurried { shared.writes.try_pop_hurried() } else { shared.writes.try_pop() };
            match waiting {
                Some(waiting) if waiting.cancelled() => {}
                Some(waiting) => next = Some(waiting),
                None => break,
            }
        }
    }
    Some(group)
}

/// How a closure left the transaction it shares.
enum Member {
    /// With its changes.
    Kept { wake: bool },
    /// Without them: the closure failed, or has to be told this error.
    Undone(Option<Error>),
    /// It took everybody's changes with it.
    EndedTheTransaction(Error),
    /// Its savepoint could neither be released nor rolled back.
    WouldNotClose(Error),
}

/// Runs one closure. The first of a group needs no savepoint: to undo it is to begin again.
fn member(conn: &LiteConn, shared: &Shared, job: &mut dyn Job, first: bool) -> Member {
    if !first && let Err(error) = conn.run("SAVEPOINT member") {
        return Member::WouldNotClose(error);
    }
    let began = Instant::now();
    let verdict = job.run(&mut Tx::on_lite(conn));
    let took = began.elapsed();
    if took > SLOW {
        add(&shared.counters.slow, 1);
        tracing::debug!(ms = took.as_millis(), "a slow closure held the database's writer");
    }
    if !conn.in_transaction() {
        return Member::EndedTheTransaction(Error::Db("a statement ended the transaction".to_owned()));
    }
    let closed = match (&verdict, first) {
        (Verdict::Keep { .. }, true) => Ok(()),
        (Verdict::Keep { .. }, false) => conn.run("RELEASE member"),
        (_, true) => conn.run("ROLLBACK").and_then(|()| conn.run("BEGIN IMMEDIATE")),
        (_, false) => conn.run("ROLLBACK TO member").and_then(|()| conn.run("RELEASE member")),
    };
    match (closed, verdict) {
        (Err(error), _) => Member::WouldNotClose(error),
        (Ok(()), Verdict::Keep { wake }) => Member::Kept { wake },
        (Ok(()), Verdict::Undo) => Member::Undone(None),
        (Ok(()), Verdict::Again(error)) => Member::Undone(Some(error)),
    }
}
