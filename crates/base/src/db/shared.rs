//! What the store and its threads share: two queues, the counters, the bell for followers.

use super::queue::Queue;
use super::stats::Counters;
use super::wake::Bell;
use std::cell::Cell;
use std::panic::PanicHookInfo;
use std::sync::{Arc, Once};
use std::thread::JoinHandle;

pub(super) struct Shared {
    pub writes: Queue,
    pub reads: Queue,
    pub counters: Counters,
    pub bell: Bell,
}

impl Shared {
    pub fn new(limit: usize) -> Self {
        Shared {
            writes: Queue::new(limit),
            reads: Queue::new(limit),
            counters: Counters::default(),
            bell: Bell::default(),
        }
    }

    /// Takes no more calls; the threads finish what waits and end.
    pub fn close(&self) {
        self.writes.close();
        self.reads.close();
        self.bell.close();
    }
}

thread_local! {
    static IN_STORE: Cell<bool> = const { Cell::new(false) };
}

/// Starts one of the store's own threads.
///
/// If it ever dies of a panic of our own (closures are caught before), nobody may be left waiting: the queues forget
/// their calls and take no more.
pub(super) fn spawn(
    name: String,
    shared: &Arc<Shared>,
    run: impl FnOnce(&Arc<Shared>) + Send + 'static,
) -> std::io::Result<JoinHandle<()>> {
    struct Undertaker(Arc<Shared>);
    impl Drop for Undertaker {
        fn drop(&mut self) {
            if std::thread::panicking() {
                self.0.bell.close();
                self.0.writes.abandon();
                self.0.reads.abandon();
            }
        }
    }
    let undertaker = Undertaker(Arc::clone(shared));
    std::thread::Builder::new().name(name).stack_size(2 << 20).spawn(move || {
        IN_STORE.set(true);
        run(&undertaker.0);
    })
}

/// Panics on the store's threads are answers, not crashes: they are logged in one line. The usual hook would symbolise a
/// backtrace while everybody waits for the one writer (with `RUST_BACKTRACE=1` that took seconds).
pub(super) fn install_panic_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
            if IN_STORE.get() {
                let place = info.location().map(ToString::to_string).unwrap_or_default();
                tracing::error!(place, "a database closure panicked");
            } else {
                usual(info);
            }
        }));
    });
}
