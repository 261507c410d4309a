//! What happens when it is too late: the policy's step, done by the program itself and recorded as such.

use super::rules::Rules;
use super::store::Clock;
use crate::tickets::{self, Change, Standing};
use crate::{Actor, Result};
use opora_base::{Time, Tx};

/// Takes the step for a clock that has just run out. Whoever is to be told is told by the event.
pub(super) fn late(tx: &mut Tx<'_>, rules: &Rules, clock: &Clock, now: Time) -> Result<()> {
    let Some(policy) = rules.policy(clock.policy) else { return Ok(()) };
    let step = policy.escalation;
    let ticket = Standing::lock(tx, clock.ticket)?;
    let change = Change {
        priority: step.priority.filter(|priority| *priority > ticket.priority),
        team_id: step.team_id.filter(|team| Some(*team) != ticket.team_id).map(Some),
        ..Change::default()
    };
    match tickets::apply(tx, &Actor::system(), &ticket, &change, now) {
        // The team is gone: the ticket stays where it is, and those who lead hear of the breach.
        Err(crate::Error::Validation(_)) => Ok(()),
        done => done,
    }
}
