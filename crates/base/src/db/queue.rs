//! Calls waiting for a thread: first come, first served, and never more than fit. Patient calls let the others go first,
//! though not for ever.

use super::call::{Job, Mode};
use crate::Error;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// So many others may overtake a patient call in a row.
const OVERTAKERS: usize = 8;

/// A bounded queue between the callers and the threads that own connections.
pub(super) struct Queue {
    state: Mutex<State>,
    filled: Condvar,
    limit: usize,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Box<dyn Job>>,
    patient: VecDeque<Box<dyn Job>>,
    /// How many have gone before the first patient one.
    overtaken: usize,
    closed: bool,
}

impl State {
    fn len(&self) -> usize {
        self.waiting.len() + self.patient.len()
    }

    fn next(&mut self) -> Option<Box<dyn Job>> {
        if self.patient.is_empty() {
            return self.waiting.pop_front();
        }
        if self.overtaken < OVERTAKERS
            && let Some(job) = self.waiting.pop_front()
        {
            self.overtaken += 1;
            return Some(job);
        }
        self.overtaken = 0;
        self.patient.pop_front()
    }
}

impl Queue {
    pub fn new(limit: usize) -> Self {
        Queue { state: Mutex::default(), filled: Condvar::new(), limit }
    }

    /// Puts a call at the end, or refuses it: [`Error::Busy`] when full, [`Error::Closed`] when closed.
    pub fn push(&self, job: Box<dyn Job>) -> Result<(), Error> {
        let mut state = self.lock();
        if state.closed {
            return Err(Error::Closed);
        }
        if state.len() >= self.limit {
            return Err(Error::Busy);
        }
        let row = if job.mode() == Mode::WritePatiently { &mut state.patient } else { &mut state.waiting };
        row.push_back(job);
        drop(state);
        self.filled.notify_one();
        Ok(())
    }

    /// The next call, as soon as there is one. Nothing once the queue is closed and empty.
    pub fn pop(&self) -> Option<Box<dyn Job>> {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.next() {
                return Some(job);
            }
            if state.closed {
                return None;
            }
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The next call if one is waiting this very moment.
    pub fn try_pop(&self) -> Option<Box<dyn Job>> {
        self.lock().next()
    }

    /// The same for who holds up somebody in a hurry: no patient call, unless its turn has come.
    pub fn try_pop_hurried(&self) -> Option<Box<dyn Job>> {
        let mut state = self.lock();
        if state.waiting.is_empty() && state.overtaken < OVERTAKERS { None } else { state.next() }
    }

    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Takes no more calls. Those that wait are still served.
    pub fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_all();
    }

    /// Takes no more calls and forgets those that wait: their callers get [`Error::Closed`].
    pub fn abandon(&self) {
        self.close();
        let mut state = self.lock();
        let forgotten = (std::mem::take(&mut state.waiting), std::mem::take(&mut state.patient));
        drop(state);
        drop(forgotten);
    }

    /// Nothing panics while the lock is held, and if it did the list would still be whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
