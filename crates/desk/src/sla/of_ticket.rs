//! The clocks of a ticket, as a person reads them.

use super::hours::Hours;
use super::store::{self, Clock, NEVER};
use super::{Metric, policy};
use crate::{Actor, Permission, PolicyId, Result, TicketId, tickets};
use opora_base::{Time, Tx};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// How a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// Time passes.
    Running,
    /// It stands still.
    Paused,
    /// Over, in time or not.
    Over,
}

/// The clock a list shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TicketSla {
    /// What it measures.
    pub metric: Metric,
    /// When it is due; nothing while it stands still.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Time>,
    /// From when on it is due soon, while it runs.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub warn_at: Option<Time>,
    /// What is left, in seconds of its hours, while it stands still.
    #[serde(default)]
    pub remaining_seconds: Option<i64>,
    /// It was too late.
    pub breached: bool,
}

/// A clock of a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TicketClock {
    /// What it measures.
    pub metric: Metric,
    /// How it stands.
    pub state: ClockState,
    /// By which policy.
    pub policy_id: PolicyId,
    /// What that is called; empty when it is gone.
    pub policy: String,
    /// What is promised, in seconds of its hours.
    pub target_seconds: i64,
    /// How much of that has passed.
    pub spent_seconds: i64,
    /// Since when it measures.
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Time,
    /// When it is due, while it runs.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Time>,
    /// When it was over.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub stopped_at: Option<Time>,
    /// Since when it is too late.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub breached_at: Option<Time>,
    /// By working hours, not by the wall clock.
    pub working_hours: bool,
}

/// All clocks of a ticket, those that run first.
pub fn clocks(tx: &mut Tx<'_>, actor: &Actor, id: TicketId, now: Time) -> Result<Vec<TicketClock>> {
    actor.need(Permission::TicketView)?;
    tickets::look(tx, actor, id)?;
    let names: BTreeMap<PolicyId, String> = policy::list(tx)?.into_iter().map(|p| (p.id, p.name)).collect();
    let mut told = Vec::new();
    for clock in store::clocks_of(tx, id)? {
        let hours = Hours::of(tx, clock.calendar).unwrap_or(Hours::Wall);
        told.push(tell(&clock, names.get(&clock.policy).cloned().unwrap_or_default(), &hours, now));
    }
    told.sort_by_key(|clock| (clock.state as u8, clock.due_at, std::cmp::Reverse(clock.started_at)));
    Ok(told)
}

fn tell(clock: &Clock, policy: String, hours: &Hours, now: Time) -> TicketClock {
    let state = match (clock.course.stopped_at, clock.course.runs_now()) {
        (Some(_), _) => ClockState::Over,
        (None, true) => ClockState::Running,
        (None, false) => ClockState::Paused,
    };
    TicketClock {
        metric: clock.metric,
        state,
        policy_id: clock.policy,
        policy,
        target_seconds: clock.target / 1_000_000,
        spent_seconds: clock.course.spent(hours, now) / 1_000_000,
        started_at: clock.started_at,
        due_at: (clock.due_at != NEVER).then_some(Time(clock.due_at)),
        stopped_at: clock.course.stopped_at,
        breached_at: clock.breached_at,
        working_hours: clock.calendar.is_some(),
    }
}
