//! Does mass actions, a few tickets at a time, behind everybody who waits for a click.

use super::queue::{self, End, Queue};
use crate::ground::Ground;
use opora_base::SharedClock;
use opora_base::job::Job;
use opora_desk::mass::{self, Step};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Tickets of one transaction: enough to share a sync, few enough that nobody's click waits behind them.
const AT_ONCE: i64 = 20;
/// Steps of one turn. Then another action has its turn: a few tickets need not wait for a hundred thousand.
const TURN: usize = 10;
const ACTIONS: Queue = Queue { name: mass::QUEUE, at_once: 1, longest_pause: Duration::from_secs(5) };

/// Works until told to stop.
pub async fn run(ground: Ground, clock: SharedClock, stop: CancellationToken) {
    queue::run(&ground, &clock, &stop, ACTIONS, |job| act(&ground, &clock, job, &stop)).await;
}

async fn act(ground: &Ground, clock: &SharedClock, job: Job, stop: &CancellationToken) -> anyhow::Result<End> {
    let id = job.payload.get("action").and_then(serde_json::Value::as_i64).unwrap_or_default();
    for _ in 0..TURN {
        if one_step(ground, clock, id).await? == Step::Over {
            return Ok(End::Done);
        }
        if stop.is_cancelled() {
            break;
        }
    }
    Ok(End::GiveWay(clock.now()))
}

/// A few tickets; when one of them cannot be changed, one by one, passing over those that cannot.
async fn one_step(ground: &Ground, clock: &SharedClock, id: i64) -> opora_desk::Result<Step> {
    let now = clock.now();
    match ground.store.write_patiently(move |tx| mass::step(tx, id, AT_ONCE, now)).await {
        Err(error) if is_gone(&error) => return Ok(Step::Over),
        Err(error) if is_about_a_ticket(&error) => {}
        other => return other,
    }
    for _ in 0..AT_ONCE {
        match ground.store.write_patiently(move |tx| mass::step(tx, id, 1, now)).await {
            Ok(Step::Over) => return Ok(Step::Over),
            Ok(Step::More) => {}
            Err(error) if is_gone(&error) => return Ok(Step::Over),
            Err(error) if is_about_a_ticket(&error) => {
                let reason = error.to_string();
                ground.store.write_patiently(move |tx| mass::fail_first(tx, id, &reason, now)).await?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(Step::More)
}

/// Is the action itself no more? Anything else that is not found is missed by a ticket.
fn is_gone(error: &opora_desk::Error) -> bool {
    matches!(error, opora_desk::Error::NotFound("mass action"))
}

fn is_about_a_ticket(error: &opora_desk::Error) -> bool {
    !matches!(error, opora_desk::Error::Base(_) | opora_desk::Error::Blob(_) | opora_desk::Error::Storage(_))
}

#[cfg(test)]
mod tests;
