//! What a statement may not be: transactions and sessions belong to the store, not to business code.

use crate::{Error, Result};

const REFUSED: &[&str] = &[
    "BEGIN",
    "START",
    "COMMIT",
    "END",
    "ROLLBACK",
    "ABORT",
    "SAVEPOINT",
    "RELEASE",
    "PREPARE",
    "SET",
    "RESET",
    "DISCARD",
    "PRAGMA",
    "ATTACH",
    "DETACH",
    "VACUUM",
    "LISTEN",
    "UNLISTEN",
    "NOTIFY",
];

/// Refuses transaction and session control, however it is dressed up with blanks and comments.
pub(super) fn check(sql: &str) -> Result<()> {
    let word = first_word(sql);
    if REFUSED.iter().any(|refused| word.eq_ignore_ascii_case(refused)) {
        return Err(Error::Db(format!("{word} belongs to the store, not to a command")));
    }
    Ok(())
}

fn first_word(sql: &str) -> &str {
    let mut rest = sql;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ';' || c == '\u{feff}');
        if let Some(comment) = rest.strip_prefix("--") {
            rest = comment.split_once('\n').map_or("", |(_, after)| after);
        } else if rest.starts_with("/*") {
            rest = after_block_comment(rest);
        } else {
            let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
            return &rest[..end];
        }
    }
}

/// SQLite ends a block comment at the first `*/`, PostgreSQL nests them. Taking the first end can only make us look at
/// more text than the engine does, never past a keyword it would run.
fn after_block_comment(sql: &str) -> &str {
    sql[2..].split_once("*/").map_or("", |(_, after)| after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transaction_control_is_refused_in_every_dress() {
        for sql in [
            "COMMIT",
            "commit;",
            "  \n\tRollback to savepoint s",
            "-- note\n-- another\n BEGIN",
            "/* a */ /* b */;; End",
            "/**/savepoint x",
            "\u{feff}COMMIT",
            "pragma foreign_keys=off",
            "SET search_path = other",
        ] {
            assert!(check(sql).is_err(), "{sql:?} passed");
        }
    }

    #[test]
    fn ordinary_statements_pass() {
        for sql in [
            "SELECT 1",
            "-- COMMIT\nSELECT 1",
            "WITH x AS (SELECT 1) SELECT * FROM x",
            "INSERT INTO ending VALUES (1)",
            "",
            "--",
        ] {
            assert_eq!(check(sql), Ok(()), "{sql:?}");
        }
    }
}
