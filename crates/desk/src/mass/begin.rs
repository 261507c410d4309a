//! Before anything happens: which tickets, how many of them would change, and whether that is what was meant.

use super::{Action, COLUMNS, MOST, MassAction, enqueue, tell};
use crate::tickets::{self, Condition, ListAsk};
use crate::{Actor, Error, Permission, Result, TicketId, department, people};
use opora_base::{Sql, Time, Tx, params};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// More are named by a filter.
const MOST_NAMED: usize = 10_000;

/// Which tickets, and what.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct Wanted {
    /// These tickets …
    pub ids: Option<Vec<TicketId>>,
    /// … or all that fit this filter.
    pub q: Option<String>,
    /// What is to be done to each.
    pub action: Action,
    /// How many the person was told it would be; another number now is refused.
    pub expected: Option<i64>,
}

/// What an action would touch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Preview {
    /// How many tickets.
    pub count: i64,
    /// How many of them are not as wanted already.
    pub touched: i64,
    /// A few of their numbers.
    pub sample: Vec<i64>,
}

/// The tickets an action is about.
struct Chosen<'a> {
    actor: &'a Actor,
    now: Time,
    which: Which,
}

enum Which {
    These(Vec<i64>),
    Fitting(Condition),
}

impl<'a> Chosen<'a> {
    fn new(tx: &mut Tx<'_>, actor: &'a Actor, wanted: &Wanted, ask: Option<&ListAsk>, now: Time) -> Result<Chosen<'a>> {
        let which = match (&wanted.ids, ask) {
            (Some(ids), None) if ids.is_empty() || ids.len() > MOST_NAMED => {
                return Err(Error::field("ids", "out_of_range", "from 1 to 10000 tickets; more by a filter"));
            }
            (Some(ids), None) => Which::These(ids.iter().map(|id| id.0).collect()),
            (None, Some(ask)) => Which::Fitting(ask.condition(tx, actor)?),
            _ => return Err(Error::field("ids", "required", "either ids or q")),
        };
        Ok(Chosen { actor, now, which })
    }

    /// `… FROM ticket t … WHERE` they are meant.
    fn select(&self, sql: &mut Sql) {
        sql.push(" FROM ticket t LEFT JOIN ticket_read r ON r.ticket_id = t.id AND r.agent_id = ");
        sql.bind(self.actor.agent.map_or(0, |a| a.0)).push(" WHERE ");
        match &self.which {
            Which::These(ids) => {
                tickets::only_seen(sql, self.actor, "t.");
                sql.push(" AND ").is_in("t.id", ids);
            }
            Which::Fitting(condition) => condition.add(self.actor, self.now, sql),
        }
    }

    fn count(&self, tx: &mut Tx<'_>, more: impl Fn(&mut Sql)) -> Result<i64> {
        let mut sql = Sql::new("SELECT count(*)");
        self.select(&mut sql);
        more(&mut sql);
        Ok(tx.one(sql.text(), sql.args())?)
    }
}

/// Is the person allowed to do that, and does it make sense?
fn check(tx: &mut Tx<'_>, actor: &Actor, action: &Action) -> Result<()> {
    actor.agent_id()?;
    let edits = action.status.is_some()
        || action.priority.is_some()
        || !action.add_tags.is_empty()
        || !action.remove_tags.is_empty();
    let assigns = action.assignee_id.is_some() || action.team_id.is_some();
    for (wanted, permission) in [
        (edits, Permission::TicketEdit),
        (assigns, Permission::TicketAssign),
        (action.reply.is_some(), Permission::TicketReply),
        (action.note.is_some(), Permission::TicketNote),
    ] {
        if wanted {
            actor.need(permission)?;
        }
    }
    if !edits && !assigns && action.reply.is_none() && action.note.is_none() {
        return Err(Error::field("action", "required", "there is nothing to be done"));
    }
    if let Some(Some(agent)) = action.assignee_id {
        let known = people::agents::get(tx, agent).ok().filter(|agent| agent.active);
        known.ok_or_else(|| Error::field("action.assignee_id", "unknown", "no such colleague"))?;
    }
    if let Some(Some(team)) = action.team_id {
        department::teams::get(tx, team).map_err(|_| Error::field("action.team_id", "unknown", "no such team"))?;
    }
    tickets::clean_tags(&action.add_tags)?;
    tickets::clean_tags(&action.remove_tags)?;
    if let Some(reply) = &action.reply {
        match (reply.template_id, &reply.body_html) {
            (Some(template), None) => {
                crate::templates::get(tx, actor, template)?;
            }
            (None, Some(html)) => {
                tickets::Words::new(Some(html), None)?;
            }
            _ => return Err(Error::field("action.reply", "required", "either template_id or body_html")),
        }
    }
    if let Some(note) = &action.note {
        tickets::Words::new(None, Some(note))?;
    }
    Ok(())
}

