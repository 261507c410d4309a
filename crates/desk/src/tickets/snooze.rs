//! Putting a ticket to sleep: until a moment, or until its customer writes. Asleep it is on hold; waking makes it open.

use super::change::{self, Change};
use super::model::Status;
use super::row::Standing;
use crate::{Actor, Error, Result, TicketId};
use opora_base::{Time, Tx, params, timer};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::ToSchema;

/// The timer that wakes a ticket.
pub const WAKE_TIMER: &str = "ticket.wake";
/// Nothing sleeps longer.
const LONGEST: Duration = Duration::from_secs(366 * 86_400);
/// What `snoozed_until` holds when only the customer wakes the ticket.
pub(super) const UNTIL_AN_ANSWER: i64 = i64::MAX;

/// How long a ticket is to sleep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Snooze {
    /// Until when; `null` until the customer writes.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Time>,
}

impl Snooze {
    /// As the row holds it.
    pub(super) fn checked(self, now: Time) -> Result<i64> {
        match self.until {
            None => Ok(UNTIL_AN_ANSWER),
            Some(until) if until <= now => Err(Error::field("snooze.until", "past", "must lie in the future")),
            Some(until) if until > now.plus(LONGEST) => {
                Err(Error::field("snooze.until", "too_far", "at most a year ahead"))
            }
            Some(until) => Ok(until.0),
        }
    }
}

/// The change that puts a ticket back where it stood, asleep or not. A sleep that is over by now has ended: the ticket is
/// awake.
pub(crate) fn back_to(ticket: &Standing, status: Status, sleep: Option<i64>, now: Time) -> Change {
    if (ticket.status, ticket.snoozed_until) == (status, sleep) {
        return Change::default();
    }
    match sleep {
        None => Change { status: Some(status), snooze: Some(None), ..Change::default() },
        Some(until) if until <= now.0 => Change { status: Some(Status::Open), ..Change::default() },
        Some(until) => {
            let until = Some(Time(until)).filter(|until| until.0 != UNTIL_AN_ANSWER);
            Change { snooze: Some(Some(Snooze { until })), ..Change::default() }
        }
    }
}

/// Sets or forgets the timer for what the row holds now.
pub(super) fn keep_timer(tx: &mut Tx<'_>, id: TicketId, until: Option<i64>) -> Result<()> {
    match until.filter(|until| *until != UNTIL_AN_ANSWER) {
        Some(until) => timer::set(tx, WAKE_TIMER, id.0, Time(until))?,
        None => timer::clear(tx, WAKE_TIMER, id.0)?,
    }
    Ok(())
}

/// The customer woke the ticket: its timer is forgotten.
pub(crate) fn stays_awake(tx: &mut Tx<'_>, id: TicketId) -> Result<()> {
    keep_timer(tx, id, None)
}

/// The time has come: wakes a ticket that still sleeps.
pub fn wake_when_over(tx: &mut Tx<'_>, id: TicketId, now: Time) -> Result<()> {
    let before = Standing::lock(tx, id)?;
    if before.snoozed_until.is_some_and(|until| until <= now.0) {
        change::apply(tx, &Actor::system(), &before, &Change { snooze: Some(None), ..Change::default() }, now)?;
    }
    Ok(())
}

/// Since when the customer waits, by the messages: the first of theirs that we have not answered. An answer that is to go
/// later has not answered yet, nor has one that went by itself.
pub(super) fn unanswered_since(tx: &mut Tx<'_>, id: TicketId) -> Result<Option<i64>> {
    Ok(tx.one(
        "SELECT min(created_at) FROM message WHERE ticket_id = $1 AND kind = 'customer' AND id > COALESCE(
           (SELECT max(id) FROM message WHERE ticket_id = $1 AND kind = 'reply' AND state NOT IN ('scheduled', 'held')
             AND author_kind <> 'system'), 0)",
        params![id],
    )?)
}
