//! The checks of the files in `migrations/`: numbered without a gap, explained, one text for both engines, and, once
//! released, never changed.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{process, workspace};

/// Column types that only one engine has; the tokens in braces stand for what each engine calls them.
const ONE_ENGINE: [&str; 9] =
    ["AUTOINCREMENT", "BIGSERIAL", "SERIAL", "TIMESTAMPTZ", "VARCHAR", "JSONB", "BYTEA", "UUID", "DATETIME"];

/// One complaint, or none, for each file.
pub fn complaints() -> Vec<Option<String>> {
    let dir = workspace::root().join("migrations");
    let mut names: Vec<String> = fs::read_dir(&dir)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "sql"))
        .collect();
    names.sort();
    if names.is_empty() {
        return vec![Some("there are no migrations".to_owned())];
    }
    let release = last_release();
    names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let text = fs::read_to_string(dir.join(name)).unwrap_or_default();
            complaint(index + 1, name, &text)
                .or_else(|| changed_since(release.as_deref()?, name, &text))
                .map(|complaint| format!("migrations/{name}: {complaint}"))
        })
        .collect()
}

fn complaint(number: usize, name: &str, text: &str) -> Option<String> {
    if !name.starts_with(&format!("{number:04}_")) {
        return Some(format!("expected number {number:04} here: numbers have no gap and no repetition"));
    }
    if !text.starts_with("--") {
        return Some("its first line is a comment that says what it brings and why".to_owned());
    }
    let words = text.lines().map(|line| line.split("--").next().unwrap_or_default());
    let words = words.flat_map(|line| line.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_'));
    let mut foreign = words.filter(|word| ONE_ENGINE.contains(&word.to_ascii_uppercase().as_str()));
    foreign.next().map(|word| format!("{word} belongs to one engine only; use a token in braces"))
}

/// The last release that this clone knows of.
fn last_release() -> Option<String> {
    process::answer(git().args(["describe", "--tags", "--abbrev=0", "--match", "v*"]))
}

fn changed_since(release: &str, name: &str, text: &str) -> Option<String> {
    let shipped = process::answer(git().arg("show").arg(format!("{release}:migrations/{name}")))?;
    (shipped.trim() != text.trim()).then(|| format!("was shipped with {release} and must not change"))
}

fn git() -> Command {
    process::command("git")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_a_missing_reason_and_a_foreign_type_are_each_complained_about() {
        let good = "-- Notes. Not a VARCHAR.\nCREATE TABLE note (id {id}, body TEXT) {strict};\n";
        assert_eq!(complaint(2, "0002_notes.sql", good), None);
        assert!(complaint(2, "0003_notes.sql", good).is_some());
        assert!(complaint(2, "0002_notes.sql", "CREATE TABLE note (id {id});").is_some());
        assert!(complaint(2, "0002_notes.sql", "-- Notes.\nCREATE TABLE note (id {id}, at timestamptz);").is_some());
    }
}
