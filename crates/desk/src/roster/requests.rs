//! Wishes among colleagues: "take my shift" (cover), "my shift for yours" (swap). The published roster changes only when the
//! colleague accepts, in that one transaction; what has become of the shifts meanwhile is looked at again then.

use super::check::Problem;
use super::scene::problems_of;
use super::shifts::{self, Shift, possible};
use super::span::Span;
use super::{State, changed, notices};
use crate::tickets::words;
use crate::{Actor, AgentId, Error, Permission, Result, RosterRequestId, ShiftId, error, people};
use opora_base::{FromRow, Row, Sql, Time, Tx, event, params};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

words! {
    /// What is wished.
    RequestKind {
        /// Take my shift.
        Cover = "cover",
        /// My shift for yours.
        Swap = "swap",
    }
}

words! {
    /// What became of a wish.
    RequestState {
        /// Waits for an answer.
        Asked = "asked",
        /// The roster is changed.
        Accepted = "accepted",
        /// No.
        Refused = "refused",
        /// Taken back by whoever asked.
        Withdrawn = "withdrawn",
        /// The shift is another one by now.
        Overtaken = "overtaken",
    }
}

/// A wish.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RosterRequest {
    /// Its number.
    pub id: RosterRequestId,
    /// What is wished.
    pub kind: RequestKind,
    /// The shift of whoever asks.
    pub shift_id: ShiftId,
    /// The colleague's shift, of a swap.
    pub other_shift_id: Option<ShiftId>,
    /// Who asks.
    pub from_agent_id: AgentId,
    /// Whom; `null`: whoever can.
    pub to_agent_id: Option<AgentId>,
    /// A word about it.
    pub note: String,
    /// What became of it.
    pub state: RequestState,
    /// When it was asked.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
    /// When it was answered.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answered_at: Option<Time>,
    /// By whom.
    pub answered_by: Option<AgentId>,
}

impl FromRow for RosterRequest {
    fn from_row(row: &Row<'_>) -> opora_base::Result<Self> {
        Ok(RosterRequest {
            id: row.get(0)?,
            kind: row.get(1)?,
            shift_id: row.get(2)?,
            other_shift_id: row.get(3)?,
            from_agent_id: row.get(4)?,
            to_agent_id: row.get(5)?,
            note: row.get(6)?,
            state: row.get(7)?,
            created_at: Time(row.get(8)?),
            answered_at: row.get::<Option<i64>>(9)?.map(Time),
            answered_by: row.get(10)?,
        })
    }
}

const COLUMNS: &str = "id, kind, shift_id, other_shift_id, from_agent_id, to_agent_id, note, state, created_at, \
    answered_at, answered_by";

/// A wish as somebody asks it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct RosterRequestForm {
    /// One's own shift.
    pub shift_id: ShiftId,
    /// The colleague's shift: then it is a swap.
    #[serde(default)]
    pub other_shift_id: Option<ShiftId>,
    /// Whom to ask to take it; `null`: whoever can. Of a swap it is whose shift that is.
    #[serde(default)]
    pub to_agent_id: Option<AgentId>,
    /// A word about it.
    #[serde(default)]
    pub note: String,
}

/// An answer.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct RosterAnswerForm {
    /// Yes or no.
    pub accept: bool,
}

/// A wish after it was answered.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Answered {
    /// As it is now.
    pub request: RosterRequest,
    /// What to think about: the roster was changed all the same.
    pub warnings: Vec<Problem>,
}

/// The wishes that wait for an answer, and those answered since a moment.
pub(super) fn open(tx: &mut Tx<'_>, actor: &Actor, since: Time) -> Result<Vec<RosterRequest>> {
    let mut sql = Sql::new(format!("SELECT {COLUMNS} FROM roster_request WHERE (state = "));
    sql.bind(RequestState::Asked).push(" OR answered_at >= ").bind(since.0).push(")");
    if !actor.may(Permission::RosterManage) {
        sql.push(" AND (to_agent_id IS NULL OR to_agent_id = ").bind(actor.agent);
        sql.push(" OR from_agent_id = ").bind(actor.agent).push(")");
    }
    sql.push(" ORDER BY id DESC LIMIT 200");
    Ok(tx.query(sql.text(), sql.args())?)
}

