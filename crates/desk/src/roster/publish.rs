//! Publishing: the drafts of a range begin to count, all together or none, and everybody it concerns is told once.

use super::check::{Severity, problems};
use super::scene;
use super::shifts::within;
use super::span::Span;
use super::{State, changed, notices, span};
use crate::error::FieldError;
use crate::{Actor, AgentId, Error, Permission, Result, ShiftId};
use opora_base::{Sql, Time, Tx, event};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Which drafts.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct PublishForm {
    /// Those that touch the range from here …
    #[schema(value_type = String, format = DateTime)]
    pub from: Time,
    /// … until here.
    #[schema(value_type = String, format = DateTime)]
    pub until: Time,
}

/// What was published.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Published {
    /// How many drafts count from now on.
    pub published: usize,
    /// Who was told.
    pub told: Vec<AgentId>,
}

/// Publishes the drafts of a range. Refused as a whole, shift by shift, when one of them cannot be.
pub fn publish(tx: &mut Tx<'_>, actor: &Actor, form: &PublishForm, now: Time) -> Result<Published> {
    actor.need(Permission::RosterManage)?;
    let range = super::show::checked_range(form.from, form.until)?;
    let drafts: Vec<_> =
        within(tx, range, true, None)?.into_iter().filter(|shift| shift.state == State::Draft).collect();
    if drafts.is_empty() {
        return Ok(Published { published: 0, told: Vec::new() });
    }
    let ids: Vec<ShiftId> = drafts.iter().map(|shift| shift.id).collect();
    let whole = span::joined(drafts.iter().map(|shift| shift.span()).collect());
    let whole = whole.first().zip(whole.last()).map_or(range, |(first, last)| Span::new(first.from, last.until));
    let mut scene = scene::read(tx, whole, true)?;
    scene.needs.clear();
    let impossible: Vec<FieldError> = problems(&scene, whole)
        .into_iter()
        .filter(|problem| problem.severity == Severity::Bad && problem.shift_ids.iter().any(|id| ids.contains(id)))
        .map(|problem| FieldError {
            field: "shifts",
            code: match problem.kind {
                super::check::ProblemKind::SwitchedOff => "switched_off",
                super::check::ProblemKind::Absent => "absent",
                _ => "overlap",
            },
            detail: format!("shift {:?} from {}", problem.shift_ids.first().map(|id| id.0), problem.span.from),
        })
        .collect();
    if !impossible.is_empty() {
        return Err(Error::Validation(impossible));
    }
    let numbers: std::sync::Arc<[i64]> = ids.iter().map(|id| id.0).collect();
    let mut sql = Sql::new("UPDATE roster_shift SET version = version + 1, state = ");
    sql.bind(State::Published).push(" WHERE ").among("id", &numbers);
    tx.exec(sql.text(), sql.args())?;
    let mut theirs: BTreeMap<AgentId, Vec<Span>> = BTreeMap::new();
    for shift in &drafts {
        theirs.entry(shift.agent_id).or_default().push(shift.span());
    }
    let what = json!({ "from": range.from, "until": range.until, "shifts": ids.len() });
    event::append(tx, "roster.published", 0, actor.author(), &what, now)?;
    changed(tx, actor, Some(whole), now)?;
    for (agent, spans) in &theirs {
        let spans = span::joined(spans.clone());
        let mut text = Vec::new();
        for span in spans.iter().take(3) {
            text.push(notices::hours(tx, *agent, *span)?);
        }
        if spans.len() > 3 {
            text.push(format!("… +{}", spans.len() - 3));
        }
        notices::tell(tx, actor, *agent, "roster", &text.join(", "), now)?;
    }
    Ok(Published { published: ids.len(), told: theirs.into_keys().collect() })
}
