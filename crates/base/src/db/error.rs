//! What the engines' errors mean to a caller.

use crate::Error;
use postgres::error::{DbError, SqlState};

impl Error {
    /// The transaction is gone and its closure has to be run again from the start.
    pub(super) fn ends_transaction(&self) -> bool {
        matches!(self, Error::Retry(_) | Error::Lost(_))
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::{ErrorCode, ffi};
        let rusqlite::Error::SqliteFailure(failure, message) = &error else {
            return Error::Db(error.to_string());
        };
        let message = message.clone().unwrap_or_else(|| error.to_string());
        match (failure.code, failure.extended_code) {
            (_, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID) => {
                let constraint = message.strip_prefix("UNIQUE constraint failed: ").unwrap_or(&message);
                let constraint = constraint.strip_prefix("index ").unwrap_or(constraint).trim_matches('\'').to_owned();
                Error::Unique { constraint, detail: message }
            }
            (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => {
                Error::Timeout(format!("another process holds the file: {message}"))
            }
            (ErrorCode::OperationInterrupted, _) => Error::Timeout("a statement ran into its time limit".to_owned()),
            _ => Error::Db(message),
        }
    }
}

impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Self {
        let Some(refusal) = error.as_db_error() else {
            // Without the server's word: closed, or the socket broke, or a value could not be encoded.
            let words = describe(&error);
            let broken =
                error.is_closed() || std::error::Error::source(&error).is_some_and(|s| s.is::<std::io::Error>());
            return if broken { Error::Lost(words) } else { Error::Db(words) };
        };
        let words = format!("{} ({})", refusal.message(), refusal.code().code());
        match refusal.code() {
            code if *code == SqlState::UNIQUE_VIOLATION => {
                Error::Unique { constraint: unique_columns(refusal), detail: words }
            }
            code if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED => {
                Error::Retry(words)
            }
            code if *code == SqlState::QUERY_CANCELED || *code == SqlState::LOCK_NOT_AVAILABLE => Error::Timeout(words),
            code if is_about_the_connection(code.code()) => Error::Lost(words),
            _ => Error::Db(words),
        }
    }
}

/// The administrator ended the session, the server is starting or stopping, the session sat idle in a transaction, all
/// seats are taken, or the connection itself failed (class 08).
fn is_about_the_connection(code: &str) -> bool {
    code.starts_with("08") || matches!(code, "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "53300")
}

/// `table.column, table.column`, as SQLite says it, from `Key (column, column)=(…) already exists.`; the index' name if
/// it is over an expression. The values stay out: they may be a customer's address.
fn unique_columns(refusal: &DbError) -> String {
    let columns = refusal
        .detail()
        .and_then(|detail| detail.strip_prefix("Key ("))
        .and_then(|detail| detail.split_once(")=("))
        .map(|(columns, _)| columns)
        .filter(|columns| columns.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ',' | ' ')));
    match (refusal.table(), columns) {
        (Some(table), Some(columns)) => {
            columns.split(", ").map(|column| format!("{table}.{column}")).collect::<Vec<_>>().join(", ")
        }
        _ => refusal.constraint().unwrap_or_default().to_owned(),
    }
}

/// The whole chain: the outermost words of a client error say next to nothing.
fn describe(error: &postgres::Error) -> String {
    let mut words = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_words = cause.to_string();
        if !words.contains(&cause_words) {
            words = format!("{words}: {cause_words}");
        }
        source = cause.source();
    }
    words
}
