//! Templates: words ready to be sent, one's own, a team's or everybody's, with variables that are filled for a ticket.
//!
//! A variable that has no value stays visible in the text, and a text with one left is never sent.

mod fill;

pub(crate) use fill::fill_words;
pub use fill::{Filled, VARIABLES, fill, unresolved};

use crate::present::present;
use crate::tickets::{self, Status, Words};
use crate::{Actor, AgentId, Error, Permission, Result, TeamId, audit, department, error};
use opora_base::{Sql, Time, Tx, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

/// Nobody finds their way among more.
const MOST: i64 = 1_000;

/// A template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Template {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What one types after the slash; may be empty.
    pub shortcut: String,
    /// What it says, with variables.
    pub body_html: String,
    /// "own", "team" or "shared".
    pub section: String,
    /// Whose it is, in the section "team".
    pub team_id: Option<TeamId>,
    /// "ru", "en", or nothing for both.
    pub locale: Option<String>,
    /// Where a ticket stands after it.
    pub status: Option<Status>,
    /// What a ticket is tagged with after it.
    pub tags: Vec<String>,
    /// How often it was used.
    pub uses: i64,
    /// The reader may change it.
    pub editable: bool,
    /// Grows with every change.
    pub version: i64,
}

/// A template as somebody wants it; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct TemplateForm {
    /// The version this person saw.
    pub version: Option<i64>,
    /// Its name.
    pub name: Option<String>,
    /// What one types after the slash.
    pub shortcut: Option<String>,
    /// What it says.
    pub body_html: Option<String>,
    /// "own", "team" or "shared".
    pub section: Option<String>,
    /// Whose it is, in the section "team".
    pub team_id: Option<TeamId>,
    /// "ru" or "en"; `null` for both.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub locale: Option<Option<String>>,
    /// Where a ticket stands after it; `null`: as it stood.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<Status>)]
    pub status: Option<Option<Status>>,
    /// What a ticket is tagged with after it.
    pub tags: Option<Vec<String>>,
}

opora_base::row! {
    #[derive(Clone, Debug)]
    struct Stored {
        id: i64,
        name: String,
        shortcut: String,
        body_html: String,
        section: String,
        owner_id: AgentId,
        team_id: Option<TeamId>,
        locale: Option<String>,
        status: Option<Status>,
        tags: Value,
        uses: i64,
        version: i64,
    }
}

impl Stored {
    fn may_change(&self, actor: &Actor) -> bool {
        if self.section == "own" { Some(self.owner_id) == actor.agent } else { actor.may(Permission::ViewShare) }
    }

