//! Sets a ticket's clocks to what the ticket is now. Everything follows from the ticket itself, so that settling twice, or
//! after any interruption, comes to the same.

use super::clock::Course;
use super::facts::{Facts, Since, Wanted};
use super::hours::Hours;
use super::metric::Metric;
use super::rules::{Rule, Rules};
use super::store::{self, Clock, NEVER, clocks_of};
use super::{escalate, promise};
use crate::tickets::Standing;
use crate::{Result, TicketId};
use opora_base::event::{self, Author};
use opora_base::{Time, Tx, params, timer};
use serde_json::{Value, json};
use std::time::Duration;

/// The timer of a clock's warning.
pub const WARN_TIMER: &str = "sla.warn";
/// The timer of a clock's end.
pub const BREACH_TIMER: &str = "sla.breach";
/// What was late longer ago than this is on record, but nobody is called for it.
const NEWS: Duration = Duration::from_secs(86_400);

/// Settles the clocks of a ticket that came to stand as it does at `at`.
pub(super) fn settle(tx: &mut Tx<'_>, rules: &Rules, id: TicketId, at: Time, now: Time, why: &str) -> Result<()> {
    let Ok(ticket) = Standing::lock(tx, id) else { return Ok(()) };
    let mut clocks = clocks_of(tx, id)?;
    // What was done before anybody promised anything is not looked at again.
    let promised = promise::latest(tx, id)?.is_some();
    if clocks.is_empty() && !promised && (ticket.status.is_done() || rules.fitting(id).next().is_none()) {
        return Ok(());
    }
    let facts = Facts::read(tx, &ticket)?;
    for metric in Metric::ALL {
        let rule = rules.rule(&facts, metric);
        let wanted = facts.wanted(metric, at).filter(|_| rule.is_some());
        let current = clocks.iter().rposition(|clock| clock.metric == metric);
        let same = current.filter(|i| wanted.is_some_and(|wanted| clocks[*i].is_for(&wanted)));
        if let Some(old) = current.filter(|i| Some(*i) != same) {
            leave(tx, rules, &facts, &mut clocks[old], at, now)?;
        }
        let (Some(wanted), Some(rule)) = (wanted, rule) else { continue };
        match same {
            Some(i) => {
                let clock = &mut clocks[i];
                let before = clock.clone();
                (clock.policy, clock.calendar) = (rule.policy, rule.calendar);
                (clock.target, clock.warn_percent) = (rule.target, rule.warn_percent);
                steer(&mut clock.course, &facts, &rule, metric, &wanted, at);
                reckon(tx, rules, clock, Some(&before), now, why)?;
            }
            None => {
                if let Some(clock) = begin(tx, rules, &facts, &rule, metric, &wanted, at, now)? {
                    clocks.push(clock);
                }
            }
        }
    }
    show(tx, &ticket, &clocks, rules, now)
}

impl Clock {
    /// Is it the one that is wanted, or one that is over and of the past?
    fn is_for(&self, wanted: &Wanted) -> bool {
        match wanted.since {
            Since::At(since) => self.started_at == since,
            Since::Now => self.scope == wanted.scope && self.course.stopped_at.is_none(),
        }
    }
}

/// Stops, pauses or drives a clock on, as the ticket stands.
fn steer(course: &mut Course, facts: &Facts, rule: &Rule, metric: Metric, wanted: &Wanted, at: Time) {
    let paused = metric.pauses() && rule.pauses.contains(&facts.status);
    match (wanted.over, course.stopped_at) {
        (Some(over), None) => course.stop(over),
        (None, Some(_)) if !paused => course.go_on(at),
        (None, None) if paused => course.pause(at),
        (None, None) => course.resume(at),
        _ => {}
    }
}

#[allow(clippy::too_many_arguments)]
fn begin(
    tx: &mut Tx<'_>,
    rules: &Rules,
    facts: &Facts,
    rule: &Rule,
    metric: Metric,
    wanted: &Wanted,
    at: Time,
    now: Time,
) -> Result<Option<Clock>> {
    // A promise made today is not broken by what was over before.
    if wanted.over.is_some() && rules.is_review() {
        return Ok(None);
    }
    let started_at = match wanted.since {
        Since::At(since) => since,
        Since::Now => at,
    };
    let mut clock = Clock {
        id: 0,
        ticket: facts.id,
        metric,
        scope: wanted.scope,
        policy: rule.policy,
        calendar: rule.calendar,
        target: rule.target,
        warn_percent: rule.warn_percent,
        started_at,
        course: Course::from(started_at),
        due_at: NEVER,
        breached_at: None,
        warned_at: None,
    };
    steer(&mut clock.course, facts, rule, metric, wanted, at);
    store::insert(tx, &mut clock)?;
    reckon(tx, rules, &mut clock, None, now, "begun")?;
    Ok(Some(clock))
}

/// A clock that is not wanted any more: it is over, or nothing promises it now.
fn leave(tx: &mut Tx<'_>, rules: &Rules, facts: &Facts, clock: &mut Clock, at: Time, now: Time) -> Result<()> {
    if clock.course.stopped_at.is_some() {
        return Ok(());
    }
    let before = clock.clone();
    clock.course.stop(facts.ended(clock.metric, clock.started_at, at));
    reckon(tx, rules, clock, Some(&before), now, "over")
}

