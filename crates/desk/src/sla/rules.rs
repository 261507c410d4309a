//! The policies in force, and for which tickets of a batch.

use super::facts::Facts;
use super::hours::Hours;
use super::metric::Metric;
use super::policy::{self, Policy};
use crate::tickets::{Status, filter};
use crate::{PolicyId, Result, TicketId, tickets};
use opora_base::event::{self, Author};
use opora_base::{Time, Tx, params};
use opora_query::Filter;
use serde_json::json;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What counts for one metric of one ticket.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub policy: PolicyId,
    pub calendar: Option<i64>,
    /// Microseconds.
    pub target: i64,
    pub warn_percent: i64,
    pub pauses: Vec<Status>,
}

/// What is in force now.
#[derive(Default)]
pub(super) struct Rules {
    policies: Vec<(Policy, Filter, HashSet<i64>)>,
    hours: RefCell<HashMap<i64, Hours>>,
    review: bool,
}

impl Rules {
    /// The policies in force. One that cannot be read any more is left out, marked and told of.
    pub fn load(tx: &mut Tx<'_>, now: Time) -> Result<Rules> {
        let mut rules = Rules::default();
        for policy in policy::list(tx)? {
            if !policy.active {
                continue;
            }
            match filter::impersonal(tx, &policy.filter) {
                Ok(filter) => {
                    mark(tx, &policy, "", now)?;
                    rules.policies.push((policy, filter, HashSet::new()));
                }
                Err(error @ crate::Error::Base(_)) => return Err(error),
                Err(error) => mark(tx, &policy, &error.to_string(), now)?,
            }
        }
        Ok(rules)
    }

    /// The same for a review of what was begun before.
    pub fn for_review(mut self) -> Rules {
        self.review = true;
        self
    }

    pub fn is_review(&self) -> bool {
        self.review
    }

    /// Asks which policies these tickets fit; until asked a ticket fits none.
    pub fn ask(&mut self, tx: &mut Tx<'_>, tickets: &Arc<[i64]>, now: Time) -> Result<()> {
        for (_, filter, fits) in &mut self.policies {
            fits.extend(tickets::fitting(tx, filter, tickets, now)?);
        }
        Ok(())
    }

    /// The policies a ticket fits, the first that is asked first.
    pub fn fitting(&self, id: TicketId) -> impl Iterator<Item = &Policy> {
        self.policies.iter().filter(move |(_, _, fits)| fits.contains(&id.0)).map(|(policy, _, _)| policy)
    }

    /// What counts for a metric of a ticket: the first policy that promises it, or the promise somebody made.
    pub fn rule(&self, facts: &Facts, metric: Metric) -> Option<Rule> {
        if metric == Metric::Promise {
            let promise = facts.promise.as_ref()?;
            let target = promise.due_at.0 - promise.made_at.0;
            return Some(Rule { policy: PolicyId(0), calendar: None, target, warn_percent: 75, pauses: Vec::new() });
        }
        self.fitting(facts.id).find_map(|policy| {
            let seconds = policy.targets.get(&metric)?.of(facts.priority)?;
            Some(Rule {
                policy: policy.id,
                calendar: policy.calendar_id,
                target: seconds.saturating_mul(1_000_000),
                warn_percent: policy.warn_percent,
                pauses: policy.pauses.clone(),
            })
        })
    }

    /// The policy, if it is in force.
    pub fn policy(&self, id: PolicyId) -> Option<&Policy> {
        self.policies.iter().map(|(policy, _, _)| policy).find(|policy| policy.id == id)
    }

    /// The hours of a calendar; by the wall clock when it is gone, so that no deadline gets lost with it.
    pub fn hours(&self, tx: &mut Tx<'_>, calendar: Option<i64>) -> Hours {
        let Some(id) = calendar else { return Hours::Wall };
        if let Some(hours) = self.hours.borrow().get(&id) {
            return hours.clone();
        }
        let hours = Hours::of(tx, calendar).unwrap_or_else(|error| {
            tracing::warn!(calendar = id, %error, "a deadline is counted by the wall clock: its calendar cannot be read");
            Hours::Wall
        });
        self.hours.borrow_mut().insert(id, hours.clone());
        hours
    }
}

fn mark(tx: &mut Tx<'_>, policy: &Policy, why: &str, now: Time) -> Result<()> {
    if policy.broken == why {
        return Ok(());
    }
    tx.exec("UPDATE sla_policy SET broken = $2 WHERE id = $1", params![policy.id, why])?;
    event::append(tx, "sla.policy", 0, Author::System, &json!({ "policy": policy.id, "broken": why }), now)?;
    Ok(())
}
