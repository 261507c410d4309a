//! Views people made: who sees them, who may change them.

use super::View;
use crate::tickets::Sort;
use crate::tickets::list::my_teams;
use crate::{Actor, AgentId, Error, Permission, Result, TeamId, audit, department, error};
use opora_base::{Sql, Time, Tx, event, params};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// What a column can show.
const COLUMNS: &[&str] = &[
    "number",
    "requester",
    "subject",
    "preview",
    "status",
    "priority",
    "assignee",
    "team",
    "inbox",
    "organization",
    "tags",
    "waiting",
    "sla",
    "updated",
    "created",
];
/// What tickets can be grouped by.
const GROUPS: &[&str] = &["none", "status", "priority", "assignee", "team", "inbox", "organization", "day"];
/// Nobody finds their way among more.
const MOST: i64 = 200;

/// A view as somebody wants it; what is absent stays as it is, or is as usual.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct ViewForm {
    /// The version this person saw.
    pub version: Option<i64>,
    /// Its name.
    pub name: Option<String>,
    /// Its filter.
    pub query: Option<String>,
    /// How it is ordered, as in `GET /tickets`.
    pub sort: Option<String>,
    /// Which columns it shows, in this order; none: the roomy row.
    pub columns: Option<Vec<String>>,
    /// What its tickets are grouped by.
    pub group: Option<String>,
    /// "own", "team" or "shared".
    pub section: Option<String>,
    /// Whose it is, in the section "team".
    pub team_id: Option<TeamId>,
}

opora_base::row! {
    /// A row of the table.
    #[derive(Clone, Debug)]
    pub(super) struct Stored {
        pub(super) id: i64,
        pub(super) name: String,
        pub(super) query: String,
        pub(super) sort: String,
        pub(super) columns: Value,
        pub(super) grouping: String,
        pub(super) section: String,
        pub(super) owner_id: AgentId,
        pub(super) team_id: Option<TeamId>,
        pub(super) version: i64,
    }
}

impl Stored {
    /// Mine, my teams' and everybody's; those who share views see every team's.
    pub(super) fn seen_by(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Stored>> {
        let teams = my_teams(tx, actor)?;
        let mut sql = Sql::new(format!("SELECT {} FROM view WHERE (section = 'own' AND owner_id = ", Stored::COLS));
        sql.bind(actor.agent.map_or(0, |a| a.0)).push(") OR section = 'shared' OR (section = 'team' AND (");
        sql.is_in("team_id", &teams).push(if actor.may(Permission::ViewShare) { " OR TRUE" } else { "" });
        sql.push(")) ORDER BY section, id");
        Ok(tx.query(sql.text(), sql.args())?)
    }

    fn get(tx: &mut Tx<'_>, actor: &Actor, key: &str) -> Result<Stored> {
        let id: Option<i64> = key.strip_prefix('v').and_then(|id| id.parse().ok());
        let seen = Stored::seen_by(tx, actor)?.into_iter().find(|view| Some(view.id) == id);
        seen.ok_or(Error::NotFound("view"))
    }

    fn may_change(&self, actor: &Actor) -> bool {
        if self.section == "own" { Some(self.owner_id) == actor.agent } else { actor.may(Permission::ViewShare) }
    }

    pub(super) fn view(self, actor: &Actor) -> View {
        View {
            key: format!("v{}", self.id),
            id: Some(self.id),
            name_key: None,
            editable: self.may_change(actor),
            name: Some(self.name),
            query: self.query,
            sort: self.sort,
            section: self.section,
            team_id: self.team_id,
            columns: serde_json::from_value(self.columns).unwrap_or_default(),
            group: self.grouping,
            count: 0,
            hidden: false,
            version: self.version,
        }
    }

    /// With what the form says, checked.
    fn changed(mut self, tx: &mut Tx<'_>, actor: &Actor, form: &ViewForm) -> Result<Stored> {
        if let Some(name) = &form.name {
            self.name = error::line("name", name, 80)?;
        }
        if let Some(query) = &form.query {
            let filter = opora_query::parse(query).map_err(|problem| Error::BadQuery {
                at: problem.at,
                reason: problem.code.as_str(),
                detail: problem.to_string(),
            })?;
            self.query = filter.to_string();
        }
        if let Some(sort) = &form.sort {
            Sort::parse(sort).ok_or_else(|| one_of("sort", &["updated", "created", "id", "waiting"]))?;
            self.sort = sort.clone();
        }
        if let Some(columns) = &form.columns {
            if columns.iter().any(|column| !COLUMNS.contains(&column.as_str())) {
                return Err(one_of("columns", COLUMNS));
            }
            self.columns = json!(columns);
        }
        if let Some(group) = &form.group {
            GROUPS.iter().find(|known| *known == group).ok_or_else(|| one_of("group", GROUPS))?;
            self.grouping = group.clone();
        }
        if let Some(section) = &form.section {
            const SECTIONS: &[&str] = &["own", "team", "shared"];
            SECTIONS.iter().find(|known| *known == section).ok_or_else(|| one_of("section", SECTIONS))?;
            self.section = section.clone();
        }
        if form.team_id.is_some() {
            self.team_id = form.team_id;
        }
        match (self.section.as_str(), self.team_id) {
            ("team", None) => return Err(Error::field("team_id", "required", "which team's view is it?")),
            ("team", Some(team)) => {
                department::teams::get(tx, team).map_err(|_| Error::field("team_id", "unknown", "no such team"))?;
            }
            _ => self.team_id = None,
        }
        if self.may_change(actor) { Ok(self) } else { Err(Error::Forbidden(Permission::ViewShare.text())) }
    }
}

fn one_of(field: &'static str, values: &[&str]) -> Error {
    Error::field(field, "unknown", format!("one of {}", values.join(", ")))
}

/// Makes a view.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, form: &ViewForm, now: Time) -> Result<View> {
    actor.need(Permission::TicketView)?;
    let owner = actor.agent_id()?;
    let many: i64 = tx.one("SELECT count(*) FROM view WHERE owner_id = $1", params![owner])?;
    if many >= MOST {
        return Err(Error::field("name", "too_many", format!("at most {MOST} views")));
    }
    if form.name.is_none() {
        return Err(Error::field("name", "required", "is missing"));
    }
    let blank = Stored {
        id: 0,
        name: String::new(),
        query: String::new(),
        sort: "updated".to_owned(),
        columns: json!([]),
        grouping: "none".to_owned(),
        section: "own".to_owned(),
        owner_id: owner,
        team_id: None,
        version: 1,
    };
    let new = blank.changed(tx, actor, form)?;
    let id: i64 = tx.one(
        "INSERT INTO view (name, query, sort, columns, grouping, section, owner_id, team_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
        params![
            &new.name,
            &new.query,
            &new.sort,
            &new.columns,
            &new.grouping,
            &new.section,
            new.owner_id,
            new.team_id,
            now.0
        ],
    )?;
    let view = Stored { id, ..new }.view(actor);
    tell(tx, actor, "created", None, Some(&view), now)?;
    Ok(view)
}

