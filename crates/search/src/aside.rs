//! Threads that give way: what is found a moment later must not keep mail waiting.
//!
//! The engine starts its threads itself, and a thread takes over how much it gives way from the one that started it. So
//! what starts them runs in a thread of its own, which gives way first. Where the system knows no such thing, all are equal.

/// How far it gives way: with everybody busy such a thread gets a thirtieth of what another does.
const STEPS: i32 = 15;

/// Runs this in a thread that gives way, and waits for it.
pub(crate) fn aside<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            give_way();
            work()
        });
        worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// On Linux this is the calling thread's own affair.
#[cfg(target_os = "linux")]
fn give_way() {
    let _ = rustix::process::nice(STEPS);
}

#[cfg(not(target_os = "linux"))]
fn give_way() {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{STEPS, aside};
    use rustix::process::getpriority_process;

    /// Nobody gives way further than this.
    const MOST: i32 = 19;

    // "No process" is the thread that asks.
    #[test]
    fn what_is_started_aside_gives_way_and_whoever_waits_does_not() {
        let nice = || getpriority_process(None).ok();
        let before = nice();
        let started = aside(|| std::thread::spawn(nice).join().ok().flatten());
        assert!(before.is_some());
        assert_eq!((started, nice()), (before.map(|steps| (steps + STEPS).min(MOST)), before));
    }
}
