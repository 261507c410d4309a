//! Where the rows live and how much of the machine the store may use for them.
//!
//! A database is a path (SQLite) or a `postgres://` address. The rest has defaults that were measured; an operator
//! changes them rarely and a test changes them freely.

use crate::{Error, Result};
use std::path::PathBuf;
use std::time::Duration;

/// Where the rows live.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// A file that SQLite keeps, made when missing.
    Sqlite(PathBuf),
    /// A server's address, `postgres://user:password@host/database?sslmode=verify-full`.
    ///
    /// `sslmode` means what it means to libpq: `disable`, `prefer` (the default: encrypted if the server can),
    /// `require` (encrypted, the certificate is not looked at), `verify-ca` and `verify-full` (which both check the
    /// certificate and the host name against the system's roots, or against `sslrootcert=/a/file.pem`). The connection
    /// must be direct: a pooler in transaction mode breaks prepared statements and LISTEN.
    Postgres(String),
}

/// The password stays out of logs.
impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Database::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Database::Postgres(_) => f.write_str("Postgres(…)"),
        }
    }
}

impl Database {
    /// Reads what an operator wrote: a `postgres://` address, `sqlite:path`, or a bare path.
    pub fn parse(text: &str) -> Result<Database> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Database::Postgres(text.to_owned()));
        }
        let path = text.strip_prefix("sqlite:").unwrap_or(text);
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() || path == ":memory:" || text.contains("://") && !text.starts_with("sqlite://") {
            return Err(Error::Db("a database is a file's path or a postgres:// address".to_owned()));
        }
        Ok(Database::Sqlite(path.into()))
    }
}

/// How a [`Store`](crate::Store) is opened.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the rows live.
    pub database: Database,
    /// Threads that read, each with a connection. Twice the cores unless said otherwise.
    pub readers: usize,
    /// Threads that write, each with a connection. PostgreSQL only: SQLite has one writer.
    pub writers: usize,
    /// Calls that may wait in each of the two queues before further ones are refused as [`Error::Busy`].
    pub queue: usize,
    /// How long one statement may run.
    pub statement_timeout: Duration,
    /// How long to wait for a lock: on SQLite another process' transaction, on PostgreSQL another session's.
    pub lock_timeout: Duration,
    /// How long to wait for a server to answer, and how long a call outlives a broken connection.
    pub connect_timeout: Duration,
    /// Most closures in one SQLite transaction.
    pub group_size: usize,
    /// How long a SQLite transaction goes on taking closures. A cap, never a wait.
    pub group_time: Duration,
}

impl Config {
    /// The measured defaults for this database.
    pub fn new(database: Database) -> Config {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Config {
            database,
            readers: 2 * cores,
            writers: 16,
            queue: 10_000,
            statement_timeout: Duration::from_secs(30),
            lock_timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(5),
            group_size: 256,
            group_time: Duration::from_millis(2),
        }
    }

    /// The defaults for a SQLite file.
    pub fn sqlite(path: impl Into<PathBuf>) -> Config {
        Config::new(Database::Sqlite(path.into()))
    }

    /// The defaults for a PostgreSQL server.
    pub fn postgres(url: impl Into<String>) -> Config {
        Config::new(Database::Postgres(url.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_read_from_what_an_operator_wrote() {
        let sqlite = |path: &str| Ok(Database::Sqlite(path.into()));
        assert_eq!(Database::parse("data/opora.db"), sqlite("data/opora.db"));
        assert_eq!(Database::parse("sqlite:opora.db"), sqlite("opora.db"));
        assert_eq!(Database::parse("sqlite:///srv/opora.db"), sqlite("/srv/opora.db"));
        let url = "postgres://opora@db/opora";
        assert_eq!(Database::parse(url), Ok(Database::Postgres(url.to_owned())));
        assert!(Database::parse("mysql://opora@db/opora").is_err());
        assert!(Database::parse("").is_err());
    }

    #[test]
    fn a_password_is_not_shown() {
        let shown = format!("{:?}", Config::postgres("postgres://opora:hunter2@db/opora"));
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