/// Changes a view.
pub fn edit(tx: &mut Tx<'_>, actor: &Actor, key: &str, form: &ViewForm, now: Time) -> Result<View> {
    let before = Stored::get(tx, actor, key)?;
    if !before.may_change(actor) {
        return Err(Error::Forbidden(Permission::ViewShare.text()));
    }
    if form.version.is_some_and(|seen| seen < before.version) {
        return Err(Error::TicketChanged { fields: vec!["view".to_owned()] });
    }
    let after = before.clone().changed(tx, actor, form)?;
    let after = Stored { version: after.version + 1, ..after };
    tx.exec(
        "UPDATE view SET name = $2, query = $3, sort = $4, columns = $5, grouping = $6, section = $7, team_id = $8,
           version = $9 WHERE id = $1",
        params![
            after.id,
            &after.name,
            &after.query,
            &after.sort,
            &after.columns,
            &after.grouping,
            &after.section,
            after.team_id,
            after.version
        ],
    )?;
    let view = after.view(actor);
    tell(tx, actor, "changed", Some(&before.view(actor)), Some(&view), now)?;
    Ok(view)
}

/// Removes a view.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, key: &str, now: Time) -> Result<()> {
    let stored = Stored::get(tx, actor, key)?;
    if !stored.may_change(actor) {
        return Err(Error::Forbidden(Permission::ViewShare.text()));
    }
    tx.exec("DELETE FROM view_place WHERE key = $1", params![key])?;
    tx.exec("DELETE FROM view WHERE id = $1", params![stored.id])?;
    tell(tx, actor, "deleted", Some(&stored.view(actor)), None, now)
}

/// Whoever has the view on their screen learns of it by the log; one's own views are one's own affair, those of others are
/// told in the audit log.
fn tell(
    tx: &mut Tx<'_>,
    actor: &Actor,
    verb: &'static str,
    before: Option<&View>,
    after: Option<&View>,
    now: Time,
) -> Result<()> {
    let Some(view) = after.or(before) else { return Ok(()) };
    if [before, after].into_iter().flatten().all(|view| view.section == "own") {
        event::append(tx, &format!("view.{verb}"), 0, actor.author(), &json!({ "key": view.key }), now)?;
        return Ok(());
    }
    let shown = |view: &View| {
        json!({ "name": view.name, "query": view.query, "sort": view.sort, "columns": view.columns, "group": view.group,
            "section": view.section, "team_id": view.team_id })
    };
    let change = audit::Change {
        verb,
        object: "view",
        id: view.id.unwrap_or(0),
        name: view.name.as_deref().unwrap_or_default(),
        before: before.map(shown),
        after: after.map(shown),
    };
    audit::record(tx, actor, change, now)
}
