//! One call on its way: the caller's closure, what it answered, and where the answer goes.
//!
//! The threads know a call only as a [`Job`]. The closure may run several times; the answer is sent once, after the
//! transaction that holds the closure's changes was committed or given up.

use super::tx::Tx;
use crate::{Error, Result};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::sync::oneshot;

/// In which kind of transaction a closure runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Changes, as if nobody else were there.
    Write,
    /// The same, letting the others go first.
    WritePatiently,
    /// Changes at READ COMMITTED, for taking rows with `{skip_locked}`.
    WriteReadCommitted,
    /// A snapshot.
    Read,
    /// One statement.
    Get,
}

/// What is to become of a closure's changes.
#[derive(Debug)]
pub(super) enum Verdict {
    /// They are to be committed, and followers woken if asked for.
    Keep {
        /// The closure called [`Tx::wake`].
        wake: bool,
    },
    /// They are to be rolled back; the closure's own error is the answer.
    Undo,
    /// They are gone, and the closure may be run again: a serialisation failure or a lost connection.
    Again(Error),
}

/// A call, as the threads see it.
pub(super) trait Job: Send {
    fn mode(&self) -> Mode;

    /// Nobody waits for the answer any more.
    fn cancelled(&self) -> bool;

    /// Runs the closure. Never panics.
    fn run(&mut self, tx: &mut Tx<'_>) -> Verdict;

    /// Sends the answer: the closure's own if the transaction ended well or the closure failed by itself, the
    /// transaction's error otherwise.
    fn answer(self: Box<Self>, end: Result<()>);
}

struct Call<T, E, F> {
    closure: F,
    mode: Mode,
    outcome: Option<Result<T, E>>,
    caller: oneshot::Sender<Result<T, E>>,
}

/// Makes a call of a closure, and the end at which its answer arrives.
pub(super) fn call<T, E, F>(mode: Mode, closure: F) -> (Box<dyn Job>, oneshot::Receiver<Result<T, E>>)
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
{
    let (caller, answer) = oneshot::channel();
    (Box::new(Call { closure, mode, outcome: None, caller }), answer)
}

impl<T, E, F> Job for Call<T, E, F>
where
    T: Send,
    E: From<Error> + Send,
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send,
{
    fn mode(&self) -> Mode {
        self.mode
    }

    fn cancelled(&self) -> bool {
        self.caller.is_closed()
    }

    fn run(&mut self, tx: &mut Tx<'_>) -> Verdict {
        // A closure that panicked leaves nothing behind but its captured values, and those may only be read by another
        // run of the same closure: it was written to be run twice.
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.closure)(tx)))
            .unwrap_or_else(|panic| Err(Error::Panic(message(panic.as_ref())).into()));
        let (outcome, verdict) = match (outcome, tx.take_failure()) {
            (_, Some(failure @ (Error::Retry(_) | Error::Lost(_)))) => (None, Verdict::Again(failure)),
            (Ok(_), Some(swallowed)) => (Some(Err(swallowed.into())), Verdict::Undo),
            (Ok(value), None) => (Some(Ok(value)), Verdict::Keep { wake: tx.wants_wake() }),
            (Err(error), _) => (Some(Err(error)), Verdict::Undo),
        };
        self.outcome = outcome;
        verdict
    }

    fn answer(self: Box<Self>, end: Result<()>) {
        let answer = match (self.outcome, end) {
            (Some(Err(own)), _) => Err(own),
            (_, Err(error)) => Err(error.into()),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => Err(Error::Closed.into()),
        };
        // A caller that went away does not want to know.
        let _ = self.caller.send(answer);
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("without a message").to_owned()
}
