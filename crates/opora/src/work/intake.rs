//! Receives what was accepted. One node at a time, by a lease; within it in the order of arrival.

use super::{Wake, pause};
use crate::ground::Ground;
use opora_base::{Clock, SharedClock, lease};
use opora_desk::mailroom;
use opora_mail::Limits;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const LEASE: &str = "intake";
const LEASED_FOR: Duration = Duration::from_secs(15);
/// Another process (an import) may have accepted mail without our hearing of it.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Works until told to stop.
pub async fn run(ground: Ground, clock: SharedClock, limits: Limits, stop: CancellationToken) {
    let me = ground.holder.to_string();
    let mut wake = Wake::of(&ground.store);
    let mut leased_until = opora_base::Time(0);
    loop {
        let now = clock.now();
        if leased_until <= now.plus(LEASED_FOR / 2) {
            leased_until =
                if hold(&ground, &me, clock.as_ref()).await { now.plus(LEASED_FOR) } else { opora_base::Time(0) };
        }
        let taken = if leased_until > now { take_in(&ground, &limits, clock.as_ref()).await } else { 0 };
        if stop.is_cancelled() || (taken == 0 && !pause(&mut wake, LONGEST_PAUSE, &stop).await) {
            break;
        }
    }
    let released = ground.store.write(move |tx| lease::release(tx, LEASE, &me)).await;
    if let Err(error) = released {
        tracing::debug!(%error, "the intake's lease runs out by itself");
    }
}

async fn hold(ground: &Ground, me: &str, clock: &dyn Clock) -> bool {
    let (me, now) = (me.to_owned(), clock.now());
    let held = ground.store.write(move |tx| lease::acquire(tx, LEASE, &me, LEASED_FOR, now)).await;
    held.unwrap_or_else(|error| {
        tracing::warn!(%error, "the intake cannot begin");
        false
    })
}

/// While files can be neither kept nor read nobody's mail is tried: it would fail for no fault of its own, and what failed
/// often is laid aside for a person.
async fn take_in(ground: &Ground, limits: &Limits, clock: &dyn Clock) -> usize {
    if ground.blobs.is_away()
        && let Err(error) = ground.blobs.try_out().await
    {
        tracing::warn!(code = error.code(), %error, "mail waits until files can be kept");
        return 0;
    }
    match mailroom::take_in(&ground.store, &ground.blobs, limits, clock.now()).await {
        Ok(taken) => taken,
        Err(error) => {
            tracing::warn!(%error, "the intake could not work");
            0
        }
    }
}
