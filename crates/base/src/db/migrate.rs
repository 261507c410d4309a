//! Bringing the database to the shape the program knows.
//!
//! The table `migration` remembers each step with the SHA-256 of its text. All missing steps run in one transaction,
//! behind a lock that other starting processes wait for. A step that was changed after it ran, a step that is missing,
//! and a database of a newer program are refused in words an operator understands. A SQLite file is copied before it is
//! changed.

use super::config::{Config, Database};
use super::dialect::{Dialect, expand};
use super::lite::LiteConn;
use super::pg::{PgConn, Purpose};
use super::tx::Tx;
use crate::clock::{Clock, SystemClock};
use crate::{Error, Result, params};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// One step in the database's history. Never changed once released.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Its place: 1, 2, 3 …
    pub number: i64,
    /// What it is about, for people.
    pub name: &'static str,
    /// The statements, with [dialect tokens](Dialect).
    pub sql: &'static str,
}

/// What [`Store::migrate`](crate::Store::migrate) did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Migrated {
    /// The steps that were missing, in order.
    pub applied: Vec<i64>,
    /// The copy of the SQLite file as it was before, if it held anything.
    pub copy: Option<PathBuf>,
}

const HISTORY: &str = "CREATE TABLE IF NOT EXISTS migration (
  number {int} NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  applied_at {int} NOT NULL
) {strict}";

/// "opora" in ASCII: the advisory lock that starting processes queue for.
const LOCK: i64 = 0x6f_70_6f_72_61;

pub(super) fn run(config: &Config, migrations: &[Migration]) -> Result<Migrated> {
    match &config.database {
        Database::Sqlite(path) => on_sqlite(path, config, migrations),
        Database::Postgres(url) => on_postgres(url, config, migrations),
    }
}

fn on_sqlite(path: &Path, config: &Config, migrations: &[Migration]) -> Result<Migrated> {
    let conn = LiteConn::open_for_writing(path, config)?;
    let copy = copy_before(&conn, path, migrations)?;
    conn.run("BEGIN IMMEDIATE")?;
    let caught_up = missing_steps(&mut Tx::on_lite(&conn), migrations).and_then(|missing| {
        for migration in &missing {
            conn.script(&expand(Dialect::Sqlite, migration.sql)).map_err(|error| failed(migration, &error))?;
            remember(&mut Tx::on_lite(&conn), migration)?;
        }
        conn.commit().map_err(|failure| failure.error)?;
        Ok(numbers(&missing))
    });
    conn.roll_back();
    Ok(Migrated { applied: caught_up?, copy })
}

/// Copies the file if it has a history and is about to get a longer one. The copy is complete or not there.
fn copy_before(conn: &LiteConn, path: &Path, migrations: &[Migration]) -> Result<Option<PathBuf>> {
    let mut tx = Tx::on_lite(conn);
    let known: Option<i64> = tx.opt("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migration'", &[])?;
    if known.is_none() {
        return Ok(None);
    }
    let at: Option<i64> = tx.one("SELECT max(number) FROM migration", &[])?;
    let newest = migrations.last().map_or(0, |migration| migration.number);
    let Some(at) = at.filter(|at| *at < newest) else { return Ok(None) };
    let named = |suffix: &str| {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".before-{:04}{suffix}", at + 1));
        path.with_file_name(name)
    };
    let (copy, unfinished) = (named(""), named(".part"));
    let broken =
        |e: std::io::Error| Error::Migration(format!("the database could not be copied before the upgrade: {e}"));
    match std::fs::remove_file(&unfinished) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(broken(e)),
        _ => {}
    }
    conn.copy_into(&unfinished)?;
    std::fs::File::open(&unfinished).and_then(|file| file.sync_all()).map_err(broken)?;
    std::fs::rename(&unfinished, &copy).map_err(broken)?;
    Ok(Some(copy))
}

fn on_postgres(url: &str, config: &Config, migrations: &[Migration]) -> Result<Migrated> {
    let mut conn = PgConn::open(url, config, Purpose::Migrating)?;
    conn.run("BEGIN ISOLATION LEVEL READ COMMITTED")?;
    conn.run(&format!("SELECT pg_advisory_xact_lock({LOCK})"))?;
    // A connection dropped on the way out of an error takes its transaction with it.
    let missing = missing_steps(&mut Tx::on_pg(&mut conn), migrations)?;
    for migration in &missing {
        conn.run(&expand(Dialect::Postgres, migration.sql)).map_err(|error| failed(migration, &error))?;
        remember(&mut Tx::on_pg(&mut conn), migration)?;
    }
    conn.run("COMMIT")?;
    Ok(Migrated { applied: numbers(&missing), copy: None })
}

