//! Memory that all messages on their way in share: a message rents as it grows and gives back when it is stored.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// What is left of the shared memory, in bytes.
#[derive(Debug)]
pub(super) struct Budget(AtomicUsize);

impl Budget {
    pub(super) fn new(bytes: usize) -> Arc<Self> {
        Arc::new(Self(AtomicUsize::new(bytes)))
    }

    /// A lease of nothing yet.
    pub(super) fn lease(self: &Arc<Self>) -> Lease {
        Lease { budget: self.clone(), held: 0 }
    }
}

/// What one message holds; given back when dropped.
#[derive(Debug)]
pub(super) struct Lease {
    budget: Arc<Budget>,
    held: usize,
}

impl Lease {
    /// Grows the lease to at least `bytes`. False when the memory is used up; the lease stays as it was.
    pub(super) fn grow_to(&mut self, bytes: usize) -> bool {
        let Some(more) = bytes.checked_sub(self.held).filter(|&more| more > 0) else { return true };
        let taken = self.budget.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(more));
        if taken.is_ok() {
            self.held = bytes;
        }
        taken.is_ok()
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.budget.0.fetch_add(self.held, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_given_back_when_the_message_is_gone() {
        let budget = Budget::new(100);
        let mut first = budget.lease();
        assert!(first.grow_to(80));
        let mut second = budget.lease();
        assert!(!second.grow_to(30));
        assert!(second.grow_to(20));
        drop(first);
        assert!(second.grow_to(100));
    }
}
