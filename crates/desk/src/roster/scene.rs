//! The roster as the checks see it, read from the tables.

use super::check::{Person, Piece, Problem, Scene, problems};
use super::cover::CoverKind;
use super::shifts::{Shift, within};
use super::span::Span;
use super::{classes, rules};
use crate::{AgentId, Result, ShiftId, notifications, people};
use jiff::tz::TimeZone;
use opora_base::{Time, Tx};
use std::time::Duration;

/// What happened so long before can still make somebody tired.
const BEFORE: Duration = Duration::from_secs(14 * 86_400);

/// Where somebody lives, as far as anybody knows: their own zone, else the department's.
pub(super) fn zone_of(tx: &mut Tx<'_>, agent: AgentId, house: &TimeZone) -> Result<TimeZone> {
    let settings = notifications::settings_of(tx, agent)?;
    Ok(if settings.time_zone.is_empty() { house.clone() } else { settings.zone() })
}

/// Everything that may matter in `range`; without drafts when only what counts is asked for.
pub(super) fn read(tx: &mut Tx<'_>, range: Span, drafts: bool) -> Result<Scene> {
    let rules = rules(tx)?;
    let house = rules.time_zone();
    let wide = Span::new(range.from.minus(BEFORE), range.until);
    let mut people = std::collections::BTreeMap::new();
    for agent in people::agents::list(tx)? {
        let zone = zone_of(tx, agent.id, &house)?;
        people.insert(agent.id, Person { zone, active: agent.active });
    }
    let classes = classes::list(tx)?.into_iter().filter(|class| class.active);
    let mut needs: Vec<_> = classes.map(|class| (Some(class.id), class.cover)).collect();
    needs.push((None, rules.cover.clone()));
    needs.retain(|(_, cover)| cover.kind != CoverKind::None);
    Ok(Scene { pieces: pieces(tx, wide, drafts, None)?, absences: absences(tx, wide)?, people, needs, rules })
}

/// The shifts that touch a span.
pub(super) fn pieces(tx: &mut Tx<'_>, span: Span, drafts: bool, agent: Option<AgentId>) -> Result<Vec<Piece>> {
    Ok(within(tx, span, drafts, agent)?.iter().map(Shift::piece).collect())
}

/// Who is away in a span.
pub(super) fn absences(tx: &mut Tx<'_>, span: Span) -> Result<Vec<(AgentId, Span)>> {
    let rows: Vec<(AgentId, i64, i64)> = tx.query(
        "SELECT agent_id, starts_at, ends_at FROM roster_absence WHERE ends_at > $1 AND starts_at < $2",
        &[span.from.0.into(), span.until.0.into()],
    )?;
    Ok(rows.into_iter().map(|(agent, from, until)| (agent, Span::new(Time(from), Time(until)))).collect())
}

/// What is wrong with exactly these shifts: what a person should hear who has just written them.
pub(super) fn problems_of(tx: &mut Tx<'_>, ids: &[ShiftId], span: Span) -> Result<Vec<Problem>> {
    let around = Span::new(span.from.minus(BEFORE), span.until.plus(BEFORE));
    let mut scene = read(tx, around, true)?;
    scene.needs.clear();
    let mut found = problems(&scene, around);
    found.retain(|problem| problem.shift_ids.iter().any(|id| ids.contains(id)));
    Ok(found)
}