fn numbers(migrations: &[Migration]) -> Vec<i64> {
    migrations.iter().map(|migration| migration.number).collect()
}

fn failed(migration: &Migration, error: &Error) -> Error {
    Error::Migration(format!("step {} ({}) failed, nothing was changed: {error}", migration.number, migration.name))
}

fn remember(tx: &mut Tx<'_>, migration: &Migration) -> Result<()> {
    tx.exec(
        "INSERT INTO migration (number, name, sha256, applied_at) VALUES ($1, $2, $3, $4)",
        params![migration.number, migration.name, fingerprint(migration), SystemClock.now().0],
    )?;
    Ok(())
}

/// Compares the database's history with the program's.
fn missing_steps(tx: &mut Tx<'_>, migrations: &[Migration]) -> Result<Vec<Migration>> {
    tx.exec(HISTORY, &[])?;
    let applied: Vec<(i64, String, String)> =
        tx.query("SELECT number, name, sha256 FROM migration ORDER BY number", &[])?;
    compare(&applied, migrations).map_err(Error::Migration)
}

fn compare(applied: &[(i64, String, String)], migrations: &[Migration]) -> Result<Vec<Migration>, String> {
    let newest = migrations.last().map_or(0, |migration| migration.number);
    if let Some((number, ..)) = applied.last().filter(|(number, ..)| *number > newest) {
        return Err(format!(
            "the database is at step {number}, this program knows only {newest}: it was upgraded by a newer version. \
             Start that version, or restore the copy made before the upgrade"
        ));
    }
    for (number, name, sha256) in applied {
        match migrations.iter().find(|migration| migration.number == *number) {
            None => return Err(format!("the database has a step {number} ({name}) that this program does not know")),
            Some(known) if fingerprint(known) != *sha256 => {
                return Err(format!("step {number} ({name}) is not what it was when this database ran it"));
            }
            Some(_) => {}
        }
    }
    let reached = applied.last().map_or(0, |(number, ..)| *number);
    let (done, missing): (Vec<Migration>, _) = migrations.iter().partition(|migration| migration.number <= reached);
    if done.len() != applied.len() {
        return Err(format!("the database is at step {reached} but skipped an earlier one"));
    }
    Ok(missing)
}

fn fingerprint(migration: &Migration) -> String {
    crate::blob::hex(&Sha256::digest(migration.sql))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const STEPS: [Migration; 3] = [
        Migration { number: 1, name: "one", sql: "1" },
        Migration { number: 2, name: "two", sql: "2" },
        Migration { number: 3, name: "three", sql: "3" },
    ];

    fn history(steps: &[Migration]) -> Vec<(i64, String, String)> {
        steps.iter().map(|step| (step.number, step.name.to_owned(), fingerprint(step))).collect()
    }

    #[test]
    fn the_steps_after_the_last_applied_one_are_missing() {
        let missing = |applied: &[Migration]| -> Vec<i64> {
            compare(&history(applied), &STEPS).unwrap().iter().map(|step| step.number).collect()
        };
        assert_eq!(missing(&[]), [1, 2, 3]);
        assert_eq!(missing(&STEPS[..2]), [3]);
        assert!(missing(&STEPS).is_empty());
    }

    #[test]
    fn a_newer_database_is_refused_in_a_plain_sentence() {
        let words = compare(&history(&STEPS), &STEPS[..2]).unwrap_err();
        assert!(words.starts_with("the database is at step 3, this program knows only 2"), "{words}");
    }

    #[test]
    fn a_changed_or_skipped_step_is_refused() {
        let changed = [Migration { sql: "other", ..STEPS[0] }, STEPS[1], STEPS[2]];
        assert!(compare(&history(&STEPS), &changed).unwrap_err().contains("step 1 (one) is not what it was"));
        assert!(compare(&history(&STEPS[1..2]), &STEPS).unwrap_err().contains("skipped"));
    }
}
