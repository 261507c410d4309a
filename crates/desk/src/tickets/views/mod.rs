//! Views: filters with a name, an order and an exact number. Everybody begins with the same few and adds their own; a view
//! can be for its owner, for a team or for everybody, and each person arranges them as they like.

mod arranged;
mod counted;
mod stored;

pub use arranged::{Arrangement, arrange};
pub use counted::Counter;
pub use stored::{ViewForm, create, delete, edit};

use crate::{Actor, Permission, Result, TeamId};
use opora_base::Tx;
use serde::Serialize;
use stored::Stored;
use utoipa::ToSchema;

/// A view: a filter with a name and a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct View {
    /// Its stable key: "mine", or "v12".
    pub key: String,
    /// Its number, if somebody made it.
    pub id: Option<i64>,
    /// Where its name stands in the catalogues, if nobody gave it one.
    pub name_key: Option<&'static str>,
    /// The name somebody gave it.
    pub name: Option<String>,
    /// Its filter.
    pub query: String,
    /// How it is ordered.
    pub sort: String,
    /// "own", "team" or "shared".
    pub section: String,
    /// Whose it is, in the section "team".
    pub team_id: Option<TeamId>,
    /// Which columns it shows; none: the roomy row.
    pub columns: Vec<String>,
    /// What its tickets are grouped by.
    pub group: String,
    /// How many tickets are in it; 0 when it is hidden.
    pub count: i64,
    /// The reader may change it.
    pub editable: bool,
    /// The reader has put it away.
    pub hidden: bool,
    /// Grows with every change.
    pub version: i64,
}

/// Key, filter, order and section of the views everybody begins with; their names stand in the catalogues.
const GIVEN: &[(&str, &str, &str, &str, &str)] = &[
    ("mine", "views.mine", "assignee:me status:new,open", "updated", "own"),
    ("unassigned", "views.unassigned", "assignee:none status:new,open", "waiting", "own"),
    ("team", "views.team", "team:mine status:new,open", "waiting", "own"),
    ("snoozed", "views.snoozed", "assignee:me is:snoozed", "updated", "own"),
    ("waiting", "views.waiting", "status:waiting", "updated", "shared"),
    ("due_soon", "views.due_soon", "due:<2h is:open", "due", "shared"),
    ("all_open", "views.all_open", "status:new,open", "updated", "shared"),
    ("solved", "views.solved", "status:solved", "updated", "shared"),
    ("all", "views.all", "", "updated", "shared"),
];

/// All views of this person in their order, not counted yet.
pub fn list(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<View>> {
    actor.need(Permission::TicketView)?;
    let mut views: Vec<View> = GIVEN.iter().map(given).collect();
    for stored in Stored::seen_by(tx, actor)? {
        views.push(stored.view(actor));
    }
    arranged::put_in_order(tx, actor, &mut views)?;
    Ok(views)
}

fn given(&(key, name_key, query, sort, section): &(&str, &'static str, &str, &str, &str)) -> View {
    View {
        key: key.to_owned(),
        id: None,
        name_key: Some(name_key),
        name: None,
        query: query.to_owned(),
        sort: sort.to_owned(),
        section: section.to_owned(),
        team_id: None,
        columns: Vec::new(),
        group: "none".to_owned(),
        count: 0,
        editable: false,
        hidden: false,
        version: 1,
    }
}
