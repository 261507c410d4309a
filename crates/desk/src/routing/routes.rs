//! Routes: which tickets go to whom. The first one that fits a ticket has it.

use super::choose::Mode;
use crate::tickets::filter::impersonal;
use crate::{Actor, Error, Permission, QuestionClassId, Result, RouteId, TeamId, audit, error};
use opora_base::{FromRow, Row, Time, Tx, params};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

const MOST: i64 = 200;
/// Nobody is waited for longer than a day.
const LONGEST_RETURN: i64 = 24 * 60;

/// A route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Route {
    /// Its number.
    pub id: RouteId,
    /// Its name.
    pub name: String,
    /// The first route that fits a ticket has it.
    pub position: i64,
    /// Is it in force?
    pub active: bool,
    /// Which tickets, in the filter language.
    pub filter: String,
    /// The class of question its tickets are given, where they have none.
    pub class_id: Option<QuestionClassId>,
    /// The team they are given, where they have none.
    pub team_id: Option<TeamId>,
    /// How they are handed out.
    pub mode: Mode,
    /// To those the roster names; else to the team, or to everybody.
    pub by_roster: bool,
    /// What somebody must be able to do.
    pub skills: Vec<String>,
    /// "last": whoever helped this customer last is asked first.
    pub prefer: Vec<String>,
    /// What nobody picked up after so many minutes is offered on; none: it stays.
    pub return_minutes: Option<i64>,
    /// Why it cannot be used at present; empty while it can.
    pub broken: String,
    /// Grows with every change.
    pub version: i64,
}

const COLUMNS: &str = "id, name, position, active, filter, class_id, team_id, mode, by_roster, skills, prefer, return_minutes, \
     broken, version";

impl FromRow for Route {
    fn from_row(row: &Row<'_>) -> opora_base::Result<Self> {
        let mode: String = row.get(7)?;
        Ok(Route {
            id: row.get(0)?,
            name: row.get(1)?,
            position: row.get(2)?,
            active: row.get(3)?,
            filter: row.get(4)?,
            class_id: row.get(5)?,
            team_id: row.get(6)?,
            mode: Mode::parse(&mode).unwrap_or(Mode::Manual),
            by_roster: row.get(8)?,
            skills: serde_json::from_value(row.get(9)?).unwrap_or_default(),
            prefer: serde_json::from_value(row.get(10)?).unwrap_or_default(),
            return_minutes: row.get(11)?,
            broken: row.get(12)?,
            version: row.get(13)?,
        })
    }
}

/// What a route is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct RouteForm {
    /// The version this person saw.
    pub version: Option<i64>,
    /// Its name.
    pub name: String,
    /// Is it in force?
    #[serde(default = "yes")]
    pub active: bool,
    /// Which tickets; empty: all.
    #[serde(default)]
    pub filter: String,
    /// The class of question its tickets are given.
    pub class_id: Option<QuestionClassId>,
    /// The team they are given.
    pub team_id: Option<TeamId>,
    /// How they are handed out.
    pub mode: Mode,
    /// To those the roster names.
    #[serde(default)]
    pub by_roster: bool,
    /// What somebody must be able to do.
    #[serde(default)]
    pub skills: Vec<String>,
    /// "last": whoever helped this customer last is asked first.
    #[serde(default)]
    pub prefer: Vec<String>,
    /// What nobody picked up after so many minutes is offered on.
    pub return_minutes: Option<i64>,
}

fn yes() -> bool {
    true
}

/// All routes, in the order in which they are asked.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Route>> {
    Ok(tx.query(&format!("SELECT {COLUMNS} FROM route ORDER BY position, id"), &[])?)
}

/// One route.
pub fn get(tx: &mut Tx<'_>, id: RouteId) -> Result<Route> {
    tx.opt(&format!("SELECT {COLUMNS} FROM route WHERE id = $1"), params![id])?.ok_or(Error::NotFound("route"))
}

/// Makes a route, the last one asked.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, form: &RouteForm, now: Time) -> Result<Route> {
    actor.need(Permission::SettingsManage)?;
    let name = checked(tx, form, None)?;
    let (count, last): (i64, Option<i64>) =
        tx.opt("SELECT count(*), max(position) FROM route", &[])?.unwrap_or_default();
    if count >= MOST {
        return Err(Error::field("name", "too_many", format!("at most {MOST} routes")));
    }
    let id: RouteId = tx.one(
        "INSERT INTO route (name, name_key, position, active, filter, class_id, team_id, mode, by_roster, skills, prefer,
           return_minutes, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id",
        params![
            &name,
            &name.to_lowercase(),
            last.unwrap_or(0) + 1,
            form.active,
            form.filter.trim(),
            form.class_id,
            form.team_id,
            form.mode.text(),
            form.by_roster,
            json!(super::people::clean_skills(&form.skills)?),
            json!(form.prefer),
            form.return_minutes,
            now.0
        ],
    )?;
    let route = get(tx, id)?;
    audit::record(tx, actor, told("created", None, Some(&route)), now)?;
    ask_anew(tx)?;
    Ok(route)
}

