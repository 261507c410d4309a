//! Fires timers within a second of their time.

use super::{Wake, pause};
use opora_base::{Clock, SharedClock, Store, timer};
use opora_desk::contacts::training;
use opora_desk::entitlement::hold;
use opora_desk::{OrganizationId, TicketId, routing, sla, tickets};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const BATCH: i64 = 100;
const LONGEST_PAUSE: Duration = Duration::from_millis(900);
const GATHERING: Duration = Duration::from_millis(100);

/// Works until told to stop.
pub async fn run(store: Store, clock: SharedClock, stop: CancellationToken) {
    let mut wake = Wake::gathered(&store, GATHERING);
    loop {
        match fire_due(&store, clock.as_ref()).await {
            Ok(fired) if fired == BATCH as usize => {}
            Ok(_) => {
                if !pause(&mut wake, LONGEST_PAUSE, &stop).await {
                    return;
                }
            }
            Err(error) => {
                tracing::warn!(%error, "timers could not be fired");
                if !pause(&mut wake, LONGEST_PAUSE, &stop).await {
                    return;
                }
            }
        }
        if stop.is_cancelled() {
            return;
        }
    }
}

async fn fire_due(store: &Store, clock: &dyn Clock) -> opora_desk::Result<usize> {
    let now = clock.now();
    let due = store.get(move |tx| timer::due(tx, now, BATCH)).await?;
    let count = due.len();
    for one in due {
        store
            .write(move |tx| {
                if !timer::take(tx, &one)? {
                    return Ok(());
                }
                match one.kind.as_str() {
                    tickets::CLOSE_TIMER => tickets::close_when_solved(tx, TicketId(one.subject), now),
                    tickets::WAKE_TIMER => tickets::wake_when_over(tx, TicketId(one.subject), now),
                    sla::BREACH_TIMER | sla::WARN_TIMER => sla::fire(tx, one.subject, now),
                    routing::RETURN_TIMER => routing::when_over(tx, TicketId(one.subject), now),
                    hold::TIMER => hold::over(tx, TicketId(one.subject), now),
                    training::YEAR_TIMER => training::new_year(tx, OrganizationId(one.subject), now),
                    other => {
                        tracing::warn!(kind = other, "a timer nobody knows was dropped");
                        Ok(())
                    }
                }
            })
            .await?;
    }
    Ok(count)
}
