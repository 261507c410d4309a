//! What the ground floor answers instead of doing what was asked.
//!
//! One type for everything that touches the database, the same for both engines: a caller never learns which of them
//! refused. Each room above has its own error type with `From<Error>`, so `?` works through all of them.

/// A result of the ground floor.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why the database did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The one row that was asked for does not exist.
    #[error("there is no such row")]
    NotFound,
    /// The caller may not do this.
    #[error("not allowed")]
    Denied,
    /// A row with these values exists already.
    #[error("already taken: {constraint} ({detail})")]
    Unique {
        /// The columns, `table.column, table.column`, or the index' name if it is over an expression. Same on both engines.
        constraint: String,
        /// The engine's own words.
        detail: String,
    },
    /// PostgreSQL could not order this transaction among its neighbours. The store runs such a closure again by itself;
    /// a caller sees this only when every attempt failed. Nothing was written.
    #[error("too many transactions at once wanted the same rows: {0}")]
    Retry(String),
    /// The statement or the schema is wrong, or a constraint other than uniqueness was violated.
    #[error("database: {0}")]
    Db(String),
    /// A column does not hold what the caller wants to read from it.
    #[error("unexpected column type: {0}")]
    Type(String),
    /// The closure panicked. Its changes were rolled back.
    #[error("a database closure panicked: {0}")]
    Panic(String),
    /// Too many calls are already waiting. Try again in a moment.
    #[error("the database is busy")]
    Busy,
    /// The store was closed.
    #[error("the database is closed")]
    Closed,
    /// The connection to the server broke, and the message says what is known: whether nothing was written, or the
    /// connection broke during COMMIT and the outcome is unknown.
    #[error("the connection to the database was lost: {0}")]
    Lost(String),
    /// A statement ran longer than the store allows, or another process held the database for too long.
    #[error("the database took too long: {0}")]
    Timeout(String),
    /// The database's history and this program's migrations do not fit together.
    #[error("migration: {0}")]
    Migration(String),
}
