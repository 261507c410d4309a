//! Calls waiting for a thread: first come, first served, and never more than fit.

use super::call::Job;
use crate::Error;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A bounded queue between the callers and the threads that own connections.
pub(super) struct Queue {
    state: Mutex<State>,
    filled: Condvar,
    limit: usize,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Box<dyn Job>>,
    closed: bool,
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
        if state.waiting.len() >= self.limit {
            return Err(Error::Busy);
        }
        state.waiting.push_back(job);
        drop(state);
        self.filled.notify_one();
        Ok(())
    }

    /// The next call, as soon as there is one. Nothing once the queue is closed and empty.
    pub fn pop(&self) -> Option<Box<dyn Job>> {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.waiting.pop_front() {
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
        self.lock().waiting.pop_front()
    }

    pub fn len(&self) -> usize {
        self.lock().waiting.len()
    }

    /// Takes no more calls. Those that wait are still served.
    pub fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_all();
    }

    /// Takes no more calls and forgets those that wait: their callers get [`Error::Closed`].
    pub fn abandon(&self) {
        self.close();
        let forgotten = std::mem::take(&mut self.lock().waiting);
        drop(forgotten);
    }

    /// Nothing panics while the lock is held, and if it did the list would still be whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
