//! The fields a department keeps of its contacts and organizations: their definitions and their values.

use crate::{Actor, Error, Permission, Result, audit, error};
use jiff::civil::Date;
use opora_base::{Time, Tx, params};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use utoipa::ToSchema;

const MOST: usize = 100;
const KINDS: &[&str] = &["text", "number", "date", "choice", "flag"];

/// A field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Field {
    /// Its key: latin letters, digits and `_`.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// "text", "number", "date", "choice" or "flag".
    pub kind: String,
    /// What can be chosen.
    #[serde(default)]
    pub choices: Vec<String>,
}

fn owner(of: &str) -> Result<&'static str> {
    match of {
        "contact" => Ok("contact"),
        "organization" => Ok("organization"),
        _ => Err(Error::field("of", "unknown", "contact or organization")),
    }
}

/// The fields of contacts or of organizations, in their order.
pub fn list(tx: &mut Tx<'_>, of: &str) -> Result<Vec<Field>> {
    let rows: Vec<(String, String, String, Value)> = tx
        .query("SELECT key, label, kind, choices FROM field WHERE owner = $1 ORDER BY position", params![owner(of)?])?;
    let field = |(key, label, kind, choices)| Field {
        key,
        label,
        kind,
        choices: serde_json::from_value(choices).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(field).collect())
}

/// All fields anew. A value whose field is gone is kept and shown no more.
pub fn put(tx: &mut Tx<'_>, actor: &Actor, of: &str, fields: &[Field], now: Time) -> Result<Vec<Field>> {
    actor.need(Permission::SettingsManage)?;
    let owner = owner(of)?;
    let before = list(tx, of)?;
    if fields.len() > MOST {
        return Err(Error::field("items", "too_many", format!("at most {MOST}")));
    }
    tx.exec("DELETE FROM field WHERE owner = $1", params![owner])?;
    for (i, field) in fields.iter().enumerate() {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if field.key.is_empty() || field.key.len() > 40 || !field.key.chars().all(fits) {
            return Err(Error::field("items", "malformed", "a key has 1 to 40 of a-z, 0-9 and _"));
        }
        if fields[..i].iter().any(|other| other.key == field.key) {
            return Err(Error::field("items", "taken", format!("{} is there twice", field.key)));
        }
        if !KINDS.contains(&field.kind.as_str()) {
            return Err(Error::field("items", "unknown", format!("a kind is one of {}", KINDS.join(", "))));
        }
        if field.kind == "choice" && field.choices.is_empty() {
            return Err(Error::field("items", "required", format!("{} has nothing to choose from", field.key)));
        }
        let label = error::line("items", &field.label, 80)?;
        let choices: Vec<String> =
            field.choices.iter().map(|choice| error::line("items", choice, 120)).collect::<Result<_>>()?;
        tx.exec(
            "INSERT INTO field (owner, key, label, kind, choices, position) VALUES ($1, $2, $3, $4, $5, $6)",
            params![owner, &field.key, &label, &field.kind, json!(choices), i64::try_from(i).unwrap_or(0)],
        )?;
    }
    let after = list(tx, of)?;
    let change = audit::Change {
        verb: "changed",
        object: "fields",
        id: 0,
        name: owner,
        before: Some(json!({ "items": before })),
        after: Some(json!({ "items": after })),
    };
    audit::record(tx, actor, change, now)?;
    Ok(after)
}

/// The values with these changes, each checked by its field.
pub(super) fn checked(
    tx: &mut Tx<'_>,
    of: &str,
    before: &BTreeMap<String, Value>,
    changes: &BTreeMap<String, Value>,
) -> Result<Value> {
    let known = list(tx, of)?;
    let mut values: Map<String, Value> = before.clone().into_iter().collect();
    for (key, value) in changes {
        let field = known.iter().find(|field| field.key == *key);
        let field = field.ok_or_else(|| Error::field("fields", "unknown", format!("there is no field {key}")))?;
        if value.is_null() {
            values.remove(key);
            continue;
        }
        let fits = match (field.kind.as_str(), value) {
            ("text", Value::String(text)) => text.chars().count() <= 2_000,
            ("number", Value::Number(_)) | ("flag", Value::Bool(_)) => true,
            ("date", Value::String(text)) => text.len() == 10 && text.parse::<Date>().is_ok(),
            ("choice", Value::String(text)) => field.choices.contains(text),
            _ => false,
        };
        if !fits {
            return Err(Error::field("fields", "wrong_type", format!("{key} is a {}", field.kind)));
        }
        values.insert(key.clone(), value.clone());
    }
    Ok(Value::Object(values))
}