    fn seen_by(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Stored>> {
        let teams = tickets::my_teams(tx, actor)?;
        let mut sql = Sql::new(format!("SELECT {} FROM template WHERE (section = 'own' AND owner_id = ", Stored::COLS));
        sql.bind(actor.agent.map_or(0, |a| a.0)).push(") OR section = 'shared' OR (section = 'team' AND (");
        sql.is_in("team_id", &teams).push(if actor.may(Permission::ViewShare) { " OR TRUE" } else { "" });
        sql.push(")) ORDER BY uses DESC, name, id");
        Ok(tx.query(sql.text(), sql.args())?)
    }

    fn get(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<Stored> {
        Stored::seen_by(tx, actor)?.into_iter().find(|one| one.id == id).ok_or(Error::NotFound("template"))
    }

    fn shown(self, actor: &Actor) -> Template {
        Template {
            editable: self.may_change(actor),
            id: self.id,
            name: self.name,
            shortcut: self.shortcut,
            body_html: self.body_html,
            section: self.section,
            team_id: self.team_id,
            locale: self.locale,
            status: self.status,
            tags: serde_json::from_value(self.tags).unwrap_or_default(),
            uses: self.uses,
            version: self.version,
        }
    }

    fn changed(mut self, tx: &mut Tx<'_>, actor: &Actor, form: &TemplateForm) -> Result<Stored> {
        if let Some(name) = &form.name {
            self.name = error::line("name", name, 120)?;
        }
        if let Some(shortcut) = &form.shortcut {
            let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
            if shortcut.chars().count() > 40 || !shortcut.chars().all(fits) {
                return Err(Error::field("shortcut", "malformed", "at most 40 letters, digits, - and _"));
            }
            self.shortcut = shortcut.to_lowercase();
        }
        if let Some(html) = &form.body_html {
            self.body_html = Words::new(Some(html), None)?.html;
        }
        if let Some(section) = &form.section {
            if !["own", "team", "shared"].contains(&section.as_str()) {
                return Err(Error::field("section", "unknown", "one of own, team, shared"));
            }
            self.section = section.clone();
        }
        if form.team_id.is_some() {
            self.team_id = form.team_id;
        }
        match (self.section.as_str(), self.team_id) {
            ("team", None) => return Err(Error::field("team_id", "required", "which team's template is it?")),
            ("team", Some(team)) => {
                department::teams::get(tx, team).map_err(|_| Error::field("team_id", "unknown", "no such team"))?;
            }
            _ => self.team_id = None,
        }
        if let Some(locale) = &form.locale {
            if locale.as_deref().is_some_and(|locale| !["ru", "en"].contains(&locale)) {
                return Err(Error::field("locale", "unknown", "\"ru\", \"en\" or null"));
            }
            self.locale.clone_from(locale);
        }
        if let Some(status) = form.status {
            self.status = status;
        }
        if let Some(tags) = &form.tags {
            self.tags = json!(tickets::clean_tags(tags)?);
        }
        if self.may_change(actor) { Ok(self) } else { Err(Error::Forbidden(Permission::ViewShare.text())) }
    }
}

/// The templates this person may use whose name, shortcut or words hold all words of `text`; those used most come first.
pub fn list(tx: &mut Tx<'_>, actor: &Actor, text: &str) -> Result<Vec<Template>> {
    actor.need(Permission::TicketView)?;
    let wanted: Vec<String> = text.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let holds = |one: &Stored| {
        let all = format!("{} {} {}", one.name, one.shortcut, opora_mail::html_to_text(&one.body_html)).to_lowercase();
        wanted.iter().all(|word| all.contains(word))
    };
    let mut found: Vec<Stored> = Stored::seen_by(tx, actor)?.into_iter().filter(holds).collect();
    if let Some(word) = wanted.first() {
        // Whoever types a shortcut means it.
        found.sort_by_key(|one| (!one.shortcut.starts_with(word), !one.name.to_lowercase().starts_with(word)));
    }
    Ok(found.into_iter().map(|one| one.shown(actor)).collect())
}

/// One template.
pub fn get(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<Template> {
    Ok(Stored::get(tx, actor, id)?.shown(actor))
}

/// Makes a template.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, form: &TemplateForm, now: Time) -> Result<Template> {
    actor.need(Permission::TicketView)?;
    let owner = actor.agent_id()?;
    let many: i64 = tx.one("SELECT count(*) FROM template WHERE owner_id = $1", params![owner])?;
    if many >= MOST {
        return Err(Error::field("name", "too_many", format!("at most {MOST} templates")));
    }
    for (field, absent) in [("name", form.name.is_none()), ("body_html", form.body_html.is_none())] {
        if absent {
            return Err(Error::field(field, "required", "is missing"));
        }
    }
    let blank = Stored {
        id: 0,
        name: String::new(),
        shortcut: String::new(),
        body_html: String::new(),
        section: "own".to_owned(),
        owner_id: owner,
        team_id: None,
        locale: None,
        status: None,
        tags: json!([]),
        uses: 0,
        version: 1,
    };
    let new = blank.changed(tx, actor, form)?;
    let id: i64 = tx.one(
        "INSERT INTO template (name, shortcut, body_html, section, owner_id, team_id, locale, status, tags, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id",
        params![
            &new.name,
            &new.shortcut,
            &new.body_html,
            &new.section,
            new.owner_id,
            new.team_id,
            &new.locale,
            new.status.map(Status::text),
            &new.tags,
            now.0
        ],
    )?;
    let new = Stored { id, ..new };
    tell(tx, actor, "created", None, Some(&new), now)?;
    Ok(new.shown(actor))
}

/// Changes a template.
pub fn edit(tx: &mut Tx<'_>, actor: &Actor, id: i64, form: &TemplateForm, now: Time) -> Result<Template> {
    let before = Stored::get(tx, actor, id)?;
    if !before.may_change(actor) {
        return Err(Error::Forbidden(Permission::ViewShare.text()));
    }
    if form.version.is_some_and(|seen| seen < before.version) {
        return Err(Error::TicketChanged { fields: vec!["template".to_owned()] });
    }
    let after = before.clone().changed(tx, actor, form)?;
    let after = Stored { version: after.version + 1, ..after };
    tx.exec(
        "UPDATE template SET name = $2, shortcut = $3, body_html = $4, section = $5, team_id = $6, locale = $7,
           status = $8, tags = $9, version = $10 WHERE id = $1",
        params![
            after.id,
            &after.name,
            &after.shortcut,
            &after.body_html,
            &after.section,
            after.team_id,
            &after.locale,
            after.status.map(Status::text),
            &after.tags,
            after.version
        ],
    )?;
    tell(tx, actor, "changed", Some(&before), Some(&after), now)?;
    Ok(after.shown(actor))
}

/// Removes a template. What was written with it stays.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, id: i64, now: Time) -> Result<()> {
    let stored = Stored::get(tx, actor, id)?;
    if !stored.may_change(actor) {
        return Err(Error::Forbidden(Permission::ViewShare.text()));
    }
    tx.exec("DELETE FROM template WHERE id = $1", params![id])?;
    tell(tx, actor, "deleted", Some(&stored), None, now)
}

/// Counts a use: what is used most is offered first.
pub fn used(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    tx.exec("UPDATE template SET uses = uses + 1 WHERE id = $1", params![id])?;
    Ok(())
}

/// One's own templates are one's own affair; those of others are told in the audit log.
fn tell(
    tx: &mut Tx<'_>,
    actor: &Actor,
    verb: &'static str,
    before: Option<&Stored>,
    after: Option<&Stored>,
    now: Time,
) -> Result<()> {
    let Some(one) = after.or(before) else { return Ok(()) };
    if [before, after].into_iter().flatten().all(|stored| stored.section == "own") {
        return Ok(());
    }
    let shown = |stored: &Stored| {
        let mut shown = json!(stored.clone().shown(actor));
        for field in ["uses", "editable"] {
            shown.as_object_mut().map(|map| map.remove(field));
        }
        shown
    };
    let change = audit::Change {
        verb,
        object: "template",
        id: one.id,
        name: &one.name,
        before: before.map(shown),
        after: after.map(shown),
    };
    audit::record(tx, actor, change, now)
}
