//! Follows the log: whatever happens to a ticket may start, stop or move its clocks.

use super::rules::Rules;
use super::{review, settle};
use crate::notifications::Followed;
use crate::{Result, TicketId};
use opora_base::event::{self, Event};
use opora_base::{Time, Tx, params, timer};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The follower's name in the log.
pub const FOLLOWER: &str = "sla";
/// Few at a time: their tickets are locked meanwhile.
const BATCH: i64 = 50;

/// Is there anything to do?
pub fn is_behind(tx: &mut Tx<'_>) -> Result<bool> {
    if review::is_asked(tx)? {
        return Ok(true);
    }
    let Some(position) = event::position(tx, FOLLOWER)? else { return promises_anything(tx) };
    let events = event::after(tx, position, BATCH)?;
    Ok(events.len() as i64 == BATCH || events.iter().any(concerns))
}

/// Has the department promised anything yet? Until it has nobody follows its log for it.
fn promises_anything(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(tx.one("SELECT EXISTS (SELECT 1 FROM sla_policy) OR EXISTS (SELECT 1 FROM promise)", &[])?)
}

/// Could it move a clock? What this follower itself says could not.
fn concerns(event: &Event) -> bool {
    match event.kind.as_str() {
        "organization.changed" | "contact.changed" => true,
        kind => {
            event.subject != 0 && (kind.starts_with("ticket.") && kind != "ticket.sla" || kind.starts_with("message."))
        }
    }
}

/// Settles what the next events moved, in one transaction with the place in the log; then a step of a review.
pub fn follow(tx: &mut Tx<'_>, now: Time) -> Result<Followed> {
    let Some(position) = event::position(tx, FOLLOWER)? else {
        // A department that is older than this follower begins with what comes.
        let end = event::end(tx)?;
        event::advance(tx, FOLLOWER, end)?;
        return Ok(Followed::More);
    };
    let events = event::after(tx, position, BATCH)?;
    let moved = moved(tx, &events)?;
    if !moved.is_empty() {
        let mut rules = Rules::load(tx, now)?;
        let tickets: Arc<[i64]> = moved.keys().map(|id| id.0).collect();
        rules.ask(tx, &tickets, now)?;
        for (id, at) in moved {
            settle::settle(tx, &rules, id, at, now, "ticket")?;
        }
    }
    if let Some(last) = events.last() {
        event::advance(tx, FOLLOWER, last.at_cursor)?;
    }
    if events.len() as i64 == BATCH {
        return Ok(Followed::More);
    }
    if review::is_asked(tx)? {
        review::step(tx, now)?;
        return Ok(Followed::More);
    }
    Ok(Followed::AllOfIt)
}

/// The tickets these events moved, and when last.
fn moved(tx: &mut Tx<'_>, events: &[Event]) -> Result<BTreeMap<TicketId, Time>> {
    let mut moved = BTreeMap::new();
    let mut put = |id: TicketId, at: Time| {
        let last = moved.entry(id).or_insert(at);
        *last = at.max(*last);
    };
    for event in events.iter().filter(|event| concerns(event)) {
        let number = |name: &str| event.data.get(name).and_then(serde_json::Value::as_i64);
        let theirs = match event.kind.as_str() {
            "organization.changed" => "c.organization_id = $1",
            "contact.changed" => "c.id = $1",
            _ => {
                put(TicketId(event.subject), event.at);
                continue;
            }
        };
        let of = number("organization").filter(|_| event.kind == "organization.changed").or(number("contact"));
        let sql = format!(
            "SELECT t.id FROM ticket t JOIN contact c ON c.id = t.contact_id
             WHERE {theirs} AND t.status NOT IN ('solved', 'closed')"
        );
        for id in tx.query::<TicketId>(&sql, params![of.unwrap_or(0)])? {
            put(id, event.at);
        }
    }
    Ok(moved)
}

/// The time of a clock's timer has come.
pub fn fire(tx: &mut Tx<'_>, clock: i64, now: Time) -> Result<()> {
    let ticket: Option<TicketId> = tx.opt("SELECT ticket_id FROM sla_clock WHERE id = $1", params![clock])?;
    let Some(id) = ticket else { return timer::clear(tx, settle::BREACH_TIMER, clock).map_err(Into::into) };
    let mut rules = Rules::load(tx, now)?;
    rules.ask(tx, &Arc::from([id.0]), now)?;
    settle::settle(tx, &rules, id, now, now, "timer")
}
