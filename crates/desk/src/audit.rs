//! The audit log: every change of the department's settings, with what it was and what it is. Commands [`record`] in their
//! own transaction; only fields that differ are kept, and nothing secret ever reaches a value that is shown.

use crate::pattern::holding;
use crate::tickets::Writer;
use crate::{Actor, AgentId, Error, Permission, Result};
use opora_base::{Sql, Time, Tx, event, params};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// A change of a setting.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// What happened ("created", "changed", "deleted").
    pub verb: &'static str,
    /// To what kind of thing ("inbox").
    pub object: &'static str,
    /// To which.
    pub id: i64,
    /// What it is called.
    pub name: &'a str,
    /// What it was.
    pub before: Option<Value>,
    /// What it is.
    pub after: Option<Value>,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Entry {
    /// Its number.
    pub id: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
    /// Who.
    pub actor: Writer,
    /// What happened: "inbox.changed".
    pub kind: String,
    /// To what.
    pub object: Object,
    /// The fields that differ, as they were.
    #[schema(value_type = Option<Object>)]
    pub before: Option<Value>,
    /// The same fields as they are.
    #[schema(value_type = Option<Object>)]
    pub after: Option<Value>,
}

/// What was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AuditObject)]
pub struct Object {
    /// "inbox", "team", "agent", "role", "brand", "view", "template", "fields", "sla_policy" or "calendar".
    /// "question_class", "rotation" or "roster".
    pub kind: String,
    /// Its number.
    pub id: i64,
    /// What it was called.
    pub name: String,
}

/// A page of the log.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Page {
    /// The latest first.
    pub items: Vec<Entry>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

/// Writes a change down, and tells whoever follows the log. A change that changes nothing is none.
pub fn record(tx: &mut Tx<'_>, actor: &Actor, change: Change<'_>, now: Time) -> Result<()> {
    let (before, after) = differing(change.before, change.after);
    if before.is_none() && after.is_none() {
        return Ok(());
    }
    let kind = format!("{}.{}", change.object, change.verb);
    tx.exec(
        "INSERT INTO audit (at, agent_id, kind, object_kind, object_id, object_name, name_key, before, after)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            now.0,
            actor.agent,
            &kind,
            change.object,
            change.id,
            change.name,
            &change.name.to_lowercase(),
            before,
            after
        ],
    )?;
    event::append(tx, &kind, 0, actor.author(), &json!({ "id": change.id, "name": change.name }), now)?;
    Ok(())
}

/// Of two objects only what differs; of one alone everything.
fn differing(before: Option<Value>, after: Option<Value>) -> (Option<Value>, Option<Value>) {
    let (Some(Value::Object(mut before)), Some(Value::Object(mut after))) = (before.clone(), after.clone()) else {
        return (before, after);
    };
    // It grows with every change and says nothing.
    for map in [&mut before, &mut after] {
        map.remove("version");
    }
    let same = |map: &Map<String, Value>, other: &Map<String, Value>| -> Map<String, Value> {
        map.iter().filter(|(key, value)| other.get(*key) != Some(value)).map(|(k, v)| (k.clone(), v.clone())).collect()
    };
    let (was, is) = (same(&before, &after), same(&after, &before));
    if was.is_empty() && is.is_empty() { (None, None) } else { (Some(Value::Object(was)), Some(Value::Object(is))) }
}

/// What one asks of the log.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// Part of a thing's name, of a colleague's or of a kind, in any case.
    pub text: String,
    /// Where the page begins; empty for the first.
    pub cursor: String,
    /// At most so many.
    pub limit: i64,
}

/// The colleagues whose name holds this text, which is in lower case. They are few, and their names have no key.
fn colleagues(tx: &mut Tx<'_>, text: &str) -> Result<Vec<AgentId>> {
    let all: Vec<(AgentId, String)> = tx.query("SELECT id, name FROM agent", &[])?;
    Ok(all.into_iter().filter(|(_, name)| name.to_lowercase().contains(text)).map(|(id, _)| id).collect())
}

/// A page of the log.
pub fn list(tx: &mut Tx<'_>, actor: &Actor, ask: &Ask) -> Result<Page> {
    actor.need(Permission::AuditView)?;
    let before: i64 = match ask.cursor.as_str() {
        "" => i64::MAX,
        cursor => cursor.parse().map_err(|_| Error::field("cursor", "malformed", "not a cursor of ours"))?,
    };
    let limit = ask.limit.clamp(1, 200);
    let mut sql = Sql::new(
        "SELECT e.id, e.at, e.agent_id, COALESCE(a.name, ''), e.kind, e.object_kind, e.object_id, e.object_name, e.before,
           e.after FROM audit e LEFT JOIN agent a ON a.id = e.agent_id WHERE e.id < ",
    );
    sql.bind(before);
    let text = ask.text.trim().to_lowercase();
    if !text.is_empty() {
        sql.push(" AND (e.kind LIKE ").bind(holding(&text)).push(r" ESCAPE '\'");
        sql.push(" OR e.name_key LIKE ").bind(holding(&text)).push(r" ESCAPE '\' OR ");
        sql.is_in("e.agent_id", &colleagues(tx, &text)?).push(")");
    }
    sql.push(" ORDER BY e.id DESC LIMIT ").bind(limit + 1);
    type Columns = (i64, i64, Option<AgentId>, String, String, String, i64, String, Option<Value>, Option<Value>);
    let mut rows: Vec<Columns> = tx.query(sql.text(), sql.args())?;
    let more = rows.len() as i64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    let next_cursor = rows.last().filter(|_| more).map(|row| row.0.to_string());
    let entry = |row: Columns| Entry {
        id: row.0,
        at: Time(row.1),
        actor: Writer {
            kind: if row.2.is_some() { "agent" } else { "system" }.to_owned(),
            id: row.2.map(|agent| agent.0),
            name: row.3,
            address: String::new(),
        },
        kind: row.4,
        object: Object { kind: row.5, id: row.6, name: row.7 },
        before: row.8,
        after: row.9,
    };
    Ok(Page { items: rows.into_iter().map(entry).collect(), next_cursor })
}
