//! Who is on duty at a moment: for screens, for the API, and for whoever hands out tickets. Whoever is away or switched off is
//! left out, whatever the roster says, and that is said aloud.

use super::scene;
use super::shifts::{Shift, within};
use super::span::Span;
use super::{Kind, classes};
use crate::{Actor, AgentId, QuestionClassId, Result, ShiftId, people};
use opora_base::{Time, Tx};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use utoipa::ToSchema;

/// How far ahead the next one is looked for.
const AHEAD: Duration = Duration::from_secs(14 * 86_400);

/// Somebody on duty.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OnDutyPerson {
    /// Who.
    pub agent_id: AgentId,
    /// Their name.
    pub name: String,
    /// At the desk, or answerable.
    pub kind: Kind,
    /// In which shift.
    pub shift_id: ShiftId,
    /// Since when, or from when on.
    #[schema(value_type = String, format = DateTime)]
    pub starts_at: Time,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    pub ends_at: Time,
}

/// Who is on duty for a class.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OnDutyClass {
    /// The class; `null` is the department's general shift.
    pub class_id: Option<QuestionClassId>,
    /// Its name; empty for the general shift.
    pub name: String,
    /// Its hue.
    pub colour: String,
    /// Somebody must be there now.
    pub needed: bool,
    /// Who is there now.
    pub people: Vec<OnDutyPerson>,
    /// Nobody is: these, at the desk for everything, stand in.
    pub stand_ins: Vec<OnDutyPerson>,
    /// Who comes next.
    pub next: Option<OnDutyPerson>,
}

/// Somebody the roster names and who is not there.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LeftOut {
    /// Who.
    pub agent_id: AgentId,
    /// Their name.
    pub name: String,
    /// Which shift.
    pub shift_id: ShiftId,
    /// "absent" or "switched_off".
    pub reason: String,
}

/// Who is on duty.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OnDuty {
    /// At this moment.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
    /// For each class in use, and for the department as a whole.
    pub classes: Vec<OnDutyClass>,
    /// Named by the roster, and not there.
    pub left_out: Vec<LeftOut>,
    /// When this answer is another.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub changes_at: Option<Time>,
}

/// Who takes tickets of this class at this moment, by the published roster; of any class when none is named. Nobody who is
/// switched off or away. Nobody at all is an answer too: what then, is for the asker to say.
pub fn on_duty(tx: &mut Tx<'_>, class: Option<QuestionClassId>, at: Time) -> Result<Vec<AgentId>> {
    let (there, _) = there(tx, at)?;
    let mut agents = Vec::new();
    for shift in there.into_iter().filter(|shift| class.is_none() || shift.class_id == class) {
        if !agents.contains(&shift.agent_id) {
            agents.push(shift.agent_id);
        }
    }
    Ok(agents)
}

/// Who is at the desk for everything at this moment.
pub(crate) fn general(tx: &mut Tx<'_>, at: Time) -> Result<Vec<AgentId>> {
    let (there, _) = there(tx, at)?;
    Ok(there.into_iter().filter(|shift| shift.class_id.is_none()).map(|shift| shift.agent_id).collect())
}

/// Whose shift of this moment began after another.
pub(crate) fn began_since(tx: &mut Tx<'_>, since: Time, at: Time) -> Result<Vec<AgentId>> {
    let (there, _) = there(tx, at)?;
    Ok(there.into_iter().filter(|shift| shift.starts_at > since).map(|shift| shift.agent_id).collect())
}

/// A shift whose person is not there, and why.
type Missing = (Shift, &'static str);

/// The shifts of this moment: those whose person is there, and those whose is not, with the reason.
fn there(tx: &mut Tx<'_>, at: Time) -> Result<(Vec<Shift>, Vec<Missing>)> {
    let now = Span::new(at, Time(at.0 + 1));
    let shifts = within(tx, now, false, None)?;
    let away: BTreeSet<AgentId> = scene::absences(tx, now)?.into_iter().map(|(agent, _)| agent).collect();
    let active = active(tx)?;
    let (mut there, mut missing) = (Vec::new(), Vec::new());
    for shift in shifts {
        if !active.contains_key(&shift.agent_id) {
            missing.push((shift, "switched_off"));
        } else if away.contains(&shift.agent_id) {
            missing.push((shift, "absent"));
        } else {
            there.push(shift);
        }
    }
    Ok((there, missing))
}

fn active(tx: &mut Tx<'_>) -> Result<BTreeMap<AgentId, String>> {
    let all = people::agents::list(tx)?;
    Ok(all.into_iter().filter(|agent| agent.active).map(|agent| (agent.id, agent.name)).collect())
}

/// Who is on duty, class by class, with who comes next.
pub fn today(tx: &mut Tx<'_>, _: &Actor, at: Time) -> Result<OnDuty> {
    let names: BTreeMap<AgentId, String> =
        people::agents::list(tx)?.into_iter().map(|agent| (agent.id, agent.name)).collect();
    let name = |agent: AgentId| names.get(&agent).cloned().unwrap_or_default();
    let (there, missing) = there(tx, at)?;
    let ahead = Span::new(at, at.plus(AHEAD));
    let away = scene::absences(tx, ahead)?;
    let active = active(tx)?;
    let later: Vec<Shift> = within(tx, ahead, false, None)?
        .into_iter()
        .filter(|shift| shift.starts_at > at && active.contains_key(&shift.agent_id))
        .filter(|shift| !away.iter().any(|(agent, span)| *agent == shift.agent_id && span.holds(shift.starts_at)))
        .collect();
    let person = |shift: &Shift| OnDutyPerson {
        agent_id: shift.agent_id,
        name: name(shift.agent_id),
        kind: shift.kind,
        shift_id: shift.id,
        starts_at: shift.starts_at,
        ends_at: shift.ends_at,
    };
    let of = |class: Option<QuestionClassId>| -> Vec<OnDutyPerson> {
        there.iter().filter(|shift| shift.class_id == class).map(person).collect()
    };
    let moment = Span::new(at, Time(at.0 + 1));
    let general = of(None);
    let mut rows = Vec::new();
    for class in classes::list(tx)?.into_iter().filter(|class| class.active) {
        let people = of(Some(class.id));
        rows.push(OnDutyClass {
            class_id: Some(class.id),
            needed: !class.cover.needed(moment).is_empty(),
            stand_ins: if people.is_empty() { general.clone() } else { Vec::new() },
            next: later.iter().find(|shift| shift.class_id == Some(class.id)).map(person),
            name: class.name,
            colour: class.colour,
            people,
        });
    }
    let cover = super::rules(tx)?.cover;
    rows.push(OnDutyClass {
        class_id: None,
        name: String::new(),
        colour: "neutral".to_owned(),
        needed: !cover.needed(moment).is_empty(),
        people: general,
        stand_ins: Vec::new(),
        next: later.iter().find(|shift| shift.class_id.is_none()).map(person),
    });
    let ends = there.iter().chain(missing.iter().map(|(shift, _)| shift)).map(|shift| shift.ends_at);
    let absences = away.iter().flat_map(|(_, span)| [span.from, span.until]).filter(|moment| *moment > at);
    let changes_at = ends.chain(later.iter().map(|shift| shift.starts_at)).chain(absences).min();
    let left_out = missing
        .iter()
        .map(|(shift, reason)| LeftOut {
            agent_id: shift.agent_id,
            name: name(shift.agent_id),
            shift_id: shift.id,
            reason: (*reason).to_owned(),
        })
        .collect();
    Ok(OnDuty { at, classes: rows, left_out, changes_at })
}
