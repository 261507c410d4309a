//! Contacts from a file: a job that takes a hundred lines at a time, goes on where it stopped, and keeps every line it could
//! not take, with the reason.

use super::sheet::{self, Sheet};
use super::{AddressForm, AddressKind, Contact, ContactChange, change, create, fields, get};
use crate::{Actor, ContactId, Error, Permission, Result, error, people};
use opora_base::{FromRow, Row, Time, Tx, job, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The queue of imports.
pub const QUEUE: &str = "contacts.import";
/// Lines of one transaction.
const STEP: usize = 100;

/// What a file holds, before anything is taken from it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportPreview {
    /// By which it is imported.
    pub upload: String,
    /// Its first line.
    pub columns: Vec<String>,
    /// A few of the others.
    pub sample: Vec<Vec<String>>,
    /// What each column probably is.
    pub guess: BTreeMap<String, Option<String>>,
    /// How many lines there are.
    pub rows: usize,
    /// In which charset it is.
    pub encoding: String,
    /// What separates its cells.
    pub delimiter: String,
}

/// How a file is to be taken.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct ImportForm {
    /// From the preview.
    pub upload: String,
    /// What each column is: "name", "mail", "phone", "organization", "notes", "field:KEY", or nothing.
    pub mapping: BTreeMap<String, Option<String>>,
    /// What happens to contacts we have already: "update" or "skip".
    #[serde(default)]
    pub existing: String,
}

/// An import and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Import {
    /// Its number.
    pub id: i64,
    /// "running", "done" or "cancelled".
    pub state: String,
    /// How many lines there are.
    pub total: i64,
    /// How many contacts are new.
    pub created: i64,
    /// How many were changed.
    pub updated: i64,
    /// How many were there already and left alone.
    pub skipped: i64,
    /// How many lines could not be taken.
    pub bad: i64,
}

impl FromRow for Import {
    fn from_row(row: &Row<'_>) -> opora_base::Result<Self> {
        Ok(Import {
            id: row.get(0)?,
            state: row.get(1)?,
            total: row.get(2)?,
            created: row.get(3)?,
            updated: row.get(4)?,
            skipped: row.get(5)?,
            bad: row.get(6)?,
        })
    }
}

const COLUMNS: &str = "id, state, total, created, updated, skipped, bad";

/// What a file holds. `upload` is where its bytes are kept.
pub fn preview(tx: &mut Tx<'_>, actor: &Actor, upload: &str, sheet: &Sheet) -> Result<ImportPreview> {
    actor.need(Permission::ContactEdit)?;
    Ok(ImportPreview {
        upload: upload.to_owned(),
        guess: sheet::guess(&sheet.columns, &fields::list(tx, "contact")?),
        columns: sheet.columns.clone(),
        sample: sheet.lines.iter().take(5).map(|(_, cells)| cells.clone()).collect(),
        rows: sheet.lines.len(),
        encoding: sheet.encoding.to_owned(),
        delimiter: sheet.delimiter.to_string(),
    })
}

/// Begins to take a file.
pub fn begin(tx: &mut Tx<'_>, actor: &Actor, form: &ImportForm, sheet: &Sheet, now: Time) -> Result<Import> {
    actor.need(Permission::ContactEdit)?;
    let known = fields::list(tx, "contact")?;
    let targets: Vec<&str> = form.mapping.values().flatten().map(String::as_str).filter(|t| !t.is_empty()).collect();
    for target in &targets {
        let field = target.strip_prefix("field:").is_some_and(|key| known.iter().any(|field| field.key == key));
        if !field && !["name", "mail", "phone", "organization", "notes"].contains(target) {
            return Err(Error::field("mapping", "unknown", format!("{target} is nothing a contact has")));
        }
    }
    if !targets.iter().any(|target| ["name", "mail"].contains(target)) {
        return Err(Error::field("mapping", "required", "one column must be the name or the mail address"));
    }
    let import: Import = tx.one(
        &format!(
            "INSERT INTO contact_import (agent_id, digest, mapping, update_existing, state, total, created_at)
             VALUES ($1, $2, $3, $4, 'running', $5, $6) RETURNING {COLUMNS}"
        ),
        params![
            actor.agent_id()?,
            &form.upload,
            json!(form.mapping),
            form.existing != "skip",
            i64::try_from(sheet.lines.len()).unwrap_or(i64::MAX),
            now.0
        ],
    )?;
    let key = format!("contacts.import:{}", import.id);
    let payload = json!({ "import": import.id });
    job::enqueue(tx, &job::NewJob { queue: QUEUE, dedupe_key: &key, payload: &payload, run_at: now }, now)?;
    Ok(import)
}

