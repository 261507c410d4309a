//! Contacts from a file: a job that takes a hundred lines at a time, goes on where it stopped, and keeps every line it could
//! not take, with the reason.

use super::sheet::{self, Sheet};
use super::{AddressForm, AddressKind, Contact, ContactChange, change, create, fields, get};
use crate::{Actor, ContactId, Error, Permission, Result, people};
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
    /// What each column is: "name", "organization", "notes", the kind of an address ("mail", "phone", "telegram", "whatsapp",
    /// "viber", "vk", "other"), "field:KEY", or nothing. A cell may hold several addresses: of mail and telephones separated by
    /// a comma or a semicolon, of the others each in its own line.
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
    /// "running", "done", "cancelled", or "failed" when it cannot go on; what is taken stays.
    pub state: String,
    /// Why it failed: "forbidden" (its importer may not change contacts any more), "importer_gone" (they were switched off),
    /// "file_gone" (the file cannot be read any more) or "internal"; else empty.
    pub failure: String,
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
            failure: row.get(7)?,
        })
    }
}

const COLUMNS: &str = "id, state, total, created, updated, skipped, bad, failure";

/// What a file holds. `upload` is where its bytes are kept.
pub fn preview(tx: &mut Tx<'_>, actor: &Actor, upload: &str, sheet: &Sheet) -> Result<ImportPreview> {
    actor.need(Permission::ContactEdit)?;
    Ok(ImportPreview {
        upload: upload.to_owned(),
        guess: sheet::guess(&sheet.columns, &fields::list(tx, "contact")?),
        columns: sheet.columns.clone(),
        sample: sheet.lines.iter().take(5).map(|(_, cells)| cells[..sheet.columns.len()].to_vec()).collect(),
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
        if !field && !["name", "organization", "notes"].contains(target) && AddressKind::named(target).is_none() {
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

/// Ends a running import that cannot go on, and says why.
pub fn fail(tx: &mut Tx<'_>, id: i64, failure: &str) -> Result<()> {
    tx.exec(
        "UPDATE contact_import SET state = 'failed', failure = $2 WHERE id = $1 AND state = 'running'",
        params![id, failure],
    )?;
    Ok(())
}

/// How many lines became what.
#[derive(Default)]
struct Tally {
    created: i64,
    updated: i64,
    skipped: i64,
    bad: i64,
}

/// Takes the next lines. Answers whether there are more.
pub fn step(tx: &mut Tx<'_>, id: i64, sheet: &Sheet, now: Time) -> Result<bool> {
    let row: Option<(crate::AgentId, Value, bool, i64)> = tx.opt(
        "SELECT agent_id, mapping, update_existing, position FROM contact_import WHERE id = $1 AND state = 'running'
         {for_update}",
        params![id],
    )?;
    let Some((agent, mapping, update, position)) = row else { return Ok(false) };
    let actor = match people::agents::actor(tx, agent) {
        Err(Error::NotFound(_)) => {
            fail(tx, id, "importer_gone")?;
            return Ok(false);
        }
        actor => actor?,
    };
    let mapping: BTreeMap<String, Option<String>> = serde_json::from_value(mapping).unwrap_or_default();
    let reader = Reader { sheet, mapping, known: fields::list(tx, "contact")?, update };
    let begin = usize::try_from(position).unwrap_or(usize::MAX).min(sheet.lines.len());
    let lines = &sheet.lines[begin..(begin + STEP).min(sheet.lines.len())];
    let (mut tally, mut reached, mut failure) = (Tally::default(), begin, None);
    for (number, cells) in lines {
        match tx.savepoint(|tx| reader.take(tx, &actor, cells, now)) {
            Ok(Taken::Created) => tally.created += 1,
            Ok(Taken::Updated) => tally.updated += 1,
            Ok(Taken::Skipped) => tally.skipped += 1,
            Err(refused) => match verdict(refused)? {
                Verdict::Line(reason) => {
                    tally.bad += 1;
                    put_aside(tx, id, *number, &reason, cells)?;
                }
                Verdict::Import(why) => {
                    failure = Some(why);
                    break;
                }
            },
        }
        reached += 1;
    }
    let more = failure.is_none() && reached < sheet.lines.len();
    tx.exec(
        "UPDATE contact_import SET position = $2, created = created + $3, updated = updated + $4, skipped = skipped + $5,
           bad = bad + $6, state = $7 WHERE id = $1",
        params![
            id,
            i64::try_from(reached).unwrap_or(i64::MAX),
            tally.created,
            tally.updated,
            tally.skipped,
            tally.bad,
            if more || failure.is_some() { "running" } else { "done" }
        ],
    )?;
    if let Some(failure) = failure {
        fail(tx, id, failure)?;
    }
    Ok(more)
}

/// Keeps a line that could not be taken, with the reason.
fn put_aside(tx: &mut Tx<'_>, import: i64, line: i64, reason: &str, cells: &[String]) -> Result<()> {
    tx.exec(
        "INSERT INTO contact_import_bad (import_id, line, reason, cells) VALUES ($1, $2, $3, $4)",
        params![import, line, reason, json!(cells)],
    )?;
    Ok(())
}

/// What a refusal ends.
enum Verdict {
    /// This line only, for this reason.
    Line(String),
    /// The whole import, with this stable code.
    Import(&'static str),
}

/// What the refusal of a line ends; an error when the same step may well succeed in a moment.
fn verdict(refused: Error) -> Result<Verdict> {
    use opora_base::Error as E;
    match refused {
        Error::Validation(_) => Ok(Verdict::Line(in_words(&refused))),
        Error::Base(E::Unique { .. }) => Ok(Verdict::Line("somebody else has just written the same".to_owned())),
        Error::Forbidden(_) => Ok(Verdict::Import("forbidden")),
        Error::Base(E::Busy | E::Retry(_) | E::Lost(_) | E::Closed | E::Timeout(_)) => Err(refused),
        error => {
            tracing::error!(%error, "an import could not go on");
            Ok(Verdict::Import("internal"))
        }
    }
}

enum Taken {
    Created,
    Updated,
    Skipped,
}

/// How the lines of a file are read.
struct Reader<'a> {
    sheet: &'a Sheet,
    mapping: BTreeMap<String, Option<String>>,
    known: Vec<fields::Field>,
    update: bool,
}

impl Reader<'_> {
    /// Takes one line. What does not fit is an [`Error::Validation`]; whatever it had written by then is to be undone.
    fn take(&self, tx: &mut Tx<'_>, actor: &Actor, cells: &[String], now: Time) -> Result<Taken> {
        let mut form = self.form(cells)?;
        let mut addresses = form.addresses.take().unwrap_or_default();
        let Some(owner) = owner(tx, &mut addresses)? else {
            let main = addresses.iter().find(|address| address.kind == AddressKind::Mail);
            form.name = form.name.or_else(|| main.map(|main| main.address.clone()));
            if form.name.is_none() {
                return Err(bad("neither a name nor a mail address".to_owned()));
            }
            form.addresses = Some(addresses);
            create(tx, actor, &form, now)?;
            return Ok(Taken::Created);
        };
        if !self.update {
            return Ok(Taken::Skipped);
        }
        let before = get(tx, actor, owner)?;
        form.notes = form.notes.filter(|notes| as_cell(&before.notes) != *notes);
        if let Some(values) = &mut form.fields {
            let same = |key: &String, value: &Value| {
                let text = before.fields.get(key).and_then(Value::as_str).map(as_cell);
                text.is_some() && text.as_deref() == value.as_str()
            };
            values.retain(|key, value| !same(key, value));
        }
        form.addresses = together(&before, addresses);
        change(tx, actor, owner, &form, now)?;
        Ok(Taken::Updated)
    }

    /// The contact a line tells of.
    fn form(&self, cells: &[String]) -> Result<ContactChange> {
        let columns = self.sheet.columns.len();
        if cells.len() > columns {
            return Err(bad(format!("this line has {} cells, the first line names {columns}", cells.len())));
        }
        let (mut form, mut addresses, mut values) = (ContactChange::default(), Vec::new(), BTreeMap::new());
        for (column, cell) in self.sheet.columns.iter().zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            let target = self.mapping.get(column).and_then(Option::as_deref).unwrap_or_default();
            match target {
                "name" => form.name = Some(cell.clone()),
                "organization" => form.organization = Some(cell.clone()),
                "notes" => form.notes = Some(cell.clone()),
                _ => {
                    if let Some(kind) = AddressKind::named(target) {
                        addresses.extend(several(kind, cell).map(|address| AddressForm { kind, address }));
                    } else if let Some(field) = self.field(target) {
                        let value = value(field, cell);
                        let wrong = || bad(format!("{}: {cell} is not a {}", field.label, field.kind));
                        values.insert(field.key.clone(), value.ok_or_else(wrong)?);
                    }
                }
            }
        }
        form.addresses = Some(addresses);
        form.fields = (!values.is_empty()).then_some(values);
        Ok(form)
    }

    fn field(&self, target: &str) -> Option<&fields::Field> {
        let key = target.strip_prefix("field:")?;
        self.known.iter().find(|field| field.key == key)
    }
}

/// A text as a cell brings it back: one kind of line end, no space around it.
fn as_cell(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

/// A line that cannot be taken.
fn bad(reason: String) -> Error {
    Error::field("line", "malformed", reason)
}

/// The addresses of one cell.
fn several(kind: AddressKind, cell: &str) -> impl Iterator<Item = String> {
    let separators: &[char] = match kind {
        AddressKind::Mail => &[',', ';', ' ', '\n'],
        AddressKind::Phone => &[',', ';', '\n'],
        _ => &['\n'],
    };
    cell.split(separators).map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned)
}

/// Whose these addresses are already; each is put into the form in which it is kept.
fn owner(tx: &mut Tx<'_>, addresses: &mut [AddressForm]) -> Result<Option<ContactId>> {
    let mut owner: Option<ContactId> = None;
    for address in addresses {
        let clean = address.kind.checked(&address.address);
        address.address = clean.map_err(|error| bad(format!("{}: {}", address.address, in_words(&error))))?;
        let key = address.kind.key(&address.address);
        let has: Option<ContactId> =
            tx.opt("SELECT contact_id FROM contact_address WHERE address_key = $1", params![&key])?;
        match (owner, has) {
            (Some(one), Some(other)) if one != other => {
                return Err(bad(format!("its addresses belong to two contacts, {one} and {other}")));
            }
            (None, Some(has)) => owner = Some(has),
            _ => {}
        }
    }
    Ok(owner)
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
            let cell = cell.replace([' ', '\u{a0}'], "").replace(',', ".");
            if let Ok(whole) = cell.parse::<i64>() {
                return Some(json!(whole));
            }
            let number: f64 = cell.parse().ok()?;
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
        "choice" => {
            let alike = |choice: &&String| choice.to_lowercase() == cell.to_lowercase();
            let exact = field.choices.iter().find(|choice| *choice == cell);
            exact.or_else(|| field.choices.iter().find(alike)).map(|choice| json!(choice))
        }
        _ => (cell.chars().count() <= 2_000).then(|| json!(cell)),
    }
}

fn in_words(error: &Error) -> String {
    match error {
        Error::Validation(fields) => fields.first().map_or_else(String::new, |wrong| match wrong.field {
            "line" | "addresses" => wrong.detail.clone(),
            field => format!("{field}: {}", wrong.detail),
        }),
        other => other.to_string(),
    }
}

/// The columns every export has before the department's own fields.
const EXPORTED: [&str; 10] =
    ["name", "mail", "phone", "organization", "notes", "telegram", "whatsapp", "viber", "vk", "other"];

/// A part of all contacts as lines of a sheet, after this one. The first part begins with the names of the columns. What is
/// written here is read again as it was.
pub fn export(tx: &mut Tx<'_>, actor: &Actor, after: i64, limit: i64) -> Result<(Vec<Vec<String>>, Option<i64>)> {
    actor.need(Permission::ContactEdit)?;
    let known = fields::list(tx, "contact")?;
    let mut lines = Vec::new();
    if after == 0 {
        lines.push(head(&known));
    }
    type Columns = (i64, String, String, Option<String>, String, Value);
    let rows: Vec<Columns> = tx.query(
        "SELECT c.id, c.name, c.address, o.name, c.notes, c.fields
         FROM contact c LEFT JOIN organization o ON o.id = c.organization_id
         WHERE c.id > $1 AND c.merged_into IS NULL ORDER BY c.id LIMIT $2",
        params![after, limit],
    )?;
    let next = rows.last().map(|row| row.0).filter(|_| rows.len() as i64 == limit);
    let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
    let mut sql = opora_base::Sql::new("SELECT contact_id, kind, address FROM contact_address WHERE ");
    sql.is_in("contact_id", &ids).push(" ORDER BY contact_id, address_key");
    let addresses: Vec<(i64, AddressKind, String)> = tx.query(sql.text(), sql.args())?;
    for (id, name, main, organization, notes, values) in rows {
        let of = |kind: AddressKind| {
            let mut mine: Vec<&str> =
                addresses.iter().filter(|a| a.0 == id && a.1 == kind).map(|a| a.2.as_str()).collect();
            // The first mail address becomes the main one.
            mine.sort_by_key(|address| *address != main);
            mine.join(if matches!(kind, AddressKind::Mail | AddressKind::Phone) { ", " } else { "\n" })
        };
        let mut line =
            vec![name, of(AddressKind::Mail), of(AddressKind::Phone), organization.unwrap_or_default(), notes];
        line.extend(
            [AddressKind::Telegram, AddressKind::Whatsapp, AddressKind::Viber, AddressKind::Vk, AddressKind::Other]
                .map(of),
        );
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

/// The first line of an export. A field is called by its label, unless that would be taken for something else.
fn head(known: &[fields::Field]) -> Vec<String> {
    let mut head: Vec<String> = EXPORTED.map(str::to_owned).to_vec();
    for field in known {
        let key = format!("field:{}", field.key);
        let meant = sheet::recognized(&field.label, known).as_deref() == Some(&key) && !head.contains(&field.label);
        head.push(if meant { field.label.clone() } else { key });
    }
    head
}