fn get(tx: &mut Tx<'_>, id: RosterRequestId) -> Result<RosterRequest> {
    let found: Option<RosterRequest> =
        tx.opt(&format!("SELECT {COLUMNS} FROM roster_request WHERE id = $1 {{for_update}}"), params![id])?;
    found.ok_or(Error::NotFound("roster_request"))
}

/// A published shift of theirs that is not over.
fn giveable(tx: &mut Tx<'_>, field: &'static str, id: ShiftId, owner: Option<AgentId>, now: Time) -> Result<Shift> {
    let shift = match shifts::get(tx, id) {
        Err(Error::NotFound(_)) => return Err(Error::field(field, "unknown", "there is no such shift")),
        found => found?,
    };
    // What is only planned is nobody's business yet.
    if shift.state != State::Published || owner.is_some_and(|owner| shift.agent_id != owner) {
        return Err(Error::field(field, "unknown", "not a published shift of that person"));
    }
    if shift.ends_at <= now {
        return Err(Error::field(field, "over", "this shift is over"));
    }
    Ok(shift)
}

/// Asks a colleague, or everybody.
pub fn ask(tx: &mut Tx<'_>, actor: &Actor, form: &RosterRequestForm, now: Time) -> Result<RosterRequest> {
    let me = actor.agent_id()?;
    let shift = giveable(tx, "shift_id", form.shift_id, Some(me), now)?;
    let other = match form.other_shift_id {
        Some(other) => Some(giveable(tx, "other_shift_id", other, form.to_agent_id, now)?),
        None => None,
    };
    let to = other.as_ref().map(|other| other.agent_id).or(form.to_agent_id);
    if to == Some(me) {
        return Err(Error::field("to_agent_id", "wrong", "somebody else"));
    }
    if let Some(to) = to {
        match people::agents::get(tx, to) {
            Ok(colleague) if colleague.active => {}
            Ok(_) => return Err(Error::field("to_agent_id", "switched_off", "this colleague is switched off")),
            Err(Error::NotFound(_)) => return Err(Error::field("to_agent_id", "unknown", "no such colleague")),
            Err(error) => return Err(error),
        }
    }
    let same: Option<i64> = tx.opt(
        "SELECT 1 FROM roster_request WHERE shift_id = $1 AND state = 'asked'
           AND (to_agent_id = $2 OR (to_agent_id IS NULL AND $2 IS NULL))",
        params![shift.id, to],
    )?;
    if same.is_some() {
        return Err(Error::field("shift_id", "taken", "the same was asked already"));
    }
    let note = if form.note.trim().is_empty() { String::new() } else { error::line("note", &form.note, 300)? };
    let kind = if other.is_some() { RequestKind::Swap } else { RequestKind::Cover };
    let id: RosterRequestId = tx.one(
        "INSERT INTO roster_request (kind, shift_id, other_shift_id, from_agent_id, to_agent_id, note, state, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
        params![kind, shift.id, form.other_shift_id, me, to, &note, RequestState::Asked, now.0],
    )?;
    let whom = match to {
        Some(to) => vec![to],
        None => people::agents::list(tx)?.into_iter().filter(|agent| agent.active).map(|agent| agent.id).collect(),
    };
    for agent in whom {
        let mut text = notices::words(tx, agent, &shift)?;
        if let Some(other) = &other {
            text = format!("{text} ⇄ {}", notices::words(tx, agent, other)?);
        }
        notices::tell(tx, actor, agent, "roster_asked", &text, now)?;
    }
    event::append(tx, "roster.asked", 0, actor.author(), &json!({ "request": id }), now)?;
    changed(tx, actor, Some(shift.span()), now)?;
    get(tx, id)
}

