//! Deadlines reckoned anew after a policy or a calendar changed: batch by batch, so that nobody waits, from where it stopped.

use super::rules::Rules;
use super::settle;
use super::store::{self, Clock};
use crate::tickets::Standing;
use crate::{Result, TicketId};
use opora_base::{Time, Tx, params};
use std::sync::Arc;

/// Tickets reckoned in one transaction.
const BATCH: i64 = 200;

/// A review that is under way.
type Under = (i64, String, Option<i64>, i64);

/// Asks for a review: of all tickets that are not done, or of the clocks of one calendar. What was asked before and has not
/// come to its end begins again.
pub(crate) fn ask(tx: &mut Tx<'_>, reason: &str, calendar: Option<i64>) -> Result<()> {
    tx.exec(
        "DELETE FROM sla_review WHERE reason = $1 AND COALESCE(calendar_id, 0) = $2",
        params![reason, calendar.unwrap_or(0)],
    )?;
    tx.exec("INSERT INTO sla_review (reason, calendar_id) VALUES ($1, $2)", params![reason, calendar])?;
    tx.wake();
    Ok(())
}

/// Is one under way?
pub(super) fn is_asked(tx: &mut Tx<'_>) -> Result<bool> {
    let asked: Option<i64> = tx.opt("SELECT id FROM sla_review LIMIT 1", &[])?;
    Ok(asked.is_some())
}

/// The next batch of the oldest review.
pub(super) fn step(tx: &mut Tx<'_>, now: Time) -> Result<()> {
    let review: Option<Under> =
        tx.opt("SELECT id, reason, calendar_id, after_ticket FROM sla_review ORDER BY id LIMIT 1", &[])?;
    let Some((id, reason, calendar, after)) = review else { return Ok(()) };
    let last = match calendar {
        Some(calendar) => of_calendar(tx, calendar, after, &reason, now)?,
        None => of_all(tx, after, &reason, now)?,
    };
    match last {
        Some(last) => tx.exec("UPDATE sla_review SET after_ticket = $2 WHERE id = $1", params![id, last])?,
        None => tx.exec("DELETE FROM sla_review WHERE id = $1", params![id])?,
    };
    Ok(())
}

fn of_all(tx: &mut Tx<'_>, after: i64, reason: &str, now: Time) -> Result<Option<i64>> {
    let tickets: Vec<i64> = tx.query(
        "SELECT id FROM ticket WHERE id > $1 AND status NOT IN ('solved', 'closed') ORDER BY id LIMIT $2",
        params![after, BATCH],
    )?;
    let Some(last) = tickets.last().copied() else { return Ok(None) };
    let mut rules = Rules::load(tx, now)?.for_review();
    let tickets: Arc<[i64]> = tickets.into();
    rules.ask(tx, &tickets, now)?;
    for id in tickets.iter() {
        settle::settle(tx, &rules, TicketId(*id), now, now, reason)?;
    }
    Ok(Some(last))
}

/// Only hours differ: clocks keep their policy and their course.
fn of_calendar(tx: &mut Tx<'_>, calendar: i64, after: i64, reason: &str, now: Time) -> Result<Option<i64>> {
    let sql = format!(
        "SELECT {} FROM sla_clock WHERE id > $1 AND stopped_at IS NULL AND calendar_id = $2 ORDER BY id LIMIT $3",
        store::COLUMNS
    );
    let clocks: Vec<Clock> = tx.query(&sql, params![after, calendar, BATCH])?;
    let Some(last) = clocks.last().map(|clock| clock.id) else { return Ok(None) };
    let rules = Rules::load(tx, now)?.for_review();
    for mut clock in clocks {
        let before = clock.clone();
        settle::reckon(tx, &rules, &mut clock, Some(&before), now, reason)?;
        if (before.due_at, before.breached_at) != (clock.due_at, clock.breached_at) {
            let ticket = Standing::read(tx, clock.ticket)?;
            let clocks = store::clocks_of(tx, clock.ticket)?;
            settle::show(tx, &ticket, &clocks, &rules, now)?;
        }
    }
    Ok(Some(last))
}
