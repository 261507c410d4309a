//! Contacts as a sheet: a CSV file read whatever its charset and separator, and one written for any spreadsheet.

use super::AddressKind;
use crate::{Error, Result};
use std::collections::BTreeMap;

/// More lines are another tool's work.
pub const MOST_LINES: usize = 200_000;
/// More columns are a mistake in the separator.
const MOST_COLUMNS: usize = 200;
/// The separators people's programs write.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// A file, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The first line.
    pub columns: Vec<String>,
    /// The others, each with its number in the file; at least as many cells as there are columns, more when a line has more.
    pub lines: Vec<(i64, Vec<String>)>,
    /// In which charset it was.
    pub encoding: &'static str,
    /// What separated its cells.
    pub delimiter: char,
}

/// Reads a file: any charset, the separator that makes the most even columns.
pub fn read(bytes: &[u8]) -> Result<Sheet> {
    let decoded = opora_mail::decode_text(bytes, None, None);
    // One kind of line end: the reader counts a CRLF for the next line's. PostgreSQL keeps no zero in a text.
    let text = decoded.text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\0', "");
    let first = text.lines().next().unwrap_or_default();
    let count = |delimiter: u8| first.bytes().filter(|byte| *byte == delimiter).count();
    let delimiter =
        DELIMITERS.into_iter().max_by_key(|delimiter| (count(*delimiter), *delimiter == b',')).unwrap_or(b',');
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let (mut columns, mut lines) = (Vec::new(), Vec::new());
    for (i, record) in reader.records().enumerate() {
        let record = record.map_err(|error| Error::field("file", "malformed", error.to_string()))?;
        let line = record.position().map_or(i as u64 + 1, csv::Position::line);
        let mut cells: Vec<String> = record.iter().map(|cell| unguarded(cell.trim()).to_owned()).collect();
        if columns.is_empty() {
            columns = named_apart(cells);
            continue;
        }
        if cells.iter().all(String::is_empty) {
            continue;
        }
        let beyond = cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        cells.resize(columns.len().max(beyond), String::new());
        lines.push((i64::try_from(line).unwrap_or(i64::MAX), cells));
    }
    if columns.is_empty() || lines.is_empty() {
        return Err(Error::field("file", "empty", "a first line with names and at least one line below it"));
    }
    if columns.len() > MOST_COLUMNS || lines.len() > MOST_LINES {
        let detail = format!("at most {MOST_COLUMNS} columns and {MOST_LINES} lines");
        return Err(Error::field("file", "too_large", detail));
    }
    Ok(Sheet { columns, lines, encoding: decoded.charset, delimiter: char::from(delimiter) })
}

/// Columns that have no name, or the same one, are told apart by their number.
fn named_apart(names: Vec<String>) -> Vec<String> {
    let mut apart: Vec<String> = Vec::with_capacity(names.len());
    for (i, name) in names.into_iter().enumerate() {
        let fresh = !name.is_empty() && !apart.contains(&name);
        apart.push(if fresh { name } else { format!("{name} {}", i + 1).trim().to_owned() });
    }
    apart
}

/// What a column probably holds, by its name: "name", "organization", "notes", a kind of address or one of the fields.
pub fn guess(columns: &[String], fields: &[super::fields::Field]) -> BTreeMap<String, Option<String>> {
    let mut taken: Vec<String> = Vec::new();
    let mut guessed = BTreeMap::new();
    for column in columns {
        let found = recognized(column, fields);
        let found = found.filter(|found| AddressKind::named(found).is_some() || !taken.contains(found));
        taken.extend(found.clone());
        guessed.insert(column.clone(), found);
    }
    guessed
}

/// What a column of that name holds, if one can tell.
pub(super) fn recognized(column: &str, fields: &[super::fields::Field]) -> Option<String> {
    const KNOWN: [(&str, &[&str]); 10] = [
        ("mail", &["mail", "e-mail", "email", "почта", "эл. почта", "электронная почта", "адрес почты"]),
        ("name", &["name", "full name", "contact", "имя", "фио", "ф.и.о.", "контакт", "клиент"]),
        ("phone", &["phone", "telephone", "mobile", "телефон", "тел.", "мобильный", "мобильный телефон"]),
        ("organization", &["organization", "organisation", "company", "организация", "компания", "фирма"]),
        ("notes", &["notes", "note", "comment", "заметки", "примечание", "комментарий"]),
        ("telegram", &["telegram", "телеграм", "телеграмм"]),
        ("whatsapp", &["whatsapp", "ватсап", "вотсап"]),
        ("viber", &["viber", "вайбер"]),
        ("vk", &["vk", "вк", "вконтакте"]),
        ("other", &["other", "другой адрес"]),
    ];
    let name = column.trim().to_lowercase();
    let known = KNOWN.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(key, _)| (*key).to_owned());
    let named = |field: &&super::fields::Field| field.label.to_lowercase() == name || field.key == name;
    let spelt = |field: &&super::fields::Field| name.strip_prefix("field:") == Some(&field.key);
    let field = fields.iter().find(spelt).or_else(|| fields.iter().find(named));
    known.or_else(|| field.map(|field| format!("field:{}", field.key)))
}