/// One of one's own imports.
pub fn show(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<Import> {
    let import = tx.opt(
        &format!("SELECT {COLUMNS} FROM contact_import WHERE id = $1 AND agent_id = $2"),
        params![id, actor.agent_id()?],
    )?;
    import.ok_or(Error::NotFound("import"))
}

/// Stops an import; what is taken stays.
pub fn cancel(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<Import> {
    show(tx, actor, id)?;
    tx.exec("UPDATE contact_import SET state = 'cancelled' WHERE id = $1 AND state = 'running'", params![id])?;
    show(tx, actor, id)
}

/// The lines that could not be taken, as a sheet of their own: line, reason, and the cells as they were.
pub fn bad_lines(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<Vec<u8>> {
    show(tx, actor, id)?;
    let rows: Vec<(i64, String, Value)> =
        tx.query("SELECT line, reason, cells FROM contact_import_bad WHERE import_id = $1 ORDER BY line", params![id])?;
    let head = vec!["line".to_owned(), "reason".to_owned()];
    let line = |(line, reason, cells): (i64, String, Value)| {
        let cells: Vec<String> = serde_json::from_value(cells).unwrap_or_default();
        [line.to_string(), reason].into_iter().chain(cells).collect()
    };
    sheet::write(std::iter::once(head).chain(rows.into_iter().map(line)))
}

/// Where the bytes of a running import lie; nothing when it runs no more.
pub fn source(tx: &mut Tx<'_>, id: i64) -> Result<Option<String>> {
    Ok(tx.opt("SELECT digest FROM contact_import WHERE id = $1 AND state = 'running'", params![id])?)
}

/// Takes the next lines. Answers whether there are more.
pub fn step(tx: &mut Tx<'_>, id: i64, sheet: &Sheet, now: Time) -> Result<bool> {
    let row: Option<(crate::AgentId, Value, bool, i64)> = tx.opt(
        "SELECT agent_id, mapping, update_existing, position FROM contact_import WHERE id = $1 AND state = 'running'
         {for_update}",
        params![id],
    )?;
    let Some((agent, mapping, update, position)) = row else { return Ok(false) };
    let actor = people::agents::actor(tx, agent)?;
    let mapping: BTreeMap<String, Option<String>> = serde_json::from_value(mapping).unwrap_or_default();
    let known = fields::list(tx, "contact")?;
    let begin = usize::try_from(position).unwrap_or(usize::MAX).min(sheet.lines.len());
    let lines = &sheet.lines[begin..(begin + STEP).min(sheet.lines.len())];
    let (mut created, mut updated, mut skipped, mut bad) = (0, 0, 0, 0);
    for (number, cells) in lines {
        match take(tx, &actor, sheet, &mapping, &known, cells, update, now)? {
            Ok(Taken::Created) => created += 1,
            Ok(Taken::Updated) => updated += 1,
            Ok(Taken::Skipped) => skipped += 1,
            Err(reason) => {
                bad += 1;
                tx.exec(
                    "INSERT INTO contact_import_bad (import_id, line, reason, cells) VALUES ($1, $2, $3, $4)",
                    params![id, *number, &reason, json!(cells)],
                )?;
            }
        }
    }
    let reached = begin + lines.len();
    let over = reached == sheet.lines.len();
    tx.exec(
        "UPDATE contact_import SET position = $2, created = created + $3, updated = updated + $4, skipped = skipped + $5,
           bad = bad + $6, state = $7 WHERE id = $1",
        params![
            id,
            i64::try_from(reached).unwrap_or(i64::MAX),
            created,
            updated,
            skipped,
            bad,
            if over { "done" } else { "running" }
        ],
    )?;
    Ok(!over)
}

enum Taken {
    Created,
    Updated,
    Skipped,
}

/// Takes one line; the reason why not is an answer, not an error. Everything is checked before anything is written.
#[allow(clippy::too_many_arguments)]
fn take(
    tx: &mut Tx<'_>,
    actor: &Actor,
    sheet: &Sheet,
    mapping: &BTreeMap<String, Option<String>>,
    known: &[fields::Field],
    cells: &[String],
    update: bool,
    now: Time,
) -> Result<Result<Taken, String>> {
    let (mut form, mut addresses) = (ContactChange::default(), Vec::new());
    let mut values: BTreeMap<String, Value> = BTreeMap::new();
    for (column, cell) in sheet.columns.iter().zip(cells).filter(|(_, cell)| !cell.is_empty()) {
        match mapping.get(column).and_then(Option::as_deref).unwrap_or_default() {
            "name" => form.name = Some(cell.clone()),
            "organization" => form.organization = Some(cell.clone()),
            "notes" => form.notes = Some(cell.clone()),
            "mail" => {
                for one in cell.split([',', ';', ' ']).filter(|one| !one.is_empty()) {
                    addresses.push(AddressForm { kind: AddressKind::Mail, address: one.to_owned() });
                }
            }
            "phone" => addresses.push(AddressForm { kind: AddressKind::Phone, address: cell.clone() }),
            target => {
                let Some(field) = target.strip_prefix("field:").and_then(|key| known.iter().find(|f| f.key == key))
                else {
                    continue;
                };
                match value(field, cell) {
                    Some(value) => values.insert(field.key.clone(), value),
                    None => return Ok(Err(format!("{}: {cell} is not a {}", field.label, field.kind))),
                };
            }
        }
    }
    let mut owner: Option<ContactId> = None;
    for address in &mut addresses {
        address.address = match address.kind.checked(&address.address) {
            Ok(clean) => clean,
            Err(error) => return Ok(Err(format!("{}: {}", address.address, in_words(&error)))),
        };
        let key = address.kind.key(&address.address);
        let has: Option<ContactId> =
            tx.opt("SELECT contact_id FROM contact_address WHERE address_key = $1", params![&key])?;
        match (owner, has) {
            (Some(one), Some(other)) if one != other => {
                return Ok(Err(format!("its addresses belong to two contacts, {one} and {other}")));
            }
            (None, Some(has)) => owner = Some(has),
            _ => {}
        }
    }
    let main = addresses.iter().find(|address| address.kind == AddressKind::Mail).map(|a| a.address.clone());
    if let Some(name) = &form.name
        && let Err(error) = error::line("name", name, 200)
    {
        return Ok(Err(in_words(&error)));
    }
    if form.notes.as_ref().is_some_and(|notes| notes.chars().count() > 10_000) {
        return Ok(Err("the notes are longer than 10000 characters".to_owned()));
    }
    form.fields = (!values.is_empty()).then_some(values);
    match owner {
        Some(_) if !update => Ok(Ok(Taken::Skipped)),
        Some(id) => {
            let before = get(tx, actor, id)?;
            form.addresses = together(&before, addresses);
            change(tx, actor, id, &form, now)?;
            Ok(Ok(Taken::Updated))
        }
        None => {
            form.name = form.name.or(main);
            if form.name.is_none() {
                return Ok(Err("neither a name nor a mail address".to_owned()));
            }
            form.addresses = Some(addresses);
            create(tx, actor, &form, now)?;
            Ok(Ok(Taken::Created))
        }
    }
}

/// The addresses a contact has, and those the file adds; nothing when it adds none.
fn together(before: &Contact, added: Vec<AddressForm>) -> Option<Vec<AddressForm>> {
    let mut all: Vec<AddressForm> =
        before.addresses.iter().map(|a| AddressForm { kind: a.kind, address: a.address.clone() }).collect();
    let had = all.len();
    for address in added {
        let key = address.kind.key(&address.address);
        if !all.iter().any(|known| known.kind.key(&known.address) == key) {
            all.push(address);
        }
    }
    (all.len() > had).then_some(all)
}

/// A cell as its field keeps it.
fn value(field: &fields::Field, cell: &str) -> Option<Value> {
    match field.kind.as_str() {
        "number" => {
            let number: f64 = cell.replace([' ', '\u{a0}'], "").replace(',', ".").parse().ok()?;
            let whole = number.fract() == 0.0 && number.abs() < 9e15;
            if whole { Some(json!(number as i64)) } else { serde_json::Number::from_f64(number).map(Value::Number) }
        }
        "date" => {
            let iso = cell.parse::<jiff::civil::Date>().ok();
            let dotted = || jiff::civil::Date::strptime("%d.%m.%Y", cell).ok();
            iso.or_else(dotted).map(|date| json!(date.to_string()))
        }
        "flag" => match cell.to_lowercase().as_str() {
            "1" | "true" | "yes" | "да" | "+" => Some(json!(true)),
            "0" | "false" | "no" | "нет" | "-" => Some(json!(false)),
            _ => None,
        },
        "choice" => field.choices.iter().find(|choice| choice.to_lowercase() == cell.to_lowercase()).map(|c| json!(c)),
        _ => (cell.chars().count() <= 2_000).then(|| json!(cell)),
    }
}

fn in_words(error: &Error) -> String {
    match error {
        Error::Validation(fields) => fields.first().map_or_else(String::new, |field| field.detail.clone()),
        other => other.to_string(),
    }
}

/// A part of all contacts as lines of a sheet, after this one. The first part begins with the names of the columns.
pub fn export(tx: &mut Tx<'_>, actor: &Actor, after: i64, limit: i64) -> Result<(Vec<Vec<String>>, Option<i64>)> {
    actor.need(Permission::ContactEdit)?;
    let known = fields::list(tx, "contact")?;
    let mut lines = Vec::new();
    if after == 0 {
        let head = ["name", "mail", "phone", "organization", "notes"].map(str::to_owned).into_iter();
        lines.push(head.chain(known.iter().map(|field| field.label.clone())).collect());
    }
    let rows: Vec<(i64, String, Option<String>, String, Value)> = tx.query(
        "SELECT c.id, c.name, o.name, c.notes, c.fields FROM contact c LEFT JOIN organization o ON o.id = c.organization_id
         WHERE c.id > $1 AND c.merged_into IS NULL ORDER BY c.id LIMIT $2",
        params![after, limit],
    )?;
    let next = rows.last().map(|row| row.0).filter(|_| rows.len() as i64 == limit);
    let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
    let mut sql = opora_base::Sql::new("SELECT contact_id, kind, address FROM contact_address WHERE ");
    sql.is_in("contact_id", &ids).push(" ORDER BY contact_id, address_key");
    let addresses: Vec<(i64, AddressKind, String)> = tx.query(sql.text(), sql.args())?;
    for (id, name, organization, notes, values) in rows {
        let of = |kind: AddressKind| {
            let mine = addresses.iter().filter(|a| a.0 == id && a.1 == kind).map(|a| a.2.as_str());
            mine.collect::<Vec<_>>().join(", ")
        };
        let mut line =
            vec![name, of(AddressKind::Mail), of(AddressKind::Phone), organization.unwrap_or_default(), notes];
        line.extend(known.iter().map(|field| match values.get(&field.key) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Bool(yes)) => if *yes { "1" } else { "0" }.to_owned(),
            Some(Value::Null) | None => String::new(),
            Some(other) => other.to_string(),
        }));
        lines.push(line);
    }
    Ok((lines, next))
}
