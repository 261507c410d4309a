//! Classes of question: what the department tells apart when it says who is on duty ("backend", "storefront", "client care").

use super::changed;
use super::cover::Cover;
use crate::{Actor, Error, Permission, QuestionClassId, Result, audit, error};
use opora_base::{Time, Tx, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

/// The hues a class may have; the workspace's tokens name the same.
const COLOURS: &[&str] = &["accent", "a", "b", "c", "d", "e", "neutral"];
const MOST: i64 = 200;

/// A class of question.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct QuestionClass {
    /// Its number.
    pub id: QuestionClassId,
    /// Its name.
    pub name: String,
    /// What belongs to it, in a few words.
    pub note: String,
    /// Its place among the others.
    pub position: i64,
    /// Its hue: "accent", "a" to "e" or "neutral".
    pub colour: String,
    /// When somebody must be there for it.
    pub cover: Cover,
    /// In use.
    pub active: bool,
    /// Grows with every change.
    pub version: i64,
}

/// A class as somebody wants it; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct QuestionClassForm {
    /// The version this person saw.
    pub version: Option<i64>,
    /// Its name.
    pub name: Option<String>,
    /// What belongs to it, in a few words.
    pub note: Option<String>,
    /// Its place among the others.
    pub position: Option<i64>,
    /// Its hue: "accent", "a" to "e" or "neutral".
    pub colour: Option<String>,
    /// When somebody must be there for it.
    pub cover: Option<Cover>,
    /// In use; a class is put away, never deleted.
    pub active: Option<bool>,
}

type Columns = (QuestionClassId, String, String, i64, String, Value, bool, i64);
const SELECT: &str = "SELECT id, name, note, position, colour, cover, active, version FROM question_class";

fn class((id, name, note, position, colour, cover, active, version): Columns) -> QuestionClass {
    let cover = serde_json::from_value(cover).unwrap_or_default();
    QuestionClass { id, name, note, position, colour, cover, active, version }
}

/// All classes, those put away too, in their order.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<QuestionClass>> {
    let rows: Vec<Columns> = tx.query(&format!("{SELECT} ORDER BY position, id"), &[])?;
    Ok(rows.into_iter().map(class).collect())
}

/// One class.
pub fn get(tx: &mut Tx<'_>, id: QuestionClassId) -> Result<QuestionClass> {
    let row: Option<Columns> = tx.opt(&format!("{SELECT} WHERE id = $1"), params![id])?;
    row.map(class).ok_or(Error::NotFound("question_class"))
}

/// A class that may be used for something new.
pub(super) fn usable(tx: &mut Tx<'_>, id: Option<QuestionClassId>) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    match get(tx, id) {
        Ok(class) if class.active => Ok(()),
        Ok(_) | Err(Error::NotFound(_)) => {
            Err(Error::field("class_id", "unknown", format!("there is no class of question {id} in use")))
        }
        Err(error) => Err(error),
    }
}

/// Makes a class.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, form: &QuestionClassForm, now: Time) -> Result<QuestionClass> {
    actor.need(Permission::RosterManage)?;
    let (count, last): (i64, i64) =
        tx.one("SELECT count(*), COALESCE(max(position), 0) FROM question_class", params![])?;
    if count >= MOST {
        return Err(Error::field("name", "too_many", format!("at most {MOST} classes")));
    }
    let blank = QuestionClass {
        id: QuestionClassId(0),
        name: String::new(),
        note: String::new(),
        position: last + 1,
        colour: "neutral".to_owned(),
        cover: Cover::default(),
        active: true,
        version: 0,
    };
    let form = QuestionClassForm { name: Some(form.name.clone().unwrap_or_default()), ..form.clone() };
    let wanted = merged(tx, blank, &form)?;
    let id: QuestionClassId = tx.one(
        "INSERT INTO question_class (name, name_key, note, position, colour, cover, active)
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        params![
            &wanted.name,
            &wanted.name.to_lowercase(),
            &wanted.note,
            wanted.position,
            &wanted.colour,
            &json!(wanted.cover),
            wanted.active
        ],
    )?;
    let made = get(tx, id)?;
    audit::record(tx, actor, told("created", None, &made), now)?;
    changed(tx, actor, None, now)?;
    Ok(made)
}

/// Changes a class.
pub fn change(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: QuestionClassId,
    form: &QuestionClassForm,
    now: Time,
) -> Result<QuestionClass> {
    actor.need(Permission::RosterManage)?;
    let before = get(tx, id)?;
    if form.version.is_some_and(|seen| seen < before.version) {
        return Err(Error::TicketChanged { fields: vec!["question_class".to_owned()] });
    }
    let wanted = merged(tx, before.clone(), form)?;
    tx.exec(
        "UPDATE question_class SET name = $2, name_key = $3, note = $4, position = $5, colour = $6, cover = $7, active = $8,
           version = version + 1 WHERE id = $1",
        params![
            id,
            &wanted.name,
            &wanted.name.to_lowercase(),
            &wanted.note,
            wanted.position,
            &wanted.colour,
            &json!(wanted.cover),
            wanted.active
        ],
    )?;
    let after = get(tx, id)?;
    audit::record(tx, actor, told("changed", Some(&before), &after), now)?;
    changed(tx, actor, None, now)?;
    Ok(after)
}

fn told<'a>(verb: &'static str, before: Option<&QuestionClass>, class: &'a QuestionClass) -> audit::Change<'a> {
    let (before, after) = (before.map(|class| json!(class)), Some(json!(class)));
    audit::Change { verb, object: "question_class", id: class.id.0, name: &class.name, before, after }
}

fn merged(tx: &mut Tx<'_>, mut class: QuestionClass, form: &QuestionClassForm) -> Result<QuestionClass> {
    if let Some(name) = &form.name {
        class.name = error::line("name", name, 80)?;
        let key = class.name.to_lowercase();
        let other: Option<QuestionClassId> =
            tx.opt("SELECT id FROM question_class WHERE name_key = $1", params![&key])?;
        if other.is_some_and(|other| other != class.id) {
            return Err(Error::field("name", "taken", "a class of this name exists"));
        }
    }
    if let Some(note) = &form.note {
        class.note = if note.trim().is_empty() { String::new() } else { error::line("note", note, 200)? };
    }
    if let Some(colour) = &form.colour {
        if !COLOURS.contains(&colour.as_str()) {
            return Err(Error::field("colour", "unknown", format!("one of {}", COLOURS.join(", "))));
        }
        class.colour.clone_from(colour);
    }
    if let Some(cover) = &form.cover {
        cover.checked()?;
        class.cover = cover.clone();
    }
    class.position = form.position.unwrap_or(class.position).clamp(0, 1_000_000);
    class.active = form.active.unwrap_or(class.active);
    Ok(class)
}
