//! The views everybody begins with, each with its exact number.

use super::filter::Asker;
use super::list;
use crate::{Actor, Error, Permission, Result};
use opora_base::{Time, Tx};
use serde::Serialize;
use utoipa::ToSchema;

/// A view: a filter with a name and a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct View {
    /// Its stable key.
    pub key: &'static str,
    /// Where its name stands in the catalogues.
    pub name_key: &'static str,
    /// Its filter.
    pub query: &'static str,
    /// How it is ordered.
    pub sort: &'static str,
    /// "own" or "shared".
    pub section: &'static str,
    /// How many tickets are in it.
    pub count: i64,
}

const VIEWS: &[(&str, &str, &str, &str, &str)] = &[
    ("mine", "views.mine", "assignee:me status:new,open", "updated", "own"),
    ("unassigned", "views.unassigned", "assignee:none status:new,open", "waiting", "own"),
    ("team", "views.team", "team:mine status:new,open", "waiting", "own"),
    ("waiting", "views.waiting", "status:waiting", "updated", "shared"),
    ("all_open", "views.all_open", "status:new,open", "updated", "shared"),
    ("solved", "views.solved", "status:solved", "updated", "shared"),
    ("all", "views.all", "", "updated", "shared"),
];

/// All views as this person sees them.
pub fn views(tx: &mut Tx<'_>, actor: &Actor, now: Time) -> Result<Vec<View>> {
    actor.need(Permission::TicketView)?;
    let teams = list::my_teams(tx, actor)?;
    let asker = Asker { actor, teams: &teams, now };
    let mut views = Vec::with_capacity(VIEWS.len());
    for &(key, name_key, query, sort, section) in VIEWS {
        let filter = opora_query::parse(query).map_err(|problem| Error::BadQuery {
            at: problem.at,
            reason: problem.code.as_str(),
            detail: problem.to_string(),
        })?;
        let count = list::count(tx, &filter, &asker, None)?;
        views.push(View { key, name_key, query, sort, section, count });
    }
    Ok(views)
}