/// Whether a spreadsheet would take this cell for a formula. Apostrophes in front do not count: one more makes such a cell a
/// text, so that taking one away always gives back what it was.
fn is_formula(cell: &str) -> bool {
    let cell = cell.trim_start_matches('\'');
    match cell.chars().next() {
        Some('=' | '@' | '\t' | '\r') => true,
        Some('+' | '-') => cell.chars().any(char::is_alphabetic),
        _ => false,
    }
}

/// A cell without the apostrophe by which [`write`] makes a formula a text.
fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|bare| is_formula(bare)).unwrap_or(cell)
}

/// Lines as a file that every spreadsheet opens: UTF-8 with its mark, RFC 4180. A cell that a spreadsheet would take for a
/// formula is written as text.
pub fn write(lines: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .terminator(csv::Terminator::CRLF)
        .from_writer(b"\xEF\xBB\xBF".to_vec());
    for line in lines {
        let safe = line.into_iter().map(|cell| if is_formula(&cell) { format!("'{cell}") } else { cell });
        writer.write_record(safe).map_err(|error| Error::Storage(error.to_string()))?;
    }
    writer.into_inner().map_err(|error| Error::Storage(error.to_string()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_sheet_of_any_charset_and_separator_is_read() {
        let (cyrillic, _, _) = encoding_rs::WINDOWS_1251
            .encode("ФИО;Почта;Телефон\r\nИванов Пётр;petr@x.test;+7 912\r\nСидорова Анна Петровна;anna@x.test;\r\n");
        let sheet = read(&cyrillic).unwrap();
        assert_eq!((sheet.delimiter, sheet.columns.join("|").as_str()), (';', "ФИО|Почта|Телефон"));
        assert_eq!(sheet.lines[1], (3, vec!["Сидорова Анна Петровна".into(), "anna@x.test".into(), String::new()]));
        let sheet =
            read("\u{feff}name,notes,name,\n\"Ann, \"\"the boss\"\"\",\"two\nlines\",x\n\n,,\n".as_bytes()).unwrap();
        assert_eq!(sheet.columns, ["name", "notes", "name 3", "4"]);
        assert_eq!(
            sheet.lines,
            [(2, vec!["Ann, \"the boss\"".to_owned(), "two\nlines".into(), "x".into(), String::new()])]
        );
    }

    #[test]
    fn nothing_and_noise_are_refused_in_words() {
        for nothing in [&b""[..], b"name,mail", b"name\n\n\n", b"\x00\x00"] {
            assert_eq!(read(nothing).unwrap_err().code(), "validation");
        }
    }

    #[test]
    fn what_is_written_reads_the_same_and_is_no_formula() {
        for cell in ["=cmd()", "'=cmd()", "''@x", "+7 912 \"345\"", "-x", "'стол'", "'"] {
            let bytes = write([vec!["имя".to_owned(), "x".into()], vec![cell.to_owned(), "y".into()]]).unwrap();
            assert_eq!(read(&bytes).unwrap().lines[0].1, [cell, "y"]);
        }
        let formula = write([vec!["=cmd()".to_owned()]]).unwrap();
        assert_eq!(formula, "\u{feff}'=cmd()\r\n".as_bytes());
    }

    #[test]
    fn columns_are_recognized_by_their_names_in_both_languages() {
        let columns: Vec<String> = ["ФИО", "E-mail", "Телефон", "Имя", "Цвет"].map(str::to_owned).to_vec();
        let guessed = guess(&columns, &[]);
        assert_eq!(guessed["ФИО"].as_deref(), Some("name"));
        assert_eq!(guessed["E-mail"].as_deref(), Some("mail"));
        assert_eq!((guessed["Имя"].as_deref(), guessed["Цвет"].as_deref()), (None, None));
    }
}