/// When it is due, whether it is late, and the timers that go with that; written if anything differs from `before`.
pub(super) fn reckon(
    tx: &mut Tx<'_>,
    rules: &Rules,
    clock: &mut Clock,
    before: Option<&Clock>,
    now: Time,
    why: &str,
) -> Result<()> {
    let hours = rules.hours(tx, clock.calendar);
    let end = clock.course.stopped_at.unwrap_or(now);
    let due = clock.course.reaches(clock.target, &hours);
    let running = clock.course.runs_now();
    clock.due_at = due.filter(|_| running).map_or(NEVER, |due| due.0);
    let known = clock.breached_at;
    // A clock that stops in the very moment it is due was in time.
    let late = |due: &Time| if clock.course.stopped_at.is_some() { *due < end } else { *due <= end };
    clock.breached_at = due.filter(late);
    let warn = clock.warns_at(&hours);
    let warned = clock.warned_at;
    if running && clock.breached_at.is_none() {
        clock.warned_at = warn.filter(|warn| *warn <= now);
    }
    let unchanged = before.is_some_and(|before| before.is_like(clock));
    if !unchanged {
        store::write(tx, clock)?;
        let (due, warn) = (due.filter(|due| running && *due > now), warn.filter(|warn| running && *warn > now));
        set(tx, BREACH_TIMER, clock.id, due)?;
        set(tx, WARN_TIMER, clock.id, warn.filter(|_| due.is_some()))?;
    }
    let moved = before.is_some_and(|before| {
        running && before.course == clock.course && before.due_at != clock.due_at && before.due_at != NEVER
    });
    if moved {
        let due_before = before.map(|before| Time(before.due_at));
        tell(tx, "sla.recalculated", clock, &json!({ "from": due_before, "why": why }), now)?;
    }
    if let (Some(at), None) = (clock.breached_at, known) {
        let leads = rules.policy(clock.policy).is_some_and(|policy| policy.escalation.tell_leads);
        tell(tx, "sla.breached", clock, &json!({ "at": at, "tell_leads": leads }), now)?;
        if running && now.since(at) < NEWS {
            escalate::late(tx, rules, clock, now)?;
        }
    } else if let (Some(at), None, true) = (clock.warned_at, warned, running) {
        tell(tx, "sla.warning", clock, &json!({ "at": at }), now)?;
    }
    Ok(())
}

impl Clock {
    /// When people are warned, if it comes to that as things stand.
    fn warns_at(&self, hours: &Hours) -> Option<Time> {
        self.course.reaches(self.target / 100 * self.warn_percent, hours)
    }
}

fn set(tx: &mut Tx<'_>, kind: &str, clock: i64, at: Option<Time>) -> Result<()> {
    match at {
        Some(at) => timer::set(tx, kind, clock, at)?,
        None => timer::clear(tx, kind, clock)?,
    }
    Ok(())
}

fn tell(tx: &mut Tx<'_>, kind: &str, clock: &Clock, more: &Value, now: Time) -> Result<()> {
    let due = Some(Time(clock.due_at)).filter(|due| due.0 != NEVER);
    let mut what = json!({ "metric": clock.metric, "policy": clock.policy, "clock": clock.id, "due_at": due });
    if let (Some(what), Some(more)) = (what.as_object_mut(), more.as_object()) {
        what.extend(more.clone());
    }
    event::append(tx, kind, clock.ticket.0, Author::System, &what, now)?;
    Ok(())
}

/// What the list shows: the clock that ends first, or one that stands still.
pub(super) fn show(tx: &mut Tx<'_>, ticket: &Standing, clocks: &[Clock], rules: &Rules, now: Time) -> Result<()> {
    let alive = || clocks.iter().filter(|clock| clock.course.stopped_at.is_none());
    let running = alive().filter(|clock| clock.due_at != NEVER).min_by_key(|clock| (clock.due_at, clock.id));
    let (due, shown) = match running {
        Some(clock) => {
            let warn = clock.warns_at(&rules.hours(tx, clock.calendar));
            let (due, late) = (Time(clock.due_at), clock.breached_at.is_some());
            let shown = json!({ "metric": clock.metric, "due_at": due, "warn_at": warn, "breached": late });
            (clock.due_at, Some(shown))
        }
        None => (NEVER, alive().next().map(|clock| stands_still(tx, clock, rules, now))),
    };
    let before: (i64, Option<Value>) =
        tx.one("SELECT sla_due_at, sla FROM ticket WHERE id = $1", params![ticket.id])?;
    if before != (due, shown.clone()) {
        tx.exec("UPDATE ticket SET sla_due_at = $2, sla = $3 WHERE id = $1", params![ticket.id, due, shown])?;
        event::append(tx, "ticket.sla", ticket.id.0, Author::System, &json!({}), now)?;
    }
    Ok(())
}

fn stands_still(tx: &mut Tx<'_>, clock: &Clock, rules: &Rules, now: Time) -> Value {
    let hours: Hours = rules.hours(tx, clock.calendar);
    let left = (clock.target - clock.course.spent(&hours, now)).max(0) / 1_000_000;
    json!({ "metric": clock.metric, "remaining_seconds": left, "breached": clock.breached_at.is_some() })
}