/// Tickets that are not as wanted already: the condition under which something would happen to them.
fn would_change(action: &Action, sql: &mut Sql) {
    sql.push(" AND (FALSE");
    if action.reply.is_some() || action.note.is_some() || action.hand_over_note.is_some() {
        sql.push(" OR TRUE");
    }
    if let Some(status) = action.status {
        sql.push(" OR t.status <> ").bind(status);
    }
    if let Some(priority) = action.priority {
        sql.push(" OR t.priority <> ").bind(priority.number());
    }
    if let Some(agent) = action.assignee_id {
        sql.push(" OR t.assignee_id IS DISTINCT FROM ").bind(agent.map(|a| a.0));
    }
    if let Some(team) = action.team_id {
        sql.push(" OR t.team_id IS DISTINCT FROM ").bind(team.map(|t| t.0));
    }
    for tag in tickets::clean_tags(&action.add_tags).unwrap_or_default() {
        sql.push(" OR t.id NOT IN (SELECT ticket_id FROM ticket_tag WHERE tag = ").bind(tag).push(")");
    }
    for tag in tickets::clean_tags(&action.remove_tags).unwrap_or_default() {
        sql.push(" OR t.id IN (SELECT ticket_id FROM ticket_tag WHERE tag = ").bind(tag).push(")");
    }
    sql.push(")");
}

/// What an action would touch. `ask` is its filter, read and looked up.
pub fn preview(tx: &mut Tx<'_>, actor: &Actor, wanted: &Wanted, ask: Option<&ListAsk>, now: Time) -> Result<Preview> {
    check(tx, actor, &wanted.action)?;
    let chosen = Chosen::new(tx, actor, wanted, ask, now)?;
    let count = chosen.count(tx, |_| {})?;
    let touched = chosen.count(tx, |sql| would_change(&wanted.action, sql))?;
    let mut sql = Sql::new("SELECT t.id");
    chosen.select(&mut sql);
    would_change(&wanted.action, &mut sql);
    sql.push(" ORDER BY t.id DESC LIMIT 5");
    let sample = tx.query(sql.text(), sql.args())?;
    Ok(Preview { count, touched, sample })
}

/// Writes down what is to be done to which tickets. From then on it happens by itself.
pub fn begin(tx: &mut Tx<'_>, actor: &Actor, wanted: &Wanted, ask: Option<&ListAsk>, now: Time) -> Result<MassAction> {
    check(tx, actor, &wanted.action)?;
    let chosen = Chosen::new(tx, actor, wanted, ask, now)?;
    let total = chosen.count(tx, |_| {})?;
    if total > MOST {
        return Err(Error::field("q", "too_many", format!("at most {MOST} tickets at once")));
    }
    if total == 0 {
        return Err(Error::field("ids", "empty", "no ticket fits"));
    }
    if wanted.expected.is_some_and(|expected| expected != total) {
        return Err(Error::field("expected", "changed", format!("{total} tickets now")));
    }
    let action: MassAction = tx.one(
        &format!(
            "INSERT INTO mass_action (agent_id, action, state, total, created_at) VALUES ($1, $2, 'running', $3, $4)
             RETURNING {COLUMNS}"
        ),
        params![actor.agent_id()?, json!(wanted.action), total, now.0],
    )?;
    let mut items = Sql::new("INSERT INTO mass_item (action_id, ticket_id, state) SELECT ");
    items.bind(action.id).push(", t.id, 'waiting'");
    chosen.select(&mut items);
    tx.exec(items.text(), items.args())?;
    enqueue(tx, action.id, "do", now)?;
    tell(tx, &action, now)?;
    Ok(action)
}