/// Changes a route; tickets nobody has are asked about again.
pub fn change(tx: &mut Tx<'_>, actor: &Actor, id: RouteId, form: &RouteForm, now: Time) -> Result<Route> {
    actor.need(Permission::SettingsManage)?;
    let before = get(tx, id)?;
    if form.version.is_some_and(|seen| seen < before.version) {
        return Err(Error::TicketChanged { fields: vec!["route".to_owned()] });
    }
    let name = checked(tx, form, Some(id))?;
    tx.exec(
        "UPDATE route SET name = $2, name_key = $3, active = $4, filter = $5, class_id = $6, team_id = $7, mode = $8,
           by_roster = $9, skills = $10, prefer = $11, return_minutes = $12, broken = '', version = version + 1
         WHERE id = $1",
        params![
            id,
            &name,
            &name.to_lowercase(),
            form.active,
            form.filter.trim(),
            form.class_id,
            form.team_id,
            form.mode.text(),
            form.by_roster,
            json!(super::people::clean_skills(&form.skills)?),
            json!(form.prefer),
            form.return_minutes
        ],
    )?;
    let route = get(tx, id)?;
    audit::record(tx, actor, told("changed", Some(&before), Some(&route)), now)?;
    ask_anew(tx)?;
    Ok(route)
}

/// Takes a route away.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, id: RouteId, now: Time) -> Result<()> {
    actor.need(Permission::SettingsManage)?;
    let before = get(tx, id)?;
    tx.exec("DELETE FROM route WHERE id = $1", params![id])?;
    audit::record(tx, actor, told("deleted", Some(&before), None), now)?;
    ask_anew(tx)
}

/// Puts the routes in this order; those left out come after them.
pub fn arrange(tx: &mut Tx<'_>, actor: &Actor, order: &[RouteId], now: Time) -> Result<Vec<Route>> {
    actor.need(Permission::SettingsManage)?;
    let before = list(tx)?;
    let place = |route: &Route| order.iter().position(|id| *id == route.id).unwrap_or(order.len());
    let mut after: Vec<&Route> = before.iter().collect();
    after.sort_by_key(|route| (place(route), route.position));
    for (position, route) in (1_i64..).zip(after) {
        if route.position != position {
            tx.exec("UPDATE route SET position = $2 WHERE id = $1", params![route.id, position])?;
            let moved = Route { position, ..route.clone() };
            audit::record(tx, actor, told("changed", Some(route), Some(&moved)), now)?;
        }
    }
    ask_anew(tx)?;
    list(tx)
}

/// Tickets nobody has are looked at again.
fn ask_anew(tx: &mut Tx<'_>) -> Result<()> {
    tx.exec(
        "UPDATE ticket SET route_id = NULL, route_why = '' WHERE assignee_id IS NULL AND active = TRUE AND route_id IS NOT NULL",
        &[],
    )?;
    tx.wake();
    Ok(())
}

fn told<'a>(verb: &'static str, before: Option<&'a Route>, after: Option<&'a Route>) -> audit::Change<'a> {
    let (id, name) = after.or(before).map_or((0, ""), |route| (route.id.0, route.name.as_str()));
    let (before, after) = (before.map(|route| json!(route)), after.map(|route| json!(route)));
    audit::Change { verb, object: "route", id, name, before, after }
}

fn checked(tx: &mut Tx<'_>, form: &RouteForm, own: Option<RouteId>) -> Result<String> {
    let name = error::line("name", &form.name, 80)?;
    let other: Option<RouteId> = tx.opt("SELECT id FROM route WHERE name_key = $1", params![&name.to_lowercase()])?;
    if other.is_some() && other != own {
        return Err(Error::field("name", "taken", "a route of this name exists"));
    }
    impersonal(tx, &form.filter)?;
    if let Some(class) = form.class_id {
        let class = crate::roster::classes::get(tx, class).ok().filter(|class| class.active);
        class.ok_or_else(|| Error::field("class_id", "unknown", "no such class of question"))?;
    }
    if let Some(team) = form.team_id {
        crate::department::teams::get(tx, team).map_err(|_| Error::field("team_id", "unknown", "no such team"))?;
    }
    if let Some(other) = form.prefer.iter().find(|prefer| prefer.as_str() != "last") {
        return Err(Error::field("prefer", "unknown", format!("no such preference: {other}")));
    }
    if form.return_minutes.is_some_and(|minutes| !(1..=LONGEST_RETURN).contains(&minutes)) {
        return Err(Error::field("return_minutes", "out_of_range", format!("from 1 to {LONGEST_RETURN}")));
    }
    Ok(name)
}