/// Accepts or refuses. Accepting changes the roster in the same transaction, or not at all.
pub fn answer(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: RosterRequestId,
    form: &RosterAnswerForm,
    now: Time,
) -> Result<Answered> {
    let me = actor.agent_id()?;
    let request = get(tx, id)?;
    if request.from_agent_id == me || request.to_agent_id.is_some_and(|to| to != me) {
        return Err(Error::NotFound("roster_request"));
    }
    still_asked(&request)?;
    if !form.accept {
        if request.to_agent_id.is_none() {
            return Err(Error::field("accept", "wrong", "everybody was asked: only whoever can need answer"));
        }
        settle(tx, id, RequestState::Refused, Some(me), now)?;
        told(tx, actor, &request, "✕", now)?;
        return Ok(Answered { request: get(tx, id)?, warnings: Vec::new() });
    }
    let given = giveable(tx, "accept", request.shift_id, Some(request.from_agent_id), now)?;
    let mut hands = vec![(given.clone(), me)];
    if let Some(other) = request.other_shift_id {
        hands.push((giveable(tx, "accept", other, Some(me), now)?, request.from_agent_id));
    }
    let ids: Vec<ShiftId> = hands.iter().map(|(shift, _)| shift.id).collect();
    for (shift, to) in &hands {
        possible(tx, &super::check::Piece { agent: *to, ..shift.piece() }, &ids)?;
    }
    for (shift, to) in &hands {
        tx.exec("UPDATE roster_shift SET agent_id = $2, version = version + 1 WHERE id = $1", params![shift.id, *to])?;
    }
    settle(tx, id, RequestState::Accepted, Some(me), now)?;
    overtake(tx, actor, &ids, Some(id), now)?;
    told(tx, actor, &request, "✓", now)?;
    let whole = hands.iter().fold(given.span(), |whole, (shift, _)| {
        Span::new(whole.from.min(shift.starts_at), whole.until.max(shift.ends_at))
    });
    event::append(tx, "roster.swapped", 0, actor.author(), &json!({ "request": id, "shifts": ids }), now)?;
    changed(tx, actor, Some(whole), now)?;
    Ok(Answered { request: get(tx, id)?, warnings: problems_of(tx, &ids, whole)? })
}

/// Takes one's own wish back.
pub fn withdraw(tx: &mut Tx<'_>, actor: &Actor, id: RosterRequestId, now: Time) -> Result<RosterRequest> {
    let request = get(tx, id)?;
    if actor.agent != Some(request.from_agent_id) {
        return Err(Error::NotFound("roster_request"));
    }
    still_asked(&request)?;
    settle(tx, id, RequestState::Withdrawn, actor.agent, now)?;
    changed(tx, actor, None, now)?;
    get(tx, id)
}

fn still_asked(request: &RosterRequest) -> Result<()> {
    match request.state {
        RequestState::Asked => Ok(()),
        RequestState::Overtaken => Err(Error::field("accept", "overtaken", "the shift is another one by now")),
        state => Err(Error::field("accept", "answered", format!("it is {} already", state.text()))),
    }
}

fn settle(tx: &mut Tx<'_>, id: RosterRequestId, state: RequestState, by: Option<AgentId>, now: Time) -> Result<()> {
    tx.exec(
        "UPDATE roster_request SET state = $2, answered_at = $3, answered_by = $4 WHERE id = $1",
        params![id, state, now.0, by],
    )?;
    Ok(())
}

/// Tells whoever asked what came of it.
fn told(tx: &mut Tx<'_>, actor: &Actor, request: &RosterRequest, sign: &str, now: Time) -> Result<()> {
    let shift = shifts::get(tx, request.shift_id)?;
    let text = format!("{sign} {}", notices::words(tx, request.from_agent_id, &shift)?);
    notices::tell(tx, actor, request.from_agent_id, "roster_answered", &text, now)
}

/// These shifts are others by now: wishes about them have no sense any more, but for the one that did it.
pub(super) fn overtake(
    tx: &mut Tx<'_>,
    actor: &Actor,
    shifts: &[ShiftId],
    but: Option<RosterRequestId>,
    now: Time,
) -> Result<()> {
    let mut sql = Sql::new(format!("SELECT {COLUMNS} FROM roster_request WHERE state = 'asked' AND ("));
    sql.is_in("shift_id", shifts).push(" OR ").is_in("other_shift_id", shifts).push(")");
    let open: Vec<RosterRequest> = tx.query(sql.text(), sql.args())?;
    for request in open.into_iter().filter(|request| Some(request.id) != but) {
        settle(tx, request.id, RequestState::Overtaken, actor.agent, now)?;
        told(tx, actor, &request, "✕", now)?;
    }
    Ok(())
}
